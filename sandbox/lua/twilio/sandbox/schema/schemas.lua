-- sandbox/schema/schemas.lua: the schemas of answers and requests: the library's own
-- (lua/twilio/schema, read by call/schema.lua), so that help, types and sandbox say the same.
--
-- Must not know how answers are filled (answer.lua), nor requests checked (check.lua).

return require "twilio.call.schema"

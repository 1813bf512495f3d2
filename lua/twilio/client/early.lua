-- client/early.lua: loads the files that nearly every program loads with its first calls, and those
-- of failures. For programs that can't open a file later: where an engine's thread might take the
-- descriptor, and before nginx's workers are forked (client:preload).

require "twilio.call.response"
require "twilio.resource.record"
require "twilio.resource.list"
require "twilio.call.serialize"
require "twilio.call.path"
require "twilio.call.endpoint"
require "twilio.util.time"
require "twilio.transport.retry_policy"
require "twilio.call.refusal"
require "twilio.util.redact"
require "twilio.util.text"
require "twilio.resource.waiter"
require "twilio.file.download"

return true

-- outbox/schema.lua: the tables of an outbox.
--
-- outbox_messages     a message a row; states.lua says what `state` may be
--    key, recipient, arguments      the caller's: its key, its `to`, all parameters as JSON
--    due                            not to be claimed before this time
--    attempts                       how often it was tried
--    worker, claim                  who has it: a worker, and its number for one turn's claims
--    claimed, lease                 when, and until when
--    sid, code, reason              the outcome
--    verdict, looked                of an unknown one: what reconcile found, and when
-- outbox_deliveries   a row for each SID that a status callback has told of, which may come before
--                     the message's outcome is written
-- outbox_meta         numbers: the version of these tables, the last worker's number, the token
--                     bucket (bucket.lua), and a row that reconcile locks
--
-- Times are milliseconds since 1970 by the database's clock; those of the bucket microseconds.

local schema = {}

local VERSION = 1

local TABLES = {
   [[CREATE TABLE IF NOT EXISTS outbox_meta (name VARCHAR(40) PRIMARY KEY, value BIGINT NOT NULL)]],
   [[CREATE TABLE IF NOT EXISTS outbox_messages (
      id @serial, key TEXT NOT NULL UNIQUE, recipient TEXT NOT NULL, arguments TEXT NOT NULL,
      state VARCHAR(10) NOT NULL, due BIGINT NOT NULL, attempts BIGINT NOT NULL DEFAULT 0,
      worker TEXT, claim TEXT, claimed BIGINT, lease BIGINT,
      sid TEXT, code BIGINT, reason TEXT, verdict VARCHAR(10), looked BIGINT,
      created BIGINT NOT NULL, changed BIGINT NOT NULL)]],
   [[CREATE INDEX IF NOT EXISTS outbox_messages_due ON outbox_messages (state, due, id)]],
   [[CREATE INDEX IF NOT EXISTS outbox_messages_sid ON outbox_messages (sid)]],
   [[CREATE TABLE IF NOT EXISTS outbox_deliveries (
      sid TEXT PRIMARY KEY, status TEXT NOT NULL, code BIGINT, changed BIGINT NOT NULL)]],
   [[INSERT INTO outbox_meta (name, value) VALUES
      ('version', @version), ('worker', 0), ('reconcile', 0), ('next', 0), ('held', 0),
      ('strikes', 0) ON CONFLICT (name) DO NOTHING]],
}

local function create(database)
   if database.dialect.lock_schema then database:rows(database.dialect.lock_schema) end
   for _, statement in ipairs(TABLES) do
      local sql = statement:gsub("@(%a+)", { serial = database.dialect.serial, version = VERSION })
      database:execute(sql)
   end
   return database:rows("SELECT value FROM outbox_meta WHERE name = 'version'")[1].value
end

--- Makes the tables, unless they are there.
-- @return true; or nil, err
function schema.create(database)
   local version, err = database:transaction(create)
   if not version then return nil, err end
   if tonumber(version) ~= VERSION then
      local Error = require "twilio.util.error"
      return nil, Error.new {
         kind = "database", sent = false, retryable = false,
         message = ("the outbox is of version %s, and this program knows version %d"):format(
            version, VERSION),
      }
   end
   return true
end

return schema

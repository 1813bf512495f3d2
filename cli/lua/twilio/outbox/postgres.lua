-- outbox/postgres.lua: PostgreSQL's words for outbox/database.lua: a server, many machines.

local postgres = { name = "postgres" }

postgres.begin = "BEGIN"

--- Milliseconds since 1970 by the database's clock, the one clock that all machines share.
postgres.now = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"

postgres.for_update = " FOR UPDATE"
postgres.skip_locked = " FOR UPDATE SKIP LOCKED"
postgres.serial = "BIGSERIAL PRIMARY KEY"

--- Two programs that create the same table at once would get in each other's way, IF NOT EXISTS
-- notwithstanding. The number is any that nobody else uses.
postgres.lock_schema = "SELECT pg_advisory_xact_lock(20429160)"

-- A server that has gone without a word is found within seconds, not by TCP's own quarter of an
-- hour. The program's URL has precedence.
local DEFAULTS = {
   { "connect_timeout", "10" }, { "tcp_user_timeout", "20000" }, { "keepalives_idle", "10" },
   { "application_name", "twilio-outbox" },
}

-- A commit that is only in the server's memory can be lost with it, and then a message would be
-- claimed, and sent, twice.
local SETTINGS = {
   "SET client_min_messages TO warning", "SET client_encoding TO 'UTF8'",
   "SET standard_conforming_strings TO on",
   "SELECT set_config('synchronous_commit', 'on', false)"
      .. " WHERE current_setting('synchronous_commit') = 'off'",
}

--- The URL with a default for each parameter that it doesn't have.
function postgres.complete(url)
   local parts = { url }
   for _, default in ipairs(DEFAULTS) do
      local name, value = default[1], default[2]
      if not url:find("[?&]" .. name .. "=") then
         local has_query = #parts > 1 or url:find("?", 1, true)
         parts[#parts + 1] = ("%s%s=%s"):format(has_query and "&" or "?", name, value)
      end
   end
   return table.concat(parts)
end

--- Connects to the server.
-- @param url (string) postgresql://user:password@host:port/name?option=value
-- @return (table) connection, environment: of LuaSQL
-- @return[2] nil, (string)
function postgres.connect(url)
   local luasql = require "luasql.postgres"
   local environment = luasql.postgres()
   local connection, message = environment:connect(postgres.complete(url))
   if not connection then return nil, tostring(message) end
   for _, setting in ipairs(SETTINGS) do
      local result
      result, message = connection:execute(setting)
      if not result then return nil, tostring(message) end
      if type(result) == "userdata" then result:close() end
   end
   return { connection = connection, environment = environment }
end

return postgres

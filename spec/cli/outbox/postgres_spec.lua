-- outbox/postgres.lua: how a PostgreSQL server is reached, and what its session must be.

local databases = require "support.outbox_databases"
local postgres = require "twilio.outbox.postgres"

describe("postgres.complete", function()
   it("adds time limits to a URL, but for those that it has", function()
      assert.equal("postgresql://h/d?connect_timeout=10&tcp_user_timeout=20000&keepalives_idle=10"
         .. "&application_name=twilio-outbox", postgres.complete "postgresql://h/d")
      assert.equal("postgresql://h/d?tcp_user_timeout=1&connect_timeout=10&keepalives_idle=10"
         .. "&application_name=twilio-outbox", postgres.complete "postgresql://h/d?tcp_user_timeout=1")
   end)
end)

describe("postgres.connect", function()
   local missing
   setup(function() missing = databases.missing "postgres" end)

   local function show(handle, name)
      local cursor = handle.connection:execute("SHOW " .. name)
      local row = cursor:fetch({}, "n")
      cursor:close()
      return row[1]
   end

   it("has commits wait for the disk, whatever the database's setting is", function()
      if missing then return pending(missing) end
      local url = databases.url "postgres"
      local name = url:match "[^/]+$"
      databases.server():sql(("ALTER DATABASE %s SET synchronous_commit = off"):format(name))
      local handle = assert(postgres.connect(url))
      assert.equal("on", show(handle, "synchronous_commit"))
      assert.equal("UTF8", show(handle, "client_encoding"))
      assert.equal("twilio-outbox", show(handle, "application_name"))
      handle.connection:close()
      -- A stricter one stays.
      databases.server():sql(("ALTER DATABASE %s SET synchronous_commit = remote_apply"):format(name))
      handle = assert(postgres.connect(url))
      assert.equal("remote_apply", show(handle, "synchronous_commit"))
      handle.connection:close()
   end)
end)

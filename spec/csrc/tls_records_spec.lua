-- tls_records_spec.lua: a TLS session's own records told from data on an idle connection, seen by
-- whether the next request goes over it.

local http = require "twilio.core.http"
local idle_server = require "support.idle_server"

for _, protocol in ipairs { "TLS1.2", "TLS1.3" } do
   describe("over " .. protocol .. " an idle connection", function()
      local server, session
      setup(function() server = idle_server.start(protocol) end)
      teardown(function() server:stop() end)
      before_each(function()
         session = assert(http.session { ca_file = server.ca_file, proxy = "" })
      end)
      after_each(function() session:close() end)

      local number = 0

      -- Sends a POST after which the server does something with the idle connection, and then
      -- another one.
      -- Returns true if the second goes over the same connection.
      local function is_kept(path)
         local reused
         for _, each in ipairs { path, "/keep/0" } do
            number = number + 1
            local status, err, body, again = session:perform {
               method = "POST", url = server.url .. each, body = tostring(number), timeout = 10,
            }
            assert.equal(200, status, not status and path .. ": " .. err.message or nil)
            assert.equal(tostring(number), body)
            reused = again
            if each ~= "/keep/0" then server:done() end
         end
         return reused
      end

      it("is kept while nothing comes", function() assert.is_true(is_kept "/keep/0") end)

      if protocol == "TLS1.3" then
         it("is kept after a session ticket, and after key updates", function()
            -- From 8.0 to 8.21 libcurl itself takes a fresh one where bytes wait, whatever they are.
            local major, minor = http.curl_version:match "^(%d+)%.(%d+)"
            local version = tonumber(major) * 1000 + tonumber(minor)
            local is_libcurls_choice = version >= 8000 and version < 8022
            for _, path in ipairs { "/ticket/5", "/update/5", "/update_both/5" } do
               local kept = is_kept(path)
               assert.is_true(kept or is_libcurls_choice, path)
            end
         end)
      end

      it("is given up after data, encrypted like everything else", function()
         for _, path in ipairs { "/stray/5", "/second/5" } do
            assert.is_false(is_kept(path), path)
         end
      end)

      it("is given up after a part of a record", function()
         assert.is_false(is_kept "/partial/5")
      end)

      it("is given up after an end, by TLS or without a word", function()
         for _, path in ipairs { "/close/5", "/shutdown/5", "/reset/5" } do
            assert.is_false(is_kept(path), path)
         end
      end)
   end)
end

-- session.lua: a session of the C core and an nginx that it asks, for the specs of csrc/.
--
--   local http = require("support.session").new { locations = { ["/x"] = "ngx.print(1)" } }
--   setup(http.start) teardown(http.stop) before_each(http.open) after_each(http.close)
--   -- http.nginx, http.session; http.get(path, options), http.post(url, body, options)
--
-- Each spec has a session of its own; http.reopen(options) replaces it by one with other options.

local server = require "support.server"

local session = {}

--- @param options (table | nil) as support.server takes them
function session.new(options)
   local http = {}

   function http.start() http.nginx = server.start(options) end

   function http.stop() http.nginx:stop() end

   --- A session that trusts the server and asks no proxy, unless the options say otherwise.
   function http.new(given)
      local all = { ca_file = http.nginx.ca_file, proxy = "" }
      for name, value in pairs(given or {}) do all[name] = value end
      return assert(require "twilio.core.http".session(all))
   end

   function http.open() http.session = http.new() end

   function http.close() http.session:close() end

   function http.reopen(given)
      http.session:close()
      http.session = http.new(given)
   end

   local function perform(request, given)
      for name, value in pairs(given or {}) do request[name] = value end
      return http.session:perform(request)
   end

   function http.get(path, given)
      return perform({ method = "GET", url = http.nginx.url .. path }, given)
   end

   function http.post(url, body, given)
      return perform({ method = "POST", url = url, body = body }, given)
   end

   return http
end

return session

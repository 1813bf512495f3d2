-- docs/openresty.md: its configuration and its plugins in a real nginx. Kong and APISIX themselves
-- aren't packaged here: what they do with a plugin, calling `access`, nginx does in their place.

local process = require "support.process"
local server = require "support.server"
local webhook = require "twilio.webhook"

local root = process.output "pwd"
local text = process.read "docs/openresty.md"
local AC = "AC" .. ("a"):rep(32)

local function blocks(language)
   local list = {}
   for block in text:gmatch("\n```" .. language .. "\n(.-)\n```") do list[#list + 1] = block end
   return list
end

-- The Lua of a directive of the guide's configuration.
local function lua_of(directive)
   return blocks "nginx"[1]:match(directive .. " (%b{})"):sub(2, -2)
end

-- An upstream that shows the header which a plugin has set.
local function location_of(plugin, name, call)
   local path = process.folder() .. "/" .. name .. ".lua"
   process.write(path, plugin)
   return { directives = ([[
      access_by_lua_block {
         local plugin = dofile "%s"
         local config = { auth_token = "12345", public_url = "https://example.com" }
         %s
      }
      content_by_lua_block { ngx.say("sender ", ngx.var.http_x_sender) }
   ]]):format(path, call) }
end

describe("docs/openresty.md", function()
   local nginx, signer

   setup(function()
      signer = assert(webhook.new { auth_token = "12345" })
      local plugins = blocks "lua"
      local port = process.free_port()
      nginx = server.start {
         tls = false, workers = 1,
         lua_path = root .. "/lua/?.lua;;", lua_cpath = root .. "/build/luajit/?.so;;",
         env = { "TWILIO_ACCOUNT_SID=" .. AC, "TWILIO_AUTH_TOKEN=12345",
            "TWILIO_BASE_URL=http://127.0.0.1:" .. port },
         http = ("init_by_lua_block {%s}\nserver { listen 127.0.0.1:%d; location / { %s } }"):format(
            lua_of "init_by_lua_block", port, [[content_by_lua_block {
               ngx.req.read_body()
               ngx.status = 201
               ngx.say('{"sid":"SM1","to":"' .. ngx.req.get_post_args().To .. '"}')
            }]]),
         locations = {
            ["= /send"] = lua_of "content_by_lua_block",
            ["/kong"] = location_of(plugins[1], "kong", "plugin:access(config)"),
            ["/apisix"] = location_of(plugins[2], "apisix", "plugin.access(config)"),
         },
      }
   end)
   teardown(function() nginx:stop() end)

   it("has a configuration that sends a message", function()
      assert.equal("SM1", process.output("curl -s -d to=%%2B15558675310 -d body=Hi '%s/send'", nginx.url))
   end)

   for _, name in ipairs { "kong", "apisix" } do
      it("has a plugin for " .. name .. " that lets through what Twilio has signed", function()
         local signature = signer:signature("https://example.com/" .. name, "From=alice")
         local function ask(header)
            return process.output(
               "curl -s -w ' %%{http_code}' -d From=alice -H 'X-Twilio-Signature: %s' '%s/%s'",
               header, nginx.url, name)
         end
         assert.equal("sender alice\n 200", ask(signature))
         assert.matches(" 403$", ask "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
      end)
   end
end)

-- cli/commands/listen.lua: `twilio listen`: shows the webhooks that reach a port of this machine,
-- verified, and answers them with a TwiML document.
--
-- One connection at a time, each with its own deadline: it is for looking, not for production.

local http_request = require "twilio.cli.util.http_request"
local webhook_command = require "twilio.cli.commands.webhook"

local command = {}

local SECONDS = 10 -- for a request to come in

function command.configure(parser)
   parser:description [[
Listens on 127.0.0.1, prints each webhook that comes in and whether Twilio has signed it, and
answers with a TwiML document, which is read anew for each request. A tunnel or a reverse proxy
leads Twilio there: --public-url is what Twilio's URLs begin with then.]]
   parser:option "--port":argname "PORT":convert(tonumber):default "0"
      :description "0, the default, takes a free one"
   parser:option "--twiml":argname "FILE"
      :description "the answer; an empty <Response/> unless given"
   parser:option "--public-url":argname "URL":description "what Twilio's URLs begin with"
   parser:flag "--trust-proxy":description "believe Forwarded and X-Forwarded-*"
   parser:flag "--no-verify":description "don't look at signatures"
   parser:option "--shared-key":argname "SID"
      :description "the id of a SharedKey; its secret is TWILIO_SHARED_KEY, or asked for"
   parser:option "--count":argname "N":convert(tonumber):description "end after so many requests"
end

local EMPTY = '<?xml version="1.0" encoding="UTF-8"?>\n<Response/>\n'

local function answer_of(path)
   if not path then return EMPTY end
   local file, message = io.open(path, "rb")
   if not file then return nil, message end
   local text = file:read "*a"
   file:close()
   return text
end

local statuses = {
   [200] = "OK", [400] = "Bad Request", [403] = "Forbidden", [500] = "Internal Server Error",
}

local function reply(connection, status, text, content_type)
   connection:send(("HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n"
      .. "Connection: close\r\n\r\n%s"):format(
      status, statuses[status] or "Refused", content_type or "text/plain", #text, text))
end

local function show(around, request, verdict, params)
   local plain, cell = require("twilio.cli.util.plain").text, require "twilio.cli.output.cell"
   local function say(text) around.out:write(plain(text), "\n") end
   say(("%s %s  %s"):format(request.method, request.url, verdict))
   local names = {}
   for name in pairs(params) do names[#names + 1] = tostring(name) end
   table.sort(names)
   for _, name in ipairs(names) do say(("  %s = %s"):format(name, cell.text(params[name]))) end
   around.out:flush()
end

-- The parameters of a request that isn't verified: a form's, or its body as it is.
local function params_of(request)
   local content_type = tostring(request.headers["content-type"] or "form")
   if request.body == "" then return {} end
   if not content_type:find "form" then return { body = request.body } end
   return require("twilio.core").form_decode(request.body)
end

-- Handles one request. @return true if one came
local function handle(around, connection, webhook, arguments)
   local request, message = http_request.read(connection, SECONDS)
   connection:settimeout(SECONDS)
   if not request then
      if message ~= "closed" then
         around.warn("twilio: no request: " .. message)
         reply(connection, 400, message .. "\n")
      end
      return false
   end
   local params, verdict, status, refusal
   if webhook then
      local err
      params, err = webhook:verify(request)
      verdict = params and "genuine" or ("refused (%s): %s"):format(err.reason, err.message)
      if not params then status, refusal = require("twilio.webhook").answer(err) end
   else
      verdict = "not verified"
   end
   params = params or params_of(request)
   show(around, request, verdict, params)
   if refusal then
      reply(connection, status, refusal)
      return true
   end
   local twiml
   twiml, message = answer_of(arguments.twiml)
   if not twiml then around.warn("twilio: " .. message) end
   reply(connection, twiml and 200 or 500, twiml or "no answer\n", twiml and "text/xml")
   return true
end

function command.run(arguments, around)
   local ok, socket = pcall(require, "socket")
   if not ok then around.fail "this needs LuaSocket: luarocks install luasocket" end
   local ready, message = answer_of(arguments.twiml)
   if not ready then around.fail(message) end
   local webhook
   if not arguments.no_verify then
      local options = webhook_command.secrets(around, arguments.shared_key)
      options.public_url, options.trust_proxy = arguments.public_url, arguments.trust_proxy
      webhook, message = require("twilio.webhook").new(options)
      if not webhook then around.fail(message) end
   end
   local listening
   listening, message = socket.bind("127.0.0.1", arguments.port or 0)
   if not listening then around.fail(("port %s: %s"):format(tostring(arguments.port), message)) end
   local _, port = listening:getsockname()
   around.warn(("listening on http://127.0.0.1:%s, Ctrl-C stops"):format(port))
   -- Ctrl-C is noticed between two waits.
   listening:settimeout(0.5)
   local count = 0
   local ended, raised = pcall(function()
      while not arguments.count or count < arguments.count do
         local connection = listening:accept()
         if connection then
            if handle(around, connection, webhook, arguments) then count = count + 1 end
            connection:close()
         end
      end
   end)
   listening:close()
   if webhook then webhook:close() end
   if not ended and not tostring(raised):find("interrupted!", 1, true) then error(raised, 0) end
   return around.exit.ok
end

return command

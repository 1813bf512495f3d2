-- cli/commands/webhook.lua: `twilio webhook verify`: is a captured request from Twilio, which URL
-- was signed, and if it doesn't match, why.

local http_request = require "twilio.cli.util.http_request"
local signed_urls = require "twilio.cli.util.signed_urls"

local command = {}

function command.configure(parser)
   parser:command_target "action"
   local verify = parser:command("verify", "verify a captured request")
   verify:description [[
Reads a request as it came over the wire (method, target, headers, empty line, body), verifies it by
the auth token of TWILIO_AUTH_TOKEN or of the profile, and says which URL was signed. If it doesn't
match, tries other schemes, hosts, ports and slashes, and says what your server has to be told.]]
   verify:argument "file":args "?":description "the captured request; standard input unless given"
   verify:option "--url":argname "URL"
      :description "the URL that was requested, in the place of the target in the file"
   verify:option "--public-url":argname "URL"
      :description "what Twilio's URLs begin with, as twilio.webhook takes it"
   verify:flag "--trust-proxy":description "believe Forwarded and X-Forwarded-*"
   verify:option "--try":argname "URL":count "*":description "another URL, or its beginning"
   verify:option "--shared-key":argname "SID"
      :description "the id of a SharedKey; its secret is TWILIO_SHARED_KEY, or asked for"
end

--- The secrets that webhooks are signed with: options of twilio.webhook.
-- @param around (table) the context
-- @param shared_key (string | nil) the id of a SharedKey
function command.secrets(around, shared_key)
   local account = require "twilio.cli.account"
   local function ask(question)
      local prompt = require "twilio.cli.util.prompt"
      if not (around.input == io.stdin and prompt.is_terminal()) then return nil end
      return prompt.secret(around.err, around.input, question, true)
   end
   if shared_key then
      local secret = around.environment "TWILIO_SHARED_KEY" or ask "Secret of the SharedKey: "
      if not secret or secret == "" then around.fail "set TWILIO_SHARED_KEY to the key's secret" end
      return { shared_keys = { [shared_key] = secret } }
   end
   local token = account.auth_token(around) or ask "Auth token: "
   if not token or token == "" then
      around.fail "webhooks are signed with the auth token: set TWILIO_AUTH_TOKEN"
   end
   return { auth_token = token }
end

local function read(around, arguments)
   local file = around.input
   if arguments.file and arguments.file ~= "-" then
      local opened, message = io.open(arguments.file, "rb")
      if not opened then around.fail(message) end
      file = opened
   end
   local text = file:read "*a" or ""
   if file ~= around.input then file:close() end
   local request, message = http_request.parse(text)
   if not request then around.fail(message) end
   if arguments.url then request.url = arguments.url end
   return request
end

local function origin_of(url) return url:match "^[^/]*//[^/?#]*" end

-- Advice where another URL than the server's was signed.
local function explain(url, request)
   local lines = { "It was signed for " .. url }
   local path = request.url:match "^[A-Za-z]+://[^/?]*(.*)$" or request.url
   local signed_path = url:sub(#origin_of(url) + 1)
   if signed_path == path then
      lines[2] = ('Give twilio.webhook { public_url = "%s" }, or trust_proxy = true if your proxy'
         .. " overwrites X-Forwarded-*."):format(origin_of(url))
   elseif #signed_path > #path and signed_path:sub(-#path) == path then
      lines[2] = ('Something in between removes the beginning of the path: give public_url = "%s".')
         :format(url:sub(1, -#path - 1))
   else
      lines[2] = ("The path or the query was changed on the way: %s became %s."):format(
         signed_path, path)
   end
   return lines
end

local reasons = {
   signature = "None of the URLs tried was signed with this secret. Is it the auth token of the"
      .. " account that sends the webhook (a subaccount has its own), and is the body whole?",
   body_hash = "The URL is the signed one, but the body was changed on the way.",
   no_signature = "Twilio signs each of its requests: this one isn't Twilio's, or a proxy removes"
      .. " the header.",
   no_key = "It was signed with a SharedKey: give --shared-key.",
   key = "It was signed with another SharedKey.",
}

function command.run(arguments, around)
   local request = read(around, arguments)
   local options = command.secrets(around, arguments.shared_key)
   options.public_url, options.trust_proxy = arguments.public_url, arguments.trust_proxy
   local webhook, message = require("twilio.webhook").new(options)
   if not webhook then around.fail(message) end
   local plain = require("twilio.cli.util.plain").text
   local function say(text) around.out:write(plain(text), "\n") end
   local params, err, beside = webhook:verify(request)
   if params then
      say("genuine: signed for " .. beside.url)
      local names = {}
      for name in pairs(params) do names[#names + 1] = tostring(name) end
      table.sort(names)
      local cell = require "twilio.cli.output.cell"
      for _, name in ipairs(names) do say(("  %s = %s"):format(name, cell.text(params[name]))) end
      webhook:close()
      return around.exit.ok
   end
   say(("refused (%s, HTTP %s): %s"):format(err.reason, err.status, err.message))
   for _, url in ipairs(err.candidates or {}) do say("  tried " .. url) end
   local found = signed_urls.find(webhook, request, signed_urls.of(request, arguments.try))
   webhook:close()
   for _, line in ipairs(found and explain(found, request) or { reasons[err.reason] }) do
      say(line)
   end
   return around.exit.api
end

return command

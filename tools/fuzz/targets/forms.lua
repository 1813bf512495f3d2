-- fuzz/targets/forms.lua: forms, multipart bodies, captured requests, cookies and paths.
--
-- Decoding undoes encoding; the sandbox finds in a multipart body what the library has put there;
-- any other text is read as something, or refused with a message.

local cookies = require "twilio.sandbox.http.cookies"
local core = require "twilio.core"
local form = require "twilio.sandbox.http.form"
local http_request = require "twilio.cli.util.http_request"
local multipart = require "twilio.file.multipart"
local reader = require "reader"
local signed_urls = require "twilio.cli.util.signed_urls"
local urls = require "twilio.sandbox.http.url"
local webhook = require "twilio.webhook"

local function round(text)
   local lines = reader.lines(text)
   local pairs_given, expected = {}, {}
   for i = 1, #lines - 1, 2 do
      local name, value = lines[i], lines[i + 1]
      if name ~= "" or value ~= "" then
         pairs_given[#pairs_given + 1], pairs_given[#pairs_given + 2] = name, value
         local before = expected[name]
         if type(before) == "table" then before[#before + 1] = value
         else expected[name] = before and { before, value } or value end
      end
   end
   for _, space in ipairs { "+", "%20" } do
      local encoded = core.form_encode(pairs_given, space)
      assert(not encoded:find "[^A-Za-z0-9%%&=+._~-]")
      reader.same(core.form_decode(encoded), expected, "form")
      for name, value in pairs(expected) do
         local first = type(value) == "table" and value[1] or value
         assert(core.form_value(encoded, name) == first, "another first value")
      end
   end
end

local function any(text)
   local fields = core.form_decode(text)
   for name, value in pairs(fields) do
      local first, differs = core.form_value(text, name)
      if type(value) == "table" then
         local several = false
         for i = 2, #value do several = several or value[i] ~= value[1] end
         assert(first == value[1] and (differs or false) == several, "form_value differs")
      else
         assert(first == value and not differs)
      end
   end
   assert(core.form_decode(core.percent_encode(text) .. "=x")[text] == "x" or text == "")
   assert(core.lower(core.upper(text)) == core.lower(text) and not core.less(text, text))
end

local function parts(text)
   local lines = reader.lines(text)
   local given, count = {}, 0
   for i = 1, #lines - 1, 2 do
      -- In a multipart head these three stand for a quote and line ends.
      if lines[i] ~= "" and not lines[i]:find "%%[02][2DA]" then
         count = count + 1
         given[count] = { name = lines[i], text = lines[i + 1], filename = i % 4 == 1 and "a.b" or nil }
      end
   end
   if count == 0 or count > 1000 then return end -- the sandbox takes no more
   local body = assert(multipart.body(assert(multipart.fields(given))))
   local fields = form.decode({ ["content-type"] = body.content_type }, assert(body:text()))
   for _, item in ipairs(given) do
      local found, is_there = fields[item.name], false
      for _, value in ipairs(type(found) == "table" and found or { found }) do
         is_there = is_there or value == item.text
      end
      assert(is_there, "a field of a multipart body is lost: " .. item.name)
   end
end

local VERIFIER = assert(webhook.new { auth_token = "token" })

local function captured(text)
   local request, message = http_request.parse(text)
   if not request then return assert(type(message) == "string") end
   assert(type(request.body) == "string" and type(request.url) == "string")
   for name in pairs(request.headers) do assert(not name:find "[%z\1-\32:]") end
   if #text < 4096 then
      signed_urls.find(VERIFIER, request, signed_urls.of(request, { "https://example.com" }))
   end
end

-- A connection as LuaSocket's, that ends with the text.
local function from_connection(text)
   local place = 1
   local connection = { settimeout = function() end }
   function connection.receive(_, count)
      assert(count > 0 and count % 1 == 0 and count <= 1024 * 1024, "an odd number of bytes")
      if place + count - 1 > #text then return nil, "closed" end
      place = place + count
      return text:sub(place - count, place - 1)
   end
   local request, message = http_request.read(connection, 10)
   assert(request or type(message) == "string")
end

local function jar(text)
   local kept
   local sandbox = {
      clock = { now = 1000 },
      store = {
         get = function() return kept end, remove = function() kept = nil end,
         put = function(_, _, _, fields) kept = { fields = fields } end,
      },
   }
   local params = { From = "+1", To = "+2" }
   for _ = 1, 2 do
      cookies.keep(sandbox, "AC1", "example.com", "/sms", params, text)
      local header = cookies.header(sandbox, "AC1", "example.com", "https", "/sms", params)
      assert(not header or not header:find "[%z\1-\8\10-\31\127]", "a cookie ends the header")
      assert(not kept or #kept.fields.cookies <= 50, "the jar has no end")
   end
end

local function references(text)
   local base, reference = text:match "^([^\n]*)\n(.*)$"
   urls.split(text)
   local whole = urls.resolve("https://example.com/a/b?c", text)
   local scheme, host, path = urls.split(whole)
   assert(not scheme or host ~= "" and path:sub(1, 1) == "/")
   if base then urls.resolve(base, reference) end
end

return {
   covers = {
      "lua/twilio/file/multipart.lua", "sandbox/lua/twilio/sandbox/http/form.lua",
      "sandbox/lua/twilio/sandbox/http/cookies.lua", "sandbox/lua/twilio/sandbox/http/url.lua",
      "cli/lua/twilio/cli/util/http_request.lua", "cli/lua/twilio/cli/util/signed_urls.lua",
      "lua/twilio/util/repeated.lua",
   },
   is_linear = true,
   run = function(input)
      if #input < 8192 then round(input) end
      any(input)
      parts(input)
      captured(input)
      from_connection(input)
      jar(input)
      references(input)
   end,
}

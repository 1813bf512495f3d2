-- fuzz/targets/text.lua: dates, numbers, addresses, URLs and texts for XML.
--
-- A text is refused, or read as an independent reading says; a URL that leaves with credentials
-- leads to Twilio; a secret in a URL or a body isn't shown.

local endpoint = require "twilio.call.endpoint"
local closest = require "twilio.util.closest"
local ip = require "twilio.util.ip"
local json = require "twilio.json"
local lxp = require "lxp"
local number = require "twilio.util.number"
local proxy = require "twilio.transport.proxy"
local redact = require "twilio.util.redact"
local response = require "twilio.call.response"
local texts = require "twilio.util.text"
local time = require "twilio.util.time"
local userinfo = require "twilio.util.userinfo"
local xml = require "twilio.util.xml"

local function dates(text)
   local moment, message = time.parse(text)
   if not moment then return assert(type(message) == "string") end
   assert(moment == moment and moment > -1e15 and moment < 1e15)
   local written = time.format(math.floor(moment), "datetime")
   assert(time.parse(written) == math.floor(moment), written)
   local clock = time.utc(moment)
   assert(clock.month >= 1 and clock.month <= 12 and clock.day >= 1 and clock.day <= 31)
end

local function numbers(text)
   local value = number.parse(text)
   if value then
      assert(value == tonumber(text), "another number")
      if value - value == 0 then assert(number.parse(number.text(value)) == value) end
   else
      assert(not text:find "^-?%d+$" and not text:find "^-?%d+%.%d+$", "a number is refused")
   end
   local wait = response.retry_after { ["retry-after"] = text }
   assert(wait == nil or wait >= 0)
end

-- An address by its groups, one after the other.
local function is_ipv6(text)
   local left, right = text:match "^(.-)::(.*)$"
   local function groups(part)
      local count, last = 0, nil
      if part == "" then return 0 end
      for group in (part .. ":"):gmatch "([^:]*):" do
         if last then return nil end
         if ip.is_ipv4(group) then
            count, last = count + 2, true
         elseif group:find "^%x+$" and #group <= 4 then
            count = count + 1
         else
            return nil
         end
      end
      return count, last
   end
   if not left then return groups(text) == 8 end
   local before, is_v4 = groups(left)
   local after = groups(right)
   return before and after and not is_v4 and before + after < 8 or false
end

local function addresses(text)
   assert(ip.is_ipv6(text) == is_ipv6(text), "an IPv6 address is read otherwise")
   local a, b, c, d = text:match "^(%d+)%.(%d+)%.(%d+)%.(%d+)$"
   local is_ipv4 = a and math.max(tonumber(a), tonumber(b), tonumber(c), tonumber(d)) <= 255
   if ip.is_ipv4(text) then assert(is_ipv4, "an IPv4 address is read otherwise") end
end

local SETTINGS = { {}, { region = "ie1" }, { edge = "sydney" } }

local function urls(text)
   for _, settings in ipairs(SETTINGS) do
      local own, host = endpoint.own(settings, text)
      if own then
         local authority = own:match "^https://([^/?#]*)"
         assert(authority and authority:find "^[A-Za-z0-9._-]+$", "an odd host gets credentials")
         assert(texts.lower("." .. authority):sub(-11) == ".twilio.com", "a foreign host")
         assert(texts.lower(host):find "twilio%.com$" and not own:find "[%z\1-\32\127]")
      else
         assert(type(host) == "string")
      end
   end
   local before, after = userinfo.around(text)
   if before then
      assert(text:sub(1, #before) == before and text:sub(-#after - 1) == "@" .. after)
   end
   local ok, message = proxy.check(text)
   assert(ok == true or ok == nil and type(message) == "string")
   if ok then assert(not text:find "[%z\1-\32\127]") end
   closest(text:sub(1, 60), { "messages", "calls", text:sub(1, 30) })
end

local function secrets(text)
   local url = "https://u:hush-" .. text .. "@example.com/"
   if text:find "hush" then return end
   if not text:find "[/?#@]" then
      assert(not redact.url(url):find("hush-", 1, true), "a password is shown")
      assert(not response.public_url(url):find("hush-", 1, true), "a password is shown")
   end
   url = "https://example.com/" .. text:gsub("#", "") .. "?AuthToken=hush-1&x"
   if not text:find("[:?]") then
      assert(not redact.url(url):find("hush-", 1, true), "a token in a query is shown")
   end
   local shown = redact.body("AuthToken=hush-1&Body=" .. text .. "&AuthToken=hush-2")
   assert(not shown:find "hush%-[12]", "a form's token is shown")
   local object = json.encode { body = text, auth_token = "hush-1", z = text }
   shown = redact.body(object, "application/json")
   assert(not shown:find("hush-1", 1, true), "a member is shown")
   for _, kind in ipairs { "multipart/form-data; boundary=x", "application/json", "text/plain",
      text } do
      assert(type(redact.body(text, kind)) == "string")
   end
   redact.headers { Authorization = text, location = text, [text] = text }
end

local function accepts(document)
   local parser = lxp.new {}
   local ok = parser:parse(document) and parser:parse()
   pcall(parser.close, parser)
   return ok ~= nil and ok ~= false
end

local function markup(text)
   local found = {}
   local parser = lxp.new {
      CharacterData = function(_, piece) found[#found + 1] = piece end,
      StartElement = function(_, _, attributes) found.attribute = attributes.a end,
   }
   local content, attribute = xml.text(text), xml.attribute(text)
   assert((content == nil) == (attribute == nil), "text and attributes hold different texts")
   if not content then
      local escaped = text:gsub("[&<>]", "")
      assert(not accepts("<r>" .. escaped .. "</r>"), "a text is refused without need")
      return
   end
   local ok = parser:parse('<r a="' .. attribute .. '">' .. content .. "</r>") and parser:parse()
   assert(ok, "the text breaks the document")
   assert(table.concat(found) == text, "the text is another one")
   assert(found.attribute == text, "the attribute is another one")
end

return {
   covers = {
      "lua/twilio/util/time.lua", "lua/twilio/util/number.lua", "lua/twilio/util/ip.lua",
      "lua/twilio/util/utf8.lua", "lua/twilio/util/userinfo.lua", "lua/twilio/util/redact.lua",
      "lua/twilio/util/text.lua", "lua/twilio/util/closest.lua", "lua/twilio/call/endpoint.lua",
      "lua/twilio/transport/proxy.lua",
   },
   is_linear = true,
   run = function(input)
      dates(input)
      numbers(input)
      addresses(input)
      urls(input)
      secrets(input)
      markup(input)
   end,
}

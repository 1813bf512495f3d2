-- cli/api/curl.lua: a request as a curl command: what --dry-run prints.
--
-- Credentials are names of environment variables, so that the line can be run; other secrets are
-- "(hidden)". Must not know how a request was made.

local core = require "twilio.core"
local redact = require "twilio.transport.redact"

local curl = {}

-- A word for the shell. Control characters stand as escapes, as the line may be printed on a
-- terminal.
local function quoted(text)
   if text:find "^[A-Za-z0-9@%%+=:,./_-]+$" then return text end
   if not text:find "[%z\1-\8\11-\31\127]" and not text:find "\194[\128-\159]" then
      return "'" .. text:gsub("'", "'\\''") .. "'"
   end
   text = text:gsub("[\\']", "\\%0"):gsub("[%z\1-\31\127]", function(byte)
      return ("\\x%02x"):format(byte:byte())
   end)
   text = text:gsub("\194([\128-\159])", function(byte)
      return ("\\xc2\\x%02x"):format(byte:byte())
   end)
   return "$'" .. text .. "'"
end

curl.quoted = quoted

-- curl says these by itself, or the library only about itself.
local left_out = {
   ["user-agent"] = true, ["accept-charset"] = true, authorization = true,
}

local function decoded(text)
   return (text:gsub("+", " "):gsub("%%(%x%x)", function(hex)
      return string.char(tonumber(hex, 16))
   end))
end

local function add_form(words, body)
   for name, value in body:gmatch "([^&=]+)=([^&]*)" do
      local plain = decoded(value)
      -- curl encodes what follows the first "="; the name is encoded. No argument holds a NUL.
      words[#words + 1] = plain:find "%z" and "--data-raw " .. quoted(name .. "=" .. value)
         or "--data-urlencode " .. quoted(name .. "=" .. plain)
   end
end

local function add_headers(words, request, is_form)
   local names = {}
   for name in pairs(request.headers) do names[#names + 1] = name end
   table.sort(names)
   for _, name in ipairs(names) do
      local lower = core.lower(name)
      if not left_out[lower] and not (is_form and lower == "content-type") then
         words[#words + 1] = "-H " .. quoted(name .. ": " .. request.headers[name])
      end
   end
end

--- A request as a curl command.
-- @param final (table) the request, as a transport gets it
-- @param user (string) "NAME:NAME" of the environment variables that hold the credentials
-- @return (string) lines
function curl.command(final, user)
   local request = redact.without_secrets(final)
   local authorization = final.headers.Authorization
   local is_form = (request.headers["Content-Type"] or ""):find("urlencoded", 1, true) ~= nil
   local words = {}
   local implied = request.body and "POST" or "GET"
   if request.method ~= implied then words[1] = "-X " .. request.method end
   words[#words + 1] = quoted(request.url)
   if authorization and authorization:find "^Bearer " then
      words[#words + 1] = '-H "Authorization: Bearer $TWILIO_ACCESS_TOKEN"'
   elseif authorization and final.security ~= "own" then
      words[#words + 1] = ('-u "$%s:$%s"'):format(user:match "^([^:]+):(.+)$")
   elseif authorization then
      words[#words + 1] = "-H 'Authorization: (hidden)'"
   end
   add_headers(words, request, is_form)
   if request.body and is_form then
      add_form(words, request.body)
   elseif request.body then
      words[#words + 1] = "--data-raw " .. quoted(request.body)
   end
   return "curl " .. table.concat(words, " \\\n   ")
end

return curl

-- cli/api/curl.lua: a request as a curl command: what --dry-run prints.
--
-- Credentials are names of environment variables, so that the line can be run; other secrets are
-- "(hidden)". Must not know how a request was made.

local core = require "twilio.core"
local plain = require "twilio.cli.util.plain"
local redact = require "twilio.transport.redact"

local curl = {}

local function as_hex(byte) return ("\\x%02x"):format(byte:byte()) end

-- In $'...' the shell reads escapes: for all that a terminal must not get (util/plain.lua).
local function escaped(text)
   local out, at = {}, 1
   while true do
      local special = text:find("[%z\1-\31'\\\127-\255]", at)
      out[#out + 1] = text:sub(at, (special or 0) - 1)
      if not special then return "$'" .. table.concat(out) .. "'" end
      local one = plain.sequence_at(text, special) or text:sub(special, special)
      if one == "'" or one == "\\" then
         out[#out + 1] = "\\" .. one
      elseif #one > 1 and not plain.hidden(one) then
         out[#out + 1] = one
      else
         out[#out + 1] = one:gsub(".", as_hex)
      end
      at = special + #one
   end
end

-- Returns a word for the shell, with escapes for all that a terminal would obey: the line may be
-- printed on one.
local function quoted(text)
   if text:find "^[A-Za-z0-9@%%+=:,./_-]+$" then return text end
   local line = text:gsub("[\t\n]", " ")
   if plain.text(line) ~= line then return escaped(text) end
   return "'" .. text:gsub("'", "'\\''") .. "'"
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
      local text = decoded(value)
      -- curl encodes what follows the first "="; the name is encoded. No argument holds a NUL.
      words[#words + 1] = text:find "%z" and "--data-raw " .. quoted(name .. "=" .. value)
         or "--data-urlencode " .. quoted(name .. "=" .. text)
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

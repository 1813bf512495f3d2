-- util/redact.lua: texts fit to be shown: the secrets in bodies, URLs and headers replaced by
-- "(hidden)".
--
-- Works on the text, not on what it means: a body may be cut off, malformed or of another type than
-- it says, and must not show a secret then either. So a JSON member is found by its name and colon
-- wherever they stand, in strings with JSON in them too. The secret names were read from Twilio's
-- OpenAPI files: the parameters and members that end in Secret, Password, PrivateKey, Token and so
-- on, in every spelling (auth_token, AuthToken, authToken, Binding.Secret). Every step is linear in
-- the text's size. Must not know requests.

local core = require "twilio.core"
local userinfo = require "twilio.util.userinfo"

local redact = {}

local HIDDEN = "(hidden)"
redact.HIDDEN = HIDDEN

local secret_headers = {
   authorization = true, ["proxy-authorization"] = true, cookie = true, ["set-cookie"] = true,
   ["twilio-client-validation"] = true, ["x-twilio-signature"] = true, ["x-api-key"] = true,
   ["x-amz-security-token"] = true,
}

local LONGEST_NAME = 100

-- A name is secret if it ends in one of these, written in lower case without _ and -.
local endings = { "secret", "password", "passphrase", "privatekey", "token" }

-- Whole names: a token for a relay server (ice_servers), a certificate with its key, an AWS key
-- pair, a presigned URL's query.
local whole = {
   credential = true, tlscert = true, apikey = true, authtokensecondary = true, secretkey = true,
   secretaccesskey = true,
   xamzsignature = true, signature = true, sig = true, authorization = true, clientassertion = true,
}

-- They lead from page to page and open nothing.
local harmless = {
   pagetoken = true, nexttoken = true, previoustoken = true, nextpagetoken = true,
   previouspagetoken = true, prevtoken = true,
}

-- "Credentials" of accounts/v1 is "KEYID:SECRET"; elsewhere the name is a list's, whose members are
-- looked at one by one.
local whole_texts = { credentials = true }

local function unescape(name)
   return (name:gsub("\\+u00(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

-- "secret": its value is never shown; "text": only a text is hidden; nil: it is shown.
local function kind_of(name)
   if #name > LONGEST_NAME then return nil end
   local plain = core.lower(unescape(name)):gsub("[^A-Za-z0-9.]", ""):match("[^.]*$")
   if harmless[plain] then return nil end
   if whole[plain] then return "secret" end
   if whole_texts[plain] then return "text" end
   for _, ending in ipairs(endings) do
      if plain:sub(-#ending) == ending then return "secret" end
   end
   return nil
end

local literals = { ["null"] = true, ["true"] = true, ["false"] = true, [""] = true }

-- The SID of an API key is no secret, a key of a push service is.
local function is_shown_value(name, value)
   if literals[value] then return true end
   local is_sid = #value == 34 and value:find("^SK%x+$")
   return is_sid and core.lower(name):gsub("[^A-Za-z0-9]", ""):find("apikey$") ~= nil
end

-- JSON --------------------------------------------------------------------------------------------

local BACKSLASH = ("\\"):byte()

-- The end of a string whose quote stands before `from` and is escaped with `depth` backslashes: at
-- a quote with as few of them, or with as many behind pairs of escaped ones. Returns where its
-- content has ended, and what is behind the quote.
local function string_end(text, from, quote, depth)
   local at = from
   while true do
      local found = text:find(quote, at, true)
      if not found then return #text + 1, #text + 1 end
      local slashes = 0
      while found - slashes > at and text:byte(found - slashes - 1) == BACKSLASH do
         slashes = slashes + 1
      end
      if slashes <= depth or (slashes - depth) % (2 * (depth + 1)) == 0 then
         return found - math.min(slashes, depth), found + 1
      end
      at = found + 1
   end
end

-- Behind the list or object that begins at `from`; a malformed one ends with the text.
local function composite_end(text, from)
   local at, level = from, 0
   while true do
      local found = text:find('[%[%]{}"]', at)
      if not found then return #text + 1 end
      local byte = text:sub(found, found)
      at = found + 1
      if byte == '"' then
         local _
         _, at = string_end(text, at, '"', 0)
      elseif byte == "[" or byte == "{" then
         level = level + 1
      else
         level = level - 1
         if level == 0 then return at end
      end
   end
end

-- The value that begins at `from`: what is shown in its place (nil: itself), and where what follows
-- it begins.
local function hidden_value(text, from, name, kind)
   local first, last, quote = text:find("^\\*([\"'])", from)
   if first then
      local stop, behind = string_end(text, last + 1, quote, last - first)
      if is_shown_value(name, text:sub(last + 1, stop - 1)) then return nil, behind end
      return text:sub(from, last) .. HIDDEN .. text:sub(stop, behind - 1), behind
   end
   if kind == "text" then return nil, from end
   if text:find("^[%[{]", from) then return '"' .. HIDDEN .. '"', composite_end(text, from) end
   local stop = text:find("[,}%]\r\n]", from) or #text + 1
   local value = text:sub(from, stop - 1):match("^[^ \t-\r]*")
   if is_shown_value(name, value) then return nil, stop end
   return '"' .. HIDDEN .. '"', stop
end

local function json_members(text)
   local out, shown, at = {}, 1, 1
   while true do
      -- The name's quote may be escaped, in a string that holds JSON.
      local _, behind, name = text:find("[\"']([A-Za-z0-9_.$\\-]+)[\"'][ \t-\r]*:[ \t-\r]*", at)
      if not behind then break end
      local kind = kind_of(name)
      at = behind
      if kind then
         local instead, next_at = hidden_value(text, behind + 1, name, kind)
         if instead then
            out[#out + 1] = text:sub(shown, behind)
            out[#out + 1] = instead
            shown = next_at
         end
         at = math.max(next_at, behind)
      end
   end
   if shown == 1 then return text end
   out[#out + 1] = text:sub(shown)
   return table.concat(out)
end

-- Any text ----------------------------------------------------------------------------------------

local PARAMETER = "([A-Za-z0-9_.%%-]*)(=)([^&;\"' \t-\r<>\\#]+)"

local function hide_parameter(before, name, equals, value)
   if kind_of(name) and not is_shown_value(name, value) then
      return before .. name .. equals .. HIDDEN
   end
   return nil
end

-- A private key in PEM, under whatever name it stands, to its last line or the text's end.
local function hide_keys(text)
   local at, out = 1, {}
   while true do
      local _, head = text:find("PRIVATE[ +]KEY%-%-%-%-%-", at)
      if not head then break end
      out[#out + 1] = text:sub(at, head) .. HIDDEN
      local tail = text:find("-----END", head + 1, true)
      if not tail then return table.concat(out) end
      local _, line_end = text:find("PRIVATE[ +]KEY%-%-%-%-%-", tail)
      at = line_end and line_end + 1 or tail
      out[#out + 1] = text:sub(tail, at - 1)
   end
   return #out == 0 and text or table.concat(out) .. text:sub(at)
end

-- Secrets in what may be anywhere: user and password of a URL, the parameters of its query, private
-- keys, members of JSON.
local function any_text(text)
   if text:find("//", 1, true) or text:find("/\\/", 1, true) then
      text = text:gsub("(:\\?/\\?/)[^/ \t-\r\"'@?#<>\\]+@", "%1" .. HIDDEN .. "@")
   end
   if not text:find("=", 1, true) then return json_members(hide_keys(text)) end
   text = text:gsub("([?&;])" .. PARAMETER, hide_parameter)
   -- JSON may have & and ? escaped.
   if text:find("\\u00", 1, true) then
      text = text:gsub("(\\u00[23][6Ff])" .. PARAMETER, hide_parameter)
   end
   return json_members(hide_keys(text))
end

-- Forms and queries -------------------------------------------------------------------------------

local function decode(text)
   return (text:gsub("+", " "):gsub("%%(%x%x)", function(hex)
      return string.char(tonumber(hex, 16))
   end))
end

local function form(text)
   return (text:gsub("[^&]+", function(pair)
      local name, value = pair:match("^([^=]*)=(.+)$")
      if not name then return nil end
      local kind, plain = kind_of(decode(name)), decode(value)
      if kind then
         return not is_shown_value(decode(name), plain) and name .. "=" .. HIDDEN or nil
      end
      local shown = any_text(plain)
      return shown ~= plain and name .. "=" .. core.percent_encode(shown) or nil
   end))
end

-- Multipart ---------------------------------------------------------------------------------------

local function boundary_of(content_type)
   local name = "[Bb][Oo][Uu][Nn][Dd][Aa][Rr][Yy]="
   return content_type:match(name .. '"([^"]+)"') or content_type:match(name .. "([^ \t-\r;,]+)")
end

-- One part with its head: its content is hidden if its name is secret.
local function multipart_part(part)
   local first, last = part:find("\r?\n\r?\n")
   if not first then return any_text(part) end
   local head, content = part:sub(1, last), part:sub(last + 1)
   local name = head:match('[; ][Nn][Aa][Mm][Ee]="([^"]*)"')
      or head:match("[; ][Nn][Aa][Mm][Ee]=([^ \t-\r;]*)")
   if name and kind_of(name) and not is_shown_value(name, (content:gsub("[ \t-\r]+$", ""))) then
      return head .. HIDDEN .. (content:match("\r\n$") or "")
   end
   return head .. any_text(content)
end

local function multipart(text, boundary)
   local out, at, mark = {}, 1, "--" .. boundary
   while true do
      local first, last = text:find(mark, at, true)
      out[#out + 1] = multipart_part(text:sub(at, (first or 0) - 1))
      if not first then return table.concat(out) end
      out[#out + 1] = mark
      at = last + 1
   end
end

-- The face ----------------------------------------------------------------------------------------

--- A body without its secrets.
-- @param text (string) a whole body, or its beginning
-- @param content_type (string | nil) of the header; a text that looks like a form is treated as one
--    whatever this says
-- @return (string) `text` itself if nothing in it is secret
function redact.body(text, content_type)
   local kind = type(content_type) == "string" and core.lower(content_type) or ""
   if kind:find("multipart", 1, true) then
      local boundary = boundary_of(content_type)
      if not boundary or not text:find("--" .. boundary, 1, true) then
         boundary = text:match("^[\r\n]*%-%-([^\r\n]+)")
      end
      return boundary and multipart(text, boundary) or HIDDEN
   end
   if kind:find("x-www-form-urlencoded", 1, true) or text:find("^[A-Za-z0-9_.%%+-]+=") then
      return form(text)
   end
   return any_text(text)
end

--- A URL without user, password and secret parameters.
function redact.url(url)
   local before, after = userinfo.around(url)
   if before then url = before .. HIDDEN .. "@" .. after end
   local fragment = url:find("#", 1, true) or #url + 1
   local query = url:find("?", 1, true) or fragment
   if query > fragment then query = fragment end
   local shown = url:sub(1, query - 1)
   if query < fragment then shown = shown .. "?" .. form(url:sub(query + 1, fragment - 1)) end
   if fragment <= #url then shown = shown .. "#" .. form(url:sub(fragment + 1)) end
   return shown
end

--- A copy of headers without what authenticates.
-- @param headers (table | nil) name -> text or list of texts
function redact.headers(headers)
   local shown = {}
   for name, value in pairs(headers or {}) do
      local lower = type(name) == "string" and core.lower(name) or ""
      if secret_headers[lower] then
         value = HIDDEN
      elseif (lower == "location" or lower == "link" or lower == "referer")
         and type(value) == "string" then
         value = redact.url(value)
      end
      shown[name] = value
   end
   return shown
end

return redact

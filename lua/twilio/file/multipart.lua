-- file/multipart.lua: multipart/form-data bodies (RFC 7578), and bodies that are one file, read
-- while they are sent.
--
-- A body is a list of texts and { file, offset, size }, which the C core sends piece by piece: no
-- file is ever in memory as a whole. Must not know URLs, requests or transports.

local Error = require "twilio.util.error"
local core = require "twilio.core"
local crypto = require "twilio.core.crypto"
local options = require "twilio.util.options"
local serialize = require "twilio.call.serialize"
local after_last = require("twilio.util.text").after_last

local multipart = {}

local Body = {}
Body.__index = Body
Body.__name = "twilio.multipart"

local media_types = {
   css = "text/css", csv = "text/csv", gif = "image/gif", html = "text/html", jpeg = "image/jpeg",
   jpg = "image/jpeg",
   js = "application/javascript", json = "application/json", mp3 = "audio/mpeg", mp4 = "video/mp4",
   pdf = "application/pdf",
   png = "image/png", svg = "image/svg+xml", txt = "text/plain", wav = "audio/wav",
   webp = "image/webp", xml = "application/xml",
   zip = "application/zip",
}

local function media_type(filename)
   local extension = filename and filename:match("%.([A-Za-z0-9]+)$")
   return extension and media_types[core.lower(extension)] or "application/octet-stream"
end

-- Files -------------------------------------------------------------------------------------------

local function check_handle(handle)
   local io = core.global "io"
   if io and io.type(handle) == "file" then return true end
   return nil, "isn't an open file"
end

local function check_line(value)
   if value:find("[\r\n%z]") then return nil, "holds a line break" end
   return true
end

local known = {
   name = "string", path = "string", handle = { "userdata", check = check_handle }, text = "string",
   filename = { "string", check = check_line }, content_type = { "string", check = check_line },
}

-- name: of the field; nil for a file that is the whole body.
local function check_field(name, field)
   local shown = name and ("field '%s'"):format(name) or "file"
   local ok, message = options.check(field, known)
   if not ok then return nil, shown .. ": " .. message end
   local sources = (field.path and 1 or 0) + (field.handle and 1 or 0) + (field.text and 1 or 0)
   if sources ~= 1 then return nil, shown .. " needs one of path, handle and text" end
   return true
end

local MOST = 2 ^ 53 -- bytes; folders say that they have more

local function unreadable(message)
   return Error.new { kind = "config", message = message, sent = false, retryable = false }
end

-- From where the handle stands, whoever moves it afterwards; the same bytes for each attempt.
local function span(handle)
   local place = handle:seek()
   local size = place and handle:seek("end")
   if not size or size > MOST then return nil, unreadable("the file has no known size") end
   handle:seek("set", place)
   return { file = handle, offset = place, size = size - place }
end

-- @return (string | table) a part of the body; or nil, err
local function content(field)
   if field.text then return field.text end
   if field.handle then return span(field.handle) end
   local size, message = core.file_size(field.path)
   if not size then return nil, unreadable(field.path .. ": " .. message) end
   return { file = field.path, offset = 0, size = size }
end

-- Fields ------------------------------------------------------------------------------------------

local escapes = { ['"'] = "%22", ["\r"] = "%0D", ["\n"] = "%0A" }

local function head_of_file(field)
   -- a plain field
   if field.text and not field.filename and not field.content_type then return '"' end
   local filename = field.filename
   if not filename and field.path then filename = after_last(after_last(field.path, "/"), "\\") end
   local shown = filename and ('; filename="%s"'):format(filename:gsub('["\r\n]', escapes)) or ""
   return ('"%s\r\nContent-Type: %s'):format(shown, field.content_type or media_type(filename))
end

local function is_file(value)
   return type(value) == "table" and (value.path ~= nil or value.handle ~= nil or value.text ~= nil)
end

-- A field -> pairs of the head that follows its name, and what it holds.
local function add_field(fields, name, value)
   if type(name) ~= "string" or name == "" then
      return nil, "fields are named: { Name = value }, or items with a name"
   end
   if is_file(value) then
      local ok, message = check_field(name, value)
      if not ok then return nil, message end
      fields[#fields + 1] = { name = name, head = head_of_file(value), source = value }
      return true
   end
   local pairs_of_text = {}
   local ok, message = serialize.push(pairs_of_text, { wire = name, array = true }, value)
   if not ok then return nil, ("field '%s' %s"):format(name, message) end
   for i = 2, #pairs_of_text, 2 do
      fields[#fields + 1] = { name = name, head = '"', source = { text = pairs_of_text[i] } }
   end
   return true
end

-- Items in their order, then names by the alphabet: the same call makes the same body.
local function collect(given)
   local fields = {}
   for i, item in ipairs(given) do
      if not is_file(item) then
         return nil, ("item %d needs a name and one of path, handle and text"):format(i)
      end
      local ok, message = add_field(fields, item.name, item)
      if not ok then return nil, message end
   end
   for _, name in ipairs(options.names(given)) do
      if type(name) ~= "number" then
         local ok, message = add_field(fields, name, given[name])
         if not ok then return nil, message end
      end
   end
   if #fields == 0 then return nil, "multipart needs at least one field" end
   return fields
end

local made = 0

-- Not to be found in the contents: a digest of what nobody can have written there before.
local function new_boundary(self)
   made = made + 1
   return "twilio-lua-"
      .. crypto.sha256_hex(("%s %.9f %d"):format(tostring(self), core.now(), made)):sub(1, 32)
end

--- Checks a table of fields.
-- @param given (table) name -> text, number, boolean or a list of them; or { path | handle | text,
--    filename, content_type }; and in the array part, where order or repetition matters, the same
--    with a `name`
-- @return (table) fields for multipart.body
-- @return[2] nil, (string) the caller's mistake
function multipart.fields(given)
   return collect(given)
end

--- Checks the file that a whole body is.
-- @param given (table) { path | handle | text, content_type, filename }
-- @return (table) for multipart.body
-- @return[2] nil, (string) the caller's mistake
function multipart.file(given)
   local ok, message = check_field(nil, given)
   if not ok then return nil, message end
   return { whole = given }
end

--- Opens the files and makes the body.
-- @param fields (table) of multipart.fields or multipart.file
-- @return (body) a list of texts and { file, offset, size }, with content_type
-- @return[2] nil, err: kind "config", what can't be read
function multipart.body(fields)
   local self, file = setmetatable({}, Body), fields.whole
   if file then
      local part, err = content(file)
      if not part then return nil, err end
      self[1], self.content_type = part, file.content_type or media_type(file.filename or file.path)
      return self
   end
   local boundary = new_boundary(fields)
   for _, field in ipairs(fields) do
      local part, err = content(field.source)
      if not part then return nil, err end
      local head = (
         '--%s\r\nContent-Disposition: form-data; name="%s'):format(
            boundary, (field.name:gsub('["\r\n]', escapes)))
      self[#self + 1] = head .. field.head .. "\r\n\r\n"
      self[#self + 1] = part
      self[#self + 1] = "\r\n"
   end
   self[#self + 1] = ("--%s--\r\n"):format(boundary)
   self.content_type = "multipart/form-data; boundary=" .. boundary
   return self
end

--- Returns true for a body of this file.
function multipart.is(value)
   return getmetatable(value) == Body
end

local function read_span(part)
   local file, message = part.file, nil
   if type(file) == "string" then
      local io = core.global "io"
      if not io then return nil, unreadable("this Lua has no io") end
      file, message = io.open(file, "rb")
   end
   if not file then return nil, unreadable(message) end
   local place = file:seek()
   file:seek("set", part.offset)
   local text = part.size == 0 and "" or file:read(part.size)
   if type(part.file) == "string" then file:close() else file:seek("set", place) end
   return text
end

--- The whole body as one text, for transports that can't stream and for signatures over it.
-- @return (string)
-- @return[2] nil, err: kind "config", what can't be read
function Body:text()
   local texts = {}
   for i, part in ipairs(self) do
      local text, err = part, nil
      if type(part) == "table" then text, err = read_span(part) end
      if not text then return nil, err or unreadable("a file ended early") end
      texts[i] = text
   end
   return table.concat(texts)
end

--- Never the contents. @return (string)
function Body:__tostring()
   return ("twilio.multipart: %d parts"):format(#self)
end

return multipart

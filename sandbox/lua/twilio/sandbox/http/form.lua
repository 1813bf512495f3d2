-- sandbox/http/form.lua: the fields of a request's form: urlencoded, or multipart/form-data
-- (RFC 7578).
--
-- A field that is repeated is an array of its values. A file is its content.

local core = require "twilio.core"
local repeated = require "twilio.util.repeated"

local form = {}

local MOST_PARTS = 1000

-- The boundary that a Content-Type names; nil if it isn't multipart/form-data.
local function boundary_of(content_type)
   if not content_type:lower():find("^%s*multipart/form%-data%s*;") then return nil end
   local at = content_type:lower():find("boundary=", 1, true)
   local rest = at and content_type:sub(at + #"boundary=")
   local boundary = rest and (rest:match('^"([^"]+)"') or rest:match("^([^;%s]+)"))
   return boundary and #boundary <= 70 and boundary or nil
end

-- The name in a part's head: Content-Disposition: form-data; name="Body"
local function name_of(head)
   for line in (head .. "\r\n"):gmatch("(.-)\r?\n") do
      local header, value = line:match("^([%w-]+):(.*)$")
      if value and header:lower() == "content-disposition" then
         local name = value:match(';%s*[Nn][Aa][Mm][Ee]="([^"]*)"')
            or value:match(";%s*[Nn][Aa][Mm][Ee]=([^;%s]+)")
         -- Browsers write these three so.
         return name and name:gsub("%%22", '"'):gsub("%%0D", "\r"):gsub("%%0A", "\n")
      end
   end
   return nil
end

local function decode_multipart(body, boundary)
   local fields, delimiter = {}, "\r\n--" .. boundary
   body = "\r\n" .. body
   local _, at = body:find(delimiter, 1, true)
   for _ = 1, MOST_PARTS do
      if not at or body:sub(at + 1, at + 2) == "--" then break end
      local _, head_first = body:find("^[ \t]*\r\n", at + 1)
      local head_last, head_end = body:find("\r\n\r\n", head_first or at, true)
      local stop, stop_end = body:find(delimiter, head_end or at, true)
      if not head_first or not head_last or not stop then break end
      local name = name_of(body:sub(head_first + 1, head_last - 1))
      if name then repeated.add(fields, name, body:sub(head_end + 1, stop - 1)) end
      at = stop_end
   end
   return fields
end

--- Decodes a form.
-- @param headers (table) by lower-case name
-- @param body (string)
-- @return (table) name -> text, or an array of texts
function form.decode(headers, body)
   local boundary = boundary_of(headers["content-type"] or "")
   if boundary then return decode_multipart(body, boundary) end
   return core.form_decode(body)
end

return form

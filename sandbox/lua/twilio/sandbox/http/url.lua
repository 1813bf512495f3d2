-- sandbox/http/url.lua: a URL's parts, and a reference as seen from a URL (RFC 3986, 5.2).

local url = {}

--- Takes a URL apart. @return (string) scheme, (string) host with its port, (string) path, (string)
-- query with its "?"; or nil: it is no absolute URL of HTTP
function url.split(text)
   local scheme, host, rest = text:match("^([Hh][Tt][Tt][Pp][Ss]?)://([^/?#]+)([^#]*)")
   if not scheme or text:find("[%z\1-\32\127]") then return nil end
   local path, query = rest:match("^([^?]*)(.*)$")
   return scheme, host, path == "" and "/" or path, query
end

-- "/a/./b/../c" -> "/a/c"
local function without_dots(path)
   if not path:find("/.", 1, true) then return path end
   local kept, last = {}, path:match("[^/]*$")
   for segment in path:gmatch("[^/]+") do
      if segment == ".." then
         kept[#kept] = nil
      elseif segment ~= "." then
         kept[#kept + 1] = segment
      end
   end
   local is_folder = last == "" or last == "." or last == ".."
   return "/" .. table.concat(kept, "/") .. (is_folder and #kept > 0 and "/" or "")
end

--- A URL that a document or an answer names, as seen from its own.
-- @param base (string | nil) absolute
-- @param reference (string | nil) "" and nil mean the base itself
function url.resolve(base, reference)
   if not reference or reference == "" then return base end
   if not base or reference:match("^[A-Za-z][A-Za-z0-9+.-]*:") then return reference end
   local scheme, authority, path = base:match("^([A-Za-z][A-Za-z0-9+.-]*:)(//[^/?#]*)([^?#]*)")
   if not scheme then return reference end
   if reference:sub(1, 2) == "//" then return scheme .. reference end
   if reference:sub(1, 1) == "?" then return scheme .. authority .. path .. reference end
   local own, rest = reference:match("^([^?#]*)(.*)$")
   if own:sub(1, 1) ~= "/" then own = (path:match("^(.*/)[^/]*$") or "/") .. own end
   return scheme .. authority .. without_dots(own) .. rest
end

return url

-- webhook/candidates.lua: the URLs that Twilio may have signed, given the one that the application
-- saw.
--
-- Twilio signs the URL as it was configured; servers, proxies and frameworks show it a little
-- changed, and some of Twilio's back ends sign a changed form themselves. The list is finite and
-- every entry means the same resource, so trying them all gives a forger nothing. Pure text work;
-- knows nothing of signatures. Only used when the URL as given doesn't match.

local text = require "twilio.util.text"

local byte, find, sub = string.byte, string.find, string.sub

local DEFAULT_PORT = {
   ["https://"] = ":443", ["wss://"] = ":443", ["http://"] = ":80", ["ws://"] = ":80",
}

-- Tables in the place of functions: a forger's query may be all bytes that are encoded.
local PERCENT, DECODED = {}, {}
for code = 0, 255 do
   local character, upper = string.char(code), ("%02X"):format(code)
   PERCENT[character] = "%" .. upper
   for _, high in ipairs { upper:sub(1, 1), upper:sub(1, 1):lower() } do
      DECODED[high .. upper:sub(2)], DECODED[high .. upper:sub(2):lower()] = character, character
   end
end

-- The characters that URL parsers (the WHATWG's) encode in a path and in a query.
local function encode_path(path)
   return (path:gsub('[%z\1-\32"<>`{}\127-\255]', PERCENT))
end

local function encode_query(query)
   return (query:gsub('[%z\1-\32"\'<>\127-\255]', PERCENT))
end

-- Names that are array indexes to JavaScript: an object has them first, in numeric order.
local function is_index(name)
   return #name <= 10 and (name == "0" or find(name, "^[1-9]%d*$")) and tonumber(name) < 2 ^ 32 - 1
end

local function decode(s)
   return (s:gsub("%+", " "):gsub("%%(%x%x)", DECODED))
end

local function legacy_encode(s)
   return (s:gsub("[^A-Za-z0-9%-_.!~*'()]", PERCENT))
end

-- Names in the order in which a JavaScript object made of the query has them, and their values.
local function read_object(query)
   local values, order, indexes = {}, {}, {}
   for piece in query:gmatch("[^&]+") do
      local equals = find(piece, "=", 1, true)
      local name = decode(equals and sub(piece, 1, equals - 1) or piece)
      if not values[name] then
         values[name] = {}
         table.insert(is_index(name) and indexes or order, name)
      end
      table.insert(values[name], equals and decode(sub(piece, equals + 1)) or "")
   end
   table.sort(indexes, function(a, b) return tonumber(a) < tonumber(b) end)
   for _, name in ipairs(order) do indexes[#indexes + 1] = name end
   return indexes, values
end

-- Node's querystring.parse and stringify, one after the other, as twilio-node has long done to
-- every URL.
local function legacy_query(query)
   if #query < 2 then return query end
   local order, values = read_object(sub(query, 2))
   local pieces = {}
   for _, name in ipairs(order) do
      for _, value in ipairs(values[name]) do
         pieces[#pieces + 1] = legacy_encode(name) .. "=" .. legacy_encode(value)
      end
   end
   return "?" .. table.concat(pieces, "&")
end

-- An apostrophe and spaces as Ruby servers hand them on.
local function ruby(s)
   return (s:gsub("'", "%%27"):gsub(" ", "%%20"))
end

local function split(url)
   local _, mark = find(url, "^[A-Za-z][A-Za-z0-9+.-]*://")
   if not mark then return nil end
   local fragment = find(url, "#", mark + 1, true) or #url + 1
   local query = find(url, "?", mark + 1, true) or fragment
   if query > fragment then query = fragment end
   local path = find(url, "/", mark + 1, true) or query
   if path > query then path = query end
   local host, user = text.after_last(sub(url, mark + 1, path - 1), "@")
   local bracket = byte(host, 1) == 91 and find(host, "]", 1, true) -- of IPv6
   local port = find(host, ":", bracket or 1, true) or #host + 1
   return {
      scheme = sub(url, 1, mark), user = user and user .. "@" or "",
      host = sub(host, 1, port - 1), port = sub(host, port),
      path = sub(url, path, query - 1), query = sub(url, query, fragment - 1),
   }
end

-- Adds to `list` what isn't there.
local function add(list, url)
   if not list[url] then
      list[url] = true
      list[#list + 1] = url
   end
end

-- With and without user, port, and (in a WebSocket handshake) a slash at the end.
local function add_addresses(list, parts, scheme, host, path, query)
   local ports = { parts.port, parts.port ~= "" and "" or DEFAULT_PORT[text.lower(scheme)] }
   local paths = { path, find(scheme, "^[Ww][Ss]") and sub(path, -1) ~= "/" and path .. "/" or nil }
   for _, user in ipairs { parts.user, "" } do
      for _, port in ipairs(ports) do
         for _, p in ipairs(paths) do add(list, scheme .. user .. host .. port .. p .. query) end
      end
   end
end

--- The URLs worth trying, the given one first.
-- @param url (string) absolute
-- @return (array of strings) each once; a fragment, which Twilio never signs, only in the given one
return function(url)
   local list = {}
   add(list, url)
   local parts = split(url)
   if not parts then return list end
   local scheme, host = text.lower(parts.scheme), text.lower(parts.host)
   local path = encode_path(parts.path == "" and "/" or parts.path)
   local query = encode_query(text.trim_end(parts.query))
   add_addresses(list, parts, parts.scheme, parts.host, parts.path, parts.query)
   add_addresses(list, parts, scheme, parts.host, parts.path, parts.query)
   add_addresses(list, parts, scheme, host, path, query)
   add_addresses(list, parts, scheme, host, path, legacy_query(query))
   add_addresses(list, parts, scheme, parts.host, ruby(parts.path), ruby(parts.query))
   return list
end

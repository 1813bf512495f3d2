-- webhook/candidates.lua: the URLs that Twilio may have signed, given the one that the application saw.
--
-- Twilio signs the URL as it was configured; servers, proxies and frameworks show it a little changed, and some of Twilio's
-- back ends sign a changed form themselves. The list is finite and every entry means the same resource, so trying them all
-- gives a forger nothing. Pure text work; knows nothing of signatures. Only used when the URL as given doesn't match.

local DEFAULT_PORT = { ["https://"] = ":443", ["wss://"] = ":443", ["http://"] = ":80", ["ws://"] = ":80" }

local function percent(byte) return ("%%%02X"):format(byte:byte()) end

-- What URL parsers (the WHATWG's) encode in a path and in a query.
local function encode_path(path)
   return (path:gsub('[%c "<>`{}\127-\255]', percent))
end

local function encode_query(query)
   return (query:gsub('[%c "\'<>\127-\255]', percent))
end

-- Names that are array indexes to JavaScript: an object has them first, in numeric order.
local function is_index(name)
   return name == "0" or name:find("^[1-9]%d*$") and #name <= 10 and tonumber(name) < 2 ^ 32 - 1
end

local function decode(text)
   return (text:gsub("%+", " "):gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

local function legacy_encode(text)
   return (text:gsub("[^A-Za-z0-9%-_.!~*'()]", percent))
end

-- Names in the order in which a JavaScript object made of the query has them, and their values.
local function read_object(query)
   local values, order, indexes = {}, {}, {}
   for piece in query:gmatch("[^&]+") do
      local name, value = piece:match("^([^=]*)=?(.*)$")
      name = decode(name)
      if not values[name] then
         values[name] = {}
         table.insert(is_index(name) and indexes or order, name)
      end
      table.insert(values[name], decode(value))
   end
   table.sort(indexes, function(a, b) return tonumber(a) < tonumber(b) end)
   for i, name in ipairs(indexes) do table.insert(order, i, name) end
   return order, values
end

-- Node's querystring.parse and stringify, one after the other, as twilio-node has long done to every URL.
local function legacy_query(query)
   if #query < 2 then return query end
   local order, values = read_object(query:sub(2))
   local pieces = {}
   for _, name in ipairs(order) do
      for _, value in ipairs(values[name]) do
         pieces[#pieces + 1] = legacy_encode(name) .. "=" .. legacy_encode(value)
      end
   end
   return "?" .. table.concat(pieces, "&")
end

-- An apostrophe and spaces as Ruby servers hand them on.
local function ruby(text)
   return (text:gsub("'", "%%27"):gsub(" ", "%%20"))
end

local function split(url)
   local scheme, authority, path, query = url:match("^(%a[%w+.-]*://)([^/?#]*)([^?#]*)([^#]*)")
   if not scheme then return nil end
   local user, host = authority:match("^(.*@)(.*)$")
   host = host or authority
   local name, port = host:match("^(%[[^%]]*%])(.*)$") -- IPv6
   if not name then name, port = host:match("^([^:]*)(.*)$") end
   return { scheme = scheme, user = user or "", host = name, port = port, path = path, query = query }
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
   local ports = { parts.port, parts.port ~= "" and "" or DEFAULT_PORT[scheme:lower()] }
   local paths = { path, scheme:lower():find("^ws") and not path:find("/$") and path .. "/" or nil }
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
   local scheme, host = parts.scheme:lower(), parts.host:lower()
   local path = encode_path(parts.path == "" and "/" or parts.path)
   local query = encode_query((parts.query:gsub("%s+$", ""))) -- URL parsers trim
   add_addresses(list, parts, parts.scheme, parts.host, parts.path, parts.query)
   add_addresses(list, parts, scheme, parts.host, parts.path, parts.query)
   add_addresses(list, parts, scheme, host, path, query)
   add_addresses(list, parts, scheme, host, path, legacy_query(query))
   add_addresses(list, parts, scheme, parts.host, ruby(parts.path), ruby(parts.query))
   return list
end

-- resource/page.lua: lists that come in pages.
--
-- Finds a page's records and the way to the next page in each of the API's styles
-- (docs/architecture.md: uri, meta, token, next_token, results, plain), and never follows a link to
-- a foreign host, where the credentials would leak. list.lua hands in the function that fetches a
-- page.

local Error = require "twilio.util.error"
local endpoint = require "twilio.call.endpoint"
local json = require "twilio.json"
local request = require "twilio.call.request"

local page = {}

-- Members that stand beside the records in a payload without meta.key.
local beside = {}
for _, name in ipairs {
   "end", "first_page_uri", "next_page_uri", "last_page_uri", "page", "page_size",
   "previous_page_uri", "total", "num_pages", "start",
   "uri", "totalResults", "schemas", "meta", "itemsPerPage", "startIndex", "has_next",
   "current_page",
   "errors",
} do beside[name] = true end

local function is_array(value)
   return type(value) == "table" and json.is_array(value)
end

local function only_other_member(payload)
   local found
   for name, value in pairs(payload) do
      if type(name) == "string" and not beside[name] and is_array(value) then
         if found then return nil end
         found = value
      end
   end
   return found
end

local function table_at(payload, key)
   local value = key and payload[key]
   return type(value) == "table" and value or nil
end

local function array_at(payload, key)
   local value = key and payload[key]
   return is_array(value) and value or nil
end

local function text(value)
   -- Some products send "" where they mean none.
   return type(value) == "string" and value ~= "" and value or nil
end

-- By RFC 7644 an empty SCIM list needs no array.
local function of_scim(payload)
   local is_empty = payload.schemas and payload.totalResults == 0
   return array_at(payload, "Resources") or is_empty and {} or nil
end

--- The records of a page. An empty page has its array, too.
-- @param paging (table) { style, key } of the operation
-- @return (array); nil if there is none: the answer isn't a page
function page.records(payload, paging)
   local meta = table_at(payload, "meta")
   local named = meta and text(meta.key)
   if named then return array_at(payload, named) end
   return array_at(payload, paging.key) or only_other_member(payload) or of_scim(payload)
end

local function absolute(link, url)
   if not link or link:match("^[A-Za-z][A-Za-z0-9+.-]*://") then return link end
   local scheme, _, _, authority = endpoint.split(url)
   return scheme .. "://" .. authority .. (link:sub(1, 1) == "/" and "" or "/") .. link
end

local function with_query(url, name, value)
   local base, query = url:match("^([^?]*)%??(.*)$")
   local kept = {}
   for pair in query:gmatch("[^&]+") do
      if pair:match("^[^=]*") ~= name then kept[#kept + 1] = pair end
   end
   kept[#kept + 1] = request.query_pair(name, value)
   return base .. "?" .. table.concat(kept, "&")
end

-- The members that lead to the page after this one, and to the one before.
local AFTER = {
   url = "next_page_url", uri = "next_page_uri", nextToken = "nextToken",
   next_token = "next_token", is_there = "has_next", step = 1,
}
local BEFORE = {
   url = "previous_page_url", uri = "previous_page_uri", nextToken = "previousToken",
   next_token = "previous_token", is_there = "has_prev", step = -1,
}

local function by_link(payload, url, way)
   local meta = table_at(payload, "meta") or {}
   return absolute(text(meta[way.url]) or text(payload[way.uri]), url)
end

local function by_token(member, parameter)
   return function(payload, url, way)
      local token = text((table_at(payload, "meta") or {})[way[member]])
      return token and with_query(url, parameter, token)
   end
end

local function by_number(payload, url, way)
   if payload[way.is_there] ~= true or type(payload.current_page) ~= "number" then return nil end
   return with_query(url, "Page", ("%d"):format(payload.current_page + way.step))
end

local function never() return nil end

local ways = {
   uri = by_link, meta = by_link, plain = never, results = by_number,
   token = by_token("nextToken", "pageToken"), next_token = by_token("next_token", "Token"),
}

local function url_beside(payload, paging, url, way)
   return ways[paging.style](payload, url, way) or by_link(payload, url, way)
end

--- The URL of the page after this one, as the API gave it.
-- @param url (string) of this page
-- @return (string | nil)
function page.next_url(payload, paging, url) return url_beside(payload, paging, url, AFTER) end

--- The URL of the page before this one, as next_url.
function page.previous_url(payload, paging, url) return url_beside(payload, paging, url, BEFORE) end

local function parameter_named(op, names)
   for _, name in ipairs(names) do
      if op.by_name[name] then return op.by_name[name] end
   end
   return nil
end

local MOST = 1000 -- the API's largest page, unless the operation's page_max says otherwise

-- Arguments that steer paging, as this library names them -> the names of the operation's own
-- parameters; `wire` is what goes out where the files give the list none, as the API takes them
-- nevertheless.
local aliases = {
   page_size = { "page_size", "size", wire = "PageSize" }, page_number = { "page", wire = "Page" },
   page_token = { "page_token", "token", wire = "PageToken" },
}

-- Puts the arguments that steer paging under the names of the operation's own parameters.
local function rename(op, asked)
   for name, names in pairs(aliases) do
      local value, parameter = asked[name], parameter_named(op, names)
      local own = parameter and parameter.name or names.wire
      -- If both are given, the name that the operation doesn't know is told.
      if value ~= nil and own ~= name and asked[own] == nil then
         asked[name], asked[own] = nil, value
      end
   end
end

--- Splits a list's arguments into what is asked of the API and the limit, which is ours.
-- @param op (table) the list's operation
-- @param arguments (table) as the caller gave them; not changed
-- @return (table) arguments of the operation, (integer | nil) limit
-- @return[2] nil, (string) the caller's mistake
function page.arguments(op, arguments)
   -- none, or a mistake that call.prepare tells
   if type(arguments) ~= "table" then return arguments end
   local asked = {}
   for name, value in pairs(arguments) do asked[name] = value end
   local limit = asked.limit
   if not op.by_name.limit then asked.limit = nil else limit = nil end
   if limit ~= nil and (type(limit) ~= "number" or limit < 1 or limit % 1 ~= 0) then
      return nil, "limit must be a whole number of 1 or more, got " .. tostring(limit)
   end
   local size = limit and parameter_named(op, aliases.page_size)
   if size then
      -- With a limit, pages are only the way to the items; without one, page_size is the program's
      -- wish, and the API says whether it grants it.
      local most = op.page_max or MOST
      local name = asked.page_size ~= nil and "page_size" or size.name
      if asked[size.wire] ~= nil then name = size.wire end
      if asked[name] == nil then asked[name] = math.min(limit, most) end
      if (tonumber(asked[name]) or 0) > most then asked[name] = most end
   end
   rename(op, asked)
   return asked, limit
end

--- A copy of a list's arguments without the limit, to find their other mistakes.
function page.without_limit(arguments)
   local others = {}
   for name, value in pairs(arguments) do others[name] = value end
   others.limit = nil
   return others
end

local Page = {}
Page.__index = Page

function Page:__tostring()
   return ("twilio.page: %d items%s"):format(#self.items, self.next_url and ", more" or "")
end

-- The link leads elsewhere than to Twilio (or the client's base_url).
local function foreign(url, message)
   return Error.new {
      kind = "config", message = "refused to follow a page link: " .. message, sent = false,
      url = require("twilio.call.response").public_url(url),
      retryable = false,
   }
end

--- The page after this one.
-- @return (page), nil, response; or nil at the end; or nil, err
function Page:next()
   if getmetatable(self) ~= Page then error("page:next: call it with a colon", 2) end
   if not self.next_url then return nil end
   return self.list.open(self.next_url)
end

--- The page before this one, for the lists that tell of one.
-- @return (page), nil, response; or nil at the beginning; or nil, err
function Page:previous()
   if getmetatable(self) ~= Page then error("page:previous: call it with a colon", 2) end
   if not self.previous_url then return nil end
   return self.list.open(self.previous_url)
end

--- Opens the first page, or one at a URL kept from an earlier one.
-- @param list (table) { paging = { style, key }, config = client's settings, get = function(url) ->
--    payload with records, err, response, wrap = function(record) -> item }
-- @param url (string) absolute
-- @return (page) { items, next_url, previous_url, url }, nil, response
-- @return[2] nil, err
function page.open(list, url)
   local own, message = endpoint.own(list.config, url)
   if not own then return nil, foreign(url, message) end
   local payload, err, response = list.get(own)
   if err then return nil, err, response end
   local records = page.records(payload, list.paging)
   local items = {}
   for i = 1, #records do items[i] = list.wrap(records[i]) end
   local this = {
      items = items, url = own, next_url = page.next_url(payload, list.paging, own),
      previous_url = page.previous_url(payload, list.paging, own), response = response,
   }
   this.list = { open = function(other) return page.open(list, other) end }
   return setmetatable(this, Page), nil, response
end

--- Walks the items of all pages.
-- @param open (function) opens the first page
-- @param limit (integer | nil)
-- @return (function) -> item; or nil at the end; or nil, err, response
function page.walk(open, limit)
   local current, index, given, seen = nil, 0, 0, {}
   local function turn()
      local err, response
      if current then
         -- A link that was followed before would go round for ever.
         if not current.next_url or seen[current.next_url] then return nil end
         seen[current.next_url] = true
         current, err, response = current:next()
      else
         current, err, response = open()
      end
      if not current then return nil, err, response end
      seen[current.url] = true
      index = 0
      return true
   end
   return function()
      if limit and given >= limit then return nil end
      while not current or index >= #current.items do
         local ok, err, response = turn()
         if not ok then return nil, err, response end
      end
      index, given = index + 1, given + 1
      return current.items[index], nil, current.response
   end
end

return page

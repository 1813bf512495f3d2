-- sandbox/http/paging.lua: one page of a list, in each of the API's styles.
--
-- A page token names the last record given, so that records made or removed meanwhile neither
-- repeat nor hide others. Must not know how an item is written.

local api_error = require "twilio.sandbox.http.api_error"
local core = require "twilio.core"
local json = require "twilio.json"

local paging = {}

local USUAL, MOST = 50, 1000 -- records a page

local function size_of(arguments)
   local size = arguments.page_size or arguments.size or USUAL
   if type(size) ~= "number" then size = tonumber(size) or 0 end
   if size < 1 or size > MOST then
      return nil, api_error.invalid("PageSize", "must be between 1 and " .. MOST)
   end
   return size
end

local function position_of(arguments)
   local token = arguments.page_token or arguments.token
   if not token or token == "" then return nil end
   local seq = tonumber(tostring(token):match("^PA(%d+)$"))
   if not seq then return nil, api_error.invalid("PageToken", "is none that this list gave") end
   return seq
end

local function collect(walk, accept, skip, size)
   local records = {}
   for record in walk do
      if not accept or accept(record) then
         if skip > 0 then
            skip = skip - 1
         elseif #records == size then
            return records, true
         else
            records[#records + 1] = record
         end
      end
   end
   return records, false
end

-- Products that take an Order give the oldest first unless told otherwise; the others the newest.
local function is_ascending(op, arguments)
   return op.by_wire.Order ~= nil and core.lower(tostring(arguments.order or "asc")) ~= "desc"
end

--- Reads one page.
-- @param store (table)
-- @param path (string) of the collection
-- @param op (table) the list's operation
-- @param arguments (table)
-- @param accept (function | nil) of filters
-- @return (table) { records, size, number = from 0, token = of the next page | nil }
-- @return[2] nil, an API error
function paging.read(store, path, op, arguments, accept)
   local size, after, err
   size, err = size_of(arguments)
   if not err then after, err = position_of(arguments) end
   if err then return nil, err end
   local first = op.paging.style == "results" and 1 or 0
   local number = tonumber(arguments.page) or first
   local skip = after and 0 or math.max(0, number - first) * size
   local walk = store:each(path, { after = after, ascending = is_ascending(op, arguments) })
   local records, more = collect(walk, accept, skip, size)
   local token = more and "PA" .. ("%d"):format(records[#records].seq) or nil
   return { records = records, size = size, number = number, token = token }
end

-- The query of a page: the filters as they came, in order, then what steers paging.
local function link(address, request, page, number, token)
   local kept = {}
   for pair in request.query:gmatch("[^&]+") do
      if not pair:match("^Page=") and not pair:match("^PageToken=")
         and not pair:match("^PageSize=") then
         kept[#kept + 1] = pair
      end
   end
   local steer = { "PageSize", tostring(page.size), "Page", tostring(number) }
   if token then steer[5], steer[6] = "PageToken", token end
   kept[#kept + 1] = core.form_encode(steer, "%20")
   return address .. "?" .. table.concat(kept, "&")
end

--- The members beside the records, by snake_case name; `meta` has what the products with a meta
-- object have there.
-- @param page (table) of paging.read
-- @param list (table) { key, uri = path with extension, url = the same, absolute }
-- @param request (table) { query }
function paging.frame(page, list, request)
   local function links(address)
      local first, this = link(address, request, page, 0), link(address, request, page, page.number)
      return first, page.token and link(address, request, page, page.number + 1, page.token)
         or json.null, this
   end
   local _, next_uri = links(list.uri)
   local first_url, next_url, this_url = links(list.url)
   local start = page.number * page.size
   -- The link that clients follow is a path, as the API sends it; the other two are absolute, as
   -- its files have them.
   local token = page.token or json.null
   return {
      page = page.number, page_size = page.size, start = start,
      ["end"] = math.max(start, start + #page.records - 1), uri = list.url,
      first_page_uri = first_url, next_page_uri = next_uri, previous_page_uri = json.null,
      has_next = page.token ~= nil, current_page = page.number, items_per_page = #page.records,
      start_index = start + 1,
      meta = {
         key = list.key, page = page.number, page_size = page.size, url = this_url,
         first_page_url = first_url, next_page_url = next_url,
         previous_page_url = json.null, next_token = token, previous_token = json.null,
      },
   }
end

return paging

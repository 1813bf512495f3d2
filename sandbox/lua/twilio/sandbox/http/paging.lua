-- sandbox/http/paging.lua: one page of a list, in each of the API's styles.
--
-- A page token names the last record given ("PA12") or, for the page before, the first one
-- ("PB12"), so that records made or removed meanwhile neither repeat nor hide others. Must not know
-- how an item is written.

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

-- @return (table) { after = seq | nil, before = seq | nil }
local function position_of(arguments)
   local token = arguments.page_token or arguments.token
   if not token or token == "" then return {} end
   local side, digits = tostring(token):match("^P([AB])(%d+)$")
   local seq = tonumber(digits)
   if not seq then return nil, api_error.invalid("PageToken", "isn't one that this list gave") end
   return { after = side == "A" and seq or nil, before = side == "B" and seq or nil }
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

local function token_of(side, record) return side .. ("%d"):format(record.seq) end

local function reversed(list)
   local out = {}
   for i = #list, 1, -1 do out[#out + 1] = list[i] end
   return out
end

--- Reads one page.
-- @param store (table)
-- @param path (string) of the collection
-- @param op (table) the list's operation
-- @param arguments (table)
-- @param accept (function | nil) of filters
-- @return (table) { records, size, number = from 0, token = of the next page | nil, back = token of
--    the page before | nil }
-- @return[2] nil, an API error
function paging.read(store, path, op, arguments, accept)
   local size, position, err
   size, err = size_of(arguments)
   if not err then position, err = position_of(arguments) end
   if err then return nil, err end
   local first = op.paging.style == "results" and 1 or 0
   local number = tonumber(arguments.page) or first
   local ascending = is_ascending(op, arguments)
   local function walk(seq, backward)
      return store:each(path, { after = seq, ascending = ascending ~= backward })
   end
   local page = { size = size, number = number }
   local more
   if position.before then
      page.records = reversed((collect(walk(position.before, true), accept, 0, size)))
      more = #page.records > 0
   else
      local skip = position.after and 0 or math.max(0, number - first) * size
      page.records, more = collect(walk(position.after, false), accept, skip, size)
   end
   local records = page.records
   if more then page.token = token_of("PA", records[#records]) end
   -- On the first page nothing is before the first record, and none needs to be looked for.
   local may_go_back = position.after or position.before or number > first
   local before = may_go_back and records[1]
      and collect(walk(records[1].seq, true), accept, 0, 1)[1]
   if before then page.back = token_of("PB", records[1]) end
   return page
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
      local before = math.max(0, page.number - 1)
      local back = page.back and link(address, request, page, before, page.back)
      local on = page.token and link(address, request, page, page.number + 1, page.token)
      return {
         first = link(address, request, page, 0), this = link(address, request, page, page.number),
         back = back or json.null, on = on or json.null,
      }
   end
   local paths, urls, start = links(list.uri), links(list.url), page.number * page.size
   return {
      page = page.number, page_size = page.size, start = start,
      ["end"] = math.max(start, start + #page.records - 1), uri = paths.this,
      first_page_uri = paths.first, next_page_uri = paths.on, previous_page_uri = paths.back,
      has_next = page.token ~= nil, current_page = page.number, items_per_page = #page.records,
      start_index = start + 1,
      meta = {
         key = list.key, page = page.number, page_size = page.size, url = urls.this,
         first_page_url = urls.first, next_page_url = urls.on, previous_page_url = urls.back,
         next_token = page.token or json.null, previous_token = page.back or json.null,
      },
   }
end

return paging

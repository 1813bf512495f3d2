-- listing.lua: list, each, page and page_at: four ways to use one operation.
--
-- Builds on page, operation, request and headers. Loaded with the first list. What it needs of a call (sending, checking,
-- wrapping) is handed in by resource.lua as `line`.

local own_headers = require "twilio.headers"
local operation = require "twilio.operation"
local page = require "twilio.page"
local request = require "twilio.request"

local listing = {}

-- What page.lua needs to know of a list.
local function pages_of(line, target, op, bound, options)
   local where = line.address(target)
   return {
      paging = op.paging, config = target._client.settings,
      get = function(url) return line.send(target, op, bound, options, { url = url, host = where.host, template = where.template }) end,
      wrap = function(record) return line.wrap(target, record) end,
   }
end

-- Everything a list needs before its first request: a function that opens the first page, and the limit.
local function prepare(line, name, op, target, arguments, options)
   local args, opts = line.check(target, name, arguments, options)
   if not args then return nil, opts end
   local asked, limit = page.arguments(op, args)
   if not asked then return nil, limit end
   local bound, why = operation.bind(op, asked)
   if not bound then return nil, why end
   local ok, wrong = own_headers.check(bound.header)
   if not ok then return nil, wrong end
   local pages, url = pages_of(line, target, op, bound, opts), request.with_query(line.address(target).url, bound.query)
   bound.query = nil -- it is in the URL of every page
   return function() return page.open(pages, url) end, limit
end

-- Each makes the body of a method: function(target, arguments, options) -> results, or line.MISUSE, message.
local makers = {}

function makers.list(op, line)
   return function(target, arguments, options)
      local open, limit = prepare(line, "list", op, target, arguments, options)
      if not open then return line.MISUSE, limit end
      local items, walk = {}, page.walk(open, limit)
      local item, err, result = walk()
      local last = result
      while item ~= nil do
         items[#items + 1], last = item, result
         item, err, result = walk()
      end
      if err then return nil, err, result end
      return items, nil, result or last
   end
end

function makers.each(op, line)
   return function(target, arguments, options)
      local open, limit = prepare(line, "each", op, target, arguments, options)
      if not open then return line.MISUSE, limit end
      local walk = page.walk(open, limit)
      return function()
         local item, err = walk()
         -- A for loop has no place for a second result.
         if err then error(err, 0) end
         return item
      end
   end
end

function makers.page(op, line)
   return function(target, arguments, options)
      local open, limit = prepare(line, "page", op, target, arguments, options)
      if not open then return line.MISUSE, limit end
      return open()
   end
end

function makers.page_at(op, line)
   return function(target, url, options)
      local args, opts = line.check(target, "page_at", nil, options)
      if not args then return line.MISUSE, opts end
      if type(url) ~= "string" then return line.MISUSE, "page_at takes a URL, got a " .. type(url) end
      return page.open(pages_of(line, target, op, {}, opts), url)
   end
end

--- The body of a method.
-- @param name (string) "list", "each", "page" or "page_at"
-- @param op (table) the list's operation
-- @param line (table) send(target, op, bound, options, where), check(target, name, arguments, options), address(target),
--    wrap(target, payload), MISUSE
function listing.method(name, op, line)
   return makers[name](op, line)
end

return listing

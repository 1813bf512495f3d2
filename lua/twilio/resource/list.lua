-- resource/list.lua: list, each, page and page_at: four ways to use one operation, as loops around
-- call.prepare and call.send.

local call = require "twilio.call"
local page = require "twilio.resource.page"
local wording = require "twilio.util.lazy" "twilio.call.wording"
local request = require "twilio.call.request"
local parse_list = require("twilio.call.response").parse_list

local list = {}

-- The description of a list that page.lua takes; `first` is the list's first request.
local function pages_of(target, op, first, wrap)
   local client = target._client
   local function find(payload) return page.records(payload, op.paging) end
   local function parse(final, result) return parse_list(final, result, find) end
   return {
      paging = op.paging, config = client.settings,
      get = function(url) return call.send(client, request.at(first, url), parse) end,
      wrap = function(record) return wrap(target, record) end,
   }
end

-- Everything a list needs before its first request.
-- @return (function) opens the first page; (integer | nil) limit
-- @return[2] nil, (string) the caller's mistakes
local function prepare(name, target, op, arguments, options, wrap)
   local asked, limit = page.arguments(op, arguments)
   local mistake
   if asked == nil and limit then
      asked, mistake = page.arguments(op, page.without_limit(arguments)), limit
   end
   local first, message = call.prepare(target, op, asked, options)
   if mistake or message then
      return nil, wording.in_call(target, name, wording.both(mistake, message))
   end
   local pages = pages_of(target, op, first, wrap)
   return function() return page.open(pages, first.url) end, limit
end

-- Each makes a method. find(self, name) -> target | nil, message; wrap(target, record) -> item.
-- None makes a tail call: error level 2 is the caller's line.
local makers = {}

function makers.list(op, find, wrap)
   return function(self, arguments, options)
      local target, message = find(self, "list")
      if not target then error(message, 2) end
      local open, limit = prepare("list", target, op, arguments, options, wrap)
      if not open then error(limit, 2) end
      local items, walk = {}, page.walk(open, limit)
      local item, err, response = walk()
      local last = response
      while item ~= nil do
         items[#items + 1], last = item, response
         item, err, response = walk()
      end
      if err then return nil, err, response end
      return items, nil, response or last
   end
end

function makers.each(op, find, wrap)
   return function(self, arguments, options)
      local target, message = find(self, "each")
      if not target then error(message, 2) end
      local open, limit = prepare("each", target, op, arguments, options, wrap)
      if not open then error(limit, 2) end
      local walk = page.walk(open, limit)
      return function()
         local item, err = walk()
         -- A for loop has no place for a second result.
         if err then error(err, 0) end
         return item
      end
   end
end

function makers.page(op, find, wrap)
   return function(self, arguments, options)
      local target, message = find(self, "page")
      if not target then error(message, 2) end
      local open, message = prepare("page", target, op, arguments, options, wrap)
      if not open then error(message, 2) end
      local first, err, response = open()
      return first, err, response
   end
end

function makers.page_at(op, find, wrap)
   local bare = setmetatable({ required = {} }, { __index = op }) -- its parameters are in the URL
   return function(self, url, options)
      local target, message = find(self, "page_at")
      if not target then error(message, 2) end
      local first, message = call.prepare(target, bare, nil, options)
      if not first then error(wording.in_call(target, "page_at", message), 2) end
      if type(url) ~= "string" then
         error(wording.in_call(target, "page_at", "it takes a URL, got a " .. type(url)), 2)
      end
      local opened, err, response = page.open(pages_of(target, op, first, wrap), url)
      return opened, err, response
   end
end

--- A method of lists.
-- @param name (string) "list", "each", "page" or "page_at"
-- @param op (table) the list's operation
-- @param find (function), wrap (function) of resource.lua
function list.method(name, op, find, wrap)
   return makers[name](op, find, wrap)
end

return list

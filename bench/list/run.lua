-- Listing 100,000 messages over 100 pages with `each`: CPU an item above lua-cjson's decoding of the
-- same pages, and the heap, which must not grow with the pages.
--
--   lua bench/list/run.lua [<rounds>]        (through bench/run.sh, which sets the paths)

package.path = "bench/?.lua;spec/?.lua;" .. package.path

local cjson = require "cjson"
local results = require "support.results"
local twilio = require "twilio"

local PAGES, SIZE, ROUNDS = 100, 1000, tonumber(arg[1]) or 5

local account = "AC" .. ("0"):rep(32)
local root = "/2010-04-01/Accounts/" .. account .. "/Messages.json?PageSize=1000"

local function message(number)
   local sid = ("SM%032x"):format(number)
   return ('{"sid":"%s","account_sid":"%s","body":"Hello %d","to":"+15558675310",'
      .. '"from":"+14155552344","status":"delivered","direction":"outbound-api","price":"-0.0075",'
      .. '"price_unit":"USD","num_segments":"1","num_media":"0","error_code":null,'
      .. '"error_message":null,"messaging_service_sid":null,'
      .. '"date_created":"Tue, 18 Aug 2015 19:04:39 +0000",'
      .. '"date_sent":"Tue, 18 Aug 2015 19:04:40 +0000",'
      .. '"date_updated":"Tue, 18 Aug 2015 19:04:41 +0000","api_version":"2010-04-01",'
      .. '"uri":"/2010-04-01/Accounts/%s/Messages/%s.json",'
      .. '"subresource_uris":{"media":"/2010-04-01/Accounts/%s/Messages/%s/Media.json"}}')
      :format(sid, account, number, account, sid, account, sid)
end

local bodies = {}
for page = 1, PAGES do
   local items = {}
   for i = 1, SIZE do items[i] = message((page - 1) * SIZE + i) end
   local next_page = page < PAGES and ('"%s&Page=%d"'):format(root, page) or "null"
   bodies[page] = ('{"messages":[%s],"page":%d,"page_size":%d,"next_page_uri":%s}')
      :format(table.concat(items, ","), page - 1, SIZE, next_page)
end

local client = twilio.client {
   account_sid = account, auth_token = "token",
   transport = { send = function(_, request)
      local page = tonumber(request.url:match "[?&]Page=(%d+)" or 0) + 1
      return { status = 200, headers = {}, body = bodies[page] }
   end },
}

local function heap()
   collectgarbage()
   collectgarbage()
   return collectgarbage "count"
end

local after_ten, after_all
local function list(at)
   local count = 0
   for item in client.messages:each { page_size = SIZE } do
      count = count + 1
      assert(item.sid)
      if at and count == 10 * SIZE then after_ten = heap() end
      if at and count == PAGES * SIZE then after_all = heap() end
   end
   assert(count == PAGES * SIZE)
end

local function decode()
   for page = 1, PAGES do assert(#cjson.decode(bodies[page]).messages == SIZE) end
end

list(true)
local ours, bare = {}, {}
for round = 1, ROUNDS do
   collectgarbage()
   ours[round] = results.cpu(PAGES * SIZE, list) * 1e6
   collectgarbage()
   bare[round] = results.cpu(PAGES * SIZE, decode) * 1e6
end
local item, decoding = results.median(ours), results.median(bare)
print(("messages:each over %d pages: %.2f us an item, of which lua-cjson alone %.2f"):format(
   PAGES, item, decoding))
results.record {
   name = "each, an item above cjson's decoding", value = item - decoding, unit = "us", at_most = 2,
}
results.record {
   name = "each, heap after 100 pages", value = after_all / after_ten, unit = "of that after 10",
   at_most = 1.01,
}

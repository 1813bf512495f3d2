-- twilio.json's decode, with nulls, arrays and integers told, beside lua-cjson alone: one message,
-- and a page of 50. Prints both and their ratio; exits with 1 if one takes more than 1.05 times as
-- long.
--
--    make && LUA_PATH="lua/?.lua;;" LUA_CPATH="build/lua5.4/?.so;;" lua5.4 bench/json/run.lua
--    [rounds]
--
-- The two take turns, in rounds of some milliseconds: the ratio is the median of the rounds'
-- ratios, of CPU time. A decoded value is kept, as a program would, so that the names of members
-- are known strings.

local cjson = require("cjson").new()
local json = require "twilio.json"

local ROUNDS, MOST = tonumber(arg[1]) or 41, 1.05

local message = [[{"body":"Hello","num_segments":"1","direction":"outbound-api","from":"+14155552344",]]
   .. [["date_updated":null,"price":null,"error_message":null,"uri":"/2010-04-01/Accounts/AC/Messages/SM.json",]]
   .. [["account_sid":"AC00000000000000000000000000000000","num_media":"0","to":"+15558675310",]]
   .. [["date_created":"Tue, 18 Aug 2015 19:04:39 +0000","status":"queued","date_sent":null,]]
   .. [["sid":"SM00000000000000000000000000000000","messaging_service_sid":null,"error_code":null,]]
   .. [["price_unit":"USD","api_version":"2010-04-01","subresource_uris":{"media":"/Media.json"}}]]
local messages = {}
for i = 1, 50 do messages[i] = message:gsub("SM00", ("SM%02d"):format(i)) end
local page = '{"messages":[' .. table.concat(messages, ",") .. '],"page":0,"page_size":50}'

local function seconds(decode, text, calls)
   local start = os.clock()
   for _ = 1, calls do decode(text) end
   return os.clock() - start
end

local function median(list)
   table.sort(list)
   return list[math.ceil(#list / 2)]
end

local failed = false
for _, case in ipairs { { "one message", message, 2000 }, { "a page of 50", page, 50 } } do
   local name, text, calls = case[1], case[2], case[3]
   local kept = { cjson.decode(text), json.decode(text) }
   local ratios, times = {}, { {}, {} }
   for round = 1, ROUNDS do
      times[1][round] = seconds(cjson.decode, text, calls)
      times[2][round] = seconds(json.decode, text, calls)
      ratios[round] = times[2][round] / times[1][round]
   end
   assert(#kept == 2)
   local ratio = median(ratios)
   print(("%-14s cjson %6.1f us, twilio.json %6.1f us: %.2f (at most %.2f)"):format(
      name, median(times[1]) / calls * 1e6, median(times[2]) / calls * 1e6, ratio, MOST))
   failed = failed or ratio > MOST
end
os.exit(failed and 1 or 0)

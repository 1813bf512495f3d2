-- Access tokens with a voice grant: jwt.access_token beside twilio-node's AccessToken (node.js) and
-- twilio-python's (python.py), CPU a token, rounds in turn. A peer that isn't installed is left out.
--
--   lua bench/token/run.lua [<rounds>]        (through bench/run.sh, which sets the paths)

package.path = "bench/?.lua;spec/?.lua;" .. package.path

local jwt = require "twilio.jwt"
local process = require "support.process"
local results = require "support.results"

local COUNT, ROUNDS = 20000, tonumber(arg[1]) or 9

local account, key = "AC" .. ("0"):rep(32), "SK" .. ("0"):rep(32)

local function make()
   return jwt.access_token {
      account_sid = account, api_key = key, api_secret = "secret", identity = "alice",
      grants = { voice = { outgoing_application_sid = "AP" .. ("0"):rep(32), incoming_allow = true } },
   }
end

local function round()
   return results.cpu(COUNT, function() for _ = 1, COUNT do make() end end) * 1e6
end

local function peer(command) return tonumber((process.output("%s", command .. " 2>/dev/null"))) end

local times = { ours = {}, node = {}, python = {} }
for _ = 1, ROUNDS do
   table.insert(times.ours, round())
   table.insert(times.node, peer("node bench/token/node.js " .. COUNT))
   table.insert(times.python, peer("python3 bench/token/python.py " .. COUNT))
end

local ours = results.median(times.ours)
print(("access token, voice grant: %.1f us"):format(ours))
local function compare(name, list, least)
   if not list[1] then return print("   " .. name .. " isn't installed: not compared") end
   local theirs = results.median(list)
   print(("   %s: %.1f us"):format(name, theirs))
   results.record {
      name = "access token, of " .. name .. "'s time", value = theirs / ours, unit = "times as fast",
      at_least = least,
   }
end
compare("twilio-node", times.node, 30)
compare("twilio-python", times.python, 1.5)

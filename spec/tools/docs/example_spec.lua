-- tools/docs/example.lua: the example of each operation runs as it stands against the sandbox.
-- The account gets before what an example presumes, such as the resource that it fetches.

package.path = "tools/?.lua;" .. package.path

local descriptions = require "twilio.resource.describe"
local example = require "docs.example"
local model = require "twilio.call.model"
local sample = require "docs.sample"
local sandbox = require "twilio.sandbox"
local twilio = require "twilio"

local AC = "AC" .. ("0"):rep(32)

local function sid(prefix) return prefix .. ("0"):rep(32) end

local API = "https://api.twilio.com/2010-04-01/Accounts/" .. AC

-- The state in which a call makes sense, where it is more than that its resources are there.
local before = {
   ["client.calls(sid):delete"] = function(box)
      box:add(API .. "/Calls/" .. sid "CA" .. ".json", { status = "completed" })
   end,
   ["client.accounts.v1.auth_token_promotion():update"] = function(_, client)
      assert(client.accounts.v1.secondary_auth_token():create())
   end,
   ["client.verify.v2.services(sid).verification_checks:create"] = function(box, client)
      box:add("https://verify.twilio.com/v2/Services/" .. sid "VA")
      local verifications = client.verify.v2.services(sid "VA").verifications
      assert(verifications:create { to = "+15558675310", channel = "sms" })
   end,
   ["client.calls(sid).recordings(sid):update"] = function(box)
      box:add(API .. "/Calls/" .. sid "CA" .. "/Recordings/" .. sid "RE" .. ".json",
         { status = "in-progress" })
   end,
   ["client.verify.v2.services(sid).verifications(sid):update"] = function(box)
      local service = "https://verify.twilio.com/v2/Services/" .. sid "VA"
      box:add(service)
      box:add(service .. "/Verifications/" .. sid "VE", { status = "pending" })
   end,
   ["client.verify.v2.services(sid).entities(identity).challenges:create"] = function(box)
      local entity = "https://verify.twilio.com/v2/Services/" .. sid "VA" .. "/Entities/alice"
      box:add(entity)
      box:add(entity .. "/Factors/" .. sid "YF", { factor_type = "totp", status = "verified" })
   end,
   ["client.messaging.v1.services(sid).short_codes:create"] = function(box)
      box:add(API .. "/SMS/ShortCodes/" .. sid "SC" .. ".json")
   end,
   ["client.messaging.v1.services(sid).phone_numbers:create"] = function(box)
      box:add(API .. "/IncomingPhoneNumbers/" .. sid "PN" .. ".json")
   end,
}

-- Adds what a refusal says to be missing. Returns nil if it says nothing of the kind.
local function add_missing(box, err)
   local path = type(err) == "table" and err.status == 404
      and err.message:match "requested resource (%S+) was not found"
   if not path then return nil end
   path = path:gsub("/Media$", "")
   if path:find "^/2010" and not path:find "%.json$" then path = path .. ".json" end
   return pcall(box.add, box, err.url:match "^https://[^/]+" .. path)
end

-- A recording's bytes, which the sandbox doesn't have.
local function bytes_of(path)
   return { send = function(_, request)
      if not request.url:find(path, 1, true) then
         return { status = 404, headers = {}, body = "no " .. path }
      end
      if request.sink then request.sink("sound", 200, {}) end
      return { status = 200, headers = {}, body = request.sink and "" or "sound" }
   end }
end

-- The library as a reader has it whose environment has credentials.
local function library(box)
   return setmetatable({ client = function(given)
      local oauth = given and given.oauth
      return twilio.client {
         account_sid = AC, auth_token = not oauth and "token" or nil, oauth = oauth, transport = box,
      }
   end }, { __index = twilio })
end

local function run(one, code)
   local call = one.call
   local box = sandbox.new { account_sid = AC, auth_token = "token", seed = 1 }
   -- Twilio has the bytes of a call's recording below the account, too.
   local path = "/" .. (one.path:match "([^/]+)/{[^/]*$" or "") .. "/"
   local lib = library(one.method == "download" and bytes_of(path) or box)
   local env = setmetatable({
      print = function() end,
      assert = function(value, err) -- busted's own and Lua 5.1's take texts only
         if not value then error(err, 0) end
         return value
      end,
      require = function(name) return name == "twilio" and lib or require(name) end,
      io = setmetatable({ open = function() return io.tmpfile() end }, { __index = io }),
   }, { __index = _G })
   local chunk
   if setfenv then -- luacheck: globals setfenv loadstring
      chunk = setfenv(assert(loadstring(code, "=example")), env)
   else
      chunk = assert(load(code, "=example", "t", env))
   end
   if before[call] then before[call](box, lib.client()) end
   for _ = 1, 8 do
      local ok, err = pcall(chunk)
      if ok then return true, box end
      if not add_missing(box, err) then return false, err end
   end
   return false, "a resource is still missing"
end

-- Calls visit(description) for each operation of a resource and of those below it.
local function each_operation(label, seen, visit)
   if seen[label] then return end
   seen[label] = true
   local one = assert(descriptions.find(label))
   for _, side in ipairs { "list", "instance" } do
      for _, method in ipairs(one[side] and one[side].methods or {}) do
         visit(one[side].operations[method])
      end
   end
   for _, below in ipairs(one.resources) do each_operation(below, seen, visit) end
end

describe("docs.sample", function()
   it("makes texts that match", function()
      for pattern, text in pairs {
         ["^[a-zA-Z]{2}[0-9a-fA-F]{3}$"] = "AA000", ["^mem_(store|service)_[0-7]{2}$"] = "mem_store_00",
         ["^[a-zA-Z0-9-_ ]+$"] = "text", ["^[a-z][a-z0-9]*$"] = "a", ["^a\\.b.{1,9}$"] = "a.bx",
         ["^BU[0-9]{2}(,BU[0-9]{2}){0,19}$"] = "BU00",
      } do
         assert.equal(text, sample(pattern))
      end
   end)
end)

describe("the examples of the reference", function()
   local all = 0

   for _, product in ipairs(model.domains()) do
      it("run: " .. product, function()
         local failed, count, seen = {}, 0, {}
         for _, label in ipairs(assert(descriptions.find("client." .. product)).resources) do
            each_operation(label, seen, function(one)
               count = count + 1
               local ok, err = run(one, example.of(one))
               if not ok then failed[#failed + 1] = one.call .. ": " .. tostring(err) end
            end)
         end
         assert.equal("", table.concat(failed, "\n"))
         assert.is_true(count > 0)
         all = all + count
      end)
   end

   it("are those of all operations, and of the ways to use them", function()
      assert.is_true(all > 3100, all)
   end)
end)

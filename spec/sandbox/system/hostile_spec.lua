-- The sandbox against requests that nobody should send: it answers, and never raises. The same
-- requests in every run.

local model = require "twilio.call.model"
local core = require "twilio.core"
local router = require "twilio.sandbox.http.router"
local sandbox = require "twilio.sandbox"

-- A generator of its own: math.random differs between Luas.
local function generator(seed)
   return function(n)
      seed = (seed * 16807) % 2147483647
      return seed % n + 1
   end
end

local ACCOUNT = "AC" .. ("a"):rep(32)
local values = {
   "", "x", "%00", "%zz", "%2F", "..", "a%20b", "SM" .. ("b"):rep(32), "1", "true", "{}", "[]",
   "null", "-1", "99999999999999999999", "2024-01-01",
   "\255\254", ("9"):rep(400), "%F0%9F%98%80",
}
local bodies = {
   "", "=&=&&", "a", "{", '{"sid":{},"id":5,"type":[1],"unique_name":false}', ("["):rep(2000),
   "\0\1\2", '"text"', "a=%",
}
local types = { "application/x-www-form-urlencoded", "application/json", "text/plain", "" }

local function endpoints()
   local all = {}
   local function visit(place, path, tree)
      for verb, endpoint in pairs(place.verbs) do
         all[#all + 1] = {
            verb = verb, host = tree.version.host, path = path .. (tree.version.ext or ""),
            op = endpoint.op,
         }
      end
      for segment, child in pairs(place.children) do visit(child, path .. "/" .. segment, tree) end
      if place.any then visit(place.any, path .. "/{}", tree) end
   end
   for _, domain in ipairs(model.domains()) do
      for _, tree in ipairs(router.trees(domain)) do visit(tree.root, "", tree) end
   end
   table.sort(all, function(a, b)
      return a.host .. a.path .. a.verb < b.host .. b.path .. b.verb
   end)
   return all
end

describe("sandbox and hostile requests", function()
   it("answers each of them", function()
      local pick, box, statuses = generator(1), sandbox.new { seed = 1 }, {}
      local function one(list) return list[pick(#list)] end
      local function path_value() return pick(3) < 3 and ACCOUNT or one(values) end
      for _, endpoint in ipairs(endpoints()) do
         local fields = {}
         for _, parameter in ipairs(endpoint.op.parameters) do
            if #fields < 20 and pick(3) == 1 then
               fields[#fields + 1] = parameter.wire .. "=" .. one(values)
            end
         end
         local form = table.concat(fields, "&")
         local response = box:send {
            method = pick(10) == 1 and "PURGE" or endpoint.verb,
            url = "https://" .. endpoint.host .. ".twilio.com"
               .. endpoint.path:gsub("{}", path_value) .. (pick(2) == 1 and "?" .. form or ""),
            headers = {
               Authorization = "Basic " .. core.base64_encode(ACCOUNT .. ":x"),
               ["Content-Type"] = one(types),
            },
            body = pick(2) == 1 and form or one(bodies),
         }
         statuses[response.status] = true
         assert.is_true(response.status < 500)
      end
      assert.is_true(statuses[200] and statuses[400] and statuses[404])
      box:advance(1000)
      assert(sandbox.new():load(box:dump()))
   end)

   it("answers what is hardly a request", function()
      local box = sandbox.new()
      local urls = {
         "", "/", "nonsense", "https://", "https://api.twilio.com", "https://api.twilio.com/?",
         "https://api.twilio.com//..//", "http://[::1]/x",
      }
      for _, url in ipairs(urls) do
         assert.equal(404, box:send({ method = "GET", url = url, headers = {} }).status)
      end
      assert.equal(404, box:send({ method = "GET", url = "https://api.twilio.com/x" }).status)
   end)
end)

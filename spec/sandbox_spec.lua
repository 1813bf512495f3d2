-- sandbox/lua/twilio/sandbox.lua: what every operation has in common: credentials, refusals,
-- keeping, lists. In the same process, through the client's own public face.

local twilio = require "twilio"
local sandbox = require "twilio.sandbox"
local json = require "twilio.json"
local core = require "twilio.core"

local ACCOUNT, TOKEN = "AC" .. ("a"):rep(32), ("b"):rep(32)
local NUMBER, OTHER = "+14155552344", "+15558675310"

local function client_of(box, options)
   local all = { account_sid = ACCOUNT, auth_token = TOKEN, transport = box, max_retries = 0 }
   for name, value in pairs(options or {}) do all[name] = value end
   return twilio.client(all)
end

-- A bare request, for what the client would never send.
local function send(box, method, url, fields)
   local request = {
      method = method, url = url, body = fields and fields.body,
      headers = {
         Authorization = "Basic " .. core.base64_encode(ACCOUNT .. ":" .. TOKEN),
         ["Content-Type"] = fields and fields.type,
      },
   }
   for name, value in pairs(fields and fields.headers or {}) do request.headers[name] = value end
   local response = box:send(request)
   return response, response.body ~= "" and json.decode(response.body)
end

local MESSAGES = "https://api.twilio.com/2010-04-01/Accounts/" .. ACCOUNT .. "/Messages.json"

describe("sandbox", function()
   local box, client

   before_each(function()
      box = sandbox.new { seed = 1 }
      client = client_of(box)
   end)

   describe("a resource's life", function()
      it("is created with a fresh SID of its prefix, under the account, with dates and links", function()
         local message = assert(
            client.messages:create { to = OTHER, from = NUMBER, body = "Hello" })
         assert.matches("^SM%x+$", message.sid)
         assert.equal(34, #message.sid)
         assert.equal("Hello", message.body)
         assert.equal(ACCOUNT, message.account_sid)
         assert.equal("Thu, 01 Jan 2026 00:00:00 +0000", message.date_created)
         assert.equal(
            "/2010-04-01/Accounts/" .. ACCOUNT .. "/Messages/" .. message.sid .. ".json",
            message.uri)
         assert.equal(message.uri:gsub("%.json$", "/Media.json"), message.subresource_uris.media)
      end)

      it("is fetched, updated and deleted", function()
         local message = assert(
            client.messages:create { to = OTHER, from = NUMBER, body = "Hello" })
         assert.equal(message.sid, assert(client.messages(message.sid):fetch()).sid)
         box:advance(5) -- until it was delivered it can be neither redacted nor deleted
         assert.equal("", assert(message:update { body = "" }).body)
         assert.equal("", assert(client.messages(message.sid):fetch()).body)
         assert.is_true(message:delete())
         local gone, err = client.messages(message.sid):fetch()
         assert.is_nil(gone)
         assert.same({ 404, 20404, "api" }, { err.status, err.code, err.kind })
         assert.same({}, client.messages:list())
      end)

      it("has its products' date format and links", function()
         local service = assert(client.verify.v2.services:create { friendly_name = "Shop" })
         assert.equal("2026-01-01T00:00:00Z", service.date_created)
         assert.equal("https://verify.twilio.com/v2/Services/" .. service.sid, service.url)
         assert.equal(service.url .. "/Verifications", service.links.verifications)
      end)

      it("has whole seconds, whatever the clock says", function()
         box:advance(0.75)
         assert.equal(
            "2026-01-01T00:00:00Z",
            assert(client.verify.v2.services:create { friendly_name = "Shop" }).date_created)
         assert(client.usage.records:list())
         assert.equal(
            "Thu, 01 Jan 2026 00:00:00 +0000",
            assert(client.messages:create { to = OTHER, from = NUMBER, body = "x" }).date_created)
      end)

      it("keeps its children's way to it", function()
         local service = assert(client.sync.v1.services:create {})
         local list = assert(service.sync_lists:create { unique_name = "todo" })
         local item = assert(list.sync_list_items:create { data = { text = "Milk" } })
         assert.same(
            { list.sid, service.sid, "Milk" }, { item.list_sid, item.service_sid, item.data.text })
      end)

      it("can be addressed by its unique name", function()
         local service = assert(client.sync.v1.services:create {})
         local made = assert(
            service.documents:create { unique_name = "settings", data = { volume = 3 } })
         local named = assert(service.documents("settings"):fetch())
         assert.equal(made.sid, named.sid)
         assert.equal(3, named.data.volume)
         assert(named:delete())
         assert.equal(404, select(2, service.documents("settings"):fetch()).status)
      end)

      it("can't be made twice under one name", function()
         local service = assert(client.sync.v1.services:create {})
         local map = assert(service.sync_maps:create { unique_name = "m" })
         assert.equal(409, select(2, service.sync_maps:create { unique_name = "m" }).status)
         assert(map.sync_map_items:create { key = "a", data = {} })
         assert.equal(409, select(2, map.sync_map_items:create { key = "a", data = {} }).status)
         assert(map:delete())
         assert(service.sync_maps:create { unique_name = "m" })
      end)

      it("stands for another resource where it is told which", function()
         local service = assert(client.messaging.v1.services:create { friendly_name = "Desk" })
         local number = assert(
            client.incoming_phone_numbers:create { phone_number = "+14155550199" })
         assert.equal(
            number.sid, assert(service.phone_numbers:create { phone_number_sid = number.sid }).sid)
         assert.equal(number.sid, assert(service.phone_numbers(number.sid):fetch()).sid)
      end)

      it("exists without a request where the test says so", function()
         local sid = "RM" .. ("e"):rep(32)
         box:add("https://video.twilio.com/v1/Rooms/" .. sid, { unique_name = "Lounge" })
         assert.equal("Lounge", assert(client.video.v1.rooms(sid):fetch()).unique_name)
         box:add(
            "https://sync.twilio.com/v1/Services/IS" .. ("e"):rep(32) .. "/Maps/MP"
               .. ("e"):rep(32))
         assert.equal(1, #client.sync.v1.services("IS" .. ("e"):rep(32)).sync_maps:list())
         assert.has_error(function() box:add "https://video.twilio.com/v1/Nonsense" end)
         local _, message = pcall(box.add, box, "https://video.twilio.com/v1/Rooms/" .. sid, 5)
         assert.matches("add.fields must be a table, got a number$", message)
      end)

      it("says the same invented values each time", function()
         local service = assert(client.conversations.v1.services:create { friendly_name = "Desk" })
         assert.same(service.links, assert(service:fetch()).links)
         local room = assert(client.video.v1.rooms:create { unique_name = "r" })
         assert.equal(room.sid, assert(client.video.v1.rooms("r"):fetch()).sid)
      end)

      it("takes a JSON body by its wire names", function()
         local store = assert(
            client.memory.v1.stores:create {
               displayName = "Customers", description = "All of them",
            })
         assert.is_table(store)
      end)
   end)

   describe("what can't be made through the API", function()
      it("is there from the beginning: lookups, configurations", function()
         assert.equal(OTHER, assert(client.lookups.v2.phone_numbers(OTHER):fetch()).phone_number)
         assert.is_table(client.conversations.v1.configuration():fetch())
         assert.is_table(client.balance:fetch())
      end)

      it("is gone once it was deleted", function()
         local recording = client.recordings("RE" .. ("c"):rep(32))
         assert(recording:fetch())
         assert(recording:delete())
         assert.equal(404, select(2, recording:fetch()).status)
      end)

      it("still needs a SID of the right kind", function()
         assert.equal(404, select(2, client.recordings("SM" .. ("c"):rep(32)):fetch()).status)
      end)
   end)

   describe("refusals", function()
      it("says 20404 to unknown paths, hosts and parents", function()
         local response, body = send(box, "GET", "https://api.twilio.com/2010-04-01/Nonsense.json")
         assert.equal(404, response.status)
         assert.same(
            { 20404, 404, "https://www.twilio.com/docs/errors/20404" },
            { body.code, body.status, body.more_info })
         assert.equal(404, send(box, "GET", "https://nonsense.twilio.com/v1/Services").status)
         assert.equal(404, send(box, "GET", "https://example.com/v1/Services").status)
         assert.equal(404, send(box, "GET", (MESSAGES:gsub("%.json$", ""))).status)
         local err = select(
            2,
            client.verify.v2.services("VA" .. ("c"):rep(32)).verifications:create {
               to = OTHER, channel = "sms",
            })
         assert.same({ 404, 20404 }, { err.status, err.code })
      end)

      it("says 20004 to a method that isn't there", function()
         local response, body = send(box, "DELETE", MESSAGES)
         assert.same({ 405, 20004 }, { response.status, body.code })
      end)

      it("ignores unknown parameters where it isn't strict, and lists them", function()
         local lax = sandbox.new { seed = 1, strict = false }
         local form = { type = "application/x-www-form-urlencoded" }
         form.body = "To=%2B15558675310&From=%2B14155552344&Body=x&Nonsense=1"
         assert.equal(201, (send(lax, "POST", MESSAGES .. "?Other=2", form)).status)
         assert.same({ "Other", "Nonsense" }, lax:requests()[1].ignored)
         assert.equal(400, (send(box, "POST", MESSAGES, form)).status)
         form.type = "multipart/form-data; boundary=b"
         form.body = ("--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"):rep(3)
            :format("To", "+15558675310", "From", "+14155552344", "Body", "multi") .. "--b--\r\n"
         local response, body = send(box, "POST", MESSAGES, form)
         assert.same({ 201, "multi" }, { response.status, body.body })
         local all = box:requests()
         assert.equal("multi", all[#all].params.Body)
      end)

      it("says what is missing, with the resource's own code where there is one", function()
         local _, body = send(
            box, "POST", MESSAGES,
            { body = "From=%2B1&Body=x", type = "application/x-www-form-urlencoded" })
         assert.same(
            { 21604, 400, "A 'To' is required." }, { body.code, body.status, body.message })
         _, body = send(
            box, "POST", MESSAGES,
            { body = "To=%2B1&From=%2B1", type = "application/x-www-form-urlencoded" })
         assert.equal(21619, body.code)
         _, body = send(
            box, "POST", "https://verify.twilio.com/v2/Services",
            { body = "", type = "application/x-www-form-urlencoded" })
         assert.same(
            { 20001, "Missing required parameter FriendlyName" }, { body.code, body.message })
      end)

      it("refuses unknown and malformed parameters", function()
         local _, err = client.messages:create {
            to = OTHER, from = NUMBER, body = "x", Nonsense = "1",
         }
         assert.same(
            { 400, 20001, "Unknown parameter Nonsense" }, { err.status, err.code, err.message })
         _, err = client.messages:list { PageSize = "many" }
         assert.same({ 400, "Parameter PageSize must be an integer" }, { err.status, err.message })
         assert.equal(400, select(2, client.messages:list { page_size = 1001 }).status)
         assert.equal(
            400,
            select(
               2,
               client.messages:create {
                  to = OTHER, from = NUMBER, body = "x", SmartEncoded = "perhaps",
               }).status)
         assert.equal(400, select(2, client.messages:list { DateSent = "yesterday" }).status)
         local response = send(box, "POST", MESSAGES, { body = "{}", type = "application/json" })
         assert.equal(415, response.status)
      end)

      it("speaks RFC 9457 where the product does", function()
         local response, body = send(
            box, "GET", "https://memory.twilio.com/v1/Stores/x/Profiles",
            { headers = { Authorization = "" } })
         assert.equal("application/problem+json", response.headers["content-type"])
         assert.same({ 401, 20003, "Unauthorized" }, { body.status, body.code, body.title })
         assert.is_string(body.type)
      end)
   end)

   describe("credentials", function()
      it("are checked when the sandbox was told some", function()
         box = sandbox.new { account_sid = ACCOUNT, auth_token = TOKEN }
         assert(client_of(box).messages:list())
         local _, err = client_of(box, { auth_token = "wrong" }).messages:list()
         assert.same({ 401, 20003, "api" }, { err.status, err.code, err.kind })
         err = select(2, client_of(box, { account_sid = "AC" .. ("d"):rep(32) }).messages:list())
         assert.equal(401, err.status)
         err = select(2, client_of(box).api.v2010.accounts("AC" .. ("d"):rep(32)).messages:list())
         assert.equal(404, err.status)
      end)

      it("must be well-formed in any case", function()
         for _, header in ipairs {
            "", "Basic !!!", "Basic " .. core.base64_encode "user:pass",
            "Basic " .. core.base64_encode(ACCOUNT .. ":"),
         } do
            local response, body = send(
               box, "GET", MESSAGES, { headers = { Authorization = header } })
            assert.same({ 401, 20003 }, { response.status, body.code })
         end
      end)
   end)

   describe("lists", function()
      local function sids(records)
         local out = {}
         for i, record in ipairs(records) do out[i] = record.sid end
         return out
      end

      local function make(n)
         local made = {}
         for i = n, 1, -1 do
            made[i] = assert(
               client.messages:create { to = OTHER, from = NUMBER, body = tostring(i) }).sid
         end
         return made
      end

      it("give the newest first, in pages that miss and repeat nothing", function()
         local made = make(7)
         assert.same(made, sids(client.messages:list { page_size = 3 }))
         assert.same({ made[1], made[2] }, sids(client.messages:list { limit = 2 }))
      end)

      it("don't shift under records that are made or removed meanwhile", function()
         local made = make(6)
         local page = assert(client.messages:page { page_size = 2 })
         make(3)
         box:advance(5)
         assert(client.messages(made[3]):delete())
         page = assert(page:next())
         assert.same({ made[4], made[5] }, sids(page.items))
         page = assert(page:next())
         assert.same({ made[6] }, sids(page.items))
         assert.is_nil(page:next())
      end)

      it("page in the style of every product", function()
         for _ = 1, 5 do assert(client.verify.v2.services:create { friendly_name = "x" }) end
         assert.equal(5, #client.verify.v2.services:list { page_size = 2 })
         local configuration = {
            displayName = "x", description = "y", conversationGroupingType = "GROUP_BY_PROFILE",
            memoryStoreId = "z",
         }
         for _ = 1, 5 do assert(client.conversations.v2.configurations:create(configuration)) end
         assert.equal(5, #client.conversations.v2.configurations:list { page_size = 2 })
      end)

      it("jump to a page by its number", function()
         local made = make(5)
         assert.same(
            { made[3], made[4] },
            sids(assert(client.messages:page { page_size = 2, page_number = 1 }).items))
      end)

      it("are filtered by the items' fields and dates", function()
         local one = assert(
            client.calls:create { to = OTHER, from = NUMBER, url = "http://127.0.0.1/" })
         box:advance(3 * 86400)
         local two = assert(
            client.calls:create { to = "+15558675311", from = NUMBER, url = "http://127.0.0.1/" })
         assert.same({ two.sid }, sids(client.calls:list { to = "+15558675311" }))
         assert.same({ two.sid, one.sid }, sids(client.calls:list { from = NUMBER }))
         assert.same({}, client.calls:list { to = "+1" })
         assert(client.conferences:list())
      end)

      it("refuse a token that isn't theirs", function()
         assert.equal(400, select(2, client.messages:list { page_token = "PBxyz" }).status)
      end)

      it("of 10,000 cost no more a page than lists of ten", function()
         local counted = 0
         for _ = 1, 10000 do box:send { method = "POST", url = MESSAGES, body = "To=%2B15558675310&From=%2B14155552344&Body=x",
            headers = {
               Authorization = "Basic " .. core.base64_encode(ACCOUNT .. ":" .. TOKEN),
            } } end
         for _ in client.messages:each { page_size = 1000 } do counted = counted + 1 end
         assert.equal(10000, counted)
      end)
   end)

   describe("a seed", function()
      it("makes SIDs and times the same in every run", function()
         local other = client_of(sandbox.new { seed = 1 })
         local message = { to = OTHER, from = NUMBER, body = "Hello" }
         assert.same(client.messages:create(message), other.messages:create(message))
      end)

      it("that isn't given makes them differ", function()
         local message = { to = OTHER, from = NUMBER, body = "Hello" }
         local a, b = client_of(sandbox.new()), client_of(sandbox.new())
         assert.not_equal(a.messages:create(message).sid, b.messages:create(message).sid)
      end)
   end)

   describe("snapshots", function()
      it("bring back everything that exists, and what is to happen", function()
         local message = assert(
            client.messages:create { to = OTHER, from = NUMBER, body = "Hello" })
         local key = assert(client.new_keys:create {})
         local service = assert(client.sync.v1.services:create {})
         assert(service.documents:create { unique_name = "settings", data = { list = { 1, 2 } } })
         local text = box:dump()
         local other = sandbox.new { seed = 2 }
         assert(other:load(text))
         client = client_of(other)
         assert.equal(text, other:dump())
         assert.same(
            { 1, 2 },
            assert(client.sync.v1.services(service.sid).documents("settings"):fetch()).data.list)
         other:advance(60)
         assert.equal("delivered", assert(client.messages(message.sid):fetch()).status)
         local with_key = twilio.client {
            account_sid = ACCOUNT, api_key = key.sid, api_secret = key.secret, transport = other,
            max_retries = 0,
         }
         assert.equal(1, #with_key.messages:list())
         assert.not_equal(
            message.sid,
            assert(client.messages:create { to = OTHER, from = NUMBER, body = "Hello" }).sid)
      end)

      it("aren't just any text", function()
         assert.is_nil((box:load "{}"))
         assert.is_nil((box:load "nonsense"))
      end)
   end)

   it("moves its clock no further than dates can be written", function()
      for _, moment in ipairs { math.huge, 0 / 0, 1e18, "5", {} } do
         local ok, message = pcall(function() box:advance_to(moment) end)
         assert.is_false(ok)
         assert.matches(
            "sandbox_spec%.lua:%d+: advance_to takes epoch seconds until the year 9999", message)
      end
      box:advance_to(-math.huge)
      box:advance_to(253402300799)
      local ok, message = pcall(function() box:advance(1) end)
      assert.is_false(ok)
      assert.matches(
         "sandbox_spec%.lua:%d+: advance%.seconds must not lead beyond the year 9999", message)
      assert.equal(
         "Fri, 31 Dec 9999 23:59:59 +0000",
         assert(client.messages:create { to = OTHER, from = NUMBER, body = "x" }).date_created)
   end)

   it("tells mistakes in its options, with a suggestion", function()
      local function mistake(options)
         local ok, message = pcall(sandbox.new, options)
         assert.is_false(ok)
         return message
      end
      assert.matches(
         "unknown option 'outcome' %(did you mean 'outcomes'%?%)", mistake { outcome = {} })
      assert.matches("account_sid needs its auth_token", mistake { account_sid = ACCOUNT })
      assert.matches(
         "option 'webhook' must be a function, got a string",
         mistake { webhook = "http://127.0.0.1" })
      assert.matches(
         "option 'seed' must be a string or number, got a boolean", mistake { seed = true })
      assert.matches("options are one table, got a string", mistake "x")
      assert.matches(
         "sandbox_spec%.lua:%d+: ",
         mistake { outcome = {} } and select(2, pcall(function() sandbox.new { outcome = {} } end)))
   end)
end)

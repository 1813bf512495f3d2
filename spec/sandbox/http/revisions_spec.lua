-- sandbox/lua/twilio/sandbox/http/revisions.lua: changes that are made only if nobody else has made
-- one.

local sandbox_client = require "support.sandbox_client"

describe("sandbox.http.revisions", function()
   local client

   before_each(function() client = select(2, sandbox_client.new()) end)

   local function document()
      local service = assert(client.sync.v1.services:create {})
      return assert(service.documents:create { data = { a = 1 } }), service
   end

   it("counts changes, in `revision` and in ETag", function()
      local made = document()
      assert.equal("0", made.revision)
      local changed, _, response = made:update { data = { a = 2 } }
      assert.equal("1", changed.revision)
      assert.equal('"1"', response.headers.etag)
      local flow = assert(client.studio.v2.flows:create {
         friendly_name = "Flow", status = "draft", definition = { states = {} },
      })
      assert.equal(1, flow.revision)
      assert.equal(2, assert(flow:update { status = "draft" }).revision)
   end)

   it("lets pass who names the newest revision, in any form", function()
      local made = document()
      for revision, tag in ipairs { "0", '"1"', 'W/"2"', "*", '"9", "4"' } do
         assert.equal(tostring(revision),
            assert(made:update { if_match = tag, data = { a = revision } }).revision)
      end
   end)

   it("refuses another, and changes nothing", function()
      local made, service = document()
      assert(made:update { data = { a = 2 } })
      local ok, err = made:update { if_match = "0", data = { a = 3 } }
      assert.is_nil(ok)
      assert.same({ 412, 54103 }, { err.status, err.code })
      local again = assert(service.documents(made.sid):fetch())
      assert.same({ 2, "1" }, { again.data.a, again.revision })
   end)

   it("has a code of its own for items, and a general one", function()
      local _, service = document()
      local map = assert(service.sync_maps:create {})
      local item = assert(map.sync_map_items:create { key = "k", data = {} })
      local ok, err = item:delete { if_match = "7" }
      assert.same({ nil, 412, 54155 }, { ok, err.status, err.code })
      assert.is_true(item:delete { if_match = "0" })

      local workspace = assert(client.taskrouter.v1.workspaces:create { friendly_name = "Shop" })
      local task, _, response = workspace.tasks:create { attributes = {} }
      assert.equal('"0"', response.headers.etag)
      ok, err = task:update { if_match = '"5"', attributes = {} }
      assert.same({ nil, 412, 20412 }, { ok, err.status, err.code })
   end)

   it("shows no ETag where nothing is conditional", function()
      local _, _, response = client.messages:create {
         to = "+15558675310", from = "+14155552344", body = "x",
      }
      assert.is_nil(response.headers.etag)
   end)
end)

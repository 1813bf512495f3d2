-- sandbox/lua/twilio/sandbox/behaviour/sync.lua, through the client.

local sandbox_client = require "support.sandbox_client"

describe("Sync", function()
   local box, service

   before_each(function()
      local client
      box, client = sandbox_client.new()
      service = assert(client.sync.v1.services:create {})
   end)

   local function status(resource)
      local _, err = resource:fetch()
      return err and err.status
   end

   it("lets documents, lists, maps and streams expire", function()
      for i, kind in ipairs { "documents", "sync_lists", "sync_maps", "sync_streams" } do
         local one = assert(service[kind]:create { unique_name = "x", ttl = 60 })
         assert.equal(("2026-01-01T00:0%d:00Z"):format(i), one.date_expires)
         box:advance(59)
         assert.is_nil(status(one), kind)
         box:advance(1)
         assert.equal(404, status(one), kind)
         assert.equal(404, status(service[kind]("x")), kind)
         assert.same({}, service[kind]:list(), kind)
         assert(service[kind]:create { unique_name = "x" })
      end
   end)

   it("counts the life anew with each update, and 0 ends it", function()
      local one = assert(service.documents:create { ttl = 60 })
      box:advance(50)
      assert(one:update { ttl = 60 })
      box:advance(50)
      assert.is_nil(status(one))
      assert.is_nil(assert(one:update { ttl = 0 }).date_expires)
      box:advance(3600)
      assert.is_nil(status(one))
   end)

   it("has lists and maps live by CollectionTtl, and prolongs them by their items'", function()
      for _, kind in ipairs { "sync_lists", "sync_maps" } do
         local one = assert(service[kind]:create { collection_ttl = 60 })
         local items = one.sync_list_items or one.sync_map_items
         local item = assert(items:create { key = kind == "sync_maps" and "a" or nil,
            data = {}, item_ttl = 30, collection_ttl = 300 })
         box:advance(30)
         assert.equal(404, status(item))
         box:advance(60)
         assert.is_nil(status(one), kind)
         box:advance(300)
         assert.equal(404, status(one), kind)
         assert.equal(404, status(item), kind)
      end
   end)

   it("counts a list's indices, and uses none twice", function()
      local items = assert(service.sync_lists:create {}).sync_list_items
      for i = 0, 2 do assert.equal(i, assert(items:create { data = { n = i } }).index) end
      assert.is_true(items(1):delete())
      assert.equal(3, assert(items:create { data = { n = 3 } }).index)
      assert.equal(2, assert(items(2):fetch()).data.n)
      assert.is_true(items(3):delete())
      assert.equal(4, assert(items:create { data = {} }).index)
   end)

   it("refuses a unique name and a key that are taken", function()
      assert(service.documents:create { unique_name = "x" })
      local _, err = service.documents:create { unique_name = "x" }
      assert.same({ 409, 54301 }, { err.status, err.code })
      local items = assert(service.sync_maps:create {}).sync_map_items
      assert(items:create { key = "a/b", data = {} })
      _, err = items:create { key = "a/b", data = {} }
      assert.same({ 409, 54208 }, { err.status, err.code })
   end)

   it("takes the messages of streams", function()
      local stream = assert(service.sync_streams:create { unique_name = "news" })
      local message = assert(stream.stream_messages:create { data = { n = 1 } })
      assert.matches("^TZ%x+$", message.sid)
      assert.equal(1, message.data.n)
   end)

   it("keeps what is to expire over a dump", function()
      local one = assert(service.documents:create { ttl = 60 })
      assert(box:load(box:dump()))
      box:advance(60)
      assert.equal(404, status(one))
   end)
end)

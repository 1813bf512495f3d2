-- cli/api/methods.lua: operations by the command line's names.

local methods = require "twilio.cli.api.methods"
local model = require "twilio.call.model"

it("knows the operations of a resource, and downloads", function()
   local accounts = model.node(model.version("api", "v2010"), "accounts").item
   local recordings = model.node(accounts, "recordings")
   assert.equal("GET", methods.operation(recordings.list, "list").verb)
   assert.is_nil(methods.operation(recordings.list, "create"))
   assert.is_nil(methods.operation(recordings.list, "download"))
   assert.equal(methods.operation(recordings.item, "fetch"),
      methods.operation(recordings.item, "download"))
   assert.is_nil(methods.operation(recordings.item, "describe"))
   assert.is_nil(methods.operation(nil, "list"))
end)

it("shows names with dashes", function()
   assert.equal("status-callback", methods.shown "status_callback")
end)

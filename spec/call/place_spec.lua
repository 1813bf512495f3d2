-- lua/twilio/call/place.lua: places in the API data, by text and by object.

local fake = require "support.fake"
local model = require "twilio.call.model"
local place = require "twilio.call.place"

local methods = { create = true, list = true, fetch = true }

local function found(text)
   local at, method = place.of_text(text, methods)
   return at and place.label(at) .. (method and ":" .. method or "") or method
end

describe("a place by text", function()
   it("is what one writes, with or without parentheses, client. and a version", function()
      for text, label in pairs {
         messages = "client.messages", ["client.messages"] = "client.messages",
         ["messages:create"] = "client.messages:create",
         ["client.messages:create { to = '+1' }"] = "client.messages:create",
         ["messages.create"] = "client.messages:create",
         ['messages("SM1")'] = "client.messages(sid)",
         ["messages(...).media:list"] = "client.messages(sid).media:list",
         ["messages.media"] = "client.messages(sid).media",
         ["api.v2010.accounts(sid).messages"] = "client.messages",
         ["api.account.messages"] = "client.messages",
         ["api.v2010.account"] = "client.api.v2010.accounts(sid)",
         ["api.messages"] = "client.messages",
         verify = "client.verify", ["verify.v2"] = "client.verify.v2",
         ["verify.services.verifications:create"] =
            "client.verify.v2.services(sid).verifications:create",
         ["numbers.v1.embedded_sessions(bundle_sid):create"] =
            "client.numbers.v1.embedded_sessions(bundle_sid):create",
         ["conversations.v1.configuration.webhooks()"] =
            "client.conversations.v1.configuration.webhooks()",
         ['available_phone_numbers("US")["local"]:list'] =
            "client.available_phone_numbers(country_code).local_:list",
         ["available_phone_numbers.local_"] = "client.available_phone_numbers(country_code).local_",
         ["lookups.v2.lookup_overrides()"] =
            "client.lookups.v2.lookup_overrides(field, phone_number)",
      } do
         assert.equal(label, found(text), text)
      end
   end)

   it("is the client, if it says no more", function()
      assert.is_nil(place.of_text("client", methods))
   end)

   it("may be misspelt", function()
      for text, message in pairs {
         mesages = "unknown resource 'mesages' (did you mean 'messages'?)",
         ["verify.v3"] = "unknown version or resource 'v3'",
         ["verify.v2.servces"] = "unknown resource 'servces' (did you mean 'services'?)",
         ["messages:crate"] = "unknown method or resource 'crate' (did you mean 'create'?)",
         ["messages.meda.x"] = "unknown method or resource 'meda' (did you mean 'media'?)",
         ["messages:create:now"] = "unknown method or resource 'create'",
      } do
         assert.equal(message, found(text):sub(1, #message), text)
      end
      assert.matches("it takes what one writes", found "42!")
      assert.matches("it takes what one writes", found "messages..create")
   end)
end)

describe("a place by object", function()
   local client = fake.client()

   local function label(target)
      local at = place.of_node(target._version, target._node)
      at.side = target._side == target._node.item and "item" or "list"
      return place.label(at)
   end

   it("is that of its resource", function()
      assert.equal("client.messages", label(client.messages))
      assert.equal("client.messages(sid)", label(client.messages "SM1"))
      assert.equal("client.messages(sid).media", label(client.messages("SM1").media))
      assert.equal("client.api.v2010.accounts(sid)", label(client.api.v2010.account))
      assert.equal("client.verify.v2.services(sid).verifications",
         label(client.verify.v2.services("VA1").verifications))
      assert.equal("client.numbers.v1.embedded_sessions(bundle_sid)",
         label(client.numbers.v1.embedded_sessions))
      assert.is_nil(place.of_node({}, client.messages._node))
   end)

   it("is found by a side of it, too", function()
      local at = place.find_side(function(side)
         return side == client.messages("SM1").media._side
      end)
      assert.same({ "client.messages(sid).media", "list" }, { at.list_label, at.side })
      assert.is_nil(place.find_side(function() return false end))
   end)

   it("has its paths", function()
      local at = place.of_text("messages", methods)
      assert.equal("/2010-04-01/Accounts/{Sid}/Messages", place.template(at, "list"))
      assert.equal("/2010-04-01/Accounts/{Sid}/Messages/{Sid}.json", place.path(at, "item"))
      at = place.of_text("oauth.v2.oauth_authorization_server", methods)
      assert.equal("/.well-known/oauth-authorization-server", place.path(at, "list"))
      at = place.of_text("messages", methods)
      assert.equal("messages:create", place.name(at, "list", "create"))
   end)

   -- Each name that a hint may hold must lead back to where it came from.
   it("is found again by its name, each resource of the API", function()
      local count = 0
      local function visit(above, side)
         local parent = above.node and above.node[side] or above.data
         for name in pairs(parent.nodes or {}) do
            local at = place.child(above, name, side)
            for _, own in ipairs { "list", "item" } do
               if at.node[own] then
                  local name_of_own = place.name(at, own)
                  local again, message = place.of_text(name_of_own, {})
                  assert.equal(at.node, again and again.node, name_of_own .. tostring(message))
                  count = count + 1
                  visit(at, own)
               end
            end
         end
      end
      for _, domain in ipairs(model.domains()) do
         for _, version in ipairs(place.version_names(domain)) do
            visit(place.version(domain, version))
         end
      end
      assert.is_true(count > 900, count)
   end)
end)

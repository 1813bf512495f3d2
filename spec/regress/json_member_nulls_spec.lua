-- A part of an answer that is sent back in a JSON body lost its nulls where the body spells a name
-- otherwise than the part: the renamed copy had the other's metatable, which knew the nulls by
-- their old names, so that {"display_name":null} went out as it was, and no mistake was raised for
-- a misspelt one.

local fake = require "support.fake"
local json = require "twilio.json"
local raised = require "support.raised"

local function decode(text) return (assert(json.decode(text))) end

local function sent(call)
   local client, transport = fake.client(nil, fake.answer(202, { id = "x" }))
   call(client)
   return transport.last.body
end

local function create(text)
   return sent(function(client) client.intelligence.v3.configurations:create(decode(text)) end)
end

describe("a null in a JSON body", function()
   it("goes out under the wire's name", function()
      assert.equal('{"displayName":null}', create '{"display_name":null}')
      assert.equal('{"displayName":null}', create '{"displayName":null}')
      assert.equal(
         '{"displayName":"n","rules":[null,{"context":null,'
            .. '"operators":[{"id":"o","version":null}]}]}',
         create [[{"display_name":"n",
            "rules":[null,{"operators":[{"version":null,"id":"o"}],"context":null}]}]])
   end)

   it("stays beside members that are renamed, as do empty arrays and digits", function()
      assert.equal(
         '{"displayName":"n","rules":[{"context":{"memory":{}},"operators":[]}]}',
         create '{"display_name":"n","rules":[{"operators":[],"context":{"memory":{}}}]}')
      assert.equal('{"displayName":"n","rules":[]}', create '{"display_name":"n","rules":[]}')
      assert.equal(
         '{"displayName":"n","rules":[{"operators":[{"parameters":'
            .. '{"big":123456789012345678901234567890,"list":[],"none":null}}]}]}',
         create [[{"display_name":"n","rules":[{"operators":[{"parameters":
            {"big":123456789012345678901234567890,"none":null,"list":[]}}]}]}]])
   end)

   it("is gone once the program has set the member", function()
      local body = decode '{"display_name":null,"rules":null}'
      body.display_name, body.rules = "n", nil
      assert.equal('{"displayName":"n"}', sent(function(client)
         client.intelligence.v3.configurations:create(body)
      end))
   end)

   it("is a mistake under an unknown name, or beside the other spelling", function()
      local client = fake.client()
      assert.equal(
         "stores:create: unknown parameter 'dispalyNmae' (did you mean 'displayName'?)"
            .. '; see twilio.describe("memory.v1.stores:create")',
         raised(function() client.memory.v1.stores:create(decode '{"dispalyNmae":null}') end))
      assert.equal("stores:create: parameter 'display_name' is given twice", raised(function()
         client.memory.v1.stores:create(decode '{"display_name":null,"displayName":"n"}')
      end))
   end)

   it("isn't one where it stands for a header", function()
      assert.equal('{"displayName":null}', sent(function(client)
         local body = decode '{"display_name":null,"if_none_match":null}'
         body.if_match = "*"
         body.if_none_match = nil
         client.memory.v1.stores("S1"):patch(body)
      end))
      assert.equal('{"displayName":"n"}', sent(function(client)
         local body = decode '{"displayName":"n","if_match":null}'
         body.if_match = "*"
         client.memory.v1.stores("S1"):patch(body)
      end))
   end)

   it("leaves the caller's table as it was", function()
      local body = decode '{"display_name":null,"rules":[{"operators":[]}]}'
      sent(function(client) client.intelligence.v3.configurations:create(body) end)
      assert.equal('{"display_name":null,"rules":[{"operators":[]}]}', json.encode(body))
   end)
end)

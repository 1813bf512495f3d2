-- A Studio flow that was fetched and sent back had lost its empty arrays and its nulls:
-- {"transitions":[],"properties":{"next":null}} went out as {"properties":{},"transitions":{}},
-- which Studio refuses or, worse, takes. lua-cjson 2.1.0 makes the same table of [] and {}, and
-- nulls were dropped for good. The same happened to Sync data, Content types, Flex configuration,
-- and to attributes that a program decodes with json.

local fake = require "support.fake"
local kinds = require "support.json_kinds"
local json = require "twilio.json"

local FLOW = '{"initial_state":"Trigger","states":[{"properties":{"next":null,"offset":{}},'
   .. '"transitions":[]},{"conditions":[null,{"a":[]}]}]}'

local function decoded(text)
   return text:gsub("+", " "):gsub("%%(%x%x)", function(hex)
      return string.char(tonumber(hex, 16))
   end)
end

local function form(request) return decoded(request.body) end

local function answer(text) return { status = 200, headers = {}, body = text } end

describe("JSON that was received", function()
   it("is sent back unchanged in a parameter that is JSON text", function()
      local client, transport = fake.client(
         nil, answer('{"sid":"FW1","definition":' .. FLOW .. "}"))
      local flow = assert(client.studio.v2.flows("FW1"):fetch())
      assert.is_nil(flow.definition.states[1].properties.next)
      assert(flow:update { status = "draft", definition = flow.definition })
      assert.equal("Status=draft&Definition=" .. FLOW, form(transport.last))
      assert(flow:update { status = "draft", definition = { states = flow.definition.states } })
      assert.matches(
         '"properties":{"next":null,"offset":{}},"transitions":[]', form(transport.last), 1, true)
   end)

   it("is sent back unchanged in a JSON body, from a record or a part of it", function()
      local text = '{"friendly_name":null,"language":"en","sid":"HX1",'
         .. '"types":{"twilio/text":{"actions":[],"body":null}},"variables":{}}'
      local client, transport = fake.client(nil, answer(text))
      local content = assert(client.content.v1.contents("HX1"):fetch())
      assert(
         client.content.v1.contents:create {
            friendly_name = "n", language = "en", types = content.types,
         })
      assert.matches(
         '"types":{"twilio/text":{"actions":[],"body":null}}', transport.last.body, 1, true)
      assert.equal(text, json.encode(content))
      assert.equal(text, json.encode(assert(client.content.v1.contents("HX1"):fetch())))
   end)

   it("keeps nulls in the records of a list, whatever each of them lacks", function()
      local items = {}
      for i = 1, 120 do
         items[i] = ('{"a%d":null,"b":null,"data":{"x":null},"index":%d}'):format(i % 60, i)
      end
      local text = '{"items":[' .. table.concat(items, ",") .. '],"meta":{"key":"items"}}'
      local client, transport = fake.client(nil, answer(text))
      local list = assert(client.sync.v1.services("IS1").sync_lists("ES1").sync_list_items:list())
      for i = 1, 120 do assert.equal(items[i], json.encode(list[i])) end
      assert(list[7]:update { data = list[7].data })
      assert.equal('Data={"x":null}', form(transport.last))
   end)

   for _, kind in ipairs(kinds.all()) do
      it("writes a null again unless the program has set the field, with " .. kind.name, function()
         local value = assert(
            kind.json.decode '{"a":null,"b":null,"c":null,"d":1,"list":[1,null,3,null]}')
         value.a = "set"
         assert.equal(
            '{"a":"set","b":null,"c":null,"d":1,"list":[1,null,3,null]}', kind.json.encode(value))
         value.b = nil
         value.d = nil
         value.new = true
         assert.equal(
            '{"a":"set","c":null,"list":[1,null,3,null],"new":true}', kind.json.encode(value))
         value.a = nil
         value.c = kind.json.null
         assert.equal('{"c":null,"list":[1,null,3,null],"new":true}', kind.json.encode(value))
         value.list[4] = nil
         value.list[2] = 2
         assert.equal("[1,2,3]", kind.json.encode(value.list))
         -- Another table of the same kind keeps its own.
         assert.equal(
            '{"a":null,"b":null,"c":null}',
            kind.json.encode(kind.json.decode '{"a":null,"b":null,"c":null}'))
      end)

      it("keeps an array that the program has emptied, with " .. kind.name, function()
         local value = assert(kind.json.decode '{"a":[1,2],"b":[],"o":{"k":1}}')
         table.remove(value.a)
         table.remove(value.a)
         value.b[1] = "x"
         value.o.k = nil
         assert.equal('{"a":[],"b":["x"],"o":{}}', kind.json.encode(value))
         value.b[1] = nil
         assert.equal("[]", kind.json.encode(value.b))
      end)

      it("is a table like any other, with " .. kind.name, function()
         local value = assert(kind.json.decode '{"a":null,"b":[],"__index":null,"__newindex":null}')
         assert.is_nil(value.a)
         assert.is_nil(value.__index)
         assert.is_nil(value.other)
         local seen = {}
         for name in pairs(value) do seen[#seen + 1] = name end
         assert.same({ "b" }, seen)
         assert.has_error(function() value[nil] = 1 end)
         assert.same({ __index = true, __newindex = true, a = true }, kind.json.nulls(value))
         assert.is_nil(kind.json.nulls {})
         assert.equal(value, kind.json.object(value))
         assert.matches('"a":null', kind.json.encode(value), 1, true)
         assert.equal(value.b, kind.json.array(value.b))
      end)

      it("has marks that are shared and bounded, with " .. kind.name, function()
         local held = {}
         for i = 1, 3000 do held[i] = kind.json.decode(('{"n%d":null,"m":null}'):format(i)) end
         for i = 1, 3000 do
            assert.equal(('{"m":null,"n%d":null}'):format(i), kind.json.encode(held[i]))
         end
         local one, two = kind.json.decode '{"p":null}', kind.json.decode '{"p":null}'
         assert.equal(getmetatable(one), getmetatable(two))
      end)
   end

   it("keeps nulls of a record until the program has set them", function()
      local client, transport = fake.client(
         nil, answer '{"sid":"IS1","friendly_name":null,"webhook_url":null}')
      local service = assert(client.sync.v1.services("IS1"):fetch())
      service.friendly_name = "set"
      assert.equal('{"friendly_name":"set","sid":"IS1","webhook_url":null}', json.encode(service))
      service.webhook_url = nil
      assert.equal('{"friendly_name":"set","sid":"IS1"}', json.encode(service))
      assert(service:update { friendly_name = "x" })
      assert.equal("https://sync.twilio.com/v1/Services/IS1", transport.last.url)
   end)
end)

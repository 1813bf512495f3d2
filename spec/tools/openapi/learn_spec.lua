-- tools/openapi/learn.lua: example answers in, words about fields out.

package.path = "tools/?.lua;" .. package.path

local cjson = require "cjson"
local examples = require "openapi.examples"
local learn = require "openapi.learn"

describe("learning from examples", function()
   local any = { a = { type = "string" } }
   local created = { schema = { ["$ref"] = "#/components/schemas/thing" } }

   -- answers: operation's id -> name -> JSON text; the words about the schema `thing`.
   local function words(answers, properties, form, alive)
      local doc = {
         components = { schemas = { thing = { type = "object", properties = properties or any } } },
         paths = { ["/v1/Things"] = {}, ["/v1/Things/{Sid}"] = {} },
      }
      for id, all in pairs(answers) do
         local content = { schema = created.schema, examples = {} }
         for name, text in pairs(all) do
            content.examples[name] = { value = examples.decode(text) }
         end
         local op = {
            operationId = id,
            responses = { ["200"] = { content = { ["application/json"] = content } } },
         }
         if form and id:find "^Create" then
            op.requestBody = { content = {
               ["application/x-www-form-urlencoded"] = { schema = { properties = form } },
            } }
         end
         local path = id:find "^Create" and "/v1/Things" or "/v1/Things/{Sid}"
         doc.paths[path][id:find "^Fetch" and "get" or "post"] = op
      end
      local list = examples.of_document("things_v1", doc)
      return learn(doc, list, { thing = alive }).thing
   end

   it("tells each kind of value", function()
      assert.equal("a!1 b!0 c#4 d=active e@AB f? g[] h{i#1} j[{k=x}] l$", words {
         FetchThing = { fetch = '{ "a": true, "b": false, "c": 4, "d": "active", "f": null,'
            .. '"g": [], "e": "AB' .. ("0"):rep(32) .. '", "h": { "i": 1 }, "j": [{ "k": "x" }],'
            .. '"l": "My name" }' },
      })
   end)

   it("keeps neither dates nor counts nor addresses, but what they are", function()
      assert.equal("ended_at~t+60 links{parts+/Parts} message_count#0 "
         .. "other&https://api.twilio.com/<AC>", words {
         FetchThing = { fetch = '{ "date_created": "2015-07-30T20:00:00Z",'
            .. '"ended_at": "2015-07-30T20:01:00Z", "message_count": 7, "url": "https://things.twilio.com/v1/Things/1",'
            .. '"links": { "parts": "https://things.twilio.com/v1/Things/1/Parts" },'
            .. '"other": "https://api.twilio.com/AC' .. ("0"):rep(32) .. '" }' },
      })
   end)

   it("believes examples of a creation more than others, and most more than few", function()
      assert.equal("state=new", words {
         CreateThing = { create = '{ "state": "new" }' },
         FetchThing = { a = '{ "state": "old" }', b = '{ "state": "old" }' },
      })
      assert.equal("state=old", words {
         FetchThing = {
            a = '{ "state": "old" }', b = '{ "state": "old" }', c = '{ "state": null }',
         },
      })
   end)

   it("leaves out null where the schema allows it, and what only the request tells", function()
      local answers = { CreateThing = {
         create = '{ "note": null, "label": "Shop", "method": "POST", "limit": 5 }',
      } }
      local form = {
         Label = { type = "string" }, Method = { type = "string" }, Limit = { type = "integer" },
      }
      assert.equal("limit#5 method=POST",
         words(answers, { note = { type = "string", nullable = true } }, form))
   end)

   it("leaves out what the sandbox fills in due time", function()
      assert.equal("a#1", words({ FetchThing = { fetch = '{ "a": 1, "ended": "yes" }' } }, nil, nil,
         "ended other"))
   end)

   it("knows empty arrays from empty objects", function()
      local value = examples.decode '{ "a": [ ], "b": {}, "c": "[]", "d": "\\"[]", "e": [[]] }'
      assert.equal("array", examples.type_of(value.a))
      assert.equal("object", examples.type_of(value.b))
      assert.same({ "[]", '"[]' }, { value.c, value.d })
      assert.equal("array", examples.type_of(value.e[1]))
      assert.equal("null", examples.type_of(cjson.null))
   end)
end)

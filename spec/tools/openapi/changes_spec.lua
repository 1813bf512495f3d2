-- tools/openapi/changes.lua: two states of the data in, lines for CHANGELOG.md out.

package.path = "tools/?.lua;" .. package.path

local changes = require "openapi.changes"

local function state(nodes, lines)
   return {
      versions = { ["a.v1"] = nodes and { nodes = nodes } }, grammar = { voice = lines or {} },
   }
end

describe("changes", function()
   local list = {
      "/Things", create = "POST FriendlyName! ?pageSize:i ^If-Match",
      list = "GET @meta=things @page Status",
   }

   it("are none between the same", function()
      local nodes = { things = { list = list } }
      assert.same(
         {}, changes(state(nodes, { Say = "Say voice" }), state(nodes, { Say = "Say voice" })))
   end)

   it("are operations, by resource, also those below and those that are texts", function()
      local below = [[{ item = { "/Things/{thingId}", fetch = "GET", delete = "DELETE", nodes = { parts = { list = { "/Parts", list = "GET" } } } } }]]
      assert.same({
         "- API: `client.a.v1`: new operations `things(thing_id).parts` list; `things(thing_id)` delete, fetch.",
      },
         changes(state { x = { list = list } }, state { x = { list = list }, things = below }))
      assert.same(
         { "- API: `client.a.v1`: no longer `x` create, list." },
         changes(state { x = { list = list } }, state {}))
   end)

   it("are whole versions", function()
      assert.same(
         { "- API: `client.a.v1` is new: `things` create, list." },
         changes(state(), state { things = { list = list } }))
      assert.same(
         { "- API: `client.a.v1` is gone." }, changes(state { things = { list = list } }, state()))
   end)

   it("are arguments, and members of JSON bodies with their path", function()
      local function one(text) return state { things = { list = { "/Things", create = text } } } end
      assert.same({ "- API: `client.a.v1`: `things:create` takes `body_of`, `idempotency_key`, `when`.",
         "- API: `client.a.v1`: `things:create` no longer takes `old`." },
         changes(one "POST Name! Old[]:j", one "POST @202 BodyOf:x Name ^Idempotency-Key When:t"))
      assert.same({
         "- API: `client.a.v1`: `things:create` takes `content.text`, `recipients.address`.",
      },
         changes(
            one "POST @json {content recipients[]{channelId}}",
            one "POST @json {content{text} recipients[]{address channelId}}"))
      assert.same({
         "- API: `client.a.v1`: `things:create` takes `page_number`, `page_size`, `page_token`.",
      },
         changes(one "GET", one "GET @page"))
   end)

   it("are classes of TwiML, their attributes and their children", function()
      assert.same({ "- API: TwiML of voice: `<Filter>` is new, with `max_size`.", "- API: TwiML of voice: `<Start>` takes `<Filter>`, `hints`.",
         "- API: TwiML of voice: no longer `Old`." },
         changes(
            state({}, { Start = "Start name", Old = "Old" }),
            state({}, { Start = "Start hints, name > Filter", Filter = "Filter maxSize" })))
   end)
end)

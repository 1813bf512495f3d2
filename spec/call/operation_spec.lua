-- lua/twilio/call/operation.lua: operation strings parsed, and arguments bound to them.

local json = require "twilio.json"
local operation = require "twilio.call.operation"

local function bind(text, arguments) return operation.bind(operation.parse(text), arguments) end

local function mistake(text, arguments)
   local bound, why = bind(text, arguments)
   assert.is_nil(bound)
   return why
end

describe("operation.snake", function()
   it("spells wire names the library's way", function()
      for wire, name in pairs {
         To = "to", DateSent = "date_sent", ["DateSent<"] = "date_sent_before",
         ["StartTime>"] = "start_time_after",
         AwsS3Url = "aws_s3_url", SMSUrl = "sms_url",
         A2PProfileBundleSid = "a2p_profile_bundle_sid", pageToken = "page_token",
         ["X-Twilio-Webhook-Enabled"] = "x_twilio_webhook_enabled",
         ["Notifications.NewMessage.Enabled"] = "notifications_new_message_enabled",
         ["If-Match"] = "if_match", CallerIDNumber = "caller_id_number", VoiceURL = "voice_url",
         ["Parameter1.Name"] = "parameter1_name",
      } do
         assert.equal(name, operation.snake(wire))
      end
   end)
end)

describe("operation.parse", function()
   it("reads the verb, places, types, arrays and required flags", function()
      local op = operation.parse "POST To! Tags[] On:b ^If-Match ?Fields[]:j! D:d"
      assert.equal("POST", op.verb)
      assert.same(
         { index = 1, wire = "To", name = "to", place = "form", required = true }, op.by_name.to)
      assert.same(
         { index = 2, wire = "Tags", name = "tags", place = "form", array = true }, op.by_name.tags)
      assert.same(
         { index = 3, wire = "On", name = "on", place = "form", type = "b" }, op.by_wire.On)
      assert.same(
         { index = 4, wire = "If-Match", name = "if_match", place = "header" }, op.by_name.if_match)
      assert.same(
         {
            index = 5, wire = "Fields", name = "fields", place = "query", type = "j", array = true,
            required = true,
         },
         op.by_name.fields)
      assert.same({ op.by_name.to, op.by_name.fields }, op.required)
      assert.equal(5 + 1, #op.parameters)
   end)

   it("puts plain names into the query where there is no body", function()
      assert.equal("query", operation.parse("GET To").by_name.to.place)
      assert.equal("query", operation.parse("DELETE To").by_name.to.place)
      assert.equal("form", operation.parse("PUT To").by_name.to.place)
      assert.equal("query", operation.parse("POST @json refresh:b").by_name.refresh.place)
   end)

   it("reads the marks", function()
      local op = operation.parse "GET @meta=services @page"
      assert.same({ style = "meta", key = "services" }, op.paging)
      for _, name in ipairs { "page_size", "page", "page_token" } do
         assert.is_table(op.by_name[name])
      end
      assert.same(
         { { "Body", "MediaUrl" }, { "From", "Sid" } },
         operation.parse("POST @any=Body|MediaUrl @any=From|Sid").any)
      assert.equal("oauth", operation.parse("GET @oauth").auth)
      assert.equal("none", operation.parse("POST @none").auth)
      assert.equal(202, operation.parse("DELETE @202").success)
      assert.equal("json", operation.parse("POST @json").body)
      assert.is_nil(operation.parse("GET @scim").body)
      assert.equal("scim", operation.parse("GET @scim").media)
   end)

   it("writes # out as 1 to 99", function()
      local op = operation.parse "POST Parameter#.Name Parameter#.Value"
      assert.equal(198, #op.parameters)
      assert.equal("Parameter99.Value", op.by_name.parameter99_value.wire)
   end)

   it("parses a string once", function()
      assert.equal(operation.parse "POST OnlyOnce", operation.parse "POST OnlyOnce")
   end)
end)

describe("operation.bind", function()
   it("orders pairs as the data does, whatever the table's order", function()
      local bound = assert(bind("POST To! From Body MediaUrl[] DateSent:t", {
         media_url = { "u1", "u2" }, body = "hi", to = "+1", date_sent = 0, from = "+2",
      }))
      assert.same(
         {
            "To", "+1", "From", "+2", "Body", "hi", "MediaUrl", "u1", "MediaUrl", "u2", "DateSent",
            "1970-01-01T00:00:00Z",
         },
         bound.form)
      assert.is_nil(bound.query)
      assert.is_nil(bound.header)
      assert.is_nil(bound.json)
   end)

   it("sends headers and query parameters to their places", function()
      local bound = assert(bind("POST A ?B ^X-C:b", { a = "1", b = "2", x_c = true }))
      assert.same({ "A", "1" }, bound.form)
      assert.same({ "B", "2" }, bound.query)
      assert.same({ ["X-C"] = "true" }, bound.header)
   end)

   it("takes wire names too, and names it doesn't know that start with a capital", function()
      local bound = assert(bind("POST To From", { To = "1", Zeta = "z", Alpha = { "a", "b" } }))
      assert.same({ "To", "1", "Alpha", "a", "Alpha", "b", "Zeta", "z" }, bound.form)
      assert.same({ "Zeta", "z" }, assert(bind("GET To", { Zeta = "z" })).query)
   end)

   it("takes reserved words with an underscore", function()
      assert.same({ "End", "1" }, assert(bind("POST End", { end_ = 1 })).form)
      assert.same({ "End", "1" }, assert(bind("POST End", { ["end"] = 1 })).form)
   end)

   it("sends an empty text, which clears a field, and false", function()
      assert.same(
         { "Body", "", "On", "false" },
         assert(bind("POST Body On:b", { body = "", on = false })).form)
   end)

   it("never changes the caller's table", function()
      local arguments = { to = "1", tags = { "a" }, Zeta = "z" }
      assert(bind("POST To Tags[]", arguments))
      assert.same({ to = "1", tags = { "a" }, Zeta = "z" }, arguments)
   end)

   it("sends a JSON body as it is, with wire names", function()
      local arguments = { displayName = "x", ["snake_name"] = { 1, 2 }, n = json.null }
      local bound = assert(bind("POST @json", arguments))
      assert.same(arguments, bound.json)
      assert.is_nil(bound.form)
   end)

   it("puts the known members of a JSON body into the wire's spelling", function()
      local text = "POST @json ^If-Match {displayName rules[]{onEvent}}"
      local bound = assert(
         bind(text, { display_name = "x", rules = { { on_event = 1 } }, if_match = "1" }))
      assert.same({ displayName = "x", rules = { { onEvent = 1 } } }, bound.json)
      assert.same({ ["If-Match"] = "1" }, bound.header)
      assert.equal("unknown parameter 'fi_match' (did you mean 'if_match'?); unknown parameter 'rules[1].x'",
         mistake(text, { fi_match = "1", rules = { { x = 1 } } }))
      assert.equal("{displayName rules[]{onEvent}}", operation.parse(text).members)
      assert.is_nil(operation.parse("POST @json").members)
   end)

   it("leaves a body that is verbatim as it is", function()
      local bound = assert(
         bind(
            "POST @json ^If-Match {displayName}",
            json.verbatim { display_name = "x", if_match = "1" }))
      assert.equal('{"display_name":"x","if_match":"1"}', json.encode(bound.json))
      assert.is_nil(bound.header)
   end)

   it("keeps the marks of a JSON body, and bodies that are arrays", function()
      assert.equal("[]", json.encode(assert(bind("POST @json", json.array {})).json))
      assert.equal('[{"a":1}]', json.encode(assert(bind("POST @json", { { a = 1 } })).json))
      assert.equal("{}", json.encode(assert(bind("POST @json", {})).json))
   end)

   it("lifts headers and query parameters out of a JSON body, leaving the caller's table", function()
      local arguments = { if_match = "1", page_size = 5, name = "x" }
      local bound = assert(bind("POST @json ^If-Match pageSize:i", arguments))
      assert.same({ name = "x" }, bound.json)
      assert.same({ ["If-Match"] = "1" }, bound.header)
      assert.same({ "pageSize", "5" }, bound.query)
      assert.equal("1", arguments.if_match)
   end)

   it("names an unknown parameter and the one that was meant", function()
      assert.equal(
         "unknown parameter 'form' (did you mean 'from'?)", mistake("POST To From", { form = "x" }))
      assert.equal("unknown parameter 'zzz'", mistake("POST To From", { zzz = "x" }))
   end)

   it("names a missing required parameter", function()
      assert.equal("missing required parameter 'to'", mistake("POST To! From", { from = "x" }))
      assert.equal("missing required parameter 'to'", mistake("POST To!", {}))
   end)

   it("names a parameter that is given twice", function()
      assert.equal("parameter 'to' is given twice", mistake("POST To", { to = "1", To = "2" }))
   end)

   it("names a parameter whose value has no text", function()
      assert.equal(
         "parameter 'to' is a function, expected text", mistake("POST To", { to = print }))
      assert.equal("parameter 'to' is a table, expected text", mistake("POST To", { to = { "a" } }))
      assert.equal(
         "parameter 'tags' item 2 is a table, expected text",
         mistake("POST Tags[]", { tags = { "a", {} } }))
      assert.matches("parameter 'to' is null", mistake("POST To", { to = json.null }))
      assert.matches("parameter 'if_match'", mistake("POST ^If-Match", { if_match = {} }))
   end)

   it("refuses arguments without names where there is no JSON body", function()
      assert.equal(
         "arguments are named: { name = value }, found the number 1", mistake("POST To", { "x" }))
      assert.matches("boolean true", mistake("POST To", { [true] = 1 }))
   end)

   it("tells all mistakes together, in one order", function()
      local all = "parameter 'to' is given twice; unknown parameter 'boyd' (did you mean 'body'?); unknown parameter 'zzz';"
         .. " missing required parameters 'from', 'sid'; parameter 'tags' is a function, expected text"
      local given = {
         { "to", "1" }, { "To", "2" }, { "zzz", 1 }, { "boyd", "x" }, { "tags", print },
      }
      for first = 1, #given do
         local arguments = {}
         for i = 1, #given do
            local pair = given[(first + i) % #given + 1]
            arguments[pair[1]] = pair[2]
         end
         assert.equal(all, mistake("POST To! From! Sid! Body Tags[]", arguments))
      end
   end)

   it("tells of items without names once, and of no more than one can read", function()
      assert.equal(
         "arguments are named: { name = value }, found the number 1",
         mistake("POST To", { "a", "b", "c" }))
      local many = {}
      for i = 1, 30 do many["zzzzzz" .. i] = 1 end
      local message = mistake("POST To", many)
      assert.matches("; and 22 more$", message)
      assert.is_true(#message < 400)
   end)

   -- The official libraries send such a call too, and the API's answer says which combination it
   -- wants.
   it("leaves it to the API to want one of a group", function()
      local text = "POST @any=Body|MediaUrl|ContentSid To! Body MediaUrl[] ContentSid"
      assert.same({ "To", "1" }, assert(bind(text, { to = "1" })).form)
   end)
end)

-- lua/twilio/call/body.lua: the members of JSON bodies in either spelling, at any depth, into the
-- wire's.

local body = require "twilio.call.body"
local json = require "twilio.json"
local operation = require "twilio.call.operation"

local function translate(text, value, others)
   return body.of(
      operation.parse("POST @json " .. (others and "^" .. others .. " " or "") .. text), value,
      false, operation.snake)
end

local function written(text, value) return json.encode(assert(translate(text, value))) end

local function mistakes(text, value, others)
   local out, found = translate(text, value, others)
   assert.is_nil(out)
   return found
end

describe("a body's members", function()
   it("are taken in either spelling and go out in the wire's", function()
      local text = "{displayName friendly_name isOn rawId twilio/call-to-action{mediaUrl}}"
      local wire = '{"displayName":"x","friendly_name":"y","isOn":false,"twilio/call-to-action":{"mediaUrl":1}}'
      assert.equal(
         wire,
         written(
            text,
            {
               display_name = "x", friendly_name = "y", is_on = false,
               twilio_call_to_action = { media_url = 1 },
            }))
      assert.equal(
         wire,
         written(
            text,
            {
               displayName = "x", friendly_name = "y", isOn = false,
               ["twilio/call-to-action"] = { mediaUrl = 1 },
            }))
   end)

   it("are found below lists, maps and both", function()
      local text = "{rules[]{onEvent tags[]} byName*{maxItems} lists*[]{aB} deep[][]{aB}}"
      assert.equal('{"byName":{"any_Key":{"maxItems":1}},"deep":[[{"aB":3}]],"lists":{"k":[{"aB":2}]},'
         .. '"rules":[{"onEvent":"x","tags":["a_b"]},{"onEvent":"y"}]}',
         written(text, {
            rules = { { on_event = "x", tags = { "a_b" } }, { onEvent = "y" } },
            by_name = { any_Key = { max_items = 1 } },
            lists = { k = { { a_b = 2 } } }, deep = { { { a_b = 3 } } },
         }))
   end)

   it("are whatever stands below one that the files don't describe", function()
      assert.equal('{"configuration":{"anyName":{"x_y":2},"any_name":1}}',
         written("{configuration}", { configuration = { any_name = 1, anyName = { x_y = 2 } } }))
      assert.equal(
         '{"variables":{"a_b":"x"}}', written("{variables*}", { variables = { a_b = "x" } }))
   end)

   it("that Lua reserves take an underscore", function()
      assert.equal(
         '{"end":1,"window":{"end":2}}',
         written("{end window{end}}", { end_ = 1, window = { end_ = 2 } }))
   end)

   it("can be null, and lists and maps empty or by number", function()
      assert.equal('{"a":null,"b":[],"c":{},"d":{"1":"x"},"e":{}}',
         written("{a[] b[] c* d* e{f}}", { a = json.null, b = {}, c = {}, d = { "x" }, e = {} }))
      assert.equal(
         '{"a":{},"b":[]}', written("{a[] b*}", { a = json.object {}, b = json.array {} }))
   end)

   it("are dates where the files say so", function()
      assert.equal('{"at":"1970-01-01T00:00:00Z","day":"2026-02-03","text":"now","was":["1970-01-01T00:00:01Z",null]}',
         written(
            "{at:t day:d text:t was[]:t}",
            {
               at = 0, day = { year = 2026, month = 2, day = 3, hour = 0 }, text = "now",
               was = { 1, json.null },
            }))
      assert.equal(
         "parameter 'at' is not a date: a date table needs the field 'year'",
         mistakes("{at:t}", { at = {} }))
   end)

   it("stay as they are in what is verbatim", function()
      local verbatim = json.verbatim
      assert.equal('{"list":[{"aB":1},{"a_b":2}],"one":{"a_b":3}}',
         written(
            "{list[]{aB} one{aB}}",
            { list = { { a_b = 1 }, verbatim { a_b = 2 } }, one = verbatim { a_b = 3 } }))
      assert.equal(
         '{"any":{"x":{"a_b":1}}}', written("{any}", { any = { x = verbatim { a_b = 1 } } }))
   end)
end)

describe("the caller's table", function()
   it("stays as it was", function()
      local given = { display_name = "x", list = { { a_b = 1 } }, at = 0 }
      translate("{displayName list[]{aB} at:t}", given)
      assert.same({ display_name = "x", list = { { a_b = 1 } }, at = 0 }, given)
   end)

   it("is the body itself where it is in the wire's spelling, so that nothing known of it is lost", function()
      local given = { displayName = "x", list = { { aB = 1 } }, map = { k = { c = 1 } } }
      assert.equal(given, translate("{displayName list[]{aB} map*{c}}", given))
      local kept = { c = 1 }
      assert.equal(kept, translate("{displayName map*{c}}", { display_name = "x", map = kept }).map)
   end)

   it("is the rest of the arguments where parameters were lifted out of it, with its marks", function()
      local op, given = operation.parse "POST @json {aB}", json.object { a_b = 1, if_match = "*" }
      assert.equal('{"aB":1}', json.encode(body.of(op, given, { a_b = 1 }, operation.snake)))
      assert.equal(getmetatable(given), getmetatable(body.of(op, given, {}, operation.snake)))
      assert.same(
         { any = 1 }, body.of(operation.parse "POST @json", given, { any = 1 }, operation.snake))
   end)

   it("keeps its marks when it is copied", function()
      assert.equal(
         '{"list":[],"one":[{"aB":1}]}',
         written("{list one[]{aB}}", { list = json.array {}, one = json.array { { a_b = 1 } } }))
      local class = { __name = "record" }
      local record = setmetatable({ a_b = 1 }, class)
      assert.equal(class, getmetatable(translate("{one{aB}}", { one = record }).one))
   end)
end)

describe("a name that no member has", function()
   it("is a mistake at any depth, told with the one that was meant, in either spelling", function()
      local text = "{displayName rules[]{onEvent} map*{maxItems}}"
      assert.equal(
         "unknown parameter 'dispalyNmae' (did you mean 'displayName'?)",
         mistakes(text, { dispalyNmae = 1 }))
      assert.equal(
         "unknown parameter 'dispaly_name' (did you mean 'display_name'?)",
         mistakes(text, { dispaly_name = 1 }))
      assert.equal(
         "unknown parameter 'rules[2].on_evnet' (did you mean 'on_event'?)",
         mistakes(text, { rules = { {}, { on_evnet = 1 } } }))
      assert.equal(
         "unknown parameter 'map.k.maxitem' (did you mean 'maxItems'?)",
         mistakes(text, { map = { k = { maxitem = 1 } } }))
      assert.equal("unknown parameter 'rules.zzz'", mistakes(text, { rules = { zzz = 1 } }))
   end)

   it("can be meant for a parameter beside the body", function()
      assert.equal(
         "unknown parameter 'if_macth' (did you mean 'if_match'?)",
         mistakes("{displayName}", { if_macth = "*" }, "If-Match"))
      assert.equal(
         "unknown parameter 'a.if_macth'",
         mistakes("{a{b}}", { a = { if_macth = "*" } }, "If-Match"))
   end)

   it("is told with all the others, always in the same order", function()
      for _ = 1, 20 do
         assert.equal("unknown parameter 'a'; unknown parameter 'b'; unknown parameter 'list[1].c'; unknown parameter 'list[2].d'",
            mistakes("{list[]{x_member}}", { b = 1, a = 1, list = { { c = 1 }, { d = 1 } } }))
      end
   end)

   it("passes through where it starts with a capital, at the top", function()
      assert.equal(
         '{"NewName":{"a_b":1},"aB":1}', written("{aB{c}}", { NewName = { a_b = 1 }, aB = 1 }))
      assert.equal("unknown parameter 'aB.NewName'", mistakes("{aB{c}}", { aB = { NewName = 1 } }))
   end)

   it("passes through where the file lets any member in, unless it is nearly one that is known", function()
      assert.equal(
         '{"card":{"body":"x","thumbnail_item_id":"1"}}',
         written("{card{* body}}", { card = { body = "x", thumbnail_item_id = "1" } }))
      assert.equal(
         "unknown parameter 'card.bdoy' (did you mean 'body'?)",
         mistakes("{card{* body}}", { card = { bdoy = "x" } }))
   end)

   it("isn't a name", function()
      assert.equal(
         "arguments are named: { name = value }, found the number 1", mistakes("{a}", { "x" }))
      assert.equal(
         "parameter 'a' is a list, expected named members", mistakes("{a{b}}", { a = { "x" } }))
      assert.equal(
         "parameter 'a[1]' is a list, expected named members",
         mistakes("{a[]{b}}", { a = { { "x" } } }))
   end)
end)

it("a member is given once", function()
   assert.equal(
      "parameter 'display_name' is given twice",
      mistakes("{displayName}", { displayName = 1, display_name = 1 }))
   assert.equal(
      "parameter 'a.end' is given twice", mistakes("{a{end}}", { a = { ["end"] = 1, end_ = 2 } }))
end)

-- lua/twilio/util/options.lua: the language of rules, and the one sentence for unknown names.

local options = require "twilio.util.options"

describe("options.check", function()
   local known = { timeout = "number", log = "function|boolean" }

   it("returns what was given, and an empty table for nothing", function()
      local given = { timeout = 5, log = true }
      assert.equal(given, options.check(given, known))
      assert.same({}, options.check(nil, known))
   end)

   it("refuses an unknown name, with a suggestion and where it stood", function()
      local ok, message = options.check({ tiemout = 5 }, known)
      assert.is_nil(ok)
      assert.equal("unknown option 'tiemout' (did you mean 'timeout'?)", message)
      assert.matches(
         "unknown option 'oauth%.tiemout'",
         select(2, options.check({ tiemout = 5 }, known, "oauth.")))
   end)

   it("refuses a value of another type, and what is no table", function()
      assert.equal(
         "option 'log' must be a function or boolean, got a string",
         select(2, options.check({ log = "x" }, known)))
      assert.matches("one table, got a string", select(2, options.check("x", known)))
   end)
end)

describe("a rule", function()
   local function mistake(given, known, prefix, what)
      local ok, message = options.check(given, known, prefix, what)
      assert.is_nil(ok)
      return message
   end

   it("names types, one or several, or any", function()
      local known = { a = "string|number", b = "any", c = { "table|userdata" } }
      for _, given in ipairs {
         { a = "x" }, { a = 1 }, { b = 1 }, { b = print }, { b = false }, { c = {} },
         { c = io.stdout },
      } do
         assert.equal(given, options.check(given, known))
      end
      assert.equal(
         "option 'a' must be a string or number, got a boolean", mistake({ a = true }, known))
      assert.equal(
         "option 'c' must be a table or userdata, got a function", mistake({ c = print }, known))
   end)

   it("may require a name, and a text in it", function()
      local known = {
         sid = "string!", key = { "string!", check = options.credential }, x = "number",
      }
      assert.truthy(options.check({ sid = "a", key = "b" }, known, nil, "argument"))
      assert.equal("argument 'key' is required", mistake({}, known, nil, "argument"))
      assert.equal("argument 'key' is required", mistake(nil, known, nil, "argument"))
      assert.equal("argument 'sid' is required", mistake({ key = "b" }, known, nil, "argument"))
      assert.equal(
         "argument 'sid' is required", mistake({ key = "b", sid = "" }, known, nil, "argument"))
      assert.equal(
         "argument 'key' is required", mistake({ key = "", sid = "a" }, known, nil, "argument"))
      assert.equal(
         "argument 'sid' must be a string, got a number",
         mistake({ key = "b", sid = 1 }, known, nil, "argument"))
      assert.equal(
         "unknown argument 'kye' (did you mean 'key'?)",
         mistake({ kye = "b" }, known, nil, "argument"))
      assert.equal("arguments are one table, got a string", mistake("x", known, nil, "argument"))
   end)

   it("has bounds, outside of which is NaN too", function()
      local known = {
         above = { "number", above = 0, finite = true, unit = "seconds" },
         from = { "number", from = 0, unit = "bytes" },
         both = { "integer", from = 1, to = 5 }, whole = { "integer" },
         count = { "integer", from = 0 },
      }
      for _, given in ipairs {
         { above = 0.1 }, { from = 0 }, { from = math.huge }, { both = 1 }, { both = 5 },
         { whole = -3 }, { whole = 2.0 }, { count = 0 },
      } do
         assert.equal(given, options.check(given, known))
      end
      for message, given in pairs {
         ["above must be a number of seconds above 0"] = { 0, -1, 0 / 0, math.huge, above = true },
         ["from must be a number of bytes, 0 or more"] = { -1, 0 / 0, from = true },
         ["both must be an integer from 1 to 5"] = { 0, 6, 1.5, 0 / 0, math.huge, both = true },
         ["whole must be an integer"] = { 0.5, 0 / 0, -math.huge, whole = true },
         ["count must be an integer, 0 or more"] = { -1, 0.5, math.huge, count = true },
      } do
         local name = message:match "^%a+"
         assert.is_true(given[name])
         for _, value in ipairs(given) do
            assert.equal(message, mistake({ [name] = value }, known))
         end
      end
      assert.equal("option 'both' must be an integer, got a string", mistake({ both = "1" }, known))
   end)

   it("lists values", function()
      local known = {
         alg = { one_of = { "RS256", "PS256" } }, sni = { one_of = { true, false } },
         one = { "string", one_of = { "a" } },
      }
      for _, given in ipairs { { alg = "PS256" }, { sni = false }, { one = "a" } } do
         assert.equal(given, options.check(given, known))
      end
      assert.equal("alg must be RS256 or PS256", mistake({ alg = "HS256" }, known))
      assert.equal("alg must be RS256 or PS256", mistake({ alg = 5 }, known))
      assert.equal("sni must be true or false", mistake({ sni = "y" }, known))
      assert.equal("one must be a", mistake({ one = "b" }, known))
      assert.equal("option 'one' must be a string, got a boolean", mistake({ one = true }, known))
   end)

   it("has a check of its own, which sees the other options", function()
      local function check(value, given)
         if given.free or #value < 3 then return true end
         return nil, "is too long"
      end
      local known = { name = { "string", check = check }, free = "boolean" }
      assert.truthy(options.check({ name = "ab" }, known))
      assert.truthy(options.check({ name = "abc", free = true }, known))
      assert.equal("name is too long", mistake({ name = "abc" }, known))
      assert.equal("inner.name is too long", mistake({ name = "abc" }, known, "inner."))
      assert.equal("argument 'name' is too long", mistake({ name = "abc" }, known, nil, "argument"))
   end)

   it("has fields of its own, at any depth, which may be loaded late", function()
      local loads = 0
      local function fields()
         loads = loads + 1
         return { id = "string!", bad = "boolean", deep = { "table", fields = { x = "number" } } }
      end
      local known = { oauth = { "table|string", check = function(value)
         return value.bad == nil or nil, "is bad"
      end, fields = fields } }
      assert.truthy(options.check({}, known))
      assert.equal(0, loads)
      assert.truthy(options.check({ oauth = { id = "a", deep = { x = 1 } } }, known))
      assert.equal(
         "unknown option 'oauth.idd' (did you mean 'id'?)",
         mistake({ oauth = { idd = "a" } }, known))
      assert.equal("option 'oauth.id' is required", mistake({ oauth = {} }, known))
      assert.equal(
         "option 'oauth.deep.x' must be a number, got a string",
         mistake({ oauth = { id = "a", deep = { x = "1" } } }, known))
      assert.equal("oauth is bad", mistake({ oauth = { id = "a", bad = true } }, known))
      local video = { "table", what = "field of the video grant:", fields = { room = "string" } }
      local grants = { grants = { "table", what = "grant", fields = { video = video } } }
      assert.equal(
         "unknown grant 'vdeo' (did you mean 'video'?)",
         mistake({ grants = { vdeo = {} } }, grants, nil, "argument"))
      assert.equal("field of the video grant: 'room' must be a string, got a number",
         mistake({ grants = { video = { room = 5 } } }, grants, nil, "argument"))
   end)

   it("never makes a message with a value", function()
      local known = {
         a = "number", b = { "string", check = options.credential }, c = { one_of = { "x" } },
         d = { "table", fields = { e = "number" } },
      }
      for name, value in pairs { a = "hush", b = "hush\n", c = "hush", d = { e = "hush" } } do
         assert.is_nil(mistake({ [name] = value }, known):find "hush")
      end
   end)
end)

it("the same of several mistakes is told each time", function()
   local known, seen = {}, {}
   for i = 1, 20 do known["name" .. i] = "number" end
   for round = 1, 20 do
      local given = {}
      for i = 1, 20 do given["name" .. (i + round) % 20 + 1] = "x" end
      given[1] = "x" -- names of two types can be sorted too
      seen[select(2, options.check(given, known))] = true
   end
   assert.same({ ["unknown option '1'"] = true }, seen)
end)

it("options.unknown is the sentence of mistakes.unknown", function()
   assert.equal(
      "unknown option 'tiemout' (did you mean 'timeout'?)",
      options.unknown("option", "tiemout", { "timeout" }))
end)

describe("options.credential", function()
   it("says what stands around a credential", function()
      local function message(value) return select(2, options.credential(value)) end
      assert.is_true(options.credential "0123456789abcdef")
      assert.matches("line end", message "secret\n")
      assert.matches("line end", message "secret\r\n")
      assert.matches("blanks", message " secret")
      assert.matches("empty", message "")
      assert.matches("no credential has", message "sec\0ret")
      assert.matches("no credential has", message "\239\187\191secret")
   end)
end)

it("options.names are in order", function()
   assert.same({ "a", "b", "c" }, options.names { c = 1, a = 2, b = 3 })
end)

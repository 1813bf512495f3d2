-- sandbox/lua/twilio/sandbox/schema/check.lua: values against the schemas of requests.

local check = require "twilio.sandbox.schema.check"
local json = require "twilio.json"

local function named(name, schema) return { name = name, field = name, schema = schema } end

local function object(properties, required, extra)
   local schema = { kind = "object", properties = properties, required = {}, extra = extra }
   for _, name in ipairs(required or {}) do schema.required[name] = true end
   return schema
end

local function enum(...)
   local schema = { kind = "enum", values = {}, first = (...), words = table.concat({ ... }, ", ") }
   for _, value in ipairs { ... } do schema.values[value] = true end
   return schema
end

local text, integer = { kind = "string" }, { kind = "integer" }

local function words(schema, value)
   return check.value(schema, value, "X")
end

local function accepts(schema, ...)
   for _, value in ipairs { ... } do assert.is_nil(words(schema, value)) end
end

local function refuses(expected, schema, ...)
   for _, value in ipairs { ... } do assert.matches(expected, tostring(words(schema, value))) end
end

describe("sandbox.schema.check", function()
   it("knows the kinds of values", function()
      accepts(text, "", "x")
      refuses("^Parameter X must be a text$", text, 5, true, {})
      accepts(integer, 5, -1)
      refuses("must be an integer", integer, 5.5, "5", true)
      accepts({ kind = "number" }, 5.5)
      accepts({ kind = "boolean" }, true, false)
      refuses("must be true or false", { kind = "boolean" }, "true", 1)
      accepts({ kind = "uri" }, "https://example.com/a b", "sip:alice@example.com", "wss://x")
      refuses("must be a URL with its scheme", { kind = "uri" }, "example.com/x", "x", 5)
      accepts({ kind = "email" }, "a@b")
      refuses("e%-mail", { kind = "email" }, "a", "@", 5)
      accepts({ kind = "iso-country-code" }, "US", "us")
      refuses("two letters", { kind = "iso-country-code" }, "USA", "1")
      accepts(
         { kind = "date-time" }, "2024-01-02T03:04:05Z", "2024-01-02T03:04:05.123+01:00",
         "2024-01-02")
      refuses("must be a date", { kind = "date-time" }, "yesterday", 5)
      accepts({ kind = "phone-number" }, "+15005550006", "client:alice")
      accepts({ kind = "any" }, 5, "x", {}, true)
   end)

   it("knows SIDs and other patterns", function()
      local sid = { kind = "sid", prefixes = "SM|MM" }
      accepts(sid, "SM" .. ("a"):rep(32), "MM" .. ("0F"):rep(16))
      refuses(
         "must be a SID: SM or MM and 32 hexadecimal digits", sid, "CA" .. ("a"):rep(32), "SM1",
         "SM" .. ("g"):rep(32), 5)
      accepts({ kind = "pattern", pattern = "^x[0-7]{2}$" }, "x07")
      refuses("must match %^x%[0%-7%]{2}%$", { kind = "pattern", pattern = "^x[0-7]{2}$" }, "x8", 5)
   end)

   it("takes an enum's values as they are written, but verbs of HTTP as the files write them: both ways", function()
      accepts(enum("canceled", "completed"), "canceled")
      refuses(
         "^Parameter X must be one of canceled, completed$", enum("canceled", "completed"),
         "Canceled", "", "nonsense", 5)
      accepts(enum("get", "post"), "get", "POST")
      accepts(enum("GET", "POST"), "post")
      refuses("must be one of GET", enum("GET", "POST"), "PUT", "Got")
   end)

   it("knows limits, of texts in characters", function()
      accepts({ kind = "string", low = 2, high = 3 }, "ab", "äöü")
      refuses("a length from 2 to 3", { kind = "string", low = 2, high = 3 }, "a", "abcd")
      accepts({ kind = "integer", low = 0 }, 0)
      refuses("a value of at least 0", { kind = "integer", low = 0 }, -1)
      refuses("a value of at most 1", { kind = "number", high = 1 }, 1.5)
      refuses(
         "a number of items of at least 1", { kind = "array", items = text, low = 1 }, json.array())
   end)

   it("names what is wrong in a structure by its path", function()
      local schema = object(
         { named("list", { kind = "array", items = object({ named("n", integer) }, { "n" }) }) })
      accepts(schema, {}, { list = json.array() }, { list = { { n = 1, other = "x" } }, more = 5 })
      refuses(
         "^Parameter X.list%[1%].n must be an integer$", schema,
         { list = { { n = 1 }, { n = "x" } } })
      refuses("^Missing required parameter X.list%[0%].n$", schema, { list = { {} } })
      refuses("^Parameter X.list must be a list$", schema, { list = { n = 1 } }, { list = "x" })
      refuses("^Parameter X.list must be a list$", schema, { list = {} })
      refuses("^Parameter X must be an object$", schema, "x", { 1 }, json.array())
      assert.equal("Parameter list must be a list", check.value(schema, { list = 1 }, ""))
      assert.equal("Parameter body must be an object", check.value(schema, { 1 }, ""))
   end)

   it("refuses unknown members only where there can be none, and others by their schema", function()
      accepts(object({}, {}), { a = 1 })
      refuses("^Unknown parameter X.a$", object({}, {}, false), { a = 1 })
      accepts(object({}, {}, integer), { a = 1 })
      refuses("^Parameter X.a must be an integer$", object({}, {}, integer), { a = "x" })
      accepts({ kind = "object" }, { a = 1 }, {})
   end)

   it("takes null for what isn't there", function()
      accepts(integer, json.null)
      accepts(object({ named("a", enum("x")) }), { a = json.null })
      refuses(
         "^Missing required parameter X.a$", object({ named("a", integer) }, { "a" }),
         { a = json.null })
      accepts(
         object({ named("a", { kind = "integer", nullable = true }) }, { "a" }), { a = json.null })
   end)

   it("wants one choice to fit, and explains the one that the value names", function()
      local web = object(
         { named("type", enum("Web")), named("url", { kind = "uri" }) }, { "type", "url" })
      local file = object({ named("type", enum("File")) }, { "type" }, false)
      local schema = { kind = "one", choices = { web, file } }
      accepts(schema, { type = "Web", url = "https://x" }, { type = "File" })
      refuses("^Missing required parameter X.url$", schema, { type = "Web" })
      refuses("^Unknown parameter X.url$", schema, { type = "File", url = "https://x" })
      refuses("^Parameter X is none of the kinds that it may be$", schema, { type = "Text" }, 5)
      refuses(
         "^Missing required parameter X.url$", { kind = "one", choices = { web } },
         { type = "Text" })
   end)
end)

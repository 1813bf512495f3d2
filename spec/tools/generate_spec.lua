-- The generator (tools/generate.lua, tools/openapi): small OpenAPI documents in, data out. Nothing
-- is fetched; where `make generate` has left the real files in build/openapi, the committed data
-- must be what they give.

package.path = "tools/?.lua;" .. package.path

local names = require "openapi.names"
local operation = require "openapi.operation"
local overlay = require "overlay"
local tree = require "openapi.tree"
local write = require "openapi.write"

describe("names", function()
   local function each(f, cases)
      for from, to in pairs(cases) do assert.equal(to, f(from)) end
   end

   it("are snake case, whatever they were", function()
      each(names.snake, {
         ["DateSent<"] = "date_sent_before", ["DateSent>"] = "date_sent_after",
         AwsS3Url = "aws_s3_url",
         ["Notifications.NewMessage.Enabled"] = "notifications_new_message_enabled",
         ["X-Twilio-Webhook-Enabled"] = "x_twilio_webhook_enabled",
         A2PProfileBundleSid = "a2p_profile_bundle_sid",
         pageToken = "page_token", SMSUrl = "sms_url", From = "from",
      })
   end)

   it("split digits in mounts but not in parameters", function()
      each(names.mount, {
         a2p_brand_registrations = "a2_p_brand_registrations",
         AvailablePhoneNumbers = "available_phone_numbers",
         ["oauth-authorization-server"] = "oauth_authorization_server", AWS = "aws",
         ["{Type}"] = "type",
      })
   end)
end)

local ok = {
   ["200"] = {
      content = { ["application/json"] = { schema = { type = "object", properties = {} } } },
   },
}
local security = {
   components = { securitySchemes = { basic = { type = "http" }, o = { type = "oauth2" } } },
   security = { { basic = {} } },
}

local function text(op, verb, doc)
   op.operationId = op.operationId or "UpdateThing"
   op.responses = op.responses or ok
   return operation.text(doc or security, { [verb or "post"] = op }, verb or "post", overlay)
end

local function form(properties, required)
   return {
      content = {
         ["application/x-www-form-urlencoded"] = {
            schema = { properties = properties, required = required },
         },
      },
   }
end

local function query(name, schema)
   return { ["in"] = "query", name = name, schema = schema }
end

describe("an operation", function()
   it("lists required parameters first, then by name, with their types", function()
      local string = { type = "string" }
      assert.equal("POST B! A C:b D[] E[]:j F:j G:i H:n I:d J:t K:j", text { requestBody = form({
         A = string, B = string, C = { type = "boolean" }, D = { type = "array", items = string },
         E = { type = "array", items = {} }, F = {}, G = { type = "integer" },
         H = { type = "number" },
         I = { type = "string", format = "date" }, J = { type = "string", format = "date-time" },
         K = { type = "object" },
      }, { "B" }) })
   end)

   it("marks headers, and the query of an operation that has a body", function()
      local parameters = { query("pageSize", { type = "integer" }), {
         ["in"] = "header", name = "If-Match", schema = { type = "string" },
      },
         { ["in"] = "path", name = "Sid", required = true } }
      assert.equal("POST ^If-Match ?pageSize:i", text { parameters = parameters })
      assert.equal(
         "DELETE @200 ^If-Match pageSize:i",
         text({ operationId = "DeleteThing", parameters = parameters }, "delete"))
   end)

   it("follows references, also to parameters", function()
      local doc = { security = {}, components = { parameters = { ["a/b"] = query("X", { ["$ref"] = "#/components/schemas/S" }) },
         schemas = { S = { type = "boolean" } } } }
      local parameters = { { ["$ref"] = "#/components/parameters/a~1b" } }
      assert.equal(
         "GET @none X:b", text({ operationId = "FetchThing", parameters = parameters }, "get", doc))
   end)

   it("tells texts that hold JSON or a list from others, by the files' words or the overlay's", function()
      local function described(words, more)
         local schema = { type = "string", description = words }
         for key, value in pairs(more or {}) do schema[key] = value end
         return schema
      end
      local properties = {
         A = described "A JSON string", B = described "JSONs of any kind",
         C = described "A comma-separated list",
         D = described "Commands", E = described("one as JSON", { enum = { "a" } }),
         F = described "JSON",
         G = { type = "array", items = described "JSON each" },
         H = { type = "array", description = "comma separated", items = { type = "string" } },
         I = described "plain",
      }
      assert.equal("POST A:x B C:c D E F:x G[]:x H[] I", text { requestBody = form(properties) })
      local letters = { texts = { some_v1 = { F = "", I = "s" } }, body = {} }
      local op = { operationId = "UpdateThing", responses = ok, requestBody = form(properties) }
      assert.equal(
         "POST A:x B C:c D E F G[]:x H[] I:s",
         operation.text(security, { post = op }, "post", letters, "some_v1"))
      local parameters = {
         {
            ["in"] = "query", name = "Tags", description = "JSON array",
            schema = { type = "string" },
         },
      }
      assert.equal("POST ?Tags:x", text { parameters = parameters })
   end)

   it("names its security and status where they aren't the usual ones", function()
      assert.equal("POST @none", text { security = {} })
      assert.equal("POST @oauth", text { security = { { o = {} } } })
      assert.equal("POST @200", text { operationId = "CreateThing" })
      assert.equal(
         "POST", text { operationId = "CreateThing", responses = { ["201"] = {}, ["400"] = {} } })
      assert.equal(
         "GET @307", text({ operationId = "FetchThing", responses = { ["307"] = {} } }, "get"))
   end)

   it("says what its body is", function()
      assert.equal("POST @json", text { requestBody = { content = { ["application/json"] = {} } } })
      assert.equal(
         "POST @scim",
         text {
            requestBody = {
               content = { ["application/json"] = {}, ["application/scim+json"] = {} },
            },
         })
      assert.equal(
         "POST @json @200 {friendly_name locale to}", text {
            operationId = "CreateSmsVerification",
         })
      assert.equal("POST @json @200", text { operationId = "CreateVoiceVerificationCheck" })
   end)

   it("names the groups of which one is required by their wire names", function()
      assert.equal("POST @any=Url|AppSid AppSid Url", text {
         ["x-twilio"] = { conditional = { { "url", "app_sid" } } },
         requestBody = form { Url = { type = "string" }, AppSid = { type = "string" } },
      })
   end)

   it("folds 99 numbered parameters into one, and no fewer", function()
      local all, some = {}, {}
      for i = 1, 99 do all["Parameter" .. i .. ".Name"] = { type = "string" } end
      for i = 1, 98 do some["Parameter" .. i .. ".Name"] = { type = "string" } end
      assert.equal("POST Parameter#.Name", text { requestBody = form(all) })
      assert.equal(99, #text { requestBody = form(some) }:gsub("%S+%s?", "x"))
   end)

   it("refuses a collapsible map whose prefix can't be told from its name", function()
      local schema = { type = "object", format = "prefixed-collapsible-map-AddOns" }
      assert.equal("POST AddOnsData:m", text { requestBody = form { AddOnsData = schema } })
      assert.has_error(function() text { requestBody = form { Other = schema } } end)
   end)

   describe("that lists", function()
      local function list(properties, parameters)
         properties.things = { type = "array" }
         local schema = { type = "object", properties = properties }
         return text({ operationId = "ListThings", parameters = parameters,
            responses = {
               ["200"] = { content = { ["application/json"] = { schema = schema } } },
            } }, "get")
      end
      local meta = { properties = { next_page_url = {} } }

      it("says how its pages follow each other", function()
         assert.equal("GET @meta=things", list { meta = meta })
         assert.equal("GET @uri=things", list { next_page_uri = {} })
         assert.equal(
            "GET @token=things pageToken",
            list({ meta = {} }, { query("pageToken", { type = "string" }) }))
         assert.equal(
            "GET @next_token=things", list { meta = { properties = { next_token = {} } } })
         assert.equal("GET @results=things", list { has_next = {} })
         assert.equal("GET @plain=things", list { schemas = { type = "array" } })
      end)

      it("has @page for all three paging parameters, and for no fewer", function()
         local size, page = query(
            "PageSize", { type = "integer" }), query("Page", { type = "integer" })
         local token = query("PageToken", { type = "string" })
         assert.equal("GET @meta=things @page", list({ meta = meta }, { size, page, token }))
         assert.equal(
            "GET @meta=things PageSize:i PageToken", list({ meta = meta }, { size, token }))
      end)

      it("says how many records a page holds at most, where that isn't the usual", function()
         local function sized(name, most)
            return list(
               { meta = meta }, { query(name, { type = "integer", minimum = 1, maximum = most }) })
         end
         assert.equal("GET @meta=things PageSize:i", sized("PageSize", 1000))
         assert.equal("GET @meta=things @max=50 PageSize:i", sized("PageSize", 50))
         assert.equal("GET @meta=things @max=100 pageSize:i", sized("pageSize", 100))
         assert.equal("GET @meta=things @max=20 Size:i", sized("Size", 20))
      end)

      it("must have one array to list", function()
         assert.has_error(function() list { others = { type = "array" } } end)
      end)
   end)
end)

describe("a document", function()
   local function op(id, more)
      local out = { operationId = id, responses = ok }
      for k, v in pairs(more or {}) do out[k] = v end
      return out
   end

   local function generate(paths, name)
      local doc = { servers = { { url = "https://some-api.twilio.com" } }, paths = paths,
         components = security.components, security = security.security }
      local tops, domain = tree.build(name or "some_v1", doc, overlay)
      local out = {}
      for version, top in pairs(tops) do out[version] = write.version("-- head", top) end
      return out, domain
   end

   local function path_parameters(...)
      local out = {}
      for i, name in ipairs { ... } do
         out[i] = { ["in"] = "path", name = name, required = true }
      end
      return out
   end

   it("has its resources in files of their own if it is large", function()
      local paths = {}
      for i = 1, 200 do
         paths[("/v1/Things%dOfALongName"):format(i)] = { post = op("CreateThing" .. i, {
            requestBody = { content = { ["application/x-www-form-urlencoded"] = { schema = {
               type = "object", properties = { AParameterOfALongName = { type = "string" } },
            } } } },
         }) }
      end
      local doc = { servers = { { url = "https://some-api.twilio.com" } }, paths = paths,
         components = security.components, security = security.security }
      local main, parts = write.version(
         "-- head", tree.build("some_v1", doc, overlay).v1, "some_api_v1")
      assert.matches('\n  things7_of_a_long_name = "=some_api_v1_things7_of_a_long_name"', main, 1, true)
      -- luacheck: globals loadstring
      local node = assert((loadstring or load)(parts.some_api_v1_things7_of_a_long_name))()
      assert.equal("/Things7OfALongName", node.list[1])
      assert.matches("^POST .*AParameterOfALongName", node.list.create)
      assert.matches("^%-%- head\nreturn { *list = ", (parts.some_api_v1_things7_of_a_long_name:gsub("\n ", " ")))
   end)

   it("becomes one readable line an operation", function()
      local out, domain = generate {
         ["/v1/Things"] = { get = op("FetchThings"), post = op("CreateThing") },
         ["/v1/Things/{Sid}"] = { get = op("FetchThing"), delete = op("DeleteThing") },
         ["/v1/Things/{ThingSid}/Local"] = {
            ["x-twilio"] = { parent = "/Things/{Sid}" }, post = op("CreateLocal"),
         },
      }
      assert.equal("some_api", domain)
      assert.equal([[
-- head
return {
 host = "some-api",
 path = "/v1",
 nodes = {
  things = {
   list = { "/Things",
    create = "POST @200",
    fetch = "GET" },
   item = { "/Things/{Sid}",
    delete = "DELETE @200",
    fetch = "GET",
    nodes = {
     ["local"] = {
      list = { "/Local", create = "POST @200" } } } } } } }
]], out.v1)
   end)

   -- Of all that is below the two, nothing is read before one of them is asked for.
   it("has texts where several resources are for the first time", function()
      local out = generate {
         ["/v1/Things/{Sid}"] = { get = op("FetchThing") },
         ["/v1/Things/{ThingSid}/A"] = {
            ["x-twilio"] = { parent = "/Things/{Sid}" }, post = op("CreateA"),
         },
         ["/v1/Things/{ThingSid}/A/{Sid}"] = {
            ["x-twilio"] = { parent = "/Things/{Sid}" }, get = op("FetchA"),
         },
         ["/v1/Things/{ThingSid}/A/{ASid}/X"] = {
            ["x-twilio"] = { parent = "/Things/{ThingSid}/A/{Sid}" }, get = op("FetchX"),
         },
         ["/v1/Things/{ThingSid}/A/{ASid}/Y"] = {
            ["x-twilio"] = { parent = "/Things/{ThingSid}/A/{Sid}" }, get = op("FetchY"),
         },
         ["/v1/Things/{ThingSid}/B"] = {
            ["x-twilio"] = { parent = "/Things/{Sid}" }, post = op("CreateB"),
         },
      }
      assert.matches([==[
  things = {
   item = { "/Things/{Sid}",
    fetch = "GET",
    nodes = {
     a = [[{
      list = { "/A", create = "POST @200" },
      item = { "/A/{Sid}",
       fetch = "GET",
       nodes = {
        x = {
         list = { "/X", fetch = "GET" } },
        y = {
         list = { "/Y", fetch = "GET" } } } } }]],
     b = [[{
      list = { "/B", create = "POST @200" } }]] } } } } }
]==], out.v1, 1, true)
   end)

   it("keeps a common extension once, and a lone one in its path", function()
      local out = generate {
         ["/2010-04-01/A.json"] = { get = op("FetchA") },
         ["/2010-04-01/B/{Sid}.json"] = { get = op("FetchB") },
         ["/v2/C.json"] = { get = op("FetchC") }, ["/v2/D"] = { get = op("FetchD") },
      }
      assert.matches('ext = ".json"', out.v2010, 1, true)
      assert.matches('item = { "/B/{Sid}", fetch', out.v2010, 1, true)
      assert.not_matches("ext =", out.v2)
      assert.matches('{ "/C.json", fetch', out.v2, 1, true)
   end)

   -- Only the first child found its place once: the second one went to the instance.
   it("hangs all children of a resource called with nothing on the list object", function()
      local out = generate {
         ["/v1/Settings"] = { ["x-twilio"] = { pathType = "instance" }, get = op("FetchSettings") },
         ["/v1/Settings/A"] = { ["x-twilio"] = { parent = "/Settings" }, post = op("CreateA") },
         ["/v1/Settings/B"] = { ["x-twilio"] = { parent = "/Settings" }, post = op("CreateB") },
      }
      assert.matches(
         'list = { "/Settings",\n    nodes = {\n     a = %[%[{.-     b = %[%[{.-\n   item = { "/Settings", fetch = "GET" }',
         out.v1)
   end)

   it("takes a parent without operations for a resource, and one that isn't above for absolute", function()
      local out = generate {
         ["/v1/Quiet"] = { ["x-twilio"] = { pathType = "list" } },
         ["/v1/Quiet/Loud"] = { ["x-twilio"] = { parent = "/Quiet" }, post = op("CreateLoud") },
         ["/v1/Elsewhere"] = { ["x-twilio"] = { parent = "/Quiet" }, post = op("CreateElsewhere") },
      }
      assert.matches('quiet = {\n   list = { "/Quiet",\n    nodes = {', out.v1, 1, true)
      assert.matches('list = { "/Loud"', out.v1, 1, true)
      assert.matches('list = { "=/v1/Elsewhere"', out.v1, 1, true)
   end)

   it("moves an operation to a sibling if it names a mount of its own", function()
      local out = generate {
         ["/v1/Keys"] = {
            get = op("FetchKeys"),
            post = op("CreateKey", { ["x-twilio"] = { mountName = "new_keys" } }),
         },
      }
      assert.matches(
         'keys = [[{\n   list = { "/Keys", fetch = "GET" } }]],\n  new_keys = [[{\n   list = { "/Keys", create',
         out.v1, 1, true)
   end)

   it("says in which order an instance takes its arguments, where it isn't the path's", function()
      local swapped = op("FetchX", { parameters = path_parameters("B", "A") })
      local straight = op("FetchY", { parameters = path_parameters("A", "B") })
      local out = generate {
         ["/v1/X/{A}/X/{B}"] = { get = swapped }, ["/v1/Y/{A}/Y/{B}"] = { get = straight },
      }
      assert.matches('item = { "/X/{A}/X/{B}",\n    args = "B A",', out.v1, 1, true)
      assert.matches('item = { "/Y/{A}/Y/{B}", fetch', out.v1, 1, true)
   end)

   it("tells where the content is of an instance that is a file", function()
      local kept = overlay.files.some_v1
      overlay.files.some_v1 = { ["/v1/A/{Sid}"] = "/v1/A/{}/Media" }
      local fine, out = pcall(
         generate,
         { ["/v1/A/{Sid}"] = { get = op("FetchA") }, ["/v1/B/{Sid}"] = { get = op("FetchB") } })
      local fails = not pcall(generate, { ["/v1/B/{Sid}"] = { get = op("FetchB") } })
      overlay.files.some_v1 = kept
      assert(fine, out)
      assert.matches(
         'item = { "/A/{Sid}",\n    file = "/v1/A/{}/Media",\n    fetch = "GET" }', out.v1, 1, true)
      assert.matches('item = { "/B/{Sid}", fetch', out.v1, 1, true)
      assert.is_true(fails) -- an entry that no path has
   end)

   it("stops at two paths for one name", function()
      assert.has_error(function()
         generate { ["/v1/A/X"] = { get = op("FetchX") }, ["/v1/B/X"] = { get = op("FetchX") } }
      end)
   end)

   it("gets what the overlay adds", function()
      local out = generate(
         { ["/Organizations/{OrganizationSid}/Users/{UserSid}"] = { get = op("FetchUser") } },
         "iam_organizations")
      assert.matches('organization = {\n   item = { "/{OrganizationSid}"', out.versionless, 1, true)
      assert.matches('item = { "/Users/{Id}"', out.versionless, 1, true)
      assert.matches('"=/.well-known/oauth-authorization-server"', generate {
         ["/.well-known/oauth-authorization-server"] = { get = op("FetchServer") },
         ["/v2/token"] = { post = op("CreateToken") },
      }.v2, 1, true)
   end)

   it("gives a resource the prefix of its SIDs", function()
      local function created(pattern)
         local schema = {
            type = "object", properties = { sid = { type = "string", pattern = pattern } },
         }
         return {
            post = op(
               "CreateThing",
               {
                  responses = {
                     ["201"] = { content = { ["application/json"] = { schema = schema } } },
                  },
               }),
         }
      end
      local out = generate {
         ["/v1/A"] = created "^VA[0-9a-fA-F]{32}$", ["/v1/B"] = created "^(SM|MM)[0-9a-fA-F]{32}$",
      }
      assert.matches('a = [[{ sid = "VA",', out.v1, 1, true)
      assert.matches('b = [[{ sid = "SM",', out.v1, 1, true)
   end)
end)

describe("the index", function()
   it("puts the default version first", function()
      assert.equal([==[
-- head
return [[
a v2 v1 v3
shortcuts calls messages
]]
]==], write.index("-- head", { a = { v1 = true, v2 = true, v3 = true } }, { a = "v2" }, { "calls", "messages" }))
   end)
end)

describe("the committed data", function()
   local folder = "build/openapi/package/src/services/twilio-api"

   local function output(command)
      local pipe = io.popen("{ " .. command .. "\n} 2>&1")
      local all = pipe:read("*a")
      pipe:close()
      return all
   end

   it("is what the generator writes, byte for byte", function()
      local file = io.open(folder .. "/twilio_api_v2010.json")
      if not file then return pending("`make generate` hasn't fetched the OpenAPI files") end
      file:close()
      local out = os.tmpname()
      os.remove(out)
      local steps = [[mkdir -p OUT/api OUT/schemas OUT/facts && lua5.4 tools/generate.lua FROM OUT/api OUT/schemas OUT/facts &&
      diff -r OUT/api lua/twilio/api && diff -r OUT/schemas lua/twilio/schema && diff -r OUT/facts sandbox/lua/twilio/sandbox/schema/api; rm -r OUT]]
      local said = output((steps:gsub("OUT", out):gsub("FROM", folder)))
      assert.equal("", said)
   end)
end)

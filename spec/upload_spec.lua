local fake = require "support.fake"
local server = require "support.server"
local process = require "support.process"
local twilio = require "twilio"
local upload = require "twilio.upload"

local folder, path

setup(function()
   folder = process.folder()
   path = folder .. "/handler.js"
   process.write(path, "exports.handler = 1\n")
end)

teardown(function() process.forget(folder) end)

-- The content of a field, and its head.
local function field(body, name)
   for part in (body:gsub("\r\n%-%-twilio", "\0")):gmatch("[^%z]+") do
      local head, content = part:match("^.-\r\n(.-)\r\n\r\n(.*)$")
      if head and head:find('name="' .. name .. '"', 1, true) then return content, head end
   end
end

describe("upload", function()
   it("makes a version of a function", function()
      local client, transport = fake.client({}, fake.answer(201, { sid = "ZN1" }))
      local version = assert(upload.function_version(client, {
         service_sid = "ZS1", function_sid = "ZH1", path = "/hello", visibility = "protected",
         content = { path = path },
      }))
      assert.equal("ZN1", version.sid)
      local request = transport.last
      assert.equal("POST", request.method)
      assert.equal(
         "https://serverless-upload.twilio.com/v1/Services/ZS1/Functions/ZH1/Versions", request.url)
      assert.matches("^multipart/form%-data; boundary=", request.headers["Content-Type"])
      assert.matches("^Basic ", request.headers.Authorization)
      assert.equal("/hello", (field(request.body, "Path")))
      assert.equal("protected", (field(request.body, "Visibility")))
      local content, head = field(request.body, "Content")
      assert.equal("exports.handler = 1\n", content)
      assert.matches('filename="handler%.js"\r\nContent%-Type: application/javascript', head)
   end)

   it("makes a version of an asset from text", function()
      local client, transport = fake.client()
      upload.asset_version(client, {
         service_sid = "ZS1", asset_sid = "ZH2", path = "/a.css", visibility = "public",
         content = { text = "b{}", filename = "a.css" },
      })
      assert.equal(
         "https://serverless-upload.twilio.com/v1/Services/ZS1/Assets/ZH2/Versions",
         transport.last.url)
      assert.equal("b{}", (field(transport.last.body, "Content")))
   end)

   it("hands in a regulatory document, its attributes as JSON", function()
      local client, transport = fake.client()
      upload.supporting_document(client, {
         friendly_name = "Passport", type = "passport", attributes = { first_name = "Ada" },
         file = { path = path, content_type = "image/png" },
      })
      assert.equal(
         "https://numbers-upload.twilio.com/v2/RegulatoryCompliance/SupportingDocuments",
         transport.last.url)
      assert.equal('{"first_name":"Ada"}', (field(transport.last.body, "Attributes")))
   end)

   it("hands in a document for porting", function()
      local client, transport = fake.client({}, fake.answer(201, { sid = "RD1" }))
      local document = assert(
         upload.document(
            client,
            { document_type = "utility_bill", friendly_name = "Bill", file = { path = path } }))
      assert.equal("RD1", document.sid)
      assert.equal("https://numbers-upload.twilio.com/v1/Documents", transport.last.url)
      assert.equal("utility_bill", (field(transport.last.body, "document_type")))
      assert.equal("Bill", (field(transport.last.body, "friendly_name")))
      local content, head = field(transport.last.body, "File")
      assert.equal("exports.handler = 1\n", content)
      assert.matches('filename="handler%.js"', head)
   end)

   it("sends a conversation's media as the whole body", function()
      local client, transport = fake.client({}, fake.answer(201, { sid = "ME1" }))
      local media = assert(
         upload.conversation_media(
            client,
            { chat_service_sid = "IS1", content = { path = path, content_type = "image/png" } }))
      assert.equal("ME1", media.sid)
      assert.equal("https://mcs.us1.twilio.com/v1/Services/IS1/Media", transport.last.url)
      assert.equal("image/png", transport.last.headers["Content-Type"])
      assert.equal("exports.handler = 1\n", transport.last.body)
      assert.matches("^Basic ", transport.last.headers.Authorization)
      upload.conversation_media(
         client, { chat_service_sid = "IS1", content = { text = "x", filename = "a b.gif" } })
      assert.equal(
         "https://mcs.us1.twilio.com/v1/Services/IS1/Media?Filename=a%20b.gif", transport.last.url)
      assert.equal("image/gif", transport.last.headers["Content-Type"])
   end)

   it("is a part of twilio", function() assert.equal(upload, twilio.upload) end)

   it("streams through a real connection, and takes the options of a request", function()
      local nginx = server.start { tls = false, lua = [[
         ngx.req.read_body()
         ngx.header["Content-Type"] = "application/json"
         local body = ngx.req.get_body_data()
         ngx.print(('{"path":"%s","size":%d,"x":"%s"}'):format(ngx.var.uri, #body, ngx.var.http_x_own))
      ]] }
      local client = twilio.client {
         account_sid = fake.account_sid, auth_token = "x", base_url = nginx.url,
      }
      local made = assert(upload.asset_version(client, {
         service_sid = "ZS1", asset_sid = "ZH2", path = "/a", visibility = "public",
         content = { path = path },
      }, { headers = { ["X-Own"] = "own" } }))
      assert.equal("/v1/Services/ZS1/Assets/ZH2/Versions", made.path)
      assert.equal("own", made.x)
      assert.is_true(made.size > 400)
      made = assert(
         upload.conversation_media(client, { chat_service_sid = "IS1", content = { path = path } }))
      assert.equal("/v1/Services/IS1/Media", made.path)
      assert.equal(20, made.size)
      client:close()
      nginx:stop()
   end)

   it("is signed as a whole by a client with a validation key", function()
      local core = require "twilio.core"
      local client_validation = require "twilio.auth.client_validation"
      local key, transport = folder .. "/key.pem", fake.transport()
      process.run("openssl genrsa -out %s 2048", key)
      local client = twilio.client { account_sid = fake.account_sid, api_key = "SK1", api_secret = "x", transport = transport,
         validation = { private_key = key, credential_sid = "CR1" } }
      upload.asset_version(
         client,
         {
            service_sid = "ZS1", asset_sid = "ZH2", path = "/a", visibility = "public",
            content = { path = path },
         })
      local claims = transport.last.headers["Twilio-Client-Validation"]:match("%.([^.]+)%.")
      local text = core.base64_decode(
         (claims .. ("="):rep(-#claims % 4)):gsub("-", "+"):gsub("_", "/"), nil)
      assert.matches(
         require "twilio.core.crypto".sha256_hex(client_validation.canonical(transport.last)), text,
         1, true)
   end)

   it("raises the caller's mistakes at his line, before anything is sent", function()
      local client, transport = fake.client()
      local function refused(text, arguments)
         local ok, why = pcall(function() upload.asset_version(client, arguments) end)
         assert.is_false(ok)
         assert.matches("upload_spec%.lua:%d+: .*" .. text, why)
      end
      local content = { path = path }
      refused(
         "missing required parameter 'service_sid'",
         { asset_sid = "ZH", path = "/", visibility = "public", content = content })
      refused(
         "missing required parameter 'content'",
         { service_sid = "ZS", asset_sid = "ZH", path = "/", visibility = "public" })
      refused(
         "did you mean 'visibility'",
         {
            service_sid = "ZS", asset_sid = "ZH", path = "/", visiblity = "public",
            content = content,
         })
      refused("one table", nil)
      refused(
         "parameter 'path' holds a function",
         {
            service_sid = "ZS", asset_sid = "ZH", path = { print }, visibility = "x",
            content = content,
         })
      refused("field 'Content' needs one of", { service_sid = "ZS", asset_sid = "ZH", path = "/", visibility = "public",
         content = { path = "a", text = "b" } })
      assert.equal(0, #transport.requests)
   end)

   it("raises the mistakes of a file that is the whole body", function()
      local client, transport = fake.client()
      local function refused(text, arguments)
         local ok, why = pcall(function() upload.conversation_media(client, arguments) end)
         assert.is_false(ok)
         assert.matches("upload_spec%.lua:%d+: .*" .. text, why)
      end
      refused("missing required parameter 'chat_service_sid'", { content = { path = path } })
      refused("missing required parameter 'content'", { chat_service_sid = "IS1" })
      refused("'content' is a file", { chat_service_sid = "IS1", content = "bytes" })
      refused(
         "file needs one of path, handle and text",
         { chat_service_sid = "IS1", content = { path = path, text = "x" } })
      assert.equal(0, #transport.requests)
   end)

   it("goes with methods that have a body", function()
      local client = fake.client()
      for _, method in ipairs { "GET", "DELETE" } do
         local ok, why = pcall(function()
            client:request(method, "https://api.twilio.com/x", { multipart = { A = "x" } })
         end)
         assert.is_false(ok)
         assert.matches("upload_spec%.lua:%d+: client:request: multipart goes with POST", why)
      end
      assert.has_error(function()
         client:request("POST", "https://api.twilio.com/x", { multipart = { A = "x" }, form = {} })
      end)
      assert.has_error(function()
         client:request(
            "POST", "https://api.twilio.com/x", { multipart = { A = "x" }, file = { text = "" } })
      end)
   end)

   it("returns an error when a file isn't there", function()
      local client, transport = fake.client()
      local made, err = upload.asset_version(client, {
         service_sid = "ZS1", asset_sid = "ZH2", path = "/a", visibility = "public",
         content = { path = folder .. "/none" },
      })
      assert.is_nil(made)
      assert.equal("config", err.kind)
      assert.equal(0, #transport.requests)
   end)
end)

-- sandbox/lua/twilio/sandbox/behaviour/serverless.lua, through the client: what a deploy does.

local sandbox_client = require "support.sandbox_client"
local upload = require "twilio.upload"

describe("serverless", function()
   local box, client, service

   before_each(function()
      box, client = sandbox_client.new()
      service = assert(client.serverless.v1.services:create {
         unique_name = "shop", friendly_name = "Shop",
      })
   end)

   local function upload_function()
      local made = assert(service.functions:create { friendly_name = "Hello" })
      return assert(upload.function_version(client, {
         service_sid = service.sid, function_sid = made.sid, path = "/hello", visibility = "public",
         content = { filename = "hello.js", text = "exports.handler = 1" },
      }))
   end

   it("takes versions at its upload host", function()
      local version = upload_function()
      assert.matches("^ZN", version.sid)
      assert.same({ "/hello", "public" }, { version.path, version.visibility })
      local of = service.functions(version.function_sid).function_versions
      assert.equal(version.sid, assert(of:list())[1].sid)
      assert.equal(
         "exports.handler = 1", assert(of(version.sid).function_version_content():fetch()).content)
      local asset = assert(service.assets:create { friendly_name = "Logo" })
      local made = assert(upload.asset_version(client, {
         service_sid = service.sid, asset_sid = asset.sid, path = "/logo.png",
         visibility = "private", content = { filename = "logo.png", text = "PNG" },
      }))
      assert.same({ asset.sid, "/logo.png" }, { made.asset_sid, made.path })
   end)

   it("completes builds, which can be deployed then", function()
      local version = upload_function()
      local build = assert(service.builds:create { function_versions = { version.sid } })
      assert.equal("building", build.status)
      assert.same({ version.sid, "/hello" },
         { build.function_versions[1].sid, build.function_versions[1].path })
      local environment = assert(service.environments:create {
         unique_name = "dev", domain_suffix = "dev",
      })
      assert.matches("^shop%-%d%d%d%d%-dev%.twil%.io$", environment.domain_name)
      local _, err = environment.deployments:create { build_sid = build.sid }
      assert.equal(400, err.status)
      box:advance(2)
      assert.equal("completed", assert(build.build_status():fetch()).status)
      assert.equal("completed", assert(build:fetch()).status)
      assert(environment.deployments:create { build_sid = build.sid })
      assert.equal(build.sid, assert(environment:fetch()).build_sid)
   end)

   it("builds only versions that there are", function()
      local _, err = service.builds:create { function_versions = { "ZN" .. ("c"):rep(32) } }
      assert.same({ 404, 20404 }, { err.status, err.code })
      assert(service.builds:create {})
   end)
end)

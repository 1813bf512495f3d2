-- voice.v1.dialing_permissions.settings() is an instance below DialingPermissions whose path,
-- /v1/Settings, stands by itself on the host. It was put below its parent all the same:
-- /v1/DialingPermissions=/v1/Settings. Found by tools/conformance/run.lua.

local fake = require "support.fake"

it("an instance whose path stands by itself is not looked for below its parent", function()
   local client, transport = fake.client()
   client.voice.v1.dialing_permissions.settings():update { dialing_permissions_inheritance = true }
   assert.equal("https://voice.twilio.com/v1/Settings", transport.last.url)
   assert.equal("DialingPermissionsInheritance=true", transport.last.body)
end)

-- lua/twilio/resource/documentation.lua: where Twilio documents what.

local documentation = require "twilio.resource.documentation"
local model = require "twilio.call.model"
local place = require "twilio.call.place"

describe("documentation", function()
   it("is the nearest page", function()
      local root = "https://www.twilio.com/docs/"
      for page, at in pairs {
         ["messaging/api/message-resource"] = { domain = "api", names = { "accounts", "messages" } },
         ["verify/api/verification"] =
            { domain = "verify", names = { "services", "verifications" } },
         ["verify/api/service"] = { domain = "verify", names = { "services", "webhooks" } },
         ["video/api"] = { domain = "video", names = { "rooms" } },
         ["usage/api"] = {},
      } do
         assert.equal(root .. page, documentation.of(at))
      end
      assert.equal(root .. "studio/rest-api", documentation.of { domain = "studio" })
   end)

   it("is of resources that exist, in some version of the product", function()
      for key, page in pairs(documentation.pages) do
         assert.matches("^[%w/-]+$", page)
         local words = {}
         for word in key:gmatch "%S+" do words[#words + 1] = word end
         local found = key == ""
         for _, version in ipairs(key == "" and {} or place.version_names(words[1])) do
            local at = place.version(words[1], version)
            for i = 2, #words do at = at and place.child(at, words[i]) end
            found = found or at ~= nil
         end
         assert.is_true(found, key)
      end
      for _, domain in ipairs(model.domains()) do
         assert.is_string(documentation.of { domain = domain })
      end
   end)
end)

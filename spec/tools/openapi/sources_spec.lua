-- tools/openapi/sources.lua: the files together with what twilio-node has beside them.

package.path = "tools/?.lua;" .. package.path

local sources = require "openapi.sources"

describe("the sources", function()
   it("are files with what twilio-node has beside them", function()
      local docs, origins = { old_v1 = { paths = {} } }, { old_v1 = "a file" }
      local additions = {
         version = "1.2.3", documents = { new_v1 = { paths = {} } },
         patches = { old_v1 = { { path = "/paths/~1x", value = {} } } },
      }
      sources.add(docs, origins, additions)
      assert.same({ old_v1 = { paths = { ["/x"] = {} } }, new_v1 = { paths = {} } }, docs)
      assert.same({ old_v1 = "a file, twilio-node 1.2.3", new_v1 = "twilio-node 1.2.3" }, origins)
      assert.error_matches(function()
         sources.add(docs, origins, additions)
      end, "new_v1: the OpenAPI files have it now")
   end)
end)

-- The documents that the API data is made of: the OpenAPI files of npm's @twilio/cli-core but for
-- those that the overlay skips, and what twilio-node has beside them (twilio_node.json, which
-- `make generate` writes). Must not know what is made of them.

local cjson = require "cjson"
local files = require "files"
local patch = require "openapi.patch"

local sources = {}

local function origin_of(version, name)
   return ("@twilio/cli-core %s: twilio_%s.json"):format(version, name)
end

--- The OpenAPI files of a folder, but for those that the overlay skips.
-- @param decode (function | nil) text -> document; cjson's unless given
-- @return (table) name -> document, the names without "twilio_" and ".json"; (table) name -> where
--    it is from; (string) the package's version
function sources.files(folder, overlay, decode)
   local version = cjson.decode(files.read(folder .. "/../../../package.json")).version
   local docs, origins = {}, {}
   for _, name in ipairs(files.names(folder, "^twilio_(.*)%.json$")) do
      if not overlay.skip[name] then
         docs[name] = (decode or cjson.decode)(files.read(("%s/twilio_%s.json"):format(folder, name)))
         origins[name] = origin_of(version, name)
      end
   end
   return docs, origins, version
end

-- Puts what twilio-node has into these documents. additions: the decoded twilio_node.json.
function sources.add(docs, origins, additions)
   local from = ("twilio-node %s"):format(additions.version)
   for name, doc in pairs(additions.documents) do
      assert(not docs[name], name .. ": the OpenAPI files have it now")
      docs[name], origins[name] = doc, from
   end
   for name, changes in pairs(additions.patches) do
      patch.apply(docs[name], changes)
      origins[name] = origins[name] .. ", " .. from
   end
end

-- Both together. path: of twilio_node.json.
function sources.read(folder, path, overlay)
   local docs, origins, version = sources.files(folder, overlay)
   sources.add(docs, origins, cjson.decode(files.read(path)))
   return docs, origins, version
end

return sources

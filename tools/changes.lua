-- Prints what changed in the API data and in TwiML's grammar, as lines for CHANGELOG.md.
--
--   lua5.4 tools/changes.lua <lua/twilio of before> <lua/twilio of now>

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/?.lua;" .. package.path

local changes = require "openapi.changes"

-- Puts resources that stand in files of their own in their places.
local function join(folder, above)
   for name, node in pairs(above.nodes or {}) do
      local file = type(node) == "string" and node:match("^=(.*)$")
      if file then above.nodes[name] = dofile(("%s/api/%s.lua"):format(folder, file)) end
      if type(node) == "table" then
         join(folder, node.list or {})
         join(folder, node.item or {})
      end
   end
   return above
end

-- The index names a domain's versions, and so its files.
local function read(folder)
   local versions = {}
   for line in dofile(folder .. "/api/index.lua"):gmatch("[^\n]+") do
      local domain, rest = line:match("^(%S+) (.*)$")
      for version in rest:gmatch("%S+") do
         if domain ~= "shortcuts" then
            local data = dofile(("%s/api/%s_%s.lua"):format(folder, domain, version))
            versions[domain .. "." .. version] = join(folder, data)
         end
      end
   end
   return { versions = versions, grammar = dofile(folder .. "/twiml/grammar.lua") }
end

if #arg ~= 2 then
   io.stderr:write("usage: lua5.4 tools/changes.lua <lua/twilio of before> <lua/twilio of now>\n")
   os.exit(2)
end
for _, line in ipairs(changes(read(arg[1]), read(arg[2]))) do print(line) end

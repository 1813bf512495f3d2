-- Writes the reference.   lua5.4 tools/docs/generate.lua FOLDER [PRODUCT...]
--
-- Needs cmark for the guides. Ends with 1 if a link is broken.

package.path = "tools/?.lua;" .. package.path

local folder = arg[1]
local products = { (table.unpack or unpack)(arg, 2) } -- luacheck: ignore 113

local api = require "docs.api"
local files = require "files"
local guides = require "docs.guides"
local html = require "docs.html"
local links = require "docs.links"
local model = require "twilio.call.model"
local json = require "twilio.json"

local site = { files = {}, labels = {}, entries = {}, examples = {} }

if #products == 0 then products = model.domains() end
for _, product in ipairs(products) do api.add(site, product) end
local out = { "<h1>twilio for Lua</h1><h2>Guides and modules</h2><ul>" }
for _, one in ipairs(guides.add(site)) do
   out[#out + 1] = "<li>" .. html.link(one[2], one[1]) .. "</li>"
end
out[#out + 1] = "</ul><h2>Products</h2><ul>"
for _, product in ipairs(products) do
   local link = html.link("api/" .. product .. ".html", "client." .. product)
   out[#out + 1] = "<li>" .. link .. "</li>"
end
out[#out + 1] = "</ul>"
site.files["index.html"] = html.page("index.html", "Reference", table.concat(out, "\n"))
site.files["index.js"] = "const entries = " .. json.encode(site.entries) .. ";\n"
for _, name in ipairs { "search.js", "style.css" } do
   site.files[name] = files.read("tools/docs/" .. name)
end

os.execute(("mkdir -p '%s/api' '%s/guides' '%s/modules'"):format(
   folder, folder, folder))
for path, text in pairs(site.files) do
   files.write(folder .. "/" .. path, text)
end
local broken = links(site.files)
for _, text in ipairs(broken) do print("broken link: " .. text) end
print(("%d entries, %d examples, %d broken links"):format(
   #site.entries, #site.examples, #broken))
os.exit(#broken == 0 and 0 or 1)

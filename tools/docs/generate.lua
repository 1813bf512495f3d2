-- Writes the reference.   lua5.4 tools/docs/generate.lua FOLDER [PRODUCT...]
--
-- Needs cmark-gfm for the guides. Ends with 1 if a link is broken.

package.path = "tools/?.lua;" .. package.path

local folder = arg[1]
local products = { (table.unpack or unpack)(arg, 2) } -- luacheck: ignore 113

local api = require "docs.api"
local files = require "files"
local guides = require "docs.guides"
local html = require "docs.html"
local links = require "docs.links"
local modules = require "docs.modules"
local model = require "twilio.call.model"
local json = require "twilio.json"

local site = { files = {}, labels = {}, entries = {}, examples = {} }

if #products == 0 then products = model.domains() end
for _, product in ipairs(products) do api.add(site, product) end
local out = {}

local function section(title, list)
   out[#out + 1] = "<h2>" .. title .. '</h2><ul class="columns">'
   for _, one in ipairs(list) do
      out[#out + 1] = "<li>" .. html.link(one[2], one[1]) .. "</li>"
   end
   out[#out + 1] = "</ul>"
end

out[1] = "<h1>twilio for Lua</h1><p>Version " .. html.escape(require "twilio.util.version")
   .. ". Press <kbd>/</kbd> to search guides, modules, calls and parameters.</p>"
local for_users, for_contributors = guides.add(site)
section("Guides", for_users)
section("Modules", modules.add(site))
local links_of_products = {}
for i, product in ipairs(products) do
   links_of_products[i] = { "client." .. product, "api/" .. product .. ".html" }
end
section("Products", links_of_products)
section("For contributors", for_contributors)
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

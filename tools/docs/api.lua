-- The pages of the REST API: an index a product, a page a resource, all from twilio.describe.

local describe = require "twilio.resource.describe"
local example = require "docs.example"
local html = require "docs.html"
local terminal = require "twilio.resource.terminal"

local api = {}

--- A resource's page, from its label: "client.messages" -> "api/messages.html".
function api.path(label)
   return "api/" .. label:gsub("^client%.", ""):gsub("%b()", "-item") .. ".html"
end

local function type_of(one)
   local text = html.escape(terminal.type_of(one))
   if not one.values then return text end
   local values = {}
   for i, known in ipairs(one.values) do values[i] = "<code>" .. html.escape(known) .. "</code>" end
   return text .. ": " .. table.concat(values, " ") .. (one.others and " ..." or "")
end

local function add_rows(out, list, prefix)
   for _, one in ipairs(list) do
      local name = prefix .. one.name
      out[#out + 1] = ("<tr><td><code>%s</code>%s</td><td>%s</td></tr>"):format(html.escape(name),
         one.required and " <b>required</b>" or "", type_of(one))
      add_rows(out, one.members or one.fields or {}, name .. (one.array and "[]." or "."))
   end
   return out
end

local function rows(title, list)
   if not list or #list == 0 then return "" end
   return ("<h4>%s</h4><div class=wide><table>%s</table></div>"):format(title,
      table.concat(add_rows({}, list, ""), "\n"))
end

local function put_operation(out, one, anchor, record)
   out[#out + 1] = ('<section><h3 id="%s"><a href="#%s">%s</a></h3>'):format(anchor, anchor,
      html.escape(one.call))
   out[#out + 1] = ("<p><b>%s</b> <code>%s</code></p>"):format(one.verb, html.escape(one.url))
   local authentication = terminal.authentication(one)
   if authentication then out[#out + 1] = "<p>" .. html.escape(authentication) .. "</p>" end
   out[#out + 1] = rows("Parameters", one.parameters)
   for _, group in ipairs(one.any_of or {}) do
      out[#out + 1] = "<p>At least one of: " .. html.escape(table.concat(group, ", ")) .. "</p>"
   end
   if one.paging then out[#out + 1] = "<p>" .. terminal.paging(one.paging) .. "</p>" end
   local fields = rows("Fields", one.fields)
   if fields == record and fields ~= "" then
      fields = '<p>Gives ' .. html.escape(one.gives) .. ': <a href="#record">the fields</a>.</p>'
   elseif fields == "" then
      fields = "<p>Gives " .. html.escape(one.gives) .. ".</p>"
   end
   out[#out + 1] = fields
   out[#out + 1] = "<details><summary>Example</summary>" .. html.code(example.of(one))
      .. "</details></section>"
end

-- The names of parameters, and of members below them.
local names_of
function names_of(list)
   local names = {}
   for i, one in ipairs(list) do
      names[i] = one.name .. (one.members and " " .. names_of(one.members) or "")
   end
   return table.concat(names, " ")
end

local function links(out, title, labels)
   if #labels == 0 then return end
   out[#out + 1] = "<h2>" .. title .. "</h2><ul>"
   for _, label in ipairs(labels) do
      out[#out + 1] = "<li>" .. html.link(api.path(label):sub(5), label) .. "</li>"
   end
   out[#out + 1] = "</ul>"
end

-- Adds a resource's page and those of the resources below it.
local function add_resource(site, product, label)
   local path = api.path(label)
   if site.labels[path] then
      assert(site.labels[path] == label, label .. " would have the page of " .. site.labels[path])
      return
   end
   site.labels[path] = label
   local one = assert(describe.find(label))
   local record = rows("Fields", one.fields)
   local out = { ("<nav>%s</nav><h1>%s</h1>"):format(html.link(product .. ".html", product),
      html.escape(one.label)) }
   out[#out + 1] = "<p>" .. html.link(one.documentation, "Twilio's documentation") .. "</p>"
   site.entries[#site.entries + 1] = { label, path }
   for _, side in ipairs { "list", "instance" } do
      local of = one[side]
      for _, method in ipairs(of and of.methods or {}) do
         local anchor = side .. "-" .. method
         put_operation(out, of.operations[method], anchor, record)
         local call = of.operations[method].call
         site.entries[#site.entries + 1] =
            { call, path .. "#" .. anchor, names_of(of.operations[method].parameters) }
         site.examples[#site.examples + 1] = { call, example.of(of.operations[method]) }
      end
   end
   if record ~= "" then out[#out + 1] = '<h2 id="record">Record</h2>' .. record end
   links(out, "Resources below it", one.resources)
   site.files[path] = html.page(path, one.label, table.concat(out, "\n"))
   for _, below in ipairs(one.resources) do add_resource(site, product, below) end
end

--- Adds a product's pages.
-- @param site (table) { files = path -> text, labels = path -> label, entries = array of { name,
--    path, text | nil: what else the search finds it by }, examples = array }
-- @param product (string) "verify"
function api.add(site, product)
   local one = assert(describe.find("client." .. product))
   local path = "api/" .. product .. ".html"
   local out = { "<h1>" .. html.escape(one.label) .. "</h1><p>"
      .. html.link(one.documentation, "Twilio's documentation") .. "</p>" }
   for _, version in ipairs(one.versions) do links(out, version.label, version.resources) end
   site.files[path] = html.page(path, one.label, table.concat(out, "\n"))
   site.entries[#site.entries + 1] = { one.label, path }
   for _, label in ipairs(one.resources) do add_resource(site, product, label) end
end

return api

-- The pages of the public modules: signatures, descriptions, arguments, results, errors, examples,
-- from the annotations that editors read.

local annotations = require "docs.annotations"
local files = require "files"
local html = require "docs.html"

local modules = {}

--- The modules, in the order in which they are shown.
modules.names = {
   "twilio", "twilio.webhook", "twilio.webhook.openresty", "twilio.webhook.lapis",
   "twilio.webhook.http", "twilio.twiml", "twilio.twiml.voice", "twilio.twiml.messaging",
   "twilio.twiml.fax", "twilio.jwt", "twilio.json", "twilio.upload", "twilio.sandbox", "twilio.outbox",
   "twilio.runtime.cqueues", "twilio.runtime.luv",
}

--- The annotations of a module. @return (table) of annotations.read
function modules.read(name)
   return annotations.read(files.read("types/library/" .. name:gsub("%.", "/") .. ".lua"))
end

local function path_of(name) return "modules/" .. name .. ".html" end

-- Text with `code` in it.
local function inline(text)
   return (html.escape(text):gsub("`([^`]+)`", "<code>%1</code>"))
end

-- A type's text, with links to the classes that a page has. @param places (table) name -> href
local function show_type(text, places)
   local out = html.escape(text):gsub("twilio[%w_.]*", function(name)
      return places[name] and ('<a href="%s">%s</a>'):format(places[name], name)
   end)
   return "<code>" .. out:gsub("|", "<wbr>|") .. "</code>"
end

local function put_text(out, one)
   for _, paragraph in ipairs(one.description) do
      out[#out + 1] = "<p>" .. inline(paragraph) .. "</p>"
   end
end

-- @param tells_required (boolean) the list is what a program gives
local function put_rows(out, title, list, places, tells_required)
   if #list == 0 then return end
   out[#out + 1] = ("<h4>%s</h4><div class=wide><table class=three>"):format(title)
   for _, one in ipairs(list) do
      out[#out + 1] = ("<tr><td><code>%s</code>%s</td><td>%s</td><td>%s</td></tr>"):format(
         html.escape(one.name or ""),
         tells_required and one.optional == false and " <b>required</b>" or "",
         show_type(one.type, places), inline(one.description))
   end
   out[#out + 1] = "</table></div>"
end

local function put_example(out, one)
   if one.example then out[#out + 1] = "<h4>Example</h4>" .. html.code(one.example) end
end

-- "jwt.decode(text, key, options)"
local function signature(fun, owner)
   local words = {}
   for i, parameter in ipairs(fun.parameters) do words[i] = parameter.name end
   local mark = fun.is_method and ":" or "."
   return ("%s%s%s(%s)"):format(owner, mark, fun.name, table.concat(words, ", "))
end

local function anchor_of(class, fun) return class.name .. "." .. fun.name end

local function put_function(out, class, fun, owner, places)
   local anchor = anchor_of(class, fun)
   out[#out + 1] = ('<section><h3 id="%s"><a href="#%s">%s</a></h3>'):format(anchor, anchor,
      html.escape(signature(fun, owner)))
   put_text(out, fun)
   put_rows(out, "Arguments", fun.parameters, places, true)
   put_rows(out, "Results", fun.results, places)
   if fun.errors then out[#out + 1] = "<p><b>Errors</b>: " .. inline(fun.errors) .. "</p>" end
   put_example(out, fun)
   out[#out + 1] = "</section>"
end

-- Classes that the library makes, so that no field of theirs is "required".
local made = {}
for name in ([[Error Response Page Description LogEvent WebhookFacts MapResult Runtime Client
   OutboxSummary OutboxStatus OutboxReport OutboxRow]])
   :gmatch "%S+" do
   made["twilio." .. name] = true
end

-- A class's name in programs: twilio.Sandbox -> box.
local owners = {
   ["twilio.Client"] = "client", ["twilio.Methods"] = "resource", ["twilio.Task"] = "task",
   ["twilio.Webhook"] = "webhook", ["twilio.Sandbox"] = "box", ["twilio.Outbox"] = "list", ["twilio.twiml.Node"] = "node",
}

local function put_class(out, class, places)
   out[#out + 1] = ('<section><h3 id="%s"><a href="#%s">%s</a></h3>'):format(class.name, class.name,
      html.escape(class.name))
   put_text(out, class)
   if class.parents ~= "" then
      out[#out + 1] = "<p>Has all of " .. show_type(class.parents, places) .. ".</p>"
   end
   put_rows(out, "Fields", class.fields, places, not made[class.name])
   put_example(out, class)
   out[#out + 1] = "</section>"
   for _, fun in ipairs(class.functions) do
      put_function(out, class, fun, owners[class.name], places)
   end
end

-- Classes of editors only, and those of the grammar: their elements have a page.
local function is_shown(class, main)
   return class ~= main and (#class.fields > 0 or #class.functions > 0)
end

-- Links to the functions of a class.
local function contents(class, owner)
   local links = {}
   for i, fun in ipairs(class.functions) do
      links[i] = ('<a href="#%s">%s</a>'):format(anchor_of(class, fun),
         (fun.is_method and ":" or ".") .. fun.name)
   end
   if #links == 0 then return "" end
   return ('<p class="contents"><code>%s</code> %s</p>'):format(owner, table.concat(links, " "))
end

local function body_of(module, places)
   local main = module.main
   local out = { "<h1>" .. module.name .. "</h1>" }
   put_text(out, main)
   out[#out + 1] = html.code(("local %s = require %q"):format(module.variable, module.name))
   put_example(out, main)
   if #main.functions > 0 then
      out[#out + 1] = "<p>The examples have <code>twilio</code>, the module's name and a "
         .. "<code>client</code> from before.</p>"
   end
   for _, class in ipairs(module.classes) do
      local owner = class == main and module.variable or owners[class.name]
      if owner then out[#out + 1] = contents(class, owner) end
   end
   put_rows(out, "Fields", main.fields, places)
   for _, fun in ipairs(main.functions) do put_function(out, main, fun, module.variable, places) end
   local is_first = true
   for _, class in ipairs(module.classes) do
      if is_shown(class, main) then
         if is_first then out[#out + 1] = "<h2>Objects and tables</h2>" end
         is_first = false
         put_class(out, class, places)
      end
   end
   for i, alias in ipairs(module.aliases) do
      if i == 1 then out[#out + 1] = "<h2>Values</h2>" end
      out[#out + 1] = ('<section><h3 id="%s">%s</h3>'):format(alias.name, alias.name)
      put_text(out, alias)
      out[#out + 1] = "<p>" .. show_type(alias.type, places) .. "</p></section>"
   end
   return table.concat(out, "\n")
end

-- TwiML's languages -------------------------------------------------------------------------------

-- Attributes in snake_case only: the wire's spelling is beside each in the annotations.
local function attributes_of(class)
   local names, has_snake = {}, {}
   for _, field in ipairs(class.fields) do has_snake[field.name:gsub("_", ""):lower()] = true end
   for _, field in ipairs(class.fields) do
      if not (field.name:find "%u" and has_snake[field.name:lower()]) then
         names[#names + 1] = "<code>" .. html.escape(field.name) .. "</code>"
      end
   end
   return names
end

local function twiml_body(module)
   local language = module.name:match "[^.]+$"
   local by_name, out = {}, {}
   for _, class in ipairs(module.classes) do by_name[class.name] = class end
   out[1] = "<h1>" .. module.name .. "</h1><p>The elements of a document, each with its attributes "
      .. "and the elements that it holds. Children and texts stand in the array part of the table, "
      .. "attributes beside them; a text alone is the content.</p>"
   out[2] = html.code(("local %s = require %q\nprint(%s.Response { ... })"):format(language,
      module.name, language))
   for _, class in ipairs(module.classes) do
      local tag = class.name:match "^twilio%.twiml%.%w+%.(%w+)$"
      if tag then
         out[#out + 1] = ('<section><h3 id="%s"><a href="#%s">%s.%s</a></h3>'):format(tag, tag,
            language, tag)
         local names = attributes_of(by_name[class.name .. ".Attributes"])
         local attributes = #names > 0 and table.concat(names, " ") or "none"
         out[#out + 1] = "<p>Attributes: " .. attributes .. "</p>"
         local children = {}
         for i, field in ipairs(class.fields) do
            local child = field.type:match "twilio%.twiml%.%w+%.(%w+)$"
            children[i] = ('<a href="#%s"><code>%s</code></a>'):format(child, field.name)
         end
         out[#out + 1] = "<p>Holds: " .. (#children > 0 and table.concat(children, " ") or "text")
            .. "</p></section>"
      end
   end
   return table.concat(out, "\n")
end

-- The site ----------------------------------------------------------------------------------------

-- All places of classes, relative to a module's page.
local function places_of(all)
   local places = {}
   for _, module in ipairs(all) do
      for _, class in ipairs(module.classes) do
         if is_shown(class, module.main) and not module.is_language then
            places[class.name] = module.name .. ".html#" .. class.name
         elseif class == module.main then
            places[class.name] = module.name .. ".html"
         end
      end
      for _, alias in ipairs(module.is_language and {} or module.aliases) do
         places[alias.name] = module.name .. ".html#" .. alias.name
      end
   end
   return places
end

local function words_of(one)
   return ((table.concat(one.description or {}, " ") .. " " .. (one.errors or "")):gsub("`", ""))
end

local function add_entries(site, module, path)
   for _, class in ipairs(module.classes) do
      local owner = class == module.main and module.variable or owners[class.name]
      local words = { words_of(class) }
      for _, field in ipairs(class.fields) do
         words[#words + 1] = field.name .. " " .. field.description
      end
      if is_shown(class, module.main) then
         table.insert(site.entries,
            { class.name, path .. "#" .. class.name, table.concat(words, " ") })
      end
      for _, fun in ipairs(class.functions) do
         for _, parameter in ipairs(fun.parameters) do
            words[#words + 1] = parameter.name .. " " .. parameter.description
         end
         table.insert(site.entries, { signature(fun, owner), path .. "#" .. anchor_of(class, fun),
            words_of(fun) })
      end
   end
end

--- Adds the pages. @param site (table) as of docs.api
-- @return (array) { title, path }
function modules.add(site)
   local all, list = {}, {}
   for i, name in ipairs(modules.names) do
      all[i] = modules.read(name)
      all[i].is_language = name:find "^twilio%.twiml%." ~= nil
   end
   local places = places_of(all)
   for _, module in ipairs(all) do
      local path = path_of(module.name)
      local body = module.is_language and twiml_body(module) or body_of(module, places)
      site.files[path] = html.page(path, module.name, body)
      table.insert(site.entries, { module.name, path })
      if module.is_language then
         for tag in body:gmatch '<h3 id="(%w+)"' do
            local language = module.name:match "[^.]+$"
            table.insert(site.entries, { language .. "." .. tag, path .. "#" .. tag })
         end
      else
         add_entries(site, module, path)
      end
      list[#list + 1] = { module.name, path }
   end
   return list
end

return modules

-- The guides of docs/*.md, rendered by cmark-gfm (cmark itself knows no tables).

local html = require "docs.html"

local guides = {}

local function output_of(command)
   local pipe = assert(io.popen(command))
   local text = pipe:read "*a"
   assert(pipe:close())
   return text
end

-- Headings get the ids that GitHub gives them.
local function with_ids(text)
   return (text:gsub("<(h%d)>(.-)</h%d>", function(tag, inner)
      local id = inner:gsub("<[^>]*>", ""):gsub("&%w+;", ""):lower()
         :gsub("[^%w%s_-]", ""):gsub("%s", "-")
      return ('<%s id="%s">%s</%s>'):format(tag, id, inner, tag)
   end))
end

-- Links to guides lead to their pages; those to other files of the checkout, which must be there,
-- become plain text.
local function with_links(path, text)
   return (text:gsub('<a href="([^"]*)">(.-)</a>', function(href, inner)
      if href:find "^%a+:" or href:find "^#" then return nil end
      local name, anchor = href:match "^([%w_-]+)%.md(#?.*)$"
      if name and not href:find "/" then
         return ('<a href="%s.html%s">%s</a>'):format(name, anchor, inner)
      end
      local file = io.open("docs/" .. href:match "^[^#]*")
      if not file then error(path .. ": no file " .. href, 0) end
      file:close()
      return inner
   end))
end

-- Tables scroll by themselves where they are too wide; a head without titles is none.
local function with_tables(text)
   return (text:gsub("<thead>(.-)</thead>", function(head)
      return not head:gsub("<[^>]*>", ""):find "%S" and "" or nil
   end):gsub("<table>", "<div class=wide><table>"):gsub("</table>", "</table></div>"))
end

local function plain(body)
   return (body:gsub("<[^>]*>", ""):gsub("&lt;", "<"):gsub("&gt;", ">"):gsub("&quot;", '"')
      :gsub("&amp;", "&"):gsub("%s+", " "))
end

-- An entry of the search for each section, with its text.
local function add_entries(site, path, title, body)
   local heading, anchor, at = title, "", 1
   for before, id, inner, after in body:gmatch '()<h[23] id="([^"]*)">(.-)</h[23]>()' do
      table.insert(site.entries, { heading, path .. anchor, plain(body:sub(at, before - 1)) })
      heading, anchor, at = title .. ": " .. plain(inner), "#" .. id, after
   end
   table.insert(site.entries, { heading, path .. anchor, plain(body:sub(at)) })
end

-- Pages about the project itself.
local inside = { architecture = true, releasing = true }

-- Begin with these; the others follow by name.
local first = { "getting-started", "questions", "messages", "voice", "verify", "webhooks", "errors" }

local function names_in_order()
   local names, known = {}, {}
   for i, name in ipairs(first) do names[i], known[name] = name, true end
   for name in output_of("ls docs/*.md"):gmatch "([^/\n]+)%.md" do
      if not known[name] then names[#names + 1] = name end
   end
   return names
end

--- Adds all of them. @return (array) { title, path }, (array) those about the project itself
function guides.add(site)
   local lists = { {}, {} }
   for _, name in ipairs(names_in_order()) do
      local path = "docs/" .. name .. ".md"
      local body = with_tables(with_links(path, with_ids(output_of("cmark-gfm -e table " .. path))))
      local title, list = body:match "<h1[^>]*>(.-)</h1>" or name, lists[inside[name] and 2 or 1]
      local target = "guides/" .. name .. ".html"
      title = plain(title)
      site.files[target] = html.page(target, title, body)
      add_entries(site, target, title, body)
      list[#list + 1] = { title, target }
   end
   return lists[1], lists[2]
end

return guides

-- The guides of docs/*.md, rendered by cmark, and the public modules' types as pages.

local files = require "files"
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

local function add(site, list, path, title, body)
   site.files[path] = html.page(path, title, body)
   site.entries[#site.entries + 1] = { title, path }
   list[#list + 1] = { title, path }
end

--- Adds all of them. @return (array) { title, path }
function guides.add(site)
   local list = {}
   for path in output_of("ls docs/*.md"):gmatch "[^\n]+" do
      local name = path:match "([^/]+)%.md$"
      local body = with_links(path, with_ids(output_of("cmark " .. path)))
      local title = body:match "<h1[^>]*>(.-)</h1>" or name
      add(site, list, "guides/" .. name .. ".html", title:gsub("<[^>]*>", ""), body)
   end
   local types = output_of "ls types/library/twilio.lua types/library/twilio/*.lua"
   for path in types:gmatch "[^\n]+" do
      local name = path:match "types/library/(.+)%.lua$":gsub("/", ".")
      local body = "<h1>" .. name .. "</h1><p>The types, as an editor reads them.</p>"
         .. html.code(files.read(path))
      add(site, list, "modules/" .. name .. ".html", name, body)
   end
   return list
end

return guides

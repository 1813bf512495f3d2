-- The frame that all pages of the reference share, and how text becomes HTML.

local html = {}

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }

--- Text as HTML.
function html.escape(text) return (tostring(text):gsub('[&<>"]', entities)) end

--- A link. @param href (string) relative to the page; text (string) plain
function html.link(href, text)
   return ('<a href="%s">%s</a>'):format(html.escape(href), html.escape(text))
end

--- A block of Lua.
function html.code(text) return "<pre><code>" .. html.escape(text) .. "</code></pre>" end

local FRAME = [[
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%s - twilio for Lua</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="%sstyle.css">
</head>
<body>
<header>
<a class="home" href="%sindex.html">twilio for Lua</a>
<form role="search"><input id="search" type="search" placeholder="Search ( / )"
 aria-label="Search" autocomplete="off"></form>
<ul id="results" hidden></ul>
</header>
<main>
%s
</main>
<script>const root = "%s";</script>
<script src="%sindex.js" defer></script>
<script src="%ssearch.js" defer></script>
</body>
</html>
]]

--- A page.
-- @param path (string) below the reference's folder: "api/verify/index.html"
-- @param title (string) plain text
-- @param body (string) HTML
function html.page(path, title, body)
   local root = path:gsub("[^/]+/", "../"):gsub("[^/]*$", "")
   return FRAME:format(html.escape(title), root, root, body, root, root, root)
end

return html

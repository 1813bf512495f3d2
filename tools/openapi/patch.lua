-- JSON pointers (RFC 6901) and JSON patches (RFC 6902) of three operations, "add" (where none is
-- named), "replace" and "remove" (of objects' members), on decoded documents.
-- tools/mock_server/merge.mjs does the same for the mock server.

local patch = {}

-- "/paths/~1v2~1Rules/post" from the keys on the way.
function patch.pointer(...)
   local out = {}
   for i, key in ipairs { ... } do out[i] = "/" .. key:gsub("~", "~0"):gsub("/", "~1") end
   return table.concat(out)
end

-- The key of a table that a word of a pointer means: arrays count from 0, "-" is the place after
-- the last.
local function key_of(parent, word)
   if #parent == 0 then return word end
   return word == "-" and #parent + 1 or tonumber(word) + 1
end

-- The value at the end of a pointer but for its last words, and the last word.
local function walk(doc, pointer, stop)
   local words = {}
   for word in pointer:gmatch("/([^/]*)") do
      words[#words + 1] = (word:gsub("~1", "/"):gsub("~0", "~"))
   end
   local node = doc
   for i = 1, #words - stop do
      node = node[key_of(node, words[i])]
      assert(type(node) == "table", pointer .. ": nothing there")
   end
   return node, words[#words]
end

-- The table at a pointer.
function patch.get(doc, pointer)
   return (walk(doc, pointer, 0))
end

-- Applies a list of { op = "add" | "replace" | "remove" | nil, path, value } to a document, in
-- order.
-- Adding to what is there already is an error, as is replacing or removing what isn't.
function patch.apply(doc, changes)
   for _, change in ipairs(changes) do
      local parent, word = walk(doc, change.path, 1)
      local key = key_of(parent, word)
      local is_there, is_new = parent[key] ~= nil, (change.op or "add") == "add"
      assert(
         is_there ~= is_new,
         change.path .. (is_there and ": something is there already" or ": nothing there"))
      assert(
         (change.value == nil) == (change.op == "remove"),
         change.path .. ": a value where none belongs, or none")
      parent[key] = change.value
   end
end

return patch

-- Writing Lua source: an order for what has none, and names as table keys.

local source = {}

-- The keys of a table, sorted: what the JSON files leave unordered comes out the same every time.
function source.sorted_keys(t)
   local keys = {}
   for key in pairs(t) do keys[#keys + 1] = key end
   table.sort(keys)
   return keys
end

local keywords = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true
  until while]]):gmatch("%a+") do keywords[word] = true end

-- A name as a key in a table constructor.
function source.key(name)
   if keywords[name] or not name:match("^[%a_][%w_]*$") then return ("[%q]"):format(name) end
   return name
end

return source

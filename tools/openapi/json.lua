-- JSON to be read by people and kept in a repository: sorted, one member a line, short values on
-- one.

local sorted_keys = require("openapi.source").sorted_keys

local WIDTH = 120

local json = {}

-- [] where an empty table is {}.
json.empty_array = setmetatable({}, { __name = "empty array" })

local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\t"] = "\\t" }

local function text(value)
   return '"' .. value:gsub('[%c"\\]', function(c)
      return escapes[c] or ("\\u%04x"):format(c:byte())
   end) .. '"'
end

local write

-- The parts between the brackets of a table.
local function parts_of(value, indent)
   local parts = {}
   if #value > 0 then
      for i, item in ipairs(value) do parts[i] = write(item, indent) end
   else
      for _, key in ipairs(sorted_keys(value)) do
         parts[#parts + 1] = text(key) .. ": " .. write(value[key], indent)
      end
   end
   return parts
end

function write(value, indent)
   if type(value) == "string" then return text(value) end
   if type(value) ~= "table" then return tostring(value) end
   if value == json.empty_array then return "[]" end
   local open, close = "{", "}"
   if #value > 0 then open, close = "[", "]" end
   local inner = indent .. " "
   local parts = parts_of(value, inner)
   local line = open .. table.concat(parts, ", ") .. close
   if #indent + #line <= WIDTH and not line:find("\n", 1, true) then return line end
   return open .. "\n" .. inner .. table.concat(parts, ",\n" .. inner) .. "\n" .. indent .. close
end

-- A value as JSON text. Tables with items are arrays, empty ones objects.
function json.encode(value) return write(value, "") .. "\n" end

return json

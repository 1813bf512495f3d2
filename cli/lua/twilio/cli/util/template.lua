-- cli/util/template.lua: texts with places for a row's values: "Hi {name}". {{ and }} stand for
-- braces. Pure.

local mistakes = require "twilio.util.mistakes"

local template = {}

--- Reads a template.
-- @param text (string)
-- @param names (array of strings) the columns that there are
-- @return (function) fill(row) -> text; row: (table) name -> text
-- @return[2] nil, (string) a mistake in it
function template.compile(text, names)
   local known = {}
   for _, name in ipairs(names) do known[name] = true end
   local parts, place = {}, 1 -- texts, and { name }
   while true do
      local brace = text:find("[{}]", place)
      parts[#parts + 1] = text:sub(place, (brace or #text + 1) - 1)
      if not brace then break end
      local character = text:sub(brace, brace)
      if text:sub(brace + 1, brace + 1) == character then
         parts[#parts + 1], place = character, brace + 2
      elseif character == "}" then
         return nil, "a '}' without its '{' (write '}}' for a brace)"
      else
         local last = text:find("}", brace, true)
         if not last then return nil, "a '{' without its '}' (write '{{' for a brace)" end
         local name = text:sub(brace + 1, last - 1)
         if not known[name] then
            local meant = mistakes.meant(name, names)
            return nil, ("unknown column '%s'%s"):format(name,
               meant and (" (did you mean '%s'?)"):format(meant) or "")
         end
         parts[#parts + 1], place = { name }, last + 1
      end
   end
   return function(row)
      local out = {}
      for i, part in ipairs(parts) do out[i] = type(part) == "table" and row[part[1]] or part end
      return table.concat(out)
   end
end

return template

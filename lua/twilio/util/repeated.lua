-- util/repeated.lua: names that may come several times: headers, the fields of a form.

local repeated = {}

--- Adds a value; a name that comes again gets an array of its values, in their order.
-- @param values (table) name -> text, or an array of texts; changed
-- @param name (string), value (string)
function repeated.add(values, name, value)
   local before = values[name]
   if type(before) == "table" then
      before[#before + 1] = value
   else
      values[name] = before and { before, value } or value
   end
end

return repeated

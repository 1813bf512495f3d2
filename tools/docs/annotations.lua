-- Reads what the annotations of a module (types/library) say to people: descriptions, names, types
-- as text, examples. tools/types/read.lua reads the same files for the checker of programs.
--
-- A module is { name, classes = array, aliases = array, main, variable }. A class is { name,
-- parents, description = array of paragraphs, example, fields = array of { name, type, optional,
-- description }, functions = array }. A function is { name, owner, is_method,
-- parameters = array of { name, type, optional, description }, results = array of { type, name,
-- description }, description, errors, example }.

local types = require "types.read"

local annotations = {}

-- Splits the lines of a description into paragraphs, what it says of errors, and the example.
local function read_description(lines)
   local out, paragraph, example, is_code = { description = {} }, {}, {}, false
   local function close()
      local text = table.concat(paragraph, " ")
      paragraph = {}
      local errors = text:match "^Errors: (.*)$"
      if errors then out.errors = errors
      elseif text ~= "" then table.insert(out.description, text) end
   end
   for _, line in ipairs(lines) do
      if line:find "^```" then
         is_code = not is_code
         close()
      elseif is_code then
         example[#example + 1] = line
      elseif line == "" then
         close()
      else
         paragraph[#paragraph + 1] = line
      end
   end
   close()
   if #example > 0 then out.example = table.concat(example, "\n") end
   return out
end

-- "string? text of it" -> "string?", "text of it"
local function split_type(text)
   local _, rest = types.type(text)
   return text:sub(1, #text - #rest), rest:match "^%s*(.-)%s*$"
end

local handlers = {}

function handlers.class(state, rest)
   local name, parents = rest:match "^([%w_.]+)%s*:?%s*(.*)$"
   local class = read_description(state.lines)
   class.name, class.parents, class.fields, class.functions = name, parents, {}, {}
   state.class = class
   table.insert(state.module.classes, class)
end

function handlers.alias(state, rest)
   local name, kind = rest:match "^([%w_.]+)%s+(.*)$"
   local alias = read_description(state.lines)
   alias.name, alias.type = name, kind
   table.insert(state.module.aliases, alias)
end

function handlers.field(state, rest)
   local name, mark, text = rest:match '^%["([^"]+)"%](%??)%s+(.*)$'
   if not name then name, mark, text = rest:match "^([%w_]+)(%??)%s+(.*)$" end
   if not name then return end -- the array part of TwiML's tables
   local kind, description = split_type(text)
   table.insert(state.class.fields,
      { name = name, type = kind, optional = mark == "?", description = description })
end

handlers["param"] = function(state, rest)
   local name, mark, text = rest:match "^([%w_.]+)(%??)%s+(.*)$"
   local kind, description = split_type(text)
   table.insert(state.parameters,
      { name = name, type = kind, optional = mark == "?", description = description })
end

handlers["return"] = function(state, rest)
   local kind, description = split_type(rest)
   local name, more = description:match "^([%w_.]+)%s*(.*)$"
   table.insert(state.results, { type = kind, name = name, description = more or "" })
end

function handlers.meta(state, rest) state.module.name = rest end

local function forget(state) state.lines, state.parameters, state.results = {}, {}, {} end

local function code(state, line)
   local variable = line:match "^local ([%w_]+) = {}"
   if variable then state.variables[variable] = state.class end
   local owner, mark, name = line:match "^function ([%w_]+)([.:])([%w_]+)"
   if owner then
      local fun = read_description(state.lines)
      fun.name, fun.owner, fun.is_method = name, owner, mark == ":"
      fun.parameters, fun.results = state.parameters, state.results
      table.insert(state.variables[owner].functions, fun)
   end
   local returned = line:match "^return ([%w_]+)"
   if returned then
      state.module.main, state.module.variable = state.variables[returned], returned
   end
   forget(state)
end

local belongs_to_class = { field = true, overload = true }
local keeps_lines = { param = true, ["return"] = true, meta = true }

--- Reads a file's text. @return (table) a module; `main` is the class that it returns, `variable`
-- the name that its functions have there
function annotations.read(text)
   local state = { module = { classes = {}, aliases = {} }, variables = {} }
   forget(state)
   for line in text:gmatch "[^\n]+" do
      local tag, rest = line:match "^%-%-%-@(%w+)%s*(.*)$"
      if tag then
         if handlers[tag] then handlers[tag](state, rest) end
         if not keeps_lines[tag] and not belongs_to_class[tag] then forget(state) end
      elseif line:find "^%-%-%-" then
         table.insert(state.lines, line:sub(4))
      elseif line:find "^%-%-" then
         state.lines = {}
      else
         code(state, line)
      end
   end
   return state.module
end

return annotations

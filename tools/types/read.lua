-- Reads LuaCATS annotations: the part of the language that types/ uses.
--
-- A type is a table: { kind = "name", name } | { kind = "literal", value } | { kind = "union",
-- ... } | { kind = "list", of } | { kind = "map", key, value } | { kind = "fun", parameters = { { name,
-- type, optional } ... }, results = { type ... }, method = true, rest = true | type } | { kind = "object", fields }.
-- Must not know what programs are.

local read_file = require("files").read

local read = {}

local TEXT = {}
TEXT.__index = TEXT

function TEXT:take(pattern)
   local found, after = self.text:match("^%s*(" .. pattern .. ")()", self.at)
   if found then self.at = after end
   return found
end

function TEXT:expect(pattern)
   return self:take(pattern)
      or error(("'%s' expected in: %s"):format(pattern, self.text:sub(self.at)), 0)
end

local read_type

local function read_results(text)
   local results = {}
   repeat
      results[#results + 1] = read_type(text)
   until not text:take(",")
   return results
end

local function read_fun(text)
   local out = { kind = "fun", parameters = {}, results = {} }
   text:expect "%("
   while not text:take "%)" do
      local name = text:expect "[%w_.]+"
      local parameter = { name = name, optional = text:take "%?" ~= nil }
      parameter.type = text:take ":" and read_type(text) or nil
      if name == "self" and #out.parameters == 0 then
         out.method = true
      elseif name == "..." then
         out.rest = parameter.type or true
      else
         out.parameters[#out.parameters + 1] = parameter
      end
      text:take ","
   end
   if text:take ":" then out.results = read_results(text) end
   return out
end

local function read_object(text)
   local out = { kind = "object", fields = {} }
   while not text:take "}" do
      local name = text:expect "[%w_]+"
      local is_optional = text:take "%?" ~= nil
      text:expect ":"
      out.fields[name] = { type = read_type(text), optional = is_optional }
      text:take ","
   end
   return out
end

local function read_simple(text)
   local literal = text:take '"[^"]*"'
   if literal then return { kind = "literal", value = literal:sub(2, -2) } end
   if text:take "%(" then
      local inner = read_type(text)
      text:expect "%)"
      return inner
   end
   if text:take "{" then return read_object(text) end
   local name = text:expect "[%a_][%w_.*]*"
   if name == "fun" then return read_fun(text) end
   if text:take "<" then
      local key = read_type(text)
      text:expect ","
      local value = read_type(text)
      text:expect ">"
      return { kind = "map", key = key, value = value }
   end
   return { kind = "name", name = name }
end

local function read_postfix(text)
   local out = read_simple(text)
   while true do
      if text:take "%[%]" then
         out = { kind = "list", of = out }
      elseif text:take "%?" then
         out = { kind = "union", out, { kind = "name", name = "nil" } }
      else
         return out
      end
   end
end

function read_type(text)
   local first = read_postfix(text)
   if not text:take "|" then return first end
   local union = { kind = "union", first }
   repeat
      union[#union + 1] = read_postfix(text)
   until not text:take "|"
   return union
end

--- A type's text, and what follows it.
-- @return (table), (string) the rest
function read.type(text)
   local state = setmetatable({ text = text, at = 1 }, TEXT)
   local out = read_type(state)
   return out, text:sub(state.at)
end

-- Files ------------------------------------------------------------------------------------------

local handlers = {}

function handlers.class(world, rest, state)
   local name, parents = rest:match("^([%w_.]+)%s*:?%s*(.*)$")
   local class = world.classes[name] or { name = name, parents = {}, fields = {}, calls = {} }
   if world.classes[name] then world.again[#world.again + 1] = name end
   for parent in parents:gmatch("[%w_.]+") do class.parents[#class.parents + 1] = parent end
   world.classes[name], state.class = class, class
end

function handlers.field(_, rest, state)
   local name, mark, kind = rest:match('^%["([^"]+)"%](%??)%s+(.*)$')
   if not name then name, mark, kind = rest:match("^([%w_]+)(%??)%s+(.*)$") end
   if not name then
      state.class.items = read.type((rest:match("^%[integer%]%s+(.*)$")))
      return
   end
   assert(not state.class.fields[name], state.class.name .. ": a second field " .. name)
   state.class.fields[name] = { type = read.type(kind), optional = mark == "?" }
end

function handlers.overload(_, rest, state) table.insert(state.class.calls, (read.type(rest))) end

function handlers.alias(world, rest)
   local name, kind = rest:match("^([%w_.]+)%s+(.*)$")
   world.aliases[name] = read.type(kind)
end

function handlers.meta(_, rest, state) state.module = rest ~= "_" and rest or nil end

local function pending(state)
   state.fun = state.fun or { kind = "fun", parameters = {}, results = {} }
   return state.fun
end

handlers["param"] = function(_, rest, state)
   if rest:find "^%.%.%." then
      pending(state).rest = read.type((rest:match "^%.%.%.%s+(.*)$"))
      return
   end
   local name, mark, kind = rest:match("^([%w_]+)(%??)%s+(.*)$")
   local parameter = { name = name, type = read.type(kind), optional = mark == "?" }
   table.insert(pending(state).parameters, parameter)
end

handlers["return"] = function(_, rest, state)
   table.insert(pending(state).results, (read.type(rest)))
end

-- A line of code: `local jwt = {}`, `function jwt.decode(...) end`, `return jwt`.
local function code(world, line, state)
   local variable = line:match("^local ([%w_]+) = {}")
   if variable then state.variables[variable] = state.class end
   local owner, mark, name, arguments = line:match("^function ([%w_]+)([.:])([%w_]+)(%b())")
   if owner then
      local fun = state.fun or { kind = "fun", parameters = {}, results = {} }
      fun.method = mark == ":" or nil
      fun.rest = fun.rest or arguments:find("...", 1, true) ~= nil
      state.variables[owner].fields[name] = { type = fun }
   end
   local returned = line:match("^return ([%w_]+)")
   if returned and state.module then world.modules[state.module] = state.variables[returned] end
   state.fun = nil
end

--- An empty world of types.
function read.world() return { classes = {}, aliases = {}, modules = {}, again = {} } end

--- Adds a file's types to a world. A text that can't be read raises.
function read.text(world, text)
   local state = { variables = {} }
   for line in text:gmatch("[^\n]+") do
      local tag, rest = line:match("^%-%-%-@(%w+)%s*(.*)$")
      if tag then
         local handler = handlers[tag] or error("unknown annotation: " .. line, 0)
         handler(world, rest, state)
      elseif not line:find("^%s*%-%-") then
         code(world, line, state)
      end
   end
end

--- Reads all files below a folder. @return (table) { classes, aliases, modules }
function read.folder(folder)
   local world, files = read.world(), {}
   local listing = assert(io.popen("find '" .. folder .. "' -name '*.lua' | sort"))
   for path in listing:lines() do files[#files + 1] = path end
   listing:close()
   for _, path in ipairs(files) do
      local ok, message = pcall(read.text, world, read_file(path))
      if not ok then error(path .. ": " .. tostring(message), 0) end
   end
   return world, files
end

local basic = {}
for name in ([[any nil boolean string number integer table function userdata thread true false
   file* osdate self]]):gmatch("%S+") do basic[name] = true end

local function names_in(of, visit)
   if type(of) ~= "table" then return end
   if of.kind == "name" then visit(of.name) end
   for _, part in pairs(of) do names_in(part, visit) end
end

--- The names that are mentioned and are no class, no alias and no type of Lua.
-- @return (array of strings) "twilio.Nothing (in twilio.Client)", sorted
function read.unresolved(world)
   local missing = {}
   local function check(where, of)
      names_in(of, function(name)
         if not (basic[name] or world.classes[name] or world.aliases[name]) then
            missing[#missing + 1] = ("%s (in %s)"):format(name, where)
         end
      end)
   end
   for name, of in pairs(world.aliases) do check(name, of) end
   for name, class in pairs(world.classes) do
      for _, parent in ipairs(class.parents) do check(name, { kind = "name", name = parent }) end
      for _, field in pairs(class.fields) do check(name, field.type) end
      for _, call in ipairs(class.calls) do check(name, call) end
      check(name, class.items)
   end
   table.sort(missing)
   return missing
end

--- A field of a class or of those that it inherits from. @return (table | nil) { type, optional }
function read.field(world, class, name)
   if class.fields[name] then return class.fields[name] end
   for _, parent in ipairs(class.parents) do
      local found = world.classes[parent] and read.field(world, world.classes[parent], name)
      if found then return found end
   end
   return nil
end

--- The type of the array part of a class's tables. @return (table | nil) a type
function read.items(world, class)
   if class.items then return class.items end
   for _, parent in ipairs(class.parents) do
      local found = world.classes[parent] and read.items(world, world.classes[parent])
      if found then return found end
   end
   return nil
end

--- All fields of a class and of those that it inherits from. @return (table) name -> field
function read.fields(world, class, out)
   out = out or {}
   for name, field in pairs(class.fields) do out[name] = out[name] or field end
   for _, parent in ipairs(class.parents) do
      if world.classes[parent] then read.fields(world, world.classes[parent], out) end
   end
   return out
end

return read

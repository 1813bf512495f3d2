-- Checks the calls of a program against the types: misspelt names, missing arguments, wrong values.
--
-- Follows values through locals, fields, calls and loops, in one pass from the top; what it can't
-- follow has no type and is never complained about. luacheck's parser reads the program.

local decoder = require "luacheck.decoder"
local parser = require "luacheck.parser"
local read = require "types.read"

local program = {}

local Checker = {}
Checker.__index = Checker

function Checker:complain(node, text, ...)
   local one = { line = node.line, text = text:format(...) }
   -- A table of the program may be given to several calls.
   local key = one.line .. ":" .. one.text
   if self.told[key] then return end
   self.told[key] = true
   self.found[#self.found + 1] = one
end

-- Types ------------------------------------------------------------------------------------------

local function named(name) return { kind = "name", name = name } end

-- A table that the program has written: `node` is where, `fields` what it has got since, and
-- `is_open` says that it may have got more.
local function written(node)
   return { kind = "name", name = "table", node = node, fields = {}, is_open = false }
end

-- Aliases followed, unions flattened. @return (array of types)
function Checker:parts(of, out)
   out = out or {}
   if not of then return out end
   if of.kind == "union" then
      for _, part in ipairs(of) do self:parts(part, out) end
   elseif of.kind == "name" and self.world.aliases[of.name] then
      self:parts(self.world.aliases[of.name], out)
   else
      out[#out + 1] = of
   end
   return out
end

function Checker:class(of)
   for _, part in ipairs(self:parts(of)) do
      if part.kind == "name" and self.world.classes[part.name] then
         return self.world.classes[part.name]
      end
   end
   return nil
end

local function is_subclass(world, name, wanted)
   if name == wanted then return true end
   for _, parent in ipairs(world.classes[name] and world.classes[name].parents or {}) do
      if is_subclass(world, parent, wanted) then return true end
   end
   return false
end

local function show(of)
   if of.kind == "literal" then return ("%q"):format(of.value) end
   if of.kind == "name" then return of.name end
   if of.kind == "list" then return "a list" end
   if of.kind == "fun" then return "a function" end
   return "a table"
end

local function show_all(parts)
   local words = {}
   for i, part in ipairs(parts) do words[i] = show(part) end
   return table.concat(words, " or ")
end

local tables = { list = true, map = true, object = true }
local numbers = { integer = true, number = true }

-- Returns true if a value of one type can stand where another is wanted.
function Checker:fits(given, wanted)
   if wanted.kind == "name" and (wanted.name == "any" or wanted.name == "self") then return true end
   if given.kind == "literal" then
      if wanted.kind == "literal" then return given.value == wanted.value end
      return wanted.kind == "name" and wanted.name == "string"
   end
   if given.kind == "name" then
      if given.name == "any" then return true end
      if wanted.kind == "name" then
         if given.name == wanted.name or is_subclass(self.world, given.name, wanted.name) then
            return true
         end
         if wanted.name == "boolean" then return given.name == "true" or given.name == "false" end
         if wanted.name == "table" then return self.world.classes[given.name] ~= nil end
         if given.name == "table" then return self.world.classes[wanted.name] ~= nil end
         return numbers[given.name] and wanted.name == "number" or false
      end
      -- A text that the program has made may be one of the values.
      if wanted.kind == "literal" then return given.name == "string" end
      return given.name == "table" and (tables[wanted.kind] or false)
         or given.name == "function" and wanted.kind == "fun"
   end
   if wanted.kind == "name" then
      return wanted.name == "table" and tables[given.kind] == true
         or wanted.name == "function" and given.kind == "fun"
   end
   return given.kind == wanted.kind or (tables[given.kind] and tables[wanted.kind]) or false
end

-- Checks a value that has a type. A union fits if one part of it does: the rest is often nil.
function Checker:check_type(node, given, wanted, what)
   local parts = self:parts(wanted)
   for _, one in ipairs(self:parts(given)) do
      for _, part in ipairs(parts) do
         if self:fits(one, part) then return end
      end
   end
   self:complain(node, "%s must be %s, got %s", what, show_all(parts), show_all(self:parts(given)))
end

-- Tables as values -------------------------------------------------------------------------------

local function literal_key(key) return key.tag == "String" and key[1] or nil end

local function is_open_name(name) return name:find("^%u") ~= nil end

-- A table's named members against a class.
function Checker:check_members(node, class, what)
   local fields, seen, has_rest = read.fields(self.world, class), {}, false
   local items = read.items(self.world, class)
   for _, item in ipairs(node) do
      local name = item.tag == "Pair" and literal_key(item[1])
      if item.tag == "Dots" or (item.tag == "Pair" and not name) then has_rest = true end
      if name then
         local field = fields[name]
         local is_absent = field and field.optional and item[2].tag == "Nil" -- name = nil
         seen[name:match("^(.-)_?$")] = true
         if not field and not is_open_name(name) then
            self:complain(item, "%s has no '%s'", what, name)
            self:visit(item[2])
         elseif field and not is_absent then
            self:check_value(item[2], field.type, ("%s: '%s'"):format(what, name))
         else
            self:visit(item[2])
         end
      elseif item.tag == "Pair" then
         self:visit(item[2])
      elseif items then
         self:check_value(item, items, what .. ": an item")
      elseif item.tag ~= "Dots" and not has_rest then
         self:complain(item, "%s takes named values", what)
      end
   end
   return fields, seen, has_rest
end

-- Another spelling of the same: display_name and displayName.
local function plain(name) return (name:gsub("[_-]", ""):lower()) end

function Checker:check_required(node, fields, seen, what)
   local given = {}
   for name in pairs(seen) do given[plain(name)] = true end
   local missing = {}
   for name, field in pairs(fields) do
      if not field.optional and field.type.kind ~= "fun" and not given[plain(name)] then
         missing[#missing + 1] = name
      end
   end
   table.sort(missing)
   if #missing > 0 then
      self:complain(node, "%s lacks '%s'", what, table.concat(missing, "', '"))
   end
end

-- A table written in the program against what is wanted there.
-- @param is_open (boolean | nil) it may have got more members meanwhile
function Checker:check_table(node, wanted, what, is_open)
   local parts, class, list, map, any = self:parts(wanted), nil, nil, nil, false
   for _, part in ipairs(parts) do
      if part.kind == "name" and part.name ~= "twilio.Null" then
         class = class or self.world.classes[part.name]
      end
      -- No table is a node: an element's own is that of its attributes.
      if class and is_subclass(self.world, class.name, "twilio.twiml.Node") then class = nil end
      if part.kind == "list" then list = part end
      if part.kind == "map" then map = part end
      any = any or part.kind == "object" or part.kind == "name"
         and (part.name == "any" or part.name == "table" or part.name == "osdate")
   end
   local is_array = #node > 0 and node[1].tag ~= "Pair" and node[1].tag ~= "Dots"
   if list and (is_array or #node == 0) then
      for _, item in ipairs(node) do self:check_value(item, list.of, what .. ": an item") end
   elseif class then
      local fields, seen, has_rest = self:check_members(node, class, what)
      if not has_rest and not is_open then self:check_required(node, fields, seen, what) end
   elseif map then
      for _, item in ipairs(node) do
         if item.tag == "Pair" then self:check_value(item[2], map.value, what .. ": a value") end
      end
   else
      self:visit_all(node)
      if not any then
         self:complain(node, "%s must be %s, got a table", what, show_all(parts))
      end
   end
end

-- A function written where one of a known type is wanted: its parameters have types.
function Checker:check_function(node, wanted)
   if self.known[node] ~= nil then return end
   for _, part in ipairs(self:parts(wanted)) do
      if part.kind == "fun" then
         self.known[node] = named "function"
         return self:visit_function(node, part.parameters)
      end
   end
end

-- A value where a type is wanted.
function Checker:check_value(node, wanted, what)
   if node.tag == "Table" then return self:check_table(node, wanted, what) end
   if node.tag == "Function" then self:check_function(node, wanted) end
   local given = self:type_of(node)
   if given and given.node then
      local is_open = given.is_open or next(given.fields) ~= nil
      return self:check_table(given.node, wanted, what, is_open)
   end
   if given and wanted then self:check_type(node, given, wanted, what) end
end

-- Without nil, as after `assert` and on the left of `or`.
function Checker:present(of)
   local union = { kind = "union" }
   for _, part in ipairs(self:parts(of)) do
      if part.name ~= "nil" then union[#union + 1] = part end
   end
   return #union == 1 and union[1] or #union > 0 and union or nil
end

-- A function that the checker knows nothing of may change the tables that it gets.
function Checker:hand_over(arguments)
   for _, argument in ipairs(arguments) do
      local of = self:type_of(argument)
      if of and of.node then of.is_open = true end
   end
end

-- Calls ------------------------------------------------------------------------------------------

-- The arguments of a call against a function's parameters.
function Checker:check_arguments(node, fun, arguments, what)
   local count = #arguments
   local last = count > 0 and arguments[count].tag
   local is_open = last == "Dots" or last == "Call" or last == "Invoke"
   for i, argument in ipairs(arguments) do
      local parameter = fun.parameters[i]
      if parameter and parameter.type then
         local wanted = parameter.type
         if parameter.optional then wanted = { kind = "union", wanted, named "nil" } end
         local is_first = i == 1 and parameter.name == "arguments"
         self:check_value(argument, wanted, is_first and what or what .. ": " .. parameter.name)
      else
         if not parameter and type(fun.rest) == "table" then
            self:check_value(argument, fun.rest, what .. ": ...")
         else
            self:visit(argument)
         end
         if not parameter and not fun.rest then
            self:complain(argument, "%s takes %d arguments", what, #fun.parameters)
         end
      end
   end
   for i = count + 1, is_open and 0 or #fun.parameters do
      local parameter = fun.parameters[i]
      if not parameter.optional and parameter.type and not self:takes_nil(parameter.type) then
         self:complain(node, "%s lacks '%s'", what, parameter.name)
      end
   end
   return fun.results
end

function Checker:takes_nil(of)
   for _, part in ipairs(self:parts(of)) do
      if part.kind == "name" and (part.name == "nil" or part.name == "any") then return true end
   end
   return false
end

-- Calling an object: a list with a SID. The number of arguments tells which overload is meant.
function Checker:call_class(node, class, arguments)
   if #class.calls == 0 then return nil end
   for _, call in ipairs(class.calls) do
      if #call.parameters == #arguments then
         return self:check_arguments(node, call, arguments, class.name)
      end
   end
   for _, argument in ipairs(arguments) do
      if argument.tag == "Dots" then return class.calls[1].results end
   end
   self:complain(node, "%s takes %d path arguments", class.name, #class.calls[1].parameters)
   return nil
end

local function text_of(node)
   if node.tag == "Id" then return node[1] end
   if node.tag == "Index" then
      local name = literal_key(node[2])
      return name and text_of(node[1]) .. "." .. name or text_of(node[1]) .. "[...]"
   end
   if node.tag == "Call" then return text_of(node[1]) .. "(...)" end
   if node.tag == "Invoke" then return text_of(node[1]) .. ":" .. node[2][1] end
   if node.tag == "Paren" then return text_of(node[1]) end
   return "?"
end

-- The results of a call, or nil if nothing is known of them.
function Checker:call(node)
   local target = node[1]
   if target.tag == "Id" and target[1] == "require" and node[2] and node[2].tag == "String" then
      local class = self.world.modules[node[2][1]]
      return class and { named(class.name) }
   end
   if target.tag == "Id" and target[1] == "assert" and node[2] then
      local results = self:types_of({ (table.unpack or unpack)(node, 2) }, 1)
      results[1] = results[1] and self:present(results[1]) or false
      return results
   end
   local of = self:type_of(target)
   local arguments = { (table.unpack or unpack)(node, 2) }
   for _, part in ipairs(self:parts(of)) do
      if part.kind == "fun" then
         local first = part.method and arguments[1]
         if part.method and (not first or first.tag == "Table") then
            self:complain(node, "%s: call it with a colon", text_of(target))
         end
         -- client.messages.create(client.messages, { ... }) is nothing that anyone writes.
         if part.method then break end
         return self:check_arguments(node, part, arguments, text_of(target))
      end
   end
   local class = self:class(of)
   if class then return self:call_class(node, class, arguments) end
   self:hand_over(arguments)
   return nil
end

function Checker:invoke(node)
   local of, name = self:type_of(node[1]), node[2][1]
   local arguments = { (table.unpack or unpack)(node, 3) }
   local class = self:class(of)
   local field = class and self:field(node, class, name)
   for _, part in ipairs(field and self:parts(field.type) or {}) do
      if part.kind == "fun" then
         return self:check_arguments(node, part, arguments, text_of(node[1]) .. ":" .. name)
      end
   end
   if field and self:class(field.type) then
      self:complain(node, "%s: use a dot: %s.%s", text_of(node), text_of(node[1]), name)
   end
   self:hand_over(arguments)
   return nil
end

-- Expressions ------------------------------------------------------------------------------------

-- Classes in which a name that isn't there is a mistake.
local closed = {
   "twilio.Resource", "twilio.Client", "twilio.Page", "twilio.Webhook", "twilio.Error",
   "twilio.Response", "twilio.twiml.Node", "twilio.Sandbox",
}

function Checker:is_closed(class)
   if self.world.modules_of[class.name] then return true end
   for _, name in ipairs(closed) do
      if is_subclass(self.world, class.name, name) then return true end
   end
   return false
end

function Checker:field(node, class, name)
   local field = read.field(self.world, class, name)
   -- TwiML's names are found however they are spelt: voice["say-as"], voice.SayAs.
   for other, one in pairs(not field and class.name:find("^twilio%.twiml%.")
      and read.fields(self.world, class) or {}) do
      if plain(other) == plain(name) then field = one end
   end
   if not field and self:is_closed(class) then
      self:complain(node, "%s has no '%s'", class.name, name)
   end
   return field
end

local constants = {
   String = function(node) return { kind = "literal", value = node[1] } end,
   Number = function(node)
      local is_integer = tonumber((node[1]:gsub("_", ""))) and not node[1]:find("[.eEpP]")
         or node[1]:find("^0[xX]%x+$")
      return named(is_integer and "integer" or "number")
   end,
   True = function() return named "true" end,
   False = function() return named "false" end,
   Nil = function() return named "nil" end,
   Function = function() return named "function" end,
}

local expressions = {}

function expressions.Id(self, node) return self:lookup(node[1]) end
function expressions.Paren(self, node) return self:type_of(node[1]) end
function expressions.Call(self, node) return (self:call(node) or {})[1] or nil end
function expressions.Invoke(self, node) return (self:invoke(node) or {})[1] or nil end

function expressions.Table(self, node)
   self:visit_all(node)
   return written(node)
end

-- A member of a table that the program has written.
local function member_of(self, of, name)
   if of.fields[name] ~= nil then return of.fields[name] or nil end
   for _, item in ipairs(of.node) do
      if item.tag == "Pair" and literal_key(item[1]) == name then return self:type_of(item[2]) end
   end
   return nil
end

function expressions.Index(self, node)
   local of, name = self:type_of(node[1]), literal_key(node[2])
   if not name then
      self:visit(node[2])
      for _, part in ipairs(self:parts(of)) do
         if part.kind == "list" then return part.of end
      end
      return nil
   end
   if of and of.node then return member_of(self, of, name) end
   local class = self:class(of)
   local field = class and self:field(node, class, name)
   return field and field.type
end

-- Comparing with a text that the value can't be.
function Checker:check_comparison(node, left, right)
   if not left or not right then return end
   if left.kind == "literal" then left, right = right, left end
   if right.kind ~= "literal" then return end
   local known = self:present(left)
   local parts = known and self:parts(known) or {}
   for _, part in ipairs(parts) do
      if part.kind ~= "literal" or part.value == right.value then return end
   end
   if #parts > 0 then
      self:complain(node, "compared with %s, but it is %s", show(right), show_all(parts))
   end
end

function expressions.Op(self, node)
   local operator = node[1]
   if operator == "concat" then
      self:visit(node[2])
      self:visit(node[3])
      return named "string"
   end
   local left, right = self:type_of(node[2]), node[3] and self:type_of(node[3])
   if operator == "eq" or operator == "ne" then self:check_comparison(node, left, right) end
   if operator == "or" and left and right then
      local present = self:present(left)
      if right.node or not present then return present and left.node == nil and present or nil end
      return { kind = "union", present, right }
   end
   return nil
end

--- The type of an expression, or nil; what is inside it is checked on the way, once.
function Checker:type_of(node)
   if self.known[node] ~= nil then return self.known[node] or nil end
   local of
   if constants[node.tag] then
      if node.tag == "Function" then self:visit_function(node) end
      of = constants[node.tag](node)
   elseif expressions[node.tag] then
      of = expressions[node.tag](self, node)
   end
   self.known[node] = of or false
   return of
end

-- Statements -------------------------------------------------------------------------------------

function Checker:lookup(name)
   for i = #self.scopes, 1, -1 do
      if self.scopes[i][name] ~= nil then return self.scopes[i][name] or nil end
   end
   return nil
end

function Checker:declare(name, of) self.scopes[#self.scopes][name] = of or false end

function Checker:block(nodes, before)
   self.scopes[#self.scopes + 1] = {}
   if before then before() end
   for _, node in ipairs(nodes) do self:visit(node) end
   self.scopes[#self.scopes] = nil
end

-- @param parameters (array | nil) of the function's type, where it is known
function Checker:visit_function(node, parameters)
   self:block(node[2], function()
      for i, parameter in ipairs(node[1]) do
         local of = parameters and parameters[i] and parameters[i].type
         if parameter.tag == "Id" then self:declare(parameter[1], of) end
      end
   end)
end

function Checker:visit_all(nodes)
   for _, node in ipairs(nodes) do
      if node.tag == "Pair" then
         self:visit(node[1])
         self:visit(node[2])
      else
         self:visit(node)
      end
   end
end

-- The types of a list of expressions, the last one's results spread.
function Checker:types_of(nodes, wanted)
   local out = {}
   for i, node in ipairs(nodes or {}) do
      local is_call = node.tag == "Call" or node.tag == "Invoke"
      if i == #nodes and is_call then
         local results = node.tag == "Call" and self:call(node)
            or node.tag == "Invoke" and self:invoke(node)
         for k, of in ipairs(results or {}) do out[i + k - 1] = of end
      else
         out[i] = self:type_of(node) or false
      end
   end
   for i = 1, wanted do out[i] = out[i] or false end
   return out
end

local statements = {}

function statements.Local(self, node)
   local types = self:types_of(node[2], #node[1])
   for i, variable in ipairs(node[1]) do self:declare(variable[1], types[i]) end
end

function statements.Localrec(self, node)
   self:declare(node[1][1][1], nil)
   self:visit(node[2][1])
end

function statements.Set(self, node)
   local types = self:types_of(node[2], #node[1])
   for i, variable in ipairs(node[1]) do
      if variable.tag == "Id" then
         -- A variable that gets something else later is either.
         local before = self:lookup(variable[1])
         if before and types[i] then types[i] = { kind = "union", before, types[i] } end
         for k = #self.scopes, 1, -1 do
            if self.scopes[k][variable[1]] ~= nil or k == 1 then
               self.scopes[k][variable[1]] = types[i] or false
               break
            end
         end
      else
         local of, name = self:type_of(variable[1]), literal_key(variable[2])
         if of and of.node then
            -- A member that gets a second value may be anything.
            if name and of.fields[name] == nil then of.fields[name] = types[i] or false
            elseif name then of.fields[name] = false end
            of.is_open = true
         end
      end
   end
end

function statements.Forin(self, node)
   local types = self:types_of(node[2], 1)
   local items
   for _, part in ipairs(self:parts(types[1] or nil)) do
      if part.kind == "fun" then items = part.results[1] end
   end
   -- for _, message in ipairs(list) do
   local call = node[2][1]
   local is_ipairs = call.tag == "Call" and call[1].tag == "Id" and call[1][1] == "ipairs"
   local listed
   for _, part in ipairs(is_ipairs and self:parts(self:type_of(call[2])) or {}) do
      if part.kind == "list" then listed = part.of end
   end
   self:block(node[3], function()
      for i, variable in ipairs(node[1]) do
         self:declare(variable[1], i == 1 and items or i == 2 and listed or nil)
      end
   end)
end

function statements.Fornum(self, node)
   for i = 2, #node - 1 do self:visit(node[i]) end
   self:block(node[#node], function() self:declare(node[1][1], nil) end)
end

function statements.Do(self, node) self:block(node) end

function statements.While(self, node)
   self:visit(node[1])
   self:block(node[2])
end

function statements.Repeat(self, node)
   self:block(node[1])
   self:visit(node[2])
end

function statements.If(self, node)
   for i = 1, #node - 1, 2 do
      self:visit(node[i])
      self:block(node[i + 1])
   end
   if #node % 2 == 1 then self:block(node[#node]) end
end

function statements.Return(self, node) self:visit_all(node) end

function Checker:visit(node)
   local statement = statements[node.tag]
   if statement then return statement(self, node) end
   self:type_of(node)
end

-- The lines of which a program says that their mistakes are meant, as an editor reads it.
local function silenced(source)
   local lines, number = {}, 0
   for line in (source .. "\n"):gmatch("([^\n]*)\n") do
      number = number + 1
      if line:find("---@diagnostic disable-line", 1, true) then lines[number] = true end
      if line:find("---@diagnostic disable-next-line", 1, true) then lines[number + 1] = true end
   end
   return lines
end

--- Checks a program.
-- @param world (table) of read.folder
-- @param source (string) Lua
-- @param variables (table | nil) name -> class: what the program has from elsewhere
-- @return (array) { line, text }, sorted by line
-- @return[2] nil, (string) the program can't be parsed
function program.check(world, source, variables)
   local ok, ast = pcall(parser.parse, decoder.decode(source))
   if not ok then return nil, tostring(type(ast) == "table" and ast.msg or ast) end
   world.modules_of = world.modules_of or {}
   for _, class in pairs(world.modules) do world.modules_of[class.name] = true end
   local globals = {}
   for name, class in pairs(variables or {}) do globals[name] = named(class) end
   local checker = setmetatable(
      { world = world, scopes = { globals }, known = {}, found = {}, told = {} }, Checker)
   checker:block(ast)
   local silent = silenced(source)
   for i = #checker.found, 1, -1 do
      if silent[checker.found[i].line] then table.remove(checker.found, i) end
   end
   table.sort(checker.found, function(a, b)
      if a.line ~= b.line then return a.line < b.line end
      return a.text < b.text
   end)
   return checker.found
end

return program

-- sandbox/behaviour/taskrouter/expressions.lua: TaskRouter's expressions, which choose workers and
-- tasks by their attributes: (skills HAS 'support') AND level >= 2.
--
-- A comparison has constants (strings, numbers, booleans, lists) and paths of attributes on either
-- side; AND binds closer than OR. Reading is linear in the text, and nests at most DEEPEST levels.
-- An attribute that isn't there equals nothing. Must not know what the attributes are of.

local core = require "twilio.core"
local number = require "twilio.util.number"

local expressions = {}

local LONGEST = 32768 -- bytes of an expression
local DEEPEST = 100 -- parentheses and lists within each other

-- Words and signs ---------------------------------------------------------------------------------

local comparisons = {
   ["=="] = "==", ["="] = "==", ["!="] = "!=", ["<>"] = "!=", ["<"] = "<", ["<="] = "<=",
   [">"] = ">", [">="] = ">=", IN = "IN", HAS = "HAS", CONTAINS = "CONTAINS",
}

local Reader = {}
Reader.__index = Reader

local function is_word(token) return token ~= nil and token.kind == "word" end

-- Returns the operator that a word is, whichever case it has.
local function keyword(token)
   return is_word(token) and core.upper(token.text) or nil
end

local function quoted(text, at)
   local quote, from, parts = text:sub(at, at), at + 1, {}
   while true do
      local stop = text:find("[\\" .. quote .. "]", from)
      if not stop then return nil, "a string doesn't end" end
      parts[#parts + 1] = text:sub(from, stop - 1)
      if text:sub(stop, stop) == quote then return table.concat(parts), stop + 1 end
      parts[#parts + 1] = text:sub(stop + 1, stop + 1)
      from = stop + 2
   end
end

-- The token at a position. @return (table) { kind, text | value }, (integer) position after it; nil
-- at the end; or nil, nil, (string) a message
local function token_at(text, at)
   at = text:find("[^ \t\r\n]", at)
   if not at then return nil end
   local char = text:sub(at, at)
   if char == '"' or char == "'" then
      local value, after = quoted(text, at)
      if not value then return nil, nil, after end
      return { kind = "constant", value = value }, after
   end
   local digits, after = text:match("^(%-?[0-9]+%.?[0-9]*)()", at)
   if digits then return { kind = "constant", value = number.parse(digits) }, after end
   local word
   word, after = text:match("^([A-Za-z_$][A-Za-z0-9_$]*)()", at)
   if word then return { kind = "word", text = word }, after end
   local sign
   sign, after = text:match("^([=!<>]=)()", at)
   if not sign then sign, after = text:match("^(<>)()", at) end
   if not sign then sign, after = text:match("^([=<>()%[%],.])()", at) end
   if not sign then return nil, nil, ("unexpected '%s'"):format(char) end
   return { kind = "sign", text = sign }, after
end

function Reader:next()
   local token, after, message = token_at(self.text, self.at)
   if message then
      self.message = self.message or message
      token = nil
   end
   self.token, self.at = token, after or #self.text + 1
end

function Reader:fail(message)
   self.message = self.message or message
   return nil
end

function Reader:takes(sign)
   if not self.token or self.token.kind ~= "sign" or self.token.text ~= sign then return false end
   self:next()
   return true
end

-- Reading -----------------------------------------------------------------------------------------

local read_operand

local function read_list(self, depth)
   local items = {}
   if self:takes "]" then return { kind = "list", items = items } end
   repeat
      local item = read_operand(self, depth + 1)
      if not item then return nil end
      items[#items + 1] = item
   until not self:takes ","
   if not self:takes "]" then return self:fail "']' is missing" end
   return { kind = "list", items = items }
end

-- worker.skills[0].name
local function read_path(self)
   local names = { self.token.text }
   self:next()
   while true do
      if self:takes "." then
         if not is_word(self.token) then return self:fail "a name is missing after '.'" end
         names[#names + 1] = self.token.text
         self:next()
      elseif self:takes "[" then
         local index = self.token and self.token.value
         if not index then return self:fail "an index is missing after '['" end
         self:next()
         names[#names + 1] = type(index) == "number" and index + 1 or index
         if not self:takes "]" then return self:fail "']' is missing" end
      else
         return { kind = "path", names = names }
      end
   end
end

local booleans = { TRUE = true, FALSE = false }

function read_operand(self, depth)
   if depth > DEEPEST then return self:fail "it nests too deeply" end
   local token = self.token
   if not token then return self:fail "an operand is missing" end
   if token.kind == "constant" then
      self:next()
      return { kind = "constant", value = token.value }
   end
   if is_word(token) then
      local value = booleans[keyword(token)]
      if value == nil then return read_path(self) end
      self:next()
      return { kind = "constant", value = value }
   end
   if self:takes "[" then return read_list(self, depth) end
   return self:fail(("unexpected '%s'"):format(token.text))
end

local function read_operator(self)
   local token = self.token
   if not token then return self:fail "an operator is missing" end
   local name = token.kind == "sign" and token.text or keyword(token)
   self:next()
   if name == "NOT" and (keyword(self.token) == "IN" or keyword(self.token) == "HAS"
      or keyword(self.token) == "CONTAINS") then
      local operator = keyword(self.token)
      self:next()
      return operator, true
   end
   if not comparisons[name] then
      return self:fail(("'%s' is no operator"):format(token.text or tostring(token.value)))
   end
   return comparisons[name], false
end

local read_any

local function read_comparison(self, depth)
   if self:takes "(" then
      if depth >= DEEPEST then return self:fail "it nests too deeply" end
      local inner = read_any(self, depth + 1)
      if inner and not self:takes ")" then return self:fail "')' is missing" end
      return inner
   end
   local left = read_operand(self, depth)
   if not left then return nil end
   local operator, is_negated = read_operator(self)
   if not operator then return nil end
   local right = read_operand(self, depth)
   if not right then return nil end
   return {
      kind = "comparison", operator = operator, is_negated = is_negated, left = left,
      right = right,
   }
end

-- A chain of terms with a word between them.
local function chain(word, read)
   return function(self, depth)
      local terms = {}
      repeat
         local term = read(self, depth)
         if not term then return nil end
         terms[#terms + 1] = term
         local goes_on = keyword(self.token) == word
         if goes_on then self:next() end
      until not goes_on
      return #terms == 1 and terms[1] or { kind = word, terms = terms }
   end
end

read_any = chain("OR", chain("AND", read_comparison))

--- Reads an expression.
-- @param text (string)
-- @return (table) what matches takes
-- @return[2] nil, (string) a message
function expressions.read(text)
   if #text > LONGEST then return nil, ("it is longer than %d bytes"):format(LONGEST) end
   local reader = setmetatable({ text = text, at = 1 }, Reader)
   reader:next()
   local read = read_any(reader, 1)
   if reader.message then return nil, reader.message end
   if reader.token then
      return nil, ("unexpected '%s'"):format(reader.token.text or tostring(reader.token.value))
   end
   return read
end

-- Evaluating --------------------------------------------------------------------------------------

local function value_of(operand, scope)
   if operand.kind == "constant" then return operand.value end
   if operand.kind == "list" then
      local items = {}
      for i, item in ipairs(operand.items) do items[i] = value_of(item, scope) end
      return items
   end
   local value = scope
   for _, name in ipairs(operand.names) do
      if type(value) ~= "table" then return nil end
      value = value[name]
   end
   return value
end

-- A number and a text that says it count as equal, as attributes have either.
local function equal(a, b)
   if a == b then return a ~= nil end
   if type(a) == "number" and type(b) == "string" then return a == number.parse(b) end
   if type(a) == "string" and type(b) == "number" then return number.parse(a) == b end
   return false
end

local function has(list, item)
   if type(list) ~= "table" then return false end
   for _, one in ipairs(list) do
      if equal(one, item) then return true end
   end
   return false
end

-- Texts are compared by their bytes, whatever the locale.
local function is_less(a, b)
   if type(a) == "string" and type(b) == "string" then
      for i = 1, math.min(#a, #b) do
         local x, y = a:byte(i), b:byte(i)
         if x ~= y then return x < y end
      end
      return #a < #b
   end
   a, b = number.parse(a), number.parse(b)
   return a ~= nil and b ~= nil and a < b
end

local function contains(whole, part)
   if type(whole) == "table" then return has(whole, part) end
   if type(whole) ~= "string" or type(part) == "table" or part == nil then return false end
   return whole:find(tostring(part), 1, true) ~= nil
end

local function is_comparable(a, b)
   if type(a) == "string" and type(b) == "string" then return true end
   return number.parse(a) ~= nil and number.parse(b) ~= nil
end

local operators = {
   ["=="] = equal,
   ["!="] = function(a, b) return not equal(a, b) end,
   ["<"] = is_less,
   [">"] = function(a, b) return is_less(b, a) end,
   ["<="] = function(a, b) return is_comparable(a, b) and not is_less(b, a) end,
   [">="] = function(a, b) return is_comparable(a, b) and not is_less(a, b) end,
   IN = function(a, b) return has(b, a) end,
   HAS = has,
   CONTAINS = contains,
}

--- Returns true if an expression holds.
-- @param read (table) of read
-- @param scope (table) attributes by name; members may be tables
function expressions.matches(read, scope)
   if read.kind == "comparison" then
      local left, right = value_of(read.left, scope), value_of(read.right, scope)
      local holds = operators[read.operator](left, right)
      return holds ~= read.is_negated
   end
   local is_or = read.kind == "OR"
   for _, term in ipairs(read.terms) do
      if expressions.matches(term, scope) == is_or then return is_or end
   end
   return not is_or
end

return expressions

-- Mutants of a Lua program: each differs from it in one place that a test should notice.
--
-- luacheck's parser reads the program. A mutant is a table: first, last (bytes that are replaced),
-- text (what by), what ("< becomes <="), line (where), from (line of the first statement around
-- it). Nothing here knows how a mutant is run.

local decoder = require "luacheck.decoder"
local parser = require "luacheck.parser"

local lua_source = {}

-- An operator becomes each of these. Of comparisons the first moves the border, the last is the
-- opposite.
local OPERATORS = {
   lt = { "<", "<=", ">=" }, le = { "<=", "<", ">" }, gt = { ">", ">=", "<=" },
   ge = { ">=", ">", "<" }, eq = { "==", "~=" }, ne = { "~=", "==" },
   add = { "+", "-" }, sub = { "-", "+" }, mul = { "*", "/" }, div = { "/", "*" },
   mod = { "%", "*" }, pow = { "^", "*" }, idiv = { "//", "*" },
   ["and"] = { "and", "or" }, ["or"] = { "or", "and" },
}

-- Functions whose argument names a module: without it nothing runs at all.
local LOADERS = { require = true, lazy = true }

local Maker = {}
Maker.__index = Maker

function Maker:replace(node, first, last, text, what)
   self.mutants[#self.mutants + 1] = {
      first = first, last = last, text = text, what = what, line = node.line,
      from = self.statement.line,
   }
end

local function shown(text)
   text = text:gsub("%s+", " ")
   return #text > 40 and text:sub(1, 37) .. "..." or text
end

function Maker:source(node) return self.text:sub(node.offset, node.end_offset) end

-- A word in place of another needs blanks around it; elsewhere they do no harm.
function Maker:swap(node, text)
   self:replace(node, node.offset, node.end_offset, " " .. text .. " ",
      ("%s becomes %s"):format(shown(self:source(node)), text))
end

local OPPOSITES = { eq = true, ne = true, lt = true, le = true, gt = true, ge = true }

-- The operator stands between its operands, with blanks and comments.
function Maker:operator(node)
   local name, left, right = node[1], node[2], node[3]
   -- A condition that is always so, and never, covers its opposite.
   local is_condition = self.condition_of == node
   if not right then
      if is_condition then return end
      -- `not x` and `-x` become `x`.
      if name == "not" or name == "unm" then
         self:replace(node, node.offset, left.offset - 1, " ",
            shown(self:source(node)) .. " without " .. (name == "not" and "not" or "-"))
      end
      return
   end
   local known = OPERATORS[name]
   if not known then return end
   local count = #known - (is_condition and OPPOSITES[name] and 1 or 0)
   local at = left.end_offset + 1
   while at < right.offset do
      at = self.text:match("^%s*%-%-[^\n]*()", at) or at
      local place = self.text:match("^%s*()", at)
      if self.text:sub(place, place + #known[1] - 1) == known[1] then
         for i = 2, count do
            self:replace({ line = select(2, self.text:sub(1, place):gsub("\n", "")) + 1 },
               place, place + #known[1] - 1, known[i], known[1] .. " becomes " .. known[i])
         end
         return
      end
      at = place
      if not self.text:find("^%-%-", at) then return end
   end
end

local constants = {}

function constants:True(node) self:swap(node, "false") end
function constants:False(node) self:swap(node, "true") end

function constants:Number(node)
   local value = tonumber(node[1])
   if value then self:swap(node, ("%.14g"):format(value + 1)) end
end

function constants:String(node)
   -- The name of a field is a string of the parser's, too, but no constant of the program.
   if not self:source(node):find "^[\"'[]" then return end
   self:swap(node, node[1] == "" and '"mutant"' or '""')
end

function Maker:expression(node)
   if constants[node.tag] then return constants[node.tag](self, node) end
   if node.tag == "Function" then return self:block(node[2]) end
   if node.tag == "Op" then self:operator(node) end
   local is_loader = node.tag == "Call" and LOADERS[node[1][1]]
   local first = node.tag == "Op" and 2 or 1
   for i = first, #node do
      local child = node[i]
      if type(child) == "table" and not (is_loader and i == 2) then
         if child.tag == "Pair" then
            -- A key in brackets is a constant; a name is not.
            self:expression(child[1])
            self:expression(child[2])
         else
            self:expression(child)
         end
      end
   end
end

function Maker:expressions(list)
   for _, node in ipairs(list or {}) do self:expression(node) end
end

function Maker:remove(node)
   if node == self.lone then return end
   self:replace(node, node.offset, node.end_offset, "",
      shown(self:source(node)) .. " is removed")
end

-- A condition is always so, and never.
function Maker:condition(node, may_be_always)
   if may_be_always then self:swap(node, "true") end
   if node.tag ~= "True" then self:swap(node, "false") end
   if may_be_always then self.condition_of = node end
   self:expression(node)
end

local statements = {}

function statements:Local(node) self:expressions(node[2]) end
function statements:Localrec(node) self:expressions(node[2]) end

function statements:Set(node)
   -- A function that is named is no assignment to remove: its callers would fail at once.
   if node[2][1].tag ~= "Function" then self:remove(node) end
   self:expressions(node[1])
   self:expressions(node[2])
end

function statements:Call(node)
   self:remove(node)
   self:expression(node)
end
statements.Invoke = statements.Call

function statements:Return(node)
   if not self.is_chunk then
      for _, value in ipairs(node) do
         local tag = value.tag
         if tag ~= "Nil" and tag ~= "True" and tag ~= "False" and tag ~= "Dots"
            and tag ~= "Function" then
            self:swap(value, "nil")
         end
      end
      if self.is_inner then self:remove(node) end
   end
   self:expressions(node)
end

function statements:Break(node)
   self:remove(node)
end

function statements:If(node)
   for i = 1, #node - 1, 2 do
      self:condition(node[i], true)
   end
   -- A branch of one statement isn't taken if its condition is never so: no need to remove it.
   local is_lone = #node == 2 and #node[2] == 1
   for i = 2, #node, 2 do self:block(node[i], true, is_lone and node[2][1]) end
   if #node % 2 == 1 then
      local last = node[#node]
      -- The branch `else` is emptied.
      if last[1] then
         self:replace(last[1], last[1].offset, last[#last].end_offset, "", "else is emptied")
      end
      self:block(last, true)
   end
end

function statements:While(node)
   self:condition(node[1], false)
   self:block(node[2], true)
end

function statements:Repeat(node)
   self:block(node[1], true)
   self:swap(node[2], "true")
   self:expression(node[2])
end

function statements:Do(node) self:block(node, self.is_inner) end

function statements:Fornum(node)
   for i = 2, #node - 1 do self:expression(node[i]) end
   self:block(node[#node], true)
end

function statements:Forin(node)
   self:expressions(node[2])
   self:block(node[3], true)
end

-- @param is_inner (boolean) a `return` here isn't its function's last statement
-- @param lone (table | nil) a statement that needs not be removed
function Maker:block(block, is_inner, lone)
   local around, was_inner, was_chunk = self.statement, self.is_inner, self.is_chunk
   self.is_chunk = self.statement == nil
   for _, node in ipairs(block) do
      self.statement, self.is_inner, self.lone = node, is_inner, lone
      local make = statements[node.tag]
      if make then make(self, node) end
   end
   self.statement, self.is_inner, self.is_chunk = around, was_inner, was_chunk
end

--- The program with one mutant in it.
function lua_source.apply(text, mutant)
   return text:sub(1, mutant.first - 1) .. mutant.text .. text:sub(mutant.last + 1)
end

-- Two programs of the same instructions are the same program.
local function instructions(text)
   local chunk = load(text, "=")
   return chunk and string.dump(chunk, true)
end

--- Makes the mutants of a program. None has a syntax error, and none the instructions of the
-- program or of another mutant.
-- @param text (string)
-- @return (array of tables) in the order of the text
function lua_source.mutants(text)
   -- The parser counts characters; bytes are wanted.
   local ascii = text:gsub("[\128-\255]", "?")
   local maker = setmetatable({ text = text, mutants = {} }, Maker)
   maker:block((parser.parse(decoder.decode(ascii))))
   local seen, list = { [instructions(text)] = true }, {}
   for _, mutant in ipairs(maker.mutants) do
      local code = instructions(lua_source.apply(text, mutant))
      if code and not seen[code] then
         seen[code] = true
         list[#list + 1] = mutant
      end
   end
   return list
end

return lua_source

-- Mutants of a C file, as lua_source.lua makes them of Lua, but without a parser: comments and
-- texts are blanked out, and what is left is searched for operators, numbers, conditions and whole
-- lines that are a statement. A mutant that doesn't compile is none.

local lua_source = require "mutate.lua_source"
local trial = require "mutate.trial"

local c_source = {}

c_source.apply = lua_source.apply

-- Bytes of comments, texts and preprocessor lines become blanks, line ends stay.
local function blanked(text)
   local function blank(part) return (part:gsub("[^\n]", " ")) end
   text = text:gsub("/%*.-%*/", blank):gsub('"[^"\n]*"', blank):gsub("'[^'\n]*'", blank)
   return ("\n" .. text):gsub("\n#[^\n]*", blank):sub(2)
end

-- Operators stand between blanks (clang-format sees to it), so that no pointer is one.
local OPERATORS = {
   { "==", "!=" }, { "!=", "==" }, { "<", ">=", "<=" }, { "<=", ">", "<" }, { ">", "<=", ">=" },
   { ">=", "<", ">" }, { "&&", "||" }, { "||", "&&" }, { "+", "-" }, { "-", "+" }, { "*", "/" },
   { "|", "&" }, { "&", "|" }, { "<<", ">>" }, { ">>", "<<" }, { "+=", "-=" }, { "-=", "+=" },
}

local function plain(text) return (text:gsub("%p", "%%%0")) end

local function shown(text)
   text = text:gsub("%s+", " ")
   return #text > 40 and text:sub(1, 37) .. "..." or text
end

--- Makes the mutants of a C file; whether they compile isn't known yet.
-- @return (array of tables) first, last, text, what, line, from
function c_source.mutants(text)
   local bare, list = blanked(text), {}
   local line_of, line = {}, 1
   for at = 1, #text do
      line_of[at] = line
      if text:byte(at) == 10 then line = line + 1 end
   end
   local function add(first, last, new, what)
      list[#list + 1] = {
         first = first, last = last, text = new, line = line_of[first], from = line_of[first],
         what = what or ("%s becomes %s"):format(shown(text:sub(first, last)), new),
      }
   end
   for _, operator in ipairs(OPERATORS) do
      for at in bare:gmatch("%s()" .. plain(operator[1]) .. "%s") do
         for i = 2, #operator do add(at, at + #operator[1] - 1, operator[i]) end
      end
   end
   for at in bare:gmatch "()![%w_(]" do add(at, at, "", "! is removed") end
   for at in bare:gmatch "%f[%w_]()%d+%f[^%w_.]" do
      local digits = bare:match("^%d+", at)
      add(at, at + #digits - 1, tostring(math.tointeger(tonumber(digits)) + 1))
   end
   for at in bare:gmatch "%f[%w_]if ()%b()" do
      local condition = bare:match("^%b()", at)
      add(at, at + #condition - 1, "(1)")
      add(at, at + #condition - 1, "(0)")
   end
   for at in bare:gmatch "%f[%w_]return ()[^;]+;" do
      local value = bare:match("^[^;]+", at)
      add(at, at + #value - 1, "0")
   end
   for first, statement in bare:gmatch "\n +()([^\n{}]+;) *%f[\n]" do
      local _, open = statement:gsub("%(", "")
      local _, close = statement:gsub("%)", "")
      if open == close and not statement:find "^else%f[%A]" then
         add(first, first + #statement - 1, ";",
            shown(text:sub(first, first + #statement - 1)) .. " is removed")
      end
   end
   table.sort(list, function(a, b)
      if a.first ~= b.first then return a.first < b.first end
      return a.what < b.what
   end)
   return list
end

-- The flags that make has compiled and linked with.
local function flags()
   local file = assert(io.open "build/lua5.4/flags", "make LUA=lua5.4 hasn't been run")
   local text = file:read("*a"):gsub("\n", " ")
   file:close()
   return text
end

-- The files of crypto.so, of the Makefile.
local function parts()
   local file = assert(io.open "Makefile")
   local list = file:read("*a"):match "\nCRYPTO%s*:=(.-[^\\])\n"
   file:close()
   return list:gsub("\\\n", " ")
end

--- Compiles a mutant. @return (string) its instructions' digest; nil if it doesn't compile
function c_source.compile(folder, path)
   local object = folder .. "/mutant.o"
   local _, ok = trial.output(("%s -w -Icsrc -c %s -o %s -g0 2>/dev/null"):format(
      flags(), trial.quoted(path), object))
   if not ok then return nil end
   return (trial.output("sha1sum <" .. object))
end

--- Links the mutant that was compiled last into the module of the folder.
-- @param name (string) of the file that it takes the place of: "validator"
function c_source.link(folder, name)
   local objects = {}
   for part in parts():gmatch "[%w_]+" do
      objects[#objects + 1] = part == name and folder .. "/mutant.o"
         or "build/lua5.4/" .. part .. ".o"
   end
   os.execute("mkdir -p " .. folder .. "/twilio/core")
   local _, ok = trial.output(("%s %s -o %s/twilio/core/crypto.so -Wl,--as-needed -lcrypto"):format(
      flags(), table.concat(objects, " "), folder))
   assert(ok, "a mutant can't be linked")
end

return c_source

-- Comments are plain technical English: a block doesn't begin with a clause as its subject ("What
-- was sent is ..."), and a doc comment is no bare question. CONTRIBUTING.md has the rules; this is
-- the part of them that a program can check.

local process = require "support.process"

local openers = {
   What = true, Who = true, Where = true, Whose = true, Whether = true, May = true, That = true,
}

-- The text of a comment that this line is or begins, or nil.
local function comment_of(path, line)
   if path:find "%.lua$" then return line:match "^%s*%-%-%-?%s?(.*)$" end
   return line:match "^%s*/%*+%s?(.*)$"
end

local function is_bad(text)
   local first = text:match "^(%a+)%f[%A]"
   if first and openers[first] then return true end
   if text:find "[.:] What %l+ %l+" or text:find "[.] Who %l+ %l+" then return true end
   return text:find "^[A-Z][^.]*%?%s*$" ~= nil or text:find "^[A-Z][^.]*%? @return" ~= nil
end

it("a comment block begins with a subject and a verb", function()
   local found, blocks = {}, 0
   for _, path in ipairs(
      process.lines [[find lua sandbox csrc spec tools bench examples -type f -name '*.lua' -o -name '*.c' -o -name '*.h']]) do
      if not path:find "/api/" and not path:find "node_modules" then
         local before
         for line in io.lines(path) do
            local text = comment_of(path, line)
            if text and not (before and path:find "%.lua$") then
               blocks = blocks + 1
               if is_bad(text) then found[#found + 1] = path .. ": " .. text end
            end
            before = text
         end
      end
   end
   assert.is_true(blocks > 1000)
   assert.same({}, found)
end)

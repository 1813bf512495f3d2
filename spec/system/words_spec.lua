-- Comments are plain technical English: a paragraph doesn't begin with a clause as its subject ("What
-- was sent is ..."), and a doc comment is no bare question. CONTRIBUTING.md has the rules; this is
-- the part of them that a program can check.

local process = require "support.process"

local openers = {
   What = true, Who = true, Where = true, Whose = true, Whether = true, May = true, That = true,
   Which = true, How = true, Why = true,
}

-- Words that begin a clause also further on in a paragraph; "That" may be a subject there.
local clauses = {
   What = true, Who = true, Where = true, Whose = true, Whether = true, Which = true, How = true,
   Why = true,
}

-- The text of a comment that this line is, and whether it may go on in the next one; or nil.
local function comment_of(path, line, is_inside)
   if path:find "%.lua$" then return line:match "^%s*%-%-%-?%s?(.*)$", true end
   if path:find "%.sh$" then return line:match "^#%s?(.*)$", true end
   local text = is_inside and line:match "^%s*%*?%s?(.*)$" or line:match "^%s*/%*+%s?(.*)$"
   return text and text:gsub("%s*%*/%s*$", ""), text and not text:find("*/", 1, true)
end

local function is_bad(first, block)
   local opener = first:match "^(%a+)%f[%A]"
   if opener and openers[opener] then return true end
   for clause in block:gmatch "[.:;] (%u%l+) %l" do
      if clauses[clause] then return true end
   end
   return first:find "^[A-Z][^.]*%?%s*$" ~= nil or first:find "^[A-Z][^.]*%? @return" ~= nil
end

-- Calls visit(first line's text, the whole text) for each paragraph of comments.
local function each_paragraph(path, visit)
   local block, is_inside = nil, false
   local function close()
      if block then visit(block[1], table.concat(block, " ")) end
      block = nil
   end
   for line in io.lines(path) do
      local text, goes_on = comment_of(path, line, is_inside)
      if text == "" then
         close()
      elseif text then
         block = block or {}
         block[#block + 1] = text
      end
      is_inside = goes_on and text ~= nil
      if not is_inside then close() end
   end
   close()
end

it("a comment's sentences begin with a subject and a verb", function()
   local found, blocks = {}, 0
   for _, path in ipairs(process.lines [[find lua sandbox cli csrc spec tools bench examples types -type f \
      -name '*.lua' -o -name '*.c' -o -name '*.h' -o -name '*.sh']]) do
      if not (path:find "twilio/api/" or path:find "schema/api/" or path:find "node_modules") then
         each_paragraph(path, function(first, block)
            blocks = blocks + 1
            if is_bad(first, block) then found[#found + 1] = path .. ": " .. block:sub(1, 200) end
         end)
      end
   end
   assert.is_true(blocks > 1000)
   assert.same({}, found)
end)

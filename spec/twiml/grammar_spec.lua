-- grammar_spec.lua: the generated data is well formed, sorted, and has what documents need.

local grammar = require "twilio.twiml.grammar"

local function words(text)
   local list = {}
   for word in text:gmatch("%S+") do list[#list + 1] = word end
   return list
end

local function is_sorted(list)
   for i = 2, #list do
      if list[i - 1] >= list[i] then return false end
   end
   return true
end

-- Every class of every language: f(lines, class, tag, attributes, children)
local function each(f)
   for _, lines in pairs(grammar) do
      for class, line in pairs(lines) do
         local tag, attributes, children = line:match("^(%S+)([^>]*)>?(.*)$")
         f(lines, class, tag, words(attributes), words(children))
      end
   end
end

describe("the grammar", function()
   it("has voice, messaging and fax, each with a Response", function()
      local languages = {}
      for language, lines in pairs(grammar) do
         languages[#languages + 1] = language
         assert.is_string(lines.Response)
      end
      table.sort(languages)
      assert.same({ "fax", "messaging", "voice" }, languages)
   end)

   it("is sorted, and every child is a class", function()
      each(function(lines, class, tag, attributes, children)
         assert.is_truthy(tag:match("^[%a-]+$") or tag:match("^%a+{}$"), class)
         assert.is_true(is_sorted(attributes), class)
         assert.is_true(is_sorted(children), class)
         for _, child in ipairs(children) do assert.is_string(lines[child]) end
      end)
   end)

   it("has every class in its place: all can be reached from Response", function()
      for language, lines in pairs(grammar) do
         local reached, queue = { Response = true }, { "Response" }
         while queue[1] do
            local _, _, children = lines[table.remove(queue)]:find(">(.*)$")
            for _, child in ipairs(words(children or "")) do
               if not reached[child] then
                  reached[child] = true
                  queue[#queue + 1] = child
               end
            end
         end
         for class in pairs(lines) do assert.is_true(reached[class], language .. " " .. class) end
      end
   end)
end)

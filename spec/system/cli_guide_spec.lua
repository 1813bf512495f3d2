-- docs/cli.md: each command line of the guide is one that the program takes.

local command = require "support.command"
local main = require "twilio.cli.main"
local process = require "support.process"
local walk = require "twilio.cli.api.walk"

-- The lines that begin with `twilio` in the guide's blocks, without comments and redirections.
local function lines_of(text)
   local lines = {}
   for block in text:gmatch "\n```\n(.-)```" do
      for text_of in block:gmatch "[^\n]+" do
         local line = text_of:match "^twilio (.*)$" or text_of:match "^%w+=%$%(twilio (.*)$"
         if line then
            line = line:gsub("%s+#.*$", ""):gsub("%s*>.*$", ""):gsub("%).*$", ""):gsub("'[^']*'", "x")
               :gsub("@[%w.]+", "x")
            lines[#lines + 1] = line
         end
      end
   end
   return lines
end

describe("docs/cli.md", function()
   local lines = lines_of(process.read "docs/cli.md")

   it("has command lines", function() assert.is_true(#lines > 15) end)

   for _, line in ipairs(lines) do
      it("shows one that works: twilio " .. line, function()
         local words, first = {}, 1
         for word in line:gmatch "%S+" do words[#words + 1] = (word:gsub('^"(.*)"$', "%1")) end
         while words[first] == "--profile" or words[first] == "--timeout" do first = first + 2 end
         local module = main.command(words[first])
         if module then
            local parser = require "argparse"()
            module.configure(parser)
            local ok, message = parser:pparse { (table.unpack or unpack)(words, first + 1) }
            assert.is_true(ok, message)
         else
            local at = walk.root()
            local after, message = walk.take(at, words, first)
            assert.is_truthy(after, message)
            assert.is_truthy(at.method, line)
            local code, _, err = command.new()(line .. " --help")
            assert.equal(0, code, err)
         end
      end)
   end
end)

-- Every operation can be called from the command line: the curl command that --dry-run prints for
-- it is the library's request. tools/cli/operations.lua compares, in this process.

local path = "tools/cli/operations.lua"
local operations = assert(loadfile(path))()

it("every operation's --dry-run is the library's request", function()
   local count, wrong = operations.compare()
   assert.same({}, wrong)
   assert.equal(1592, count)
end)

describe("the reader of printed commands", function()
   it("knows quotes, escapes and several lines", function()
      assert.same({ "curl", "it's", "a b", "", "x\27\\'y", "$V:$W" },
         operations.shell_words "curl 'it'\\''s' \\\n   'a b' '' $'x\\x1b\\\\\\'y' \"$V:$W\"")
   end)

   it("tells methods as curl does", function()
      assert.equal("GET", operations.read_curl("curl http://x").method)
      assert.equal("POST", operations.read_curl("curl http://x --data-raw a").method)
      assert.equal("DELETE", operations.read_curl("curl -X DELETE http://x").method)
   end)
end)

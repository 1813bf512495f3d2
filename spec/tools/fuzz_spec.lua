-- fuzz_spec.lua: each parser has a fuzzer that reaches it, the inputs that are kept break nothing on
-- any Lua, and the fuzzers build and run.

local process = require "support.process"

-- All that reads texts from outside. Whoever adds a parser adds it here, and to a target's `covers`.
local PARSERS = {
   -- what a server answers
   "lua/twilio/call/response.lua", "lua/twilio/call/refusal.lua", "lua/twilio/resource/page.lua",
   "lua/twilio/resource/record.lua", "lua/twilio/json.lua", "lua/twilio/util/json_encode.lua",
   "lua/twilio/util/json_changes.lua", "lua/twilio/util/error.lua",
   -- what anybody sends to a webhook
   "lua/twilio/webhook.lua", "lua/twilio/webhook/account.lua", "lua/twilio/webhook/address.lua",
   "lua/twilio/webhook/candidates.lua", "lua/twilio/webhook/grammar.lua",
   "lua/twilio/webhook/headers.lua", "lua/twilio/webhook/overrides.lua",
   "lua/twilio/webhook/plan.lua", "lua/twilio/webhook/secrets.lua",
   -- tokens, dates, numbers, addresses, URLs
   "lua/twilio/jwt.lua", "lua/twilio/jwt/token.lua", "lua/twilio/jwt/access_token.lua",
   "lua/twilio/util/time.lua", "lua/twilio/util/number.lua", "lua/twilio/util/ip.lua",
   "lua/twilio/util/utf8.lua", "lua/twilio/util/userinfo.lua", "lua/twilio/util/redact.lua",
   "lua/twilio/util/text.lua", "lua/twilio/util/closest.lua", "lua/twilio/util/repeated.lua",
   "lua/twilio/call/endpoint.lua", "lua/twilio/transport/proxy.lua",
   -- what a program gives to calls, bodies and documents
   "lua/twilio/call/body.lua", "lua/twilio/call/headers.lua", "lua/twilio/call/operation.lua",
   "lua/twilio/call/path.lua", "lua/twilio/call/request.lua", "lua/twilio/call/serialize.lua",
   "lua/twilio/client/request.lua", "lua/twilio/util/options.lua", "lua/twilio/file/multipart.lua",
   "lua/twilio/twiml.lua", "lua/twilio/twiml/attribute.lua", "lua/twilio/twiml/node.lua",
   "lua/twilio/util/xml.lua",
   -- what is sent to a sandbox
   "sandbox/lua/twilio/sandbox/http/arguments.lua", "sandbox/lua/twilio/sandbox/http/context.lua",
   "sandbox/lua/twilio/sandbox/http/cookies.lua", "sandbox/lua/twilio/sandbox/http/form.lua",
   "sandbox/lua/twilio/sandbox/http/overrides.lua", "sandbox/lua/twilio/sandbox/http/paging.lua",
   "sandbox/lua/twilio/sandbox/http/router.lua", "sandbox/lua/twilio/sandbox/http/url.lua",
   "sandbox/lua/twilio/sandbox/twiml/document.lua",
   "sandbox/lua/twilio/sandbox/twiml/messaging.lua", "sandbox/lua/twilio/sandbox/twiml/verbs.lua",
   "sandbox/lua/twilio/sandbox/twiml/voice.lua", "sandbox/lua/twilio/sandbox/twiml/xml.lua",
   -- the command line, and the files that it reads
   "cli/lua/twilio/cli/api/arguments.lua", "cli/lua/twilio/cli/api/value.lua",
   "cli/lua/twilio/cli/api/walk.lua", "cli/lua/twilio/cli/globals.lua",
   "cli/lua/twilio/cli/main.lua", "cli/lua/twilio/cli/output/query.lua",
   "cli/lua/twilio/cli/util/http_request.lua", "cli/lua/twilio/cli/util/plain.lua",
   "cli/lua/twilio/cli/util/signed_urls.lua", "cli/lua/twilio/cli/util/template.lua",
   "cli/lua/twilio/cli/util/twiml_check.lua", "cli/lua/twilio/outbox/csv.lua",
   "cli/lua/twilio/outbox/text.lua",
}

local LEAST_LINES = 2 -- of a parser that the kept inputs run

-- The path of a source as it is found in the checkout: lua/twilio/cli is a link.
local function real(path)
   path = path:gsub("^@", ""):gsub("^%./", "")
   return (path:gsub("^lua/twilio/sandbox", "sandbox/lua/twilio/sandbox")
      :gsub("^lua/twilio/cli/", "cli/lua/twilio/cli/")
      :gsub("^lua/twilio/outbox", "cli/lua/twilio/outbox"))
end

local targets = process.lines "ls tools/fuzz/targets | sed 's/[.]lua$//'"

local can_load = pcall(require, "lxp") and pcall(require, "argparse")

describe("the fuzzers", function()
   local before, loaded

   setup(function()
      before, package.path = package.path, "tools/fuzz/?.lua;" .. package.path
      loaded = {}
      for _, name in ipairs(targets) do
         if can_load then loaded[name] = require("targets." .. name) end
      end
   end)

   teardown(function()
      package.path = before
      for name in pairs(loaded) do package.loaded["targets." .. name] = nil end
      package.loaded.reader = nil
   end)

   if not can_load then
      pending "need LuaExpat and argparse for this Lua"
      return
   end

   it("cover each parser, and nothing that isn't there", function()
      local covered, is_parser = {}, {}
      for name, target in pairs(loaded) do
         for _, path in ipairs(target.covers) do
            assert.is_not.equal("", process.read(path), name .. " covers no file: " .. path)
            covered[path] = true
         end
      end
      for _, path in ipairs(PARSERS) do
         is_parser[path] = true
         assert.is_true(covered[path], "no target covers " .. path)
      end
      for path in pairs(covered) do
         assert.is_true(is_parser[path] or path:find "columns" ~= nil, path .. " is missing here")
      end
   end)

   it("reach what they cover with the inputs that are kept, which break nothing", function()
      local lines, count = {}, 0
      local function note(_, line)
         local source = debug.getinfo(2, "S").source
         local known = lines[source] or {}
         lines[source] = known
         known[line] = true
      end
      for name, target in pairs(loaded) do
         local inputs = process.lines("ls tools/fuzz/corpus/" .. name)
         assert.is_true(#inputs >= 4, name .. " has no corpus")
         for _, input in ipairs(inputs) do
            local text = process.read("tools/fuzz/corpus/" .. name .. "/" .. input)
            debug.sethook(note, "l")
            local ok, message = pcall(target.run, text)
            debug.sethook()
            assert.is_true(ok, ("%s, %s: %s"):format(name, input, tostring(message)))
            count = count + 1
         end
      end
      assert.is_true(count > 60)
      local reached = {}
      for source, known in pairs(lines) do
         local path = real(source)
         reached[path] = reached[path] or 0
         for _ in pairs(known) do reached[path] = reached[path] + 1 end
      end
      for _, path in ipairs(PARSERS) do
         assert.is_true((reached[path] or 0) >= LEAST_LINES,
            ("%d lines of %s are reached"):format(reached[path] or 0, path))
      end
   end)
end)

describe("tools/fuzz/run", function()
   local is_54 = _VERSION == "Lua 5.4" and process.sanitizer() == ""
   local has_libfuzzer = is_54 and process.can(
      "echo 'int LLVMFuzzerTestOneInput(const char *d, long n) { return !d && n; }' |"
         .. " clang -fsanitize=fuzzer -x c - -o /dev/null")
   -- Once is enough; elsewhere clang or its libFuzzer isn't there (Debian: libclang-rt-14-dev).
   local try = has_libfuzzer and it or pending

   try("builds each target and runs 1,000 inputs", function()
      local text = process.output("FUZZ_RUNS=1000 tools/fuzz/run 2>&1; echo exit $?")
      assert.matches("exit 0$", text, nil, text)
      for _, name in ipairs { "leaves", "lines", (table.unpack or unpack)(targets) } do
         local runs = tonumber(text:match("\n" .. name .. ": *inputs (%d+)"))
         assert.is_true(runs and runs >= 1000, text)
      end
   end)

   it("is told the words of the sources", function()
      local words = process.output "lua5.4 tools/fuzz/dictionary.lua webhook"
      assert.matches('"X%-Forwarded%-Host"', words)
      assert.is_nil(words:find '\n[^"]')
   end)
end)

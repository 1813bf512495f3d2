-- cli/api/walk.lua: words -> a place in the API.

local names = require "twilio.cli.api.names"
local walk = require "twilio.cli.api.walk"

local function take(line)
   local words = {}
   for word in line:gmatch "%S+" do words[#words + 1] = word end
   local at = walk.root()
   local after, message, place = walk.take(at, words, 1)
   return at, after, message, place
end

local function text(line) return walk.text((take(line))) end

describe("words", function()
   it("lead to an operation", function()
      assert.equal("messages:create", text "messages create")
      assert.equal("messages(sid):fetch", text "messages SM1 fetch")
      assert.equal("verify.v2.services(sid).verifications:create",
         text "verify v2 services VA1 verifications create")
      assert.equal("api.v2010.accounts(sid).messages:list",
         text "api v2010 accounts AC1 messages list")
   end)

   it("may leave the version out, and have dashes", function()
      assert.equal("verify.v2.services(sid):fetch", text "verify services VA1 fetch")
      assert.equal("lookups.v2.phone_numbers(sid):fetch", text "lookups v2 phone-numbers +1 fetch")
      assert.equal("lookups.v1.phone_numbers(sid):fetch", text "lookups phone_numbers +1 fetch")
   end)

   it("are an instance by themselves, where it has no path arguments", function()
      local at = take "taskrouter v1 workspaces WS1 cumulative-statistics fetch"
      assert.equal("fetch", at.method)
      assert.same({ "taskrouter", "v1", "workspaces", { "WS1" }, "cumulative_statistics", {} },
         at.trail)
   end)

   it("tell a list's own statistics from one worker's", function()
      local all = take "taskrouter v1 workspaces WS1 workers statistics fetch"
      local one = take "taskrouter v1 workspaces WS1 workers WK1 statistics fetch"
      assert.equal("fetch", all.method)
      assert.equal("fetch", one.method)
      assert.is_true(#one.trail == #all.trail + 1)
   end)

   it("are several path arguments of one call", function()
      assert.same({ "memory", "v1", "profiles", { "st", "pr" } },
         take "memory v1 profiles st pr fetch".trail)
      assert.same({ "memory", "v1", "profiles", { "st" } },
         take "memory v1 profiles st list".trail)
      assert.same({ "routes", "v3", "iso_country_code", { "US", "12345" } },
         take "routes v3 iso-country-code US 12345 fetch".trail)
   end)

   it("with = before them are path arguments whatever they say", function()
      assert.same({ "sync", "v1", "services", { "IS1" }, "documents", { "list" } },
         take "sync v1 services IS1 documents =list fetch".trail)
      assert.same({ "messages", { "=x" } }, take "messages ==x fetch".trail)
   end)

   it("end before an option, or behind an operation", function()
      local at, after = take "messages --limit 5 list"
      assert.is_nil(at.method)
      assert.equal(2, after)
      assert.equal(3, select(2, take "messages list --limit 5"))
   end)
end)

describe("a word that is wrong", function()
   local function mistake(line)
      local _, after, message = take(line)
      assert.is_nil(after)
      return message
   end

   it("is told with what may have been meant", function()
      assert.equal("unknown command, product or resource 'mesages' (did you mean 'messages'?)",
         mistake "mesages list")
      assert.matches("unknown resource 'servces' %(did you mean 'services'%?%)",
         mistake "verify v2 servces")
      assert.matches("unknown operation or resource 'fetsh' %(did you mean 'fetch'%?%)",
         mistake "messages SM1 fetsh")
   end)

   it("is told with what is there", function()
      assert.equal("unknown operation or resource 'x' (there are: delete, feedback, fetch, media, update)",
         mistake "messages SM1 x")
   end)

   it("that was taken for a path argument is remembered", function()
      assert.equal("'crate' was taken for a path argument: did you mean 'create'?",
         names.missing(take "messages crate"))
      assert.matches("'crate' was taken for a path argument: did you mean 'create'%?",
         mistake "messages crate x")
   end)
end)

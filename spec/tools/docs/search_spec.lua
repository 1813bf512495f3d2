-- tools/docs/search.js: which entries a question finds, and in which order. Run by Node.

local process = require "support.process"

local HARNESS = [[
const fs = require("fs");
const entries = [
   ["client.messages:create", "api/messages.html", "to from body media_url status_callback"],
   ["client.messages:list", "api/messages.html#list", "to from limit page_size"],
   ["Errors and retries", "guides/errors.html", "A request that was answered 429 is tried again."],
   ["twilio.CallOptions", "modules/twilio.html", "timeout seconds, of the call with all its retries"],
   ["Webhooks: Behind a proxy", "guides/webhooks.html", "A proxy that ends TLS changes the URL."],
   ["User roles", "roles.html", "users"],
];
const box = { addEventListener() {}, value: "", form: { addEventListener() {} }, replaceChildren() {} };
const page = { getElementById: () => box, addEventListener() {} };
const search = new Function("entries", "document", "location", "root",
   fs.readFileSync("tools/docs/search.js", "utf8") + "; return { find, wordsOf, excerpt };");
const api = search(entries, page, { hash: "" }, "");
for (const question of process.argv.slice(2)) {
   const words = api.wordsOf(question);
   console.log(api.find(words).map((i) => entries[i][0]).join(" | "));
}
console.log(api.excerpt(2, ["429"]));
]]

it("the search finds by names first, then by texts, whatever the words of the question", function()
   if not process.can "node --version" then return pending "there is no Node" end
   local folder = process.folder()
   process.write(folder .. "/run.cjs", HARNESS)
   local questions = { "messages", "What does a 429 return?", "How do I set a timeout for one call?",
      "status_callback", "verify a webhook behind a proxy", "use", "nothing of the kind" }
   local words = {}
   for i, question in ipairs(questions) do words[i] = "'" .. question .. "'" end
   local lines = process.lines(("node %s/run.cjs %s"):format(folder, table.concat(words, " ")))
   assert.same({
      "client.messages:list | client.messages:create", "Errors and retries",
      "twilio.CallOptions | client.messages:create", "client.messages:create",
      "Webhooks: Behind a proxy", "User roles", "",
      "A request that was answered 429 is tried again.",
   }, lines)
   process.forget(folder)
end)

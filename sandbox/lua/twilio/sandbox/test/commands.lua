-- sandbox/test/commands.lua: the arguments of a test's commands, checked: fail, advance,
-- receive_message, receive_call, wait, configure, clock, namespaces, ...
--
-- Served, they come from outside as JSON; in process they are a program's. Both get the same texts,
-- which name the member.

local core = require "twilio.core"
local json = require "twilio.json"
local options = require "twilio.util.options"
local scripts = require "twilio.sandbox.behaviour.scripts"
local path_pattern = require "twilio.sandbox.test.path_pattern"
local sids = require "twilio.sandbox.schema.sid"

local commands = {}

--- Returns true if a text is the name of a namespace.
function commands.is_name(text)
   return type(text) == "string" and #text <= 64 and text:find("^[A-Za-z0-9_-]+$") ~= nil
end

local LONGEST = 10 * 366 * 86400 -- seconds that the clock may be moved in one go

-- A rule's check (util/options.lua) by a test of the value.
local function must_be(description, test)
   return function(value)
      if test(value) then return true end
      return nil, "must be " .. description
   end
end

local function is_text(value) return type(value) == "string" end

local function is_list_of(value, test)
   if type(value) ~= "table" then return false end
   local count = 0
   for index, item in pairs(value) do
      if type(index) ~= "number" or not test(item) then return false end
      count = count + 1
   end
   return count == #value
end

local function is_plain(value)
   return type(value) == "string" or type(value) == "number" or type(value) == "boolean"
end

-- These would break the framing of the response.
local framing = { ["content-length"] = true, ["transfer-encoding"] = true, connection = true }

local function are_headers(value)
   if type(value) ~= "table" then return false end
   for name, content in pairs(value) do
      if type(name) ~= "string" or not name:find("^[A-Za-z0-9!#$&'*+.^_`|~-]+$") then
         return false
      end
      if framing[core.lower(name)] then return false end
      if not is_plain(content) or tostring(content):find("[%z\r\n]") then return false end
   end
   return true
end

local function is_pattern(value) return is_text(value) and path_pattern.compile(value) ~= nil end

local match_members = { method = true, path = true, params = true }

local function is_match(value)
   if type(value) == "function" then return true end
   if type(value) ~= "table" then return false end
   for name in pairs(value) do
      if not match_members[name] then return false end
   end
   if value.method ~= nil and not is_text(value.method) then return false end
   if value.path ~= nil and not is_pattern(value.path) then return false end
   return value.params == nil or type(value.params) == "table"
end

-- A match of messages or calls: values by the names of fields.
local function are_fields(value)
   if type(value) ~= "table" then return false end
   for name, content in pairs(value) do
      if not is_text(name) or not is_plain(content) then return false end
      if name == "contains" and not is_text(content) then return false end
   end
   return true
end

local function is_webhook_match(value)
   if type(value) ~= "table" then return false end
   for name, content in pairs(value) do
      if name == "url" and not is_text(content) then return false end
      if name == "params" and type(content) ~= "table" then return false end
      if name ~= "url" and name ~= "params" then return false end
   end
   return true
end

-- kind of what is waited for -> its match
local waited_for = {
   message = { are_fields, "an object of texts, numbers and booleans" },
   call = { are_fields, "an object of texts, numbers and booleans" },
   request = { is_match, "an object of method, path (a Lua pattern without %b and %1) and params" },
   webhook = { is_webhook_match, "an object of url and params" },
}

-- A mistake in the kind is told by its own rule.
local function check_wait(match, given)
   local wanted = waited_for[given.kind]
   if not wanted or wanted[1](match) then return true end
   return nil, "must be " .. wanted[2]
end

local function is_sid(value)
   return is_text(value) and (sids.is(value, "AC") or sids.is(value, "SK"))
end

-- Rules ------------------------------------------------------------------------------------------

local SECONDS = { "number", from = 0, to = 86400, unit = "seconds" }
local PHONE = { "string!", check = must_be("a phone number", function(text)
   return #text > 0 and #text <= 256
end) }
local check_url = must_be("a URL that begins with http:// or https://", function(text)
   return text:find("^https?://[^/]") ~= nil and not text:find("[%z\1-\32\127]")
end)
local URL, GIVEN_URL = { "string", check = check_url }, { "string!", check = check_url }

-- command -> its rules
local rules = {
   fail = {
      match = { "table|function", check = must_be("an object of method, path (a Lua pattern "
         .. "without %b and %1) and params, or a function", is_match) },
      status = { "integer", from = 100, to = 599 }, code = { "integer", from = 0, to = 999999 },
      message = "string", retry_after = SECONDS,
      headers = { "table", check = must_be("an object of texts without line breaks, and without "
         .. "Content-Length, Transfer-Encoding and Connection", are_headers) },
      body = { "string|table", check = must_be("a text or an object that JSON can hold",
         function(value) return is_text(value) or json.encode(value) ~= nil end) },
      times = { "integer", from = 1, finite = true }, delay = SECONDS, reset = "boolean",
   },
   advance = { seconds = { "number!", from = 0, to = LONGEST, unit = "seconds" } },
   receive_message = {
      from = PHONE, to = PHONE, body = "string",
      media = { "table", check = must_be("an array of texts", function(list)
         return is_list_of(list, is_text)
      end) },
      url = URL,
   },
   receive_call = { from = PHONE, to = PHONE, url = URL }, -- and the members of a script
   forget = {}, reset = { real_time = "boolean" },
   clock = {
      frozen = "boolean",
      offset = { "number", from = -LONGEST, to = LONGEST, unit = "seconds" },
   },
   add = { url = GIVEN_URL, fields = { "table", check = must_be("an object", function(fields)
      for name in pairs(fields) do
         if not is_text(name) then return false end
      end
      return true
   end) } },
   configure = {
      outcomes = scripts.OUTCOMES,
      verification_code = "string", strict = "boolean",
      own_numbers = "boolean", test_credentials = "boolean",
   },
   wait = {
      kind = { "string!", one_of = { "message", "call", "request", "webhook" } },
      match = { "table|function", check = check_wait },
      after = { "integer", from = 0, finite = true },
      timeout = { "number", from = 0, to = 300, unit = "seconds" },
   },
   replay = {
      id = { "integer!", from = 0, finite = true }, kind = { one_of = { "webhook", "request" } },
   },
   namespaces = {
      name = { "string!", check = must_be("1 to 64 letters, digits, _ and -", commands.is_name) },
      accounts = { "table", check = must_be("an array of SIDs of accounts and API keys",
         function(list) return is_list_of(list, is_sid) end) },
   },
}

for name, rule in pairs(scripts.members) do rules.receive_call[name] = rule end

--- The members that a command takes. @return (array of strings), sorted; (set) the required ones
function commands.members(name)
   local required = {}
   for member, rule in pairs(rules[name]) do
      local types = type(rule) == "table" and rule[1] or rule
      if type(types) == "string" and types:find("!", 1, true) then required[member] = true end
   end
   return options.names(rules[name]), required
end

--- Checks a command's arguments.
-- @param name (string) of the command
-- @param given (table) by member
-- @param shown (string | nil) the name in messages, where it is another
-- @return true; or nil, (string) which member is wrong, and what it must be
function commands.check(name, given, shown)
   if type(given) ~= "table" then
      return nil, ("%s takes one table, got a %s"):format(shown or name, type(given))
   end
   local checked, message = options.check(given, rules[name], (shown or name) .. ".", "member")
   if not checked then return nil, message end
   return true
end

return commands

-- sandbox/test/commands.lua: the arguments of a test's commands, checked: fail, advance,
-- receive_message, receive_call, wait, configure, ...
--
-- Served, they come from outside as JSON; in process they are a program's. Both get the same texts,
-- which name the member.

local core = require "twilio.core"
local json = require "twilio.json"
local options = require "twilio.util.options"
local path_pattern = require "twilio.sandbox.test.path_pattern"

local commands = {}

local LONGEST = 10 * 366 * 86400 -- seconds that the clock may be moved in one go

-- Each kind of value: its description, and a test.
local kinds = {}

local function kind(name, description, test)
   kinds[name] = { description = description, test = test }
end

local function is_number(value, least, most)
   return type(value) == "number" and value >= least and value <= most -- false for NaN
end

local function is_whole(value, least, most)
   return is_number(value, least, most) and value % 1 == 0
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

local function is_dial(value)
   if type(value) ~= "table" then return false end
   for name, content in pairs(value) do
      if not (name == "status" and is_text(content) or name == "duration" and is_number(content, 0,
         86400)) then
         return false
      end
   end
   return true
end

kind("text", "a text", is_text)
kind("number_of_phone", "a phone number (text)", function(value)
   return is_text(value) and #value > 0 and #value <= 256
end)
kind("answers", "an array of texts, one for each Gather", function(value)
   return is_list_of(value, is_plain)
end)
kind("url", "a URL (text) that begins with http:// or https://", function(value)
   return is_text(value) and value:find("^https?://[^/]") ~= nil
      and not value:find("[%z\1-\32\127]")
end)
kind("urls", "an array of texts", function(value) return is_list_of(value, is_text) end)
kind("boolean", "true or false", function(value) return type(value) == "boolean" end)
kind("status", "a whole number from 100 to 599", function(value)
   return is_whole(value, 100, 599)
end)
kind("code", "a whole number from 0 to 999999", function(value)
   return is_whole(value, 0, 999999)
end)
kind("seconds", "a number of seconds from 0 to 86400", function(value)
   return is_number(value, 0, 86400)
end)
kind("times", "a whole number of 1 or more", function(value) return is_whole(value, 1, 2 ^ 53) end)
kind("span", "a number of seconds from 0 to " .. LONGEST, function(value)
   return is_number(value, 0, LONGEST)
end)
kind("headers", "an object of texts without line breaks, and without Content-Length, "
   .. "Transfer-Encoding and Connection", are_headers)
kind("body", "a text or an object that JSON can hold", function(value)
   return is_text(value) or type(value) == "table" and json.encode(value) ~= nil
end)
kind("match", "an object of method, path (a Lua pattern without %b and %1) and params, "
   .. "or a function", is_match)
local words = { busy = true, failed = true, ["no-answer"] = true }

kind("outcomes", 'an object: phone number -> "busy", "no-answer", "failed", an error code, or false',
   function(value)
      if type(value) ~= "table" then return false end
      for number, outcome in pairs(value) do
         if not is_text(number) then return false end
         if outcome ~= false and not words[outcome] and not is_whole(outcome, 10000, 99999) then
            return false
         end
      end
      return true
   end)

local waited_for = { message = true, call = true, request = true, webhook = true }

kind("kind", '"message", "call", "request" or "webhook"', function(value)
   return waited_for[value] == true
end)
kind("fields", "an object of texts, numbers and booleans; requests: method, path and params; "
   .. "webhooks: url and params", function(value)
   if type(value) == "function" then return true end
   if type(value) ~= "table" then return false end
   for name, content in pairs(value) do
      if not is_text(name) then return false end
      if name == "params" and type(content) ~= "table" then return false end
      if name ~= "params" and not is_plain(content) then return false end
      if name == "path" and not is_pattern(content) then return false end
   end
   return true
end)
kind("patience", "a number of seconds from 0 to 300", function(value)
   return is_number(value, 0, 300)
end)
kind("count", "a whole number of 0 or more", function(value) return is_whole(value, 0, 2 ^ 53) end)
kind("table", "an object", function(value) return type(value) == "table" end)

kind("dial", "an object of status (text) and duration (seconds)", is_dial)

-- command -> member -> kind; "!" means that it must be there
local members = {
   fail = {
      match = "match", status = "status", code = "code", message = "text", retry_after = "seconds",
      headers = "headers", body = "body",
      times = "times", delay = "seconds", reset = "boolean",
   },
   advance = { seconds = "span!" },
   receive_message = {
      from = "number_of_phone!", to = "number_of_phone!", body = "text", media = "urls",
      url = "url",
   },
   receive_call = {
      from = "number_of_phone!", to = "number_of_phone!", digits = "answers", speech = "answers",
      dial = "dial",
      recording = "seconds", url = "url",
   },
   forget = {}, reset = {},
   add = { url = "url!", fields = "table" },
   configure = {
      outcomes = "outcomes", verification_code = "text", strict = "boolean",
      own_numbers = "boolean", test_credentials = "boolean",
   },
   wait = { kind = "kind!", match = "fields", after = "count", timeout = "patience" },
   replay = { id = "count!" },
}

--- Checks a command's arguments.
-- @param name (string) of the command
-- @param given (table) by member
-- @return true; or nil, (string) which member is wrong, and what it must be
function commands.check(name, given)
   local known = members[name]
   if type(given) ~= "table" then
      return nil, ("%s takes one table, got a %s"):format(name, type(given))
   end
   for _, member in ipairs(options.names(given)) do
      local wanted = known[member]
      if type(member) ~= "string" then return nil, name .. " takes named members" end
      if not wanted then
         return nil, options.unknown("member", member, options.names(known), name .. ".")
      end
      local expected = kinds[wanted:gsub("!", "")]
      if not expected.test(given[member]) then
         return nil, ("%s.%s must be %s"):format(name, member, expected.description)
      end
   end
   for _, member in ipairs(options.names(known)) do
      if known[member]:find("!", 1, true) and given[member] == nil then
         return nil, ("%s.%s is missing: %s"):format(name, member,
            kinds[known[member]:gsub("!", "")].description)
      end
   end
   return true
end

return commands

-- cli/globals.lua: the options that every command and every operation takes.
--
-- They stand before the first word, or among an operation's own options, whose names come first.
-- Must not know the API.

local globals = {}

--- Options in the order of the help: { name, argument (nil: a flag), text, command (true: commands
-- take it, too) }.
globals.list = {
   { "profile", "NAME", "the account of this name, of `twilio login`", command = true },
   { "output", "FORMAT", "table, json, jsonl or tsv; a table on a terminal, otherwise json" },
   { "fields", "A,B", "only these fields, in this order" },
   { "query", "PATH", "one value of the answer: subresource_uris.media, 0.sid" },
   { "limit", "N|all", "at most so many records of a list; 50 unless given" },
   { "page-size", "N", "records of a page" },
   { "data", "JSON", "arguments as a JSON object, by name; options come on top" },
   { "dry-run", nil, "print the request as a curl command, without secrets; send nothing" },
   { "timeout", "SECONDS", "of a request; 30 unless given", command = true },
   { "max-retries", "N", "0 turns retries off; 2 unless given", command = true },
   { "no-color", nil, "plain text (so does NO_COLOR=1)", command = true },
   { "verbose", nil, "tell what is sent, on standard error", command = true },
   { "help", nil, "this page" },
   { "version", nil, "the version of the program" },
}

local by_name = {}
for _, option in ipairs(globals.list) do by_name[option[1]] = option end

--- An option of that name. @param name (string) without dashes; underscores stand for dashes
-- @return (table | nil)
function globals.find(name) return by_name[(name:gsub("_", "-"))] end

local checks = {}

function checks.output(value)
   local known = { table = true, json = true, jsonl = true, tsv = true }
   return known[value] and value or nil, "must be table, json, jsonl or tsv"
end

-- Beyond this a number isn't an integer of each Lua any more.
local function is_count(number) return number and number >= 1 and number < 2 ^ 53 end

function checks.limit(value)
   if value == "all" then return math.huge end
   local number = value:find "^%d+$" and tonumber(value)
   return is_count(number) and number or nil, "must be a number from 1 on, or all"
end

checks["page-size"] = function(value)
   local number = value:find "^%d+$" and tonumber(value)
   return is_count(number) and number or nil, "must be a number from 1 on"
end

function checks.timeout(value)
   local number = value:find "^[%d.]+$" and tonumber(value)
   local is_fit = number and number > 0 and number < 2 ^ 53
   return is_fit and number or nil, "must be a number of seconds above 0"
end

checks["max-retries"] = function(value)
   local number = value:find "^%d+$" and tonumber(value)
   return (number == 0 or is_count(number)) and number or nil, "must be a number from 0 on"
end

function checks.fields(value)
   return value:find "[^,%s]" and value or nil, "needs the names of fields"
end

function checks.query(value)
   return value:find "[^.]" and value or nil, "needs a path: sid, 0.sid"
end

--- Takes an option's value into the settings.
-- @param settings (table) of the context
-- @param option (table) of the list
-- @param value (string | true)
-- @return true; or nil, (string) the caller's mistake
function globals.set(settings, option, value)
   local name, check = option[1], checks[option[1]]
   local message
   if check then
      value, message = check(value)
      if value == nil then return nil, ("--%s %s"):format(name, message) end
   end
   settings[(name:gsub("-", "_"))] = value
   return true
end

--- Reads the options before the next other word.
-- @param around (table) the context
-- @param words (array) all words
-- @param first (integer | nil) the place to begin; 1 unless given
-- @return (integer) the place of the next other word
function globals.read(around, words, first)
   local at = first or 1
   while words[at] and words[at]:find "^%-" do
      local name, value = words[at]:match "^%-%-([^=]+)=?(.*)$"
      local has_value = words[at]:find("=", 1, true) ~= nil
      if words[at] == "-h" then name = "help" end
      local option = name and globals.find(name)
      if not option then
         local names = {}
         for i, one in ipairs(globals.list) do names[i] = "--" .. one[1] end
         around.fail(require("twilio.util.mistakes").unknown("option", words[at], names))
      end
      if option[2] and not has_value then
         at = at + 1
         value = words[at]
         if not value then around.fail(("--%s needs a value"):format(name)) end
      end
      local ok, message = globals.set(around.settings, option, option[2] and value or true)
      if not ok then around.fail(message) end
      at = at + 1
   end
   return at
end

--- Gives a command's parser the options that commands take.
function globals.add(parser)
   for _, option in ipairs(globals.list) do
      if option.command then
         local add = option[2] and parser.option or parser.flag
         local one = add(parser, "--" .. option[1]):description(option[3])
            :target("global_" .. option[1])
         if option[2] then one:argname(option[2]) end
      end
   end
end

--- Takes these options out of argparse's result.
function globals.take(around, arguments)
   for _, option in ipairs(globals.list) do
      local value = arguments["global_" .. option[1]]
      if value ~= nil then
         arguments["global_" .. option[1]] = nil
         local ok, message = globals.set(around.settings, option, value)
         if not ok then around.fail(message) end
      end
   end
end

return globals

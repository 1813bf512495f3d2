-- cli/api/run.lua: an operation from the command line: words -> a call of the library -> its
-- answer, printed.

local checked = require "twilio.cli.api.checked"
local lazy = require "twilio.util.lazy"
local walk = require "twilio.cli.api.walk"

local arguments = lazy "twilio.cli.api.arguments" -- with the first option
local globals = lazy "twilio.cli.globals" -- with the first option
local names = lazy "twilio.cli.api.names" -- with the first mistake
local print = lazy "twilio.cli.output.print" -- with the first answer

local run = {}

local LIMIT = 50 -- records of a list, unless --limit says otherwise

-- The words before the operation's name may have the program's options among them.
local function find_place(around, words, first)
   local at, i = walk.root(), first
   while words[i] and not at.method do
      local after, message, place = walk.take(at, words, i)
      if not after then
         around.fail(("%s (word %d)"):format(message, place))
      end
      i = after
      if words[i] and not at.method then
         -- An operation's option where there is no operation yet.
         local name = words[i]:match "^%-%-([^=]+)"
         if at.domain and name and not globals.find(name) then around.fail(names.missing(at)) end
         i = globals.read(around, words, i)
      end
   end
   return at, i
end

-- Returns true if an operation can't do without arguments, or only its schema tells.
local function needs_some(op) return op.body or op.required[1] or op.any[1] end

-- Limit and page size are arguments of the library's lists.
local function list_arguments(around, at, given)
   local settings = around.settings
   if settings.page_size then given.page_size = settings.page_size end
   local limit = settings.limit or LIMIT
   if limit == math.huge or at.op.by_name.limit then return given end
   given.limit = limit
   -- The library would say the same as a number, whose text costs some files more before the first
   -- request.
   if at.op.by_name.page_size and not given.page_size then
      given.page_size = ("%d"):format(math.min(limit, at.op.page_max or 1000))
   end
   return given
end

local function print_list(around, object, given)
   local limit = given.limit
   local count
   local settings = around.settings
   if not settings.query and (settings.output == "jsonl" or settings.output == "tsv") then
      count = print.stream(around, checked(around, object.each, object, given))
   else
      local records, err = checked(around, object.list, object, given)
      if not records then return around.report(err) end
      count = #records
      print.value(around, require("twilio.json").array(records))
   end
   if count == limit and not settings.limit then
      local sentence = "twilio: the first %d records; --limit N or --limit all takes more"
      around.warn(sentence:format(count))
   end
   return around.exit.ok
end

--- Runs the words of an operation.
-- @param around (table) the context
-- @param words (array), first (integer) the place of the first word
-- @return (integer) the exit code
function run.run(around, words, first)
   local at, after = find_place(around, words, first)
   local settings = around.settings
   if settings.help then return require("twilio.cli.api.help").print(around, at) end
   if not at.method then around.fail(names.missing(at)) end
   local given, message = {}, nil
   if words[after] or settings.data or needs_some(at.op) then
      given, message = arguments.read(at.method, at.op, function()
         return assert(require("twilio.resource.describe").of(walk.text(at)))
      end, words, after, settings)
   end
   if settings.help then return require("twilio.cli.api.help").print(around, at) end
   local label = table.concat(at.names, " ")
   if not given then
      around.fail(("%s: %s (see twilio %s --help)"):format(label, message, label))
   end
   if at.method == "list" then given = list_arguments(around, at, given) end
   if settings.dry_run then return require("twilio.cli.api.dry").run(around, at, given) end
   local client = around.client()
   local object = checked(around, walk.object, client, at)
   if at.method == "list" then return print_list(around, object, given) end
   if at.method == "download" then return require("twilio.cli.api.download").run(around, object) end
   local answer, err = checked(around, object[at.method], object, given)
   if answer == nil then return around.report(err) end
   print.value(around, answer)
   return around.exit.ok
end

return run

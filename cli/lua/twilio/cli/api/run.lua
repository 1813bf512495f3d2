-- cli/api/run.lua: an operation from the command line: words -> a call of the library -> its
-- answer, printed.

local arguments = require "twilio.cli.api.arguments"
local globals = require "twilio.cli.globals"
local walk = require "twilio.cli.api.walk"
local print = require "twilio.util.lazy" "twilio.cli.output.print" -- with the first answer

local run = {}

local LIMIT = 50 -- records of a list, unless --limit says otherwise

-- The library raises the caller's mistakes with a position in these files, which helps nobody.
local function checked(around, f, ...)
   local results = { pcall(f, ...) }
   if results[1] then return (table.unpack or unpack)(results, 2, 4) end
   local raised = results[2]
   if type(raised) ~= "string" or raised:find("interrupted!", 1, true) then error(raised, 0) end
   around.fail((raised:gsub("^[^:\n]+:%d+: ", ""):gsub("; see twilio%.describe%b()$", "")))
end

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
         if at.domain and name and not globals.find(name) then around.fail(walk.missing(at)) end
         i = globals.read(around, words, i)
      end
   end
   return at, i
end

local function description_of(at)
   return assert(require("twilio.resource.describe").of(walk.text(at)))
end

-- A transport that keeps the request and sends nothing.
local function dry_transport()
   local kept = {}
   function kept:send(final)
      self.request = final
      return nil, require("twilio.util.error").new {
         kind = "cancelled", message = "nothing is sent", sent = false, retryable = false,
      }
   end
   return kept
end

local function print_request(around, at, given)
   local transport = dry_transport()
   local client, user = around.dry_client(transport)
   local object = checked(around, walk.object, client, at)
   checked(around, object[at.method], object, given)
   local curl = require "twilio.cli.api.curl"
   around.out:write(curl.command(transport.request, user), "\n")
   return around.exit.ok
end

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

local function download(around, object)
   local path = around.settings.file
   if not path and around.interactive then
      around.fail "download writes to standard output: give --file PATH, or a pipe"
   end
   local file, message = around.out.file, nil
   if path then file, message = io.open(path, "wb") end
   if not file then around.fail(message) end
   local bytes, err = checked(around, object.download, object, function(chunk)
      local ok
      ok, message = file:write(chunk)
      return ok and true, message
   end, { format = around.settings.format })
   local is_closed = true
   if path then is_closed, message = file:close() end
   if not bytes then return around.report(err) end
   if not is_closed then around.fail(("%s: %s"):format(path, message), around.exit.api) end
   if path then around.warn(("%d bytes in %s"):format(bytes, path)) end
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
   if not at.method then around.fail(walk.missing(at)) end
   local given, message = arguments.read(at.method, at.op, function()
      return description_of(at)
   end, words, after, settings)
   if settings.help then return require("twilio.cli.api.help").print(around, at) end
   local label = table.concat(at.names, " ")
   if not given then
      around.fail(("%s: %s (see twilio %s --help)"):format(label, message, label))
   end
   if at.method == "list" then given = list_arguments(around, at, given) end
   if settings.dry_run then return print_request(around, at, given) end
   local client = around.client()
   local object = checked(around, walk.object, client, at)
   if at.method == "list" then return print_list(around, object, given) end
   if at.method == "download" then return download(around, object) end
   local answer, err = checked(around, object[at.method], object, given)
   if answer == nil then return around.report(err) end
   print.value(around, answer)
   return around.exit.ok
end

return run

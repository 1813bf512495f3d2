-- cli/api/help.lua: the pages of --help about the API, from twilio.describe.

local arguments = require "twilio.cli.api.arguments"
local core = require "twilio.core"
local globals = require "twilio.cli.globals"
local lazy = require "twilio.util.lazy"
local methods = require "twilio.cli.api.methods"
local model = require "twilio.call.model"
local operation = require "twilio.call.operation"
local walk = require "twilio.cli.api.walk"
local width = require "twilio.cli.util.width"

-- Not for the program's own page.
local describe = lazy "twilio.resource.describe"
local terminal = lazy "twilio.resource.terminal"

local help = {}

local WIDTH = 100 -- characters of a line at most

local function option(name) return "--" .. methods.shown(name) end

local function wrap(text, indent)
   return table.concat(width.wrap(text, WIDTH - indent), "\n" .. (" "):rep(indent))
end

--- Two columns. @param rows (array) { left, right }
-- @return (array of strings) lines
function help.columns(rows)
   local widest, lines = 0, {}
   for _, row in ipairs(rows) do widest = math.max(widest, math.min(34, #row[1])) end
   for i, row in ipairs(rows) do
      local left = ("  %-" .. widest .. "s  "):format(row[1])
      lines[i] = (left .. wrap(row[2], #left)):gsub(" +$", "")
   end
   return lines
end

local function add(out, title, lines)
   if #lines == 0 then return end
   out[#out + 1] = ""
   out[#out + 1] = title
   for _, line in ipairs(lines) do out[#out + 1] = line end
end

local function type_of(one)
   local text = terminal.type_of(one)
   if one.values then
      text = text .. ": " .. table.concat(one.values, " | ") .. (one.others and " | ..." or "")
   end
   if one.place == "header" then text = text .. " (a header)" end
   if one.members or one.map or one.type == "object" or one.type == "JSON" then
      text = text .. " (JSON)"
   end
   return text
end

local function rows_of(list, depth, rows)
   for _, one in ipairs(list) do
      rows[#rows + 1] = { ("  "):rep(depth) .. one.name, type_of(one) }
      rows_of(one.members or one.fields or {}, depth + 1, rows)
   end
   return rows
end

local function argument(one) return core.upper(one.name) end

-- Returns true for what an option stands for: no function, no argument of a Lua method.
local function takes(one) return one.place ~= "argument" and one.place ~= "option" end

-- "--to TO --from FROM [--body BODY] ..."
local function usage_of(described)
   local words = {}
   for _, one in ipairs(described.parameters) do
      if one.required and takes(one) then
         words[#words + 1] = option(one.name) .. " " .. argument(one)
      end
   end
   if #described.parameters > #words then words[#words + 1] = "[OPTION...]" end
   return table.concat(words, " ")
end

local function program_options(skip)
   local rows = {}
   for _, one in ipairs(globals.list) do
      if not (skip and skip[one[1]:gsub("%-", "_")]) then
         rows[#rows + 1] = { "--" .. one[1] .. (one[2] and " " .. one[2] or ""), one[3] }
      end
   end
   return help.columns(rows)
end

help.program_options = program_options

-- The path of the first member that is a value: "types.twilio-text.body"; nil where there is none.
local function member_path(one)
   if not one.members then return methods.shown(one.name) end
   for _, below in ipairs(one.members) do
      local path = member_path(below)
      if path then return methods.shown(one.name) .. (one.array and ".0." or ".") .. path end
   end
   return nil
end

-- A member of a JSON body as an option; nil where there is none.
local function member_option(parameters)
   for _, one in ipairs(parameters) do
      local path = one.place == "body" and one.members and member_path(one)
      if path then return ("--%s VALUE"):format(path) end
   end
   return nil
end

local pages = {}

function pages.operation(out, at)
   local described = assert(describe.of(walk.text(at)))
   local label = table.concat(at.names, " ")
   out[#out + 1] = wrap(("Usage: twilio %s %s"):format(label, usage_of(described)), 3)
   out[#out + 1] = ""
   out[#out + 1] = ("%s %s"):format(described.verb, described.url)
   out[#out + 1] = described.documentation
   local rows, own = {}, {}
   for _, one in ipairs(at.method ~= "download" and described.parameters or {}) do
      if takes(one) and one.place ~= "library" then
         own[one.name] = true
         local name = option(one.name) .. (one.up_to and " ... " .. one.up_to or "")
         rows[#rows + 1] = { (one.required and "* " or "  ") .. name, type_of(one) }
         rows_of(one.members or {}, 3, rows)
      end
   end
   for _, one in ipairs(at.method == "download" and arguments.download_options or {}) do
      rows[#rows + 1] = { ("  --%s %s"):format(one[1], one[2]), one[3] }
   end
   add(out, "Options (*: required; repeat one for a list; @FILE or - reads the value)",
      help.columns(rows))
   local example = member_option(described.parameters)
   if example then
      out[#out + 1] = "  A member may be an option (.0 is the first item of a list):"
      out[#out + 1] = "     " .. example
   end
   for _, group in ipairs(described.any_of or {}) do
      local names = {}
      for i, name in ipairs(group) do names[i] = option(name) end
      out[#out + 1] = "  at least one of: " .. table.concat(names, ", ")
   end
   if described.body and described.body.open then
      out[#out + 1] = ""
      out[#out + 1] = "The API's files don't name the members of the JSON body: --data takes them."
   end
   add(out, described.paging and "Fields of a record (--fields, --query)"
      or "Fields of the answer (--fields, --query)",
      help.columns(rows_of(described.fields or {}, 0, {})))
   if described.paging then
      out[#out + 1] = ""
      out[#out + 1] = terminal.paging(described.paging)
   end
   add(out, "Options of the program", program_options(own))
end

-- The lines of one side of a resource: its operations and what is below it.
local function side_lines(at, side, prefix)
   local lines, of = {}, at.node[side]
   for _, method in ipairs(of and methods.list or {}) do
      local op = methods.operation(of, method)
      if op then
         local required = {}
         for _, one in ipairs(method ~= "download" and op.required or {}) do
            required[#required + 1] = option(one.name) .. " " .. core.upper(one.name)
         end
         lines[#lines + 1] = "  " .. wrap(
            ("twilio %s %s %s"):format(prefix, method, table.concat(required, " "))
               :gsub(" +$", ""), 6)
      end
   end
   local names = {}
   for name in pairs(of and of.nodes or {}) do names[#names + 1] = methods.shown(name) end
   table.sort(names)
   for _, name in ipairs(names) do
      lines[#lines + 1] = ("  twilio %s %s ..."):format(prefix, name)
   end
   return lines
end

function pages.resource(out, at)
   local label = table.concat(at.names, " ")
   out[#out + 1] = ("Usage: twilio %s ..."):format(label)
   local described = describe.of(walk.text(at))
   out[#out + 1] = described and described.documentation
   local own = model.arguments(at.node)
   local words = {}
   if at.side == "list" then
      for _, wire in ipairs(at.waiting) do words[#words + 1] = core.upper(operation.snake(wire)) end
      local prefix = table.concat({ label, (table.unpack or unpack)(words) }, " ")
      add(out, "Operations", side_lines(at, "list", prefix))
      for _, wire in ipairs(own.item) do words[#words + 1] = core.upper(operation.snake(wire)) end
   else
      for _, wire in ipairs(at.waiting) do words[#words + 1] = core.upper(operation.snake(wire)) end
   end
   local prefix = table.concat({ label, (table.unpack or unpack)(words) }, " ")
   add(out, at.side == "list" and at.node.list and "Of one" or "Operations",
      side_lines(at, "item", prefix))
   if described and described.fields then
      add(out, "Fields of a record", help.columns(rows_of(described.fields, 0, {})))
   end
end

local function named(prefix, nodes)
   local names = {}
   for name in pairs(nodes) do names[#names + 1] = methods.shown(name) end
   table.sort(names)
   for i, name in ipairs(names) do names[i] = ("  twilio %s %s ..."):format(prefix, name) end
   return names
end

function pages.version(out, at)
   local label = table.concat(at.names, " ")
   out[#out + 1] = ("Usage: twilio %s RESOURCE ..."):format(label)
   out[#out + 1] = describe.of(walk.text(at)).documentation
   add(out, "Resources", named(label, at.data.nodes))
end

function pages.product(out, at)
   out[#out + 1] = ("Usage: twilio %s [VERSION] RESOURCE ..."):format(at.names[1])
   local described = describe.of(at.domain)
   out[#out + 1] = described.documentation
   for _, version in ipairs(described.versions) do
      local name = version.name:match "%.(.+)$"
      add(out, name .. (name == described.default and " (may be left out)" or ""),
         named(at.names[1] .. " " .. name, model.version(at.domain, name).nodes))
   end
end

function pages.root(out, around)
   out[#out + 1] = [[
Usage: twilio [OPTION...] RESOURCE [SID] OPERATION [OPTION...]
       twilio [OPTION...] PRODUCT [VERSION] RESOURCE [SID] ... OPERATION [OPTION...]
       twilio COMMAND [OPTION...]

  twilio messages create --to +15558675310 --from +14155552344 --body Hello
  twilio verify v2 services VA... verifications create --to +15558675310 --channel sms
  twilio calls list --status completed --limit 20 --fields sid,to,duration]]
   local rows = {}
   for name, summary in pairs(around.commands.summaries) do rows[#rows + 1] = { name, summary } end
   table.sort(rows, function(a, b) return core.less(a[1], b[1]) end)
   add(out, "Commands", help.columns(rows))
   local function list(names)
      for i, name in ipairs(names) do names[i] = methods.shown(name) end
      return { "  " .. wrap(table.concat(names, ", "), 2) }
   end
   add(out, "Resources of your account", list(model.shortcuts()))
   add(out, "Products", list(model.domains()))
   add(out, "Options", program_options())
   out[#out + 1] = ""
   out[#out + 1] = "Each word takes --help. The account: twilio login, or TWILIO_ACCOUNT_SID with"
   out[#out + 1] = "TWILIO_API_KEY and TWILIO_API_SECRET, or with TWILIO_AUTH_TOKEN."
end

--- The page of a place as text.
-- @param around (table) the context
-- @param at (place) of walk.lua
function help.page(around, at)
   local out = {}
   if not at.domain then pages.root(out, around)
   elseif not at.data then pages.product(out, at)
   elseif not at.node then pages.version(out, at)
   elseif not at.method then pages.resource(out, at)
   else pages.operation(out, at) end
   return table.concat(out, "\n")
end

--- Prints the page of a place. @return (integer) the exit code
function help.print(around, at)
   around.out:write(help.page(around, at), "\n")
   return around.exit.ok
end

return help

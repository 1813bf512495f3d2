-- cli/commands/man.lua: `twilio man`: the manual page, made of the same tables as --help.
--
-- make install-cli installs it as twilio.1.

local globals = require "twilio.cli.globals"
local options = require "twilio.util.options"
local parser_facts = require "twilio.cli.util.parser_facts"

local command = {}

function command.configure() end

-- Text for roff: backslashes, dashes, and what would be a request at the beginning of a line.
local function roff(text)
   text = text:gsub("\\", "\\e"):gsub("%-", "\\-"):gsub("\n", "\n\\&")
   return (text:gsub("^([.'])", "\\&%1"))
end

-- Lines that begin with a blank stand as they are.
local function paragraphs(out, text)
   local is_fixed = false
   for line in (text .. "\n"):gmatch "([^\n]*)\n" do
      local wants_fixed = line:find "^ " ~= nil
      if wants_fixed ~= is_fixed then out[#out + 1] = wants_fixed and ".nf" or ".fi" end
      is_fixed = wants_fixed
      if line ~= "" then out[#out + 1] = roff(line) end
   end
   if is_fixed then out[#out + 1] = ".fi" end
end

local function item(out, names, argument, text)
   local bold = {}
   for i, name in ipairs(names) do bold[i] = "\\fB" .. roff(name) .. "\\fR" end
   out[#out + 1] = ".TP"
   local italic = argument and " \\fI" .. roff(argument) .. "\\fR" or ""
   out[#out + 1] = table.concat(bold, ", ") .. italic
   out[#out + 1] = roff(text or "")
end

local function command_page(out, name, facts, summary)
   out[#out + 1] = ".SS twilio " .. roff(name)
   paragraphs(out, facts.text or summary or "")
   for _, option in ipairs(facts.options) do
      if option.names[1] ~= "-h" then item(out, option.names, option.argument, option.text) end
   end
   for _, below in ipairs(facts.names) do
      command_page(out, name .. " " .. below, facts.commands[below])
   end
end

local codes = {
   { "0", "Done." }, { "1", "The API refused, or a check found something." },
   { "2", "A mistake in the command line, or no account." },
   { "3", "The network failed, and nothing was done." },
   { "4", "Nobody knows whether it was done: no answer came to a request that may have arrived." },
}

local environment = {
   { "TWILIO_ACCOUNT_SID", "The account." },
   { "TWILIO_API_KEY, TWILIO_API_SECRET", "An API key." },
   { "TWILIO_AUTH_TOKEN", "The auth token, where there is no API key; it verifies webhooks." },
   { "TWILIO_PROFILE", "The stored account, where the environment has no credentials." },
   { "TWILIO_REGION, TWILIO_EDGE", "Where requests go." },
   { "TWILIO_BASE_URL, TWILIO_CA_BUNDLE", "Another server, as the sandbox, and its authority." },
   { "NO_COLOR, COLUMNS", "No colours; the width of tables." },
}

local DATE = "2026-11-28" -- of the page's last revision

--- The page as roff. @param around (table) the context: commands
-- @return (string)
function command.page(around)
   local out = {
      ('.TH TWILIO 1 %s "twilio %s" "User Commands"'):format(DATE, require "twilio.util.version"),
      ".SH NAME", "twilio \\- Twilio from the command line",
      ".SH SYNOPSIS",
      ".B twilio\n[\\fIOPTION\\fR...] \\fIRESOURCE\\fR [\\fISID\\fR] \\fIOPERATION\\fR"
         .. " [\\fIOPTION\\fR...]",
      ".br",
      ".B twilio\n[\\fIOPTION\\fR...] \\fIPRODUCT\\fR [\\fIVERSION\\fR] \\fIRESOURCE\\fR"
         .. " [\\fISID\\fR] ... \\fIOPERATION\\fR [\\fIOPTION\\fR...]",
      ".br", ".B twilio\n\\fICOMMAND\\fR [\\fIOPTION\\fR...]",
      ".SH DESCRIPTION",
   }
   paragraphs(out, [[
Every operation of the Twilio API. The words before an operation are those of the library:
products, versions, resources, and path arguments such as SIDs, which stand where they belong.
Each word takes --help. Names may have dashes for underscores. A word after = is a path argument
even if an operation has its name.]])
   out[#out + 1] = ".PP"
   paragraphs(out, [[
Options are the operation's parameters: --status-callback, or as the API writes it,
--StatusCallback. One that is given several times is a list. @FILE takes a value from a file, - from
standard input; @@ begins a text with @.]])
   out[#out + 1] = ".SH OPTIONS"
   for _, option in ipairs(globals.list) do
      item(out, { "--" .. option[1] }, option[2], option[3])
   end
   out[#out + 1] = ".SH COMMANDS"
   local summaries = around.commands.summaries
   for _, name in ipairs(options.names(summaries)) do
      local facts = parser_facts.of_command(name, around.commands.find(name), summaries[name])
      command_page(out, name, facts, summaries[name])
   end
   out[#out + 1] = ".SH EXIT STATUS"
   for _, one in ipairs(codes) do item(out, { one[1] }, nil, one[2]) end
   out[#out + 1] = ".SH ENVIRONMENT"
   for _, one in ipairs(environment) do item(out, { one[1] }, nil, one[2]) end
   out[#out + 1] = ".SH FILES"
   item(out, { "$XDG_CONFIG_HOME/twilio-lua/config.json" }, nil,
      "Stored accounts, readable only by their owner; ~/.config without XDG_CONFIG_HOME.")
   out[#out + 1] = ".SH EXAMPLES"
   for _, line in ipairs {
      "twilio messages create --to +15558675310 --from +14155552344 --body Hello",
      "twilio messages list --limit 20 --output tsv --fields sid,to,status",
      "twilio verify v2 services VA... verifications create --to +15558675310 --channel sms",
      "twilio calls CA... update --twiml @hangup.xml --dry-run",
   } do
      out[#out + 1] = ".nf\n" .. roff(line) .. "\n.fi"
   end
   return table.concat(out, "\n") .. "\n"
end

function command.run(_, around)
   around.out:write(command.page(around))
   return around.exit.ok
end

return command

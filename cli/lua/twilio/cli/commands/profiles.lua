-- cli/commands/profiles.lua: `twilio profiles`: the stored accounts, which is in use, removing one.

local profiles = require "twilio.cli.profiles"

local command = {}

function command.configure(parser)
   parser:require_command(false)
   parser:command_target "action"
   parser:command("list", "the stored accounts; * is in use")
   parser:command("use", "take an account from now on"):argument "name"
   parser:command("remove", "forget an account (its API key stays valid at Twilio)"):argument "name"
end

local function find(around, stored, name)
   if stored.profiles[name] then return stored.profiles[name] end
   around.fail(require("twilio.util.mistakes").unknown("profile", name, profiles.names(stored)))
end

local function change(around, f)
   local ok, message = profiles.change(around.environment, f)
   if not ok then around.fail(message) end
   return around.exit.ok
end

local actions = {}

function actions.list(around, stored)
   local records = {}
   for i, name in ipairs(profiles.names(stored)) do
      local one = stored.profiles[name]
      records[i] = {
         active = name == stored.active and "*" or "", name = name, account_sid = one.account_sid,
         key = one.api_key or "auth token", region = one.region or "",
      }
   end
   around.settings.fields = around.settings.fields or "active,name,account_sid,key,region"
   around.settings.output = around.settings.output or "table"
   require("twilio.cli.output.print").value(around, require("twilio.json").array(records))
   return around.exit.ok
end

function actions.use(around, _, name)
   return change(around, function(stored)
      find(around, stored, name)
      stored.active = name
   end)
end

function actions.remove(around, _, name)
   return change(around, function(stored)
      find(around, stored, name)
      stored.profiles[name] = nil
      if stored.active == name then stored.active = profiles.names(stored)[1] end
      if next(stored.profiles) == nil then stored.profiles = require("twilio.json").object {} end
   end)
end

function command.run(arguments, around)
   local stored, message = profiles.load(around.environment)
   if not stored then around.fail(message) end
   return actions[arguments.action or "list"](around, stored, arguments.name)
end

return command

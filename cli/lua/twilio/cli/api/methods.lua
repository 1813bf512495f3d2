-- cli/api/methods.lua: the operations of a resource as the command line names them.

local model = require "twilio.call.model"

local methods = {}

--- Methods, in the order of the help.
methods.list = { "create", "fetch", "update", "patch", "delete", "list", "download" }

local is_method = {}
for _, name in ipairs(methods.list) do is_method[name] = true end

local uses = { download = "fetch" }

--- The operation of a side. @return (table | nil) of operation.parse
function methods.operation(side, method)
   if not side or not is_method[method] then return nil end
   if method == "download" and not side.file then return nil end
   return model.operation(side, uses[method] or method)
end

--- A word as the help shows it: "status_callback" -> "status-callback".
function methods.shown(name) return (name:gsub("_", "-")) end

return methods

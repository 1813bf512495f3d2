-- client/region.lua: checks of a client's region and edge. Loaded with the first client that has
-- one.

local endpoint = require "twilio.call.endpoint"
local options = require "twilio.util.options"

local region = {}

-- Twilio has retired these: they were names for the nearest edge.
local retired = { region = "gll", edge = "roaming" }

local function check_label(label, name, what)
   if not label then return nil end
   if not label:match("^%w[%w-]*$") then
      return what .. " must be one label of a host name, such as 'ie1' or 'dublin'"
   end
   if label:lower() == retired[name] then
      return ("%s '%s' is retired: leave it out, or give another"):format(what, label)
   end
   return nil
end

-- Names the option, or the variable that the value is from.
local function source(name, given)
   return given[name] and name or "the environment's TWILIO_" .. name:upper()
end

--- Checks that requests can go there.
-- @param s (table) the client's settings: region, edge
-- @param given (table) the caller's options, without what the environment has added
-- @return (string | nil) the caller's mistake
function region.check(s, given)
   for _, name in ipairs { "region", "edge" } do
      local message = check_label(s[name], name, source(name, given))
      if message then return message end
   end
   if not s.region or s.edge or endpoint.edge_of(s.region) then return nil end
   local known = table.concat(options.names(endpoint.edges), ", ")
   return ("%s '%s' has no edge that is known (the regions with one are %s): give the edge too")
      :format(source("region", given), options.shown(s.region), known)
end

return region

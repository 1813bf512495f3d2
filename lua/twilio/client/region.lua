-- client/region.lua: checks of a client's region and edge. Loaded with the first client that has
-- one.

local core = require "twilio.core"
local endpoint = require "twilio.call.endpoint"
local mistakes = require "twilio.util.mistakes"
local options = require "twilio.util.options"

local region = {}

local function check_label(label, retired)
   if not label:match("^[A-Za-z0-9][A-Za-z0-9-]*$") then
      return nil, "must be one label of a host name, such as 'ie1' or 'dublin'"
   end
   if core.lower(label) == retired then
      return nil, ("'%s' is retired: leave it out, or give another"):format(label)
   end
   return true
end

-- Twilio has retired "gll" and "roaming", which were names for the nearest edge.

--- Checks a region's name. @return true; or nil, (string) the rest of a sentence
function region.check_region(label) return check_label(label, "gll") end

--- Checks an edge's name. @return true; or nil, (string) the rest of a sentence
function region.check_edge(label) return check_label(label, "roaming") end

--- Checks that requests can go to the region: by the edge that is given, or by its own.
-- @param s (table) the client's settings: region, edge
-- @param given (table) the caller's options, without what the environment has added
-- @return true; or nil, (string) the caller's mistake
function region.check(s, given)
   if s.edge or endpoint.edge_of(s.region) then return true end
   local known = table.concat(options.names(endpoint.edges), ", ")
   local source = given.region and "region" or "the environment's TWILIO_REGION"
   return nil, (
      "%s '%s' has no edge that is known (the regions with one are %s): give the edge too")
      :format(source, mistakes.shown(s.region), known)
end

return region

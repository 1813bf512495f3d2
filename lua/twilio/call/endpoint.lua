-- call/endpoint.lua: Twilio's hosts: where a product is for a client (region, edge, base_url), and
-- whether a URL leads to one of them.
--
-- Loaded with the first client that has a region, an edge or a base_url, and by those who follow
-- URLs: pages, downloads, raw requests. Must not know requests.

local core = require "twilio.core"

local endpoint = {}

--- region -> its own edge: https://www.twilio.com/docs/global-infrastructure. Since 28 April 2026
-- Twilio doesn't serve product.region.twilio.com any more, except for us1.
endpoint.edges = {
   au1 = "sydney", br1 = "sao-paulo", de1 = "frankfurt", ie1 = "dublin", jp1 = "tokyo",
   jp2 = "osaka", sg1 = "singapore", us1 = "ashburn", us2 = "umatilla",
}

--- The edge of a region, however it is capitalised. @return (string | nil)
function endpoint.edge_of(region) return endpoint.edges[core.lower(region)] end

local function join(labels)
   local present = {}
   for _, label in ipairs(labels) do
      if label and label ~= "" then present[#present + 1] = label end
   end
   return table.concat(present, ".")
end

-- The region and the edge that a host names. The bare us1 hosts are served as they are.
local function place_of(labels)
   local n = #labels
   if n >= 5 then return labels[3], labels[2] end
   if n < 4 then return nil end
   local region = labels[2]
   return region, core.lower(region) ~= "us1" and endpoint.edge_of(region) or nil
end

--- A Twilio host moved to a region and an edge: api.twilio.com -> api.dublin.ie1.twilio.com.
-- @param host (string) product[.edge][.region].twilio.com
-- @param region, edge (string | nil) the configured ones; they win over those in the host. A
--    region without an edge goes to its own edge, an edge without a region leads to us1.
function endpoint.host(host, region, edge)
   local labels = {}
   for label in host:gmatch("[^.]+") do labels[#labels + 1] = label end
   local n = #labels
   if n < 3 then return host end
   local host_region, host_edge = place_of(labels)
   if region and region ~= host_region then host_edge = endpoint.edge_of(region) end
   edge = edge or host_edge
   region = region or host_region or (edge and "us1") or nil
   return join { labels[1], edge or false, region or false, labels[n - 1], labels[n] }
end

--- Splits an absolute URL. @return scheme, host (without port and user), rest ("/path?query"),
-- authority; or nil
function endpoint.split(url)
   local scheme, authority, rest = url:match("^([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)(.*)$")
   if not scheme then return nil end
   local host = authority:match("@([^@]*)$") or authority
   host = host:match("^%[[^%]]*%]") or host:match("^[^:]*")
   return core.lower(scheme), host, rest, authority
end

local function locate(config, host)
   local moved = endpoint.host(host, config.region, config.edge)
   local base = "https://" .. moved
   if config.base_url then base = config.base_url:gsub("{host}", (moved:gsub("%%", "%%%%"))) end
   return { host = moved, base = base }
end

-- settings -> host -> where it is: worked out once, as it is the same for each request.
local located = setmetatable({}, { __mode = "k" })

local function location(config, host)
   local known = located[config]
   if not known then
      known = {}
      located[config] = known
   end
   if not known[host] then known[host] = locate(config, host) end
   return known[host]
end

--- The base URL of a product for this client: "https://api.twilio.com", or the configured base_url
-- in its place.
-- @param config (table) { region, edge, base_url }
-- @param host (string) "api.twilio.com"
function endpoint.base(config, host) return location(config, host).base end

--- The host of a product for this client, moved to its region and edge; base_url doesn't count.
-- @param config (table), host (string) as above
function endpoint.host_for(config, host) return location(config, host).host end

-- The letters of a name are looked at, too: "example.com\\.twilio.com" is another host to some who
-- read URLs, and so is a name with a letter that stands for a slash.
local function is_twilio(host)
   host = core.lower(host)
   if not host:find "^[a-z0-9.-]+$" then return false end
   return host == "twilio.com" or host:sub(-11) == ".twilio.com"
end

-- The configured base_url is ours whatever its host is.
local function is_base(config, scheme, host, authority)
   if not config.base_url then return false end
   local base_scheme, _, _, base_authority = endpoint.split(endpoint.base(config, host))
   return scheme == base_scheme and authority == base_authority
end

--- An absolute URL that the API sent (a next page) or the caller gave, for this client's region,
-- edge or base_url.
-- @return (string) the URL to call, (string) the product's host
-- @return[2] nil, (string) why credentials must not go there
function endpoint.own(config, url)
   local scheme, host, rest, authority = endpoint.split(url)
   if not scheme then return nil, "it isn't an absolute URL" end
   if url:find("[%z\1-\32\127]") then return nil, "it holds a space or a control character" end
   if is_base(config, scheme, host, authority) then return url, host end
   if not is_twilio(host) then return nil, "the host " .. host .. " isn't Twilio's" end
   if scheme ~= "https" then return nil, "it isn't https" end
   if authority ~= host and authority ~= host .. ":443" then
      return nil, "it has a user name or a port"
   end
   return endpoint.base(config, host) .. rest, host
end

return endpoint

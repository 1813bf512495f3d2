-- webhook/overrides.lua: how Twilio shall connect to a webhook, written into its URL's fragment.
--
-- Pure text work; a leaf but for suggestions. Twilio reads the fragment and doesn't send or sign
-- it.

local options = require "twilio.util.options"

local function integer(least, most)
   return function(value)
      if type(value) == "number" and value % 1 == 0 and value >= least and value <= most then return ("%d"):format(value) end
      return nil, ("an integer from %d to %d"):format(least, most)
   end
end

-- One word or an array of them; each must pass `test`.
local function words(test, description)
   return function(value)
      local list = type(value) == "table" and value or { value }
      for _, word in ipairs(list) do
         if type(word) ~= "string" or not test(word) then return nil, description end
      end
      if #list == 0 then return nil, description end
      return table.concat(list, ",")
   end
end

local function boolean(value)
   if type(value) ~= "boolean" then return nil, "a boolean" end
   return value and "y" or "n"
end

local POLICIES = { ["4xx"] = true, ["5xx"] = true, ct = true, rt = true, all = true }
local policies = words(function(word) return POLICIES[word] end, '"4xx", "5xx", "ct", "rt", "all" or an array of them')
local edges = words(function(word) return word:find("^[a-z][a-z%d-]*$") end, "an edge's name or an array of them")

-- name -> the key in the fragment and what its value must be. Times in milliseconds.
local OVERRIDES = {
   connect_timeout_ms = { "ct", integer(100, 10000) },
   read_timeout_ms = { "rt", integer(100, 15000) },
   total_timeout_ms = { "tt", integer(100, 15000) },
   retry_count = { "rc", integer(0, 5) },
   retry_policy = { "rp", policies },
   edge = { "e", edges },
   sni = { "sni", boolean },
}
local ORDER = { "connect_timeout_ms", "read_timeout_ms", "total_timeout_ms", "retry_count", "retry_policy", "edge", "sni" }

local function check_names(overrides)
   for name in pairs(overrides) do
      if not OVERRIDES[name] then
         return nil, options.unknown("override", name, ORDER)
      end
   end
   return true
end

--- Writes overrides into a URL's fragment, in place of one it may have.
-- @param url (string), overrides (table) see OVERRIDES
-- @return (string) the URL, or nil, (string) what is wrong
return function(url, overrides)
   local ok, why = check_names(overrides)
   if not ok then return nil, why end
   local pieces = {}
   for _, name in ipairs(ORDER) do
      if overrides[name] ~= nil then
         local text, description = OVERRIDES[name][2](overrides[name])
         if not text then return nil, ("%s must be %s"):format(name, description) end
         pieces[#pieces + 1] = OVERRIDES[name][1] .. "=" .. text
      end
   end
   local bare = url:match("^[^#]*")
   return #pieces > 0 and bare .. "#" .. table.concat(pieces, "&") or bare
end

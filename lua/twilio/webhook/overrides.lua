-- webhook/overrides.lua: how Twilio shall connect to a webhook, written into its URL's fragment.
--
-- Pure text work; a leaf but for the check of its options. Twilio reads the fragment and doesn't
-- send or sign it.

local options = require "twilio.util.options"

-- The check of one word or an array of them, each of which must pass `test`.
local function words(test, description)
   return function(value)
      local list = type(value) == "table" and value or { value }
      for _, word in ipairs(list) do
         if type(word) ~= "string" or not test(word) then return nil, "must be " .. description end
      end
      if #list == 0 then return nil, "must be " .. description end
      return true
   end
end

local POLICIES = { ["4xx"] = true, ["5xx"] = true, ct = true, rt = true, all = true }
local is_policy = words(function(word) return POLICIES[word] end,
   '"4xx", "5xx", "ct", "rt", "all" or an array of them')
local is_edge = words(function(word) return word:find("^[a-z][a-z%d-]*$") end,
   "an edge's name or an array of them")

-- Times in milliseconds.
local known = {
   connect_timeout_ms = { "integer", from = 100, to = 10000 },
   read_timeout_ms = { "integer", from = 100, to = 15000 },
   total_timeout_ms = { "integer", from = 100, to = 15000 },
   retry_count = { "integer", from = 0, to = 5 },
   retry_policy = { check = is_policy },
   edge = { check = is_edge },
   sni = { one_of = { true, false } },
}

-- Name and key in the fragment, in the order in which they are written.
local KEYS = {
   { "connect_timeout_ms", "ct" }, { "read_timeout_ms", "rt" }, { "total_timeout_ms", "tt" },
   { "retry_count", "rc" }, { "retry_policy", "rp" }, { "edge", "e" }, { "sni", "sni" },
}

local texts = {
   number = function(value) return ("%d"):format(value) end,
   boolean = function(value) return value and "y" or "n" end,
   table = function(value) return table.concat(value, ",") end,
   string = tostring,
}

--- Writes overrides into a URL's fragment, in place of one it may have.
-- @param url (string), given (table) see `known`
-- @return (string) the URL; or nil, (string) the caller's mistake
return function(url, given)
   local ok, message = options.check(given, known, nil, "override")
   if not ok then return nil, message end
   local pieces = {}
   for _, key in ipairs(KEYS) do
      local value = given[key[1]]
      if value ~= nil then pieces[#pieces + 1] = key[2] .. "=" .. texts[type(value)](value) end
   end
   local bare = url:match("^[^#]*")
   return #pieces > 0 and bare .. "#" .. table.concat(pieces, "&") or bare
end

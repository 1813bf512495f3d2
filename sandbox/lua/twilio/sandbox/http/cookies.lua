-- sandbox/http/cookies.lua: the cookies that a user's program sets, and gets again with the next
-- requests about the same two addresses.
--
-- As at Twilio, a jar belongs to an account, a host, and a pair of From and To, and a cookie lives
-- four hours at most. A jar is a record apart from the API's, so that a dump has it.

local core = require "twilio.core"
local text = require "twilio.util.text"
local time = require "twilio.util.time"

local cookies = {}

local COLLECTION = "cookies"
local LONGEST_LIFE = 4 * 3600 -- seconds
local MOST, LONGEST = 50, 4096 -- cookies of a jar; bytes of a cookie

local function escaped(name) return (tostring(name):gsub("/", "%%2F")) end

-- @return (string | nil) nil: requests without two addresses have no cookies
local function path_of(account_sid, host, params)
   if type(params.From) ~= "string" or type(params.To) ~= "string" then return nil end
   return table.concat({
      COLLECTION, account_sid, escaped(host), escaped(params.From), escaped(params.To),
   }, "/")
end

local function is_for(cookie, scheme, path)
   local prefix = cookie.path
   local is_below = path:sub(1, #prefix) == prefix
      and (#path == #prefix or prefix:sub(-1) == "/" or path:sub(#prefix + 1, #prefix + 1) == "/")
   return is_below and (not cookie.secure or core.lower(scheme) == "https")
end

--- The Cookie header of a request.
-- @param params (table) From and To are the pair
-- @return (string | nil)
function cookies.header(sandbox, account_sid, scheme, host, path, params)
   local kept_at = path_of(account_sid, host, params)
   local record = kept_at and sandbox.store:get(kept_at)
   if not record then return nil end
   local pairs_found = {}
   for _, cookie in ipairs(record.fields.cookies) do
      if cookie.expires > sandbox.clock.now and is_for(cookie, scheme, path) then
         pairs_found[#pairs_found + 1] = cookie.name .. "=" .. cookie.value
      end
   end
   return #pairs_found > 0 and table.concat(pairs_found, "; ") or nil
end

-- Several Set-Cookie headers may have been joined by commas, and dates have commas of their own: a
-- cookie begins where a name and "=" follow.
local function each_line(value, f)
   if type(value) == "table" then
      for _, line in ipairs(value) do f(line) end
      return
   end
   local from = 1
   while true do
      local comma, _, at = value:find(",[ \t]*()[^ \t;,=]+=", from)
      f(value:sub(from, comma and comma - 1 or #value))
      if not comma then return end
      from = at
   end
end

local function expiry(now, attributes)
   local latest = now + LONGEST_LIFE
   local age = tonumber((attributes["max-age"] or ""):match("^%-?%d+$"))
   local given = age and now + age or attributes.expires and time.parse(attributes.expires)
   return given and math.min(given, latest) or latest
end

-- "name = value" -> name, value; without "=" the name alone
local function halves(part)
   local at = part:find("=", 1, true)
   if not at then return text.trim(part), nil end
   return text.trim(part:sub(1, at - 1)), text.trim(part:sub(at + 1))
end

-- @return (table) a cookie; nil: the line holds none
local function parse(line, now, path)
   if #line > LONGEST or line:find("[%z\1-\8\10-\31\127]") then return nil end
   local name, value
   local attributes = {}
   for part in line:gmatch("[^;]+") do
      local left, right = halves(part)
      if not name then
         name, value = left, right
      else
         attributes[core.lower(left)] = right or ""
      end
   end
   if not value or name == "" then return nil end
   local below = attributes.path
   if not below or below:sub(1, 1) ~= "/" then below = path:match("^(.+)/[^/]*$") or "/" end
   return {
      name = name, value = value, path = below, secure = attributes.secure ~= nil or nil,
      expires = expiry(now, attributes),
   }
end

--- Keeps what an answer sets.
-- @param set (string | array of strings) of its Set-Cookie headers
function cookies.keep(sandbox, account_sid, host, path, params, set)
   local kept_at, now = path_of(account_sid, host, params), sandbox.clock.now
   if not kept_at then return end
   local jar, record = {}, sandbox.store:get(kept_at)
   -- One that is set again keeps its place, as in a browser.
   local function put(cookie)
      local place = #jar + 1
      for i, other in ipairs(jar) do
         if other.name == cookie.name and other.path == cookie.path then place = i end
      end
      if cookie.expires <= now then
         table.remove(jar, place)
      elseif place <= MOST then
         jar[place] = cookie
      end
   end
   for _, cookie in ipairs(record and record.fields.cookies or {}) do put(cookie) end
   each_line(set, function(line)
      local cookie = parse(line, now, path)
      if cookie then put(cookie) end
   end)
   if #jar > 0 then
      sandbox.store:put(kept_at, kept_at:match("^(.*)/[^/]*$"), { cookies = jar })
   elseif record then
      sandbox.store:remove(kept_at)
   end
end

return cookies

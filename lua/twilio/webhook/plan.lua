-- webhook/plan.lua: what the next request will look like, if it is like the last one.
--
-- Nearly every request comes to the same server as the one before it, under the same headers about
-- its address, signed by the same secret. After a form that was genuine the plan has these headers,
-- what stands before the target in the URL, and the secret's validator, whose `verify`
-- (csrc/plain_request.c) checks the next request by them in one step, if it is the same but for
-- target, body, signature and idempotency token. All else takes the way through the rules, in
-- webhook.lua, which would try the same URL with the same secret first: a plan only saves time.

local headers_of = require "twilio.webhook.headers"
local text = require "twilio.util.text"

local plan = {}

-- Places in a plan and slots of headers: plain_request.h has them too.
local SLOTS, FORMS, MOST, METATABLE, PREFIX, SCHEME, MASK, KEPT = 1, 2, 3, 4, 5, 6, 7, 10
local FREE = {
   ["x-twilio-signature"] = 1, ["content-type"] = 2, ["i-twilio-idempotency-token"] = 3,
}
local FIRST_KEPT = 4

-- Slots by all usual spellings, and the names of the headers that stay the same, in their order.
local function slots_of(trust_proxy)
   local slots, names = {}, {}
   for _, name in ipairs(headers_of.names(trust_proxy)) do
      local lower = text.lower(name)
      if not FREE[lower] then names[#names + 1] = lower end
      slots[lower] = FREE[lower] or FIRST_KEPT + #names - 1
      slots[name] = slots[lower]
   end
   return slots, names
end

local forms = {}
for content_type, kind in pairs(headers_of.KINDS) do forms[content_type] = kind == "form" or nil end

--- Makes the plan of a webhook that has seen no request.
-- @param options (table) trust_proxy, max_body_size
-- @param metatable (table) of what is beside the parameters
-- @return (table)
function plan.new(options, metatable)
   local slots, names = slots_of(options.trust_proxy)
   return {
      [SLOTS] = slots, [FORMS] = forms, [MOST] = options.max_body_size, [METATABLE] = metatable,
      [PREFIX] = false, [SCHEME] = false, [MASK] = 0, names = names,
   }
end

--- Plans for requests like this one, a form that was genuine.
-- @param self (table) a plan
-- @param request (table) as webhook:verify takes it
-- @param headers (table) by lower-case name
-- @param url (string) the first that the rules try, and the one that was signed
-- @param validator (userdata) of the secret that signed it
function plan.follow(self, request, headers, url, validator)
   local target = request.url
   local length = #url - #target
   if length <= 0 or target:sub(1, 1) ~= "/" or url:sub(length + 1) ~= target then return end
   local mask, bit = 0, 1
   for i, name in ipairs(self.names) do
      self[KEPT + FIRST_KEPT + i - 1] = headers[name] or false
      if headers[name] then mask = mask + bit end
      bit = bit * 2
   end
   self[PREFIX], self[SCHEME], self[MASK] = url:sub(1, length), request.scheme or false, mask
   self.validator = validator
end

return plan

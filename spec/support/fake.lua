-- A transport of the caller's own that answers from a list and keeps what it was
-- asked, for specs that need no network; and a client that uses it.

local json = require "twilio.json"
local twilio = require "twilio"

local fake = {}

fake.account_sid = "AC" .. ("0123456789abcdef"):rep(2)

--- An answer with a JSON body.
function fake.answer(status, body, headers)
   return { status = status, headers = headers or {}, body = body and json.encode(body) or "" }
end

local Transport = {}
Transport.__index = Transport

-- More than any spec asks for: what goes round for ever must fail, not hang.
local MOST = 20000

function Transport:send(request)
   self.requests[#self.requests + 1] = request
   if #self.requests > MOST then error("more than " .. MOST .. " requests: does it ever end?") end
   self.last = request
   local answer = self.answers[#self.requests] or self.answers[#self.answers]
   if type(answer) == "function" then return answer(request) end
   if answer.kind then return nil, answer end
   -- A copy: what a transport returns belongs to the library.
   local copy = {}
   for name, value in pairs(answer) do copy[name] = value end
   return copy
end

--- @param ... answers in order, the last one repeated: { status, headers, body }, a failure (with
--    `kind`), or a function
-- @return (transport) with `requests` and `last`
function fake.transport(...)
   local answers = { ... }
   if #answers == 0 then answers[1] = fake.answer(200, { sid = "XX1" }) end
   return setmetatable({ requests = {}, answers = answers }, Transport)
end

--- A client with such a transport.
-- @param options (table | nil) further options
-- @return (client), (transport)
function fake.client(options, ...)
   local transport = fake.transport(...)
   local all = { account_sid = fake.account_sid, auth_token = "token", transport = transport }
   for name, value in pairs(options or {}) do all[name] = value end
   return twilio.client(all), transport
end

--- The pairs of a form or query: { "Name=value", ... } decoded, in order.
function fake.pairs_of(text)
   local list = {}
   for pair in (text or ""):gmatch("[^&]+") do
      list[#list + 1] = pair:gsub("+", " "):gsub("%%(%x%x)", function(hex)
         return string.char(tonumber(hex, 16))
      end)
   end
   return list
end

return fake

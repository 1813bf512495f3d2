-- sandbox/server/namespaces.lua: the sandboxes of one server, each with a state, a clock, faults
-- and logs of its own: one for each worker of a test run.
--
-- A request names its namespace in the header X-Sandbox (commands and views also in the query,
-- ?sandbox=, as an EventSource sends no header of its own), or by an account or API key that
-- the command `namespaces` has bound to one; without any of these it is "default". One is made
-- when it is first named. Must not know how sandboxes are served or saved.

local commands = require "twilio.sandbox.test.commands"
local core = require "twilio.core"
local json = require "twilio.json"

local Namespaces = {}
Namespaces.__index = Namespaces

local DEFAULT = "default"

--- The sandbox of a name. @return (Sandbox | nil)
function Namespaces:get(name) return self.boxes[name] end

--- The sandbox of a name, made if there is none.
-- @return (Sandbox); or nil, (string) why there can be none
function Namespaces:open(name)
   local box = self.boxes[name]
   if box then return box end
   if not commands.is_name(name) then
      return nil, "a sandbox's name (X-Sandbox) must be 1 to 64 letters, digits, _ and -"
   end
   if #self.names >= self.most then
      return nil, ("there are %d sandboxes already, which is the most: delete one "
         .. "(DELETE /__sandbox/namespaces/NAME) or raise start's option `namespaces`")
         :format(self.most)
   end
   box = self.make(name)
   self.boxes[name], self.names[#self.names + 1] = box, name
   self.changes = self.changes + 1
   return box
end

--- Binds accounts and API keys to a namespace, in place of those that were bound to it: requests
-- with their credentials, or below their path, are answered by its sandbox.
-- @param sids (array of strings)
function Namespaces:bind(name, sids)
   for sid, bound in pairs(self.bound) do
      if bound == name then self.bound[sid] = nil end
   end
   for _, sid in ipairs(sids) do self.bound[sid] = name end
   self.changes = self.changes + 1
end

--- Removes a namespace and all that it holds.
-- @return true; or nil, (string) why it can't be
function Namespaces:remove(name)
   local box = self.boxes[name]
   if not box then return nil, "there is no such sandbox" end
   if name == DEFAULT then return nil, "the sandbox default stays: reset it" end
   self:bind(name, {})
   self.boxes[name], box.is_removed = nil, true
   if self.forget then self.forget(box) end
   for i, other in ipairs(self.names) do
      if other == name then table.remove(self.names, i) end
   end
   return true
end

--- Describes a namespace. @return (table) { name, accounts = array of SIDs, now, requests }
function Namespaces:describe(name)
   local box, accounts = self.boxes[name], {}
   for sid, bound in pairs(self.bound) do
      if bound == name then accounts[#accounts + 1] = sid end
   end
   table.sort(accounts, core.less)
   accounts = json.array(accounts)
   return { name = name, accounts = accounts, now = box:now(), requests = #box:requests() }
end

-- The user name or bearer token of a request.
local function user_of(authorization)
   if type(authorization) ~= "string" then return nil end
   local scheme, rest = authorization:match("^([A-Za-z]+) +([^ \t-\r]+)$")
   scheme = scheme and core.lower(scheme)
   if scheme == "bearer" then return rest end
   return scheme == "basic" and (core.base64_decode(rest) or ""):match("^[^:]*") or nil
end

-- The namespace whose sandbox made a subaccount, key or token.
local function maker(self, user)
   for _, name in ipairs(self.names) do
      if self.boxes[name].accounts:has_made(user) then return name end
   end
   return nil
end

local function by_credentials(self, request)
   local user = user_of(request.headers.authorization)
   local account = request.url:match("/Accounts/(AC%x+)")
   return self.bound[user or ""] or self.bound[account or ""]
      or user and maker(self, user) or account and maker(self, account) or DEFAULT
end

--- The sandbox that a request is for.
-- @param request (table) { url, headers = by lower-case name (a repeated one: an array) }
-- @param is_command (boolean) true: its query may name the namespace, too
-- @return (Sandbox), (string) its name
-- @return[2] nil, (string) why there is none
function Namespaces:of(request, is_command)
   local name = request.headers["x-sandbox"]
   if name == nil and is_command then
      local query = core.form_decode(request.url:match("%?(.*)$") or "")
      name = query.sandbox or DEFAULT
   end
   if name == nil then name = by_credentials(self, request) end
   local box, message = self:open(name)
   return box, box and name or message
end

local namespaces = { DEFAULT = DEFAULT }

--- @param box (Sandbox) of the namespace "default"
-- @param make (function) of a name -> a new sandbox
-- @param most (integer) how many there may be
-- @return (Namespaces); its field `forget`, a function of a sandbox that was removed, may be set
function namespaces.new(box, make, most)
   return setmetatable({
      boxes = { [DEFAULT] = box }, names = { DEFAULT }, bound = {}, make = make, most = most,
      changes = 0,
   }, Namespaces)
end

return namespaces

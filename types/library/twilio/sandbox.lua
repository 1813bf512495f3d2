---@meta twilio.sandbox
-- Written by hand.

---@class twilio.SandboxOptions
---@field account_sid? string
---@field auth_token? string
---@field seed? string|number
---@field now? number epoch seconds
---@field webhook? function
---@field verification_code? string
---@field outcomes? table<string, twilio.sandbox.Outcome|string|integer|false>
---@field test_credentials? boolean
---@field journal? number

---@class twilio.sandbox.Match
---@field method? string
---@field path? string a Lua pattern
---@field params? table<string, any>
---@field times? integer

---@class twilio.sandbox.Fault
---@field match? twilio.sandbox.Match|function
---@field status? integer
---@field code? integer
---@field message? string
---@field retry_after? number seconds
---@field headers? table<string, string>
---@field body? string|table
---@field delay? number seconds
---@field reset? boolean
---@field times? integer

---@class twilio.sandbox.InboundMessage
---@field from string
---@field to string
---@field body? string
---@field media? string[]
---@field url? string

---@class twilio.sandbox.Script
---@field digits? string[] one for each Gather
---@field speech? string[] one for each Gather
---@field dial? table { status, duration }
---@field recording? number|table seconds, or { duration, text, digits }
---@field duration? number seconds
---@field pay? string
---@field refer? string

---@class twilio.sandbox.Outcome : twilio.sandbox.Script
---@field status? string
---@field answered_by? string

---@class twilio.sandbox.InboundCall : twilio.sandbox.Script
---@field from string
---@field to string
---@field url? string

---@class twilio.Sandbox
---@field send fun(self, request: table): table?, table?
---@field advance fun(self, seconds: number)
---@field advance_to fun(self, moment: number)
---@field now fun(self): number
---@field receive_message fun(self, given: twilio.sandbox.InboundMessage): table
---@field receive_call fun(self, given: twilio.sandbox.InboundCall): table
---@field transcript fun(self, sid: string): table[]?
---@field webhooks fun(self): table[]
---@field add fun(self, url: string, fields?: table)
---@field requests fun(self, match?: twilio.sandbox.Match|function): table[]
---@field expect fun(self, match: twilio.sandbox.Match): table[]
---@field fail fun(self, fault: twilio.sandbox.Fault)
---@field forget fun(self)
---@field configure fun(self, given: table)
---@field dump fun(self): string
---@field load fun(self, text: string): true?, string?

---@class twilio.sandbox
local sandbox = {}

---@param options? twilio.SandboxOptions
---@return twilio.Sandbox
function sandbox.new(options) end

return sandbox

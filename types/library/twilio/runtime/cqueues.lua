---@meta twilio.runtime.cqueues
-- Written by hand.

---Calls that wait in a loop of cqueues, in the place of blocking: an option of a client, and of
---`twilio.map`.
---
---Errors: none of its own; a call outside of the loop blocks, and a place where nothing may yield is
---an error of kind `config` with nothing sent.
---```lua
---local client = twilio.client { runtime = require "twilio.runtime.cqueues" }
---local cqueues = require "cqueues"
---local loop = cqueues.new()
---loop:wrap(function() print(client.messages:create { to = "+1", from = "+2", body = "Hi" }) end)
---assert(loop:loop())
---```
---@class twilio.runtime.cqueues: twilio.Runtime
local runtime = {}

return runtime

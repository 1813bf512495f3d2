---@meta twilio.runtime.luv
-- Written by hand.

---Calls that wait in a loop of luv, in the place of blocking: an option of a client, and of
---`twilio.map`.
---
---Errors: none of its own; a call outside of the loop blocks, and a place where nothing may yield is
---an error of kind `config` with nothing sent.
---```lua
---local client = twilio.client { runtime = require "twilio.runtime.luv" }
---local uv = require "luv"
---coroutine.wrap(function()
---   print(client.messages:create { to = "+1", from = "+2", body = "Hi" })
---end)()
---uv.run()
---```
---@class twilio.runtime.luv: twilio.Runtime
local runtime = {}

return runtime

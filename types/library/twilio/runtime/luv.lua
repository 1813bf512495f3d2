---@meta twilio.runtime.luv
-- Written by hand.

---@class twilio.runtime.luv: twilio.Runtime
local runtime = {}

return runtime

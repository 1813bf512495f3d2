---@meta twilio.runtime.cqueues
-- Written by hand.

---@class twilio.runtime.cqueues: twilio.Runtime
local runtime = {}

return runtime

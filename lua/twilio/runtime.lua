-- runtime.lua: which runtime this program has. The only file that asks.
--
-- A runtime (DESIGN 3.3) is a table of:
--   now() -> seconds, sleep(seconds)
--   await(session, exchange, deadline, ticket) -> true | nil, err     waits until exchange:ready(): it is finished, or has something
--                                            of a streamed response to read
--   blocks() -> boolean         optional: nothing else runs while this one waits, so the session may do all of a request in one go
--   ready(session) -> ticket | nil, err      optional: asked before anything is sent, may refuse
--   leave(session) -> wake      optional: the session is about to be closed; wake(), called afterwards, wakes who waits for it
--   signal() -> { wait(seconds), broadcast() } | nil      optional: to wait for what another one does
--   run(f, ...), spawn(f, ...) -> task, join(task), protect(f, ...)   for twilio.run and twilio.map

local runtime = {}

--- The runtime of the program, unless the caller names one: light threads where nginx's Lua module is, else plain Lua.
-- @param chosen (table | nil) the caller's own, or require "twilio.runtime.cqueues", "twilio.runtime.luv"
function runtime.choose(chosen)
   if chosen then return chosen end
   local in_nginx = type(ngx) == "table" and ngx.get_phase ~= nil
   return require(in_nginx and "twilio.runtime.openresty" or "twilio.runtime.plain")
end

return runtime

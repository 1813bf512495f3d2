-- runtime.lua: which runtime this program has. The only file that asks.
--
-- A runtime knows how to wait and nothing else. It is a table of:
--
--   now() -> seconds
--   sleep(seconds)
--   await(session, exchange, deadline, wait_handle) -> true | nil, err
--      waits until exchange:ready(): it is finished, or has something of a streamed response to
--      read
--
-- and, each optional:
--
--   is_blocking() -> boolean
--      nothing else runs while this one waits, so the session may do all of a request in one go
--   prepare_wait(session) -> wait_handle | nil, err
--      asked before anything is sent; may refuse
--   before_close(session) -> wake
--      the session is about to be closed; wake(), called afterwards, wakes its waiters
--   signal() -> { wait(seconds), broadcast() } | nil
--      something to wait for that another one broadcasts
--   loads_early
--      true: the code that answers need is loaded with the client, as the engine's thread might
--      take the descriptor of a later one's file
--   run(f, ...), spawn(f, ...) -> task, join(task), protect(f, ...)
--      for twilio.run and twilio.map

local core = require "twilio.core"

local runtime = {}

--- The runtime of the program, unless the caller names one: light threads where nginx's Lua module
-- is, else plain Lua.
-- @param chosen (table | nil) the caller's own, or require "twilio.runtime.cqueues",
--    "twilio.runtime.luv"
function runtime.choose(chosen)
   if chosen then return chosen end
   local ngx = core.global "ngx"
   local in_nginx = type(ngx) == "table" and ngx.get_phase ~= nil
   return require(in_nginx and "twilio.runtime.openresty" or "twilio.runtime.plain")
end

--- A runtime whose waits take the time of a transport that has a time of its own, as the sandbox in
-- this process has.
-- @param transport (table | nil) own_time = { now = function() -> seconds, sleep = function(seconds)
--    } | nil
-- @param base (table) a runtime
-- @return (table) `base`, or one like it
function runtime.with_time_of(transport, base)
   local own_time = type(transport) == "table" and transport.own_time
   if not own_time then return base end
   return setmetatable({ now = own_time.now, sleep = own_time.sleep }, { __index = base })
end

return runtime

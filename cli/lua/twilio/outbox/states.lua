-- outbox/states.lua: the states of a message, and which one an answer of messages:create means.
--
--   waiting   to be sent; also again after a request that never left, or was answered 429
--   claimed   a worker has it: its request may be under way. Ends as one of the others; when its
--             lease is over, as unknown
--   sent      the API has taken it; it has a SID
--   failed    the API has refused it, or it could not be sent after many attempts
--   unknown   its request may have been carried out; never sent again unless that is asked for
--
-- Pure. Must not know how anything is kept.

local states = { names = { "waiting", "claimed", "sent", "failed", "unknown" } }

-- Twilio's codes for a whole account that can't send: authentication, an account that isn't
-- active.
local OF_THE_ACCOUNT = { [20003] = true, [20005] = true, [90010] = true }

local LONGEST_REASON = 300 -- bytes

local function reason_of(err)
   return tostring(err.message or err):gsub("[%z\1-\31\127]+", " "):sub(1, LONGEST_REASON)
end

local function code_of(err)
   return type(err.code) == "number" and err.code or err.status
end

-- Seconds before the next attempt at a message whose request never left.
local function delay(attempts) return math.min(300, 2 ^ math.min(attempts, 9)) end

local function refused(err)
   if err.status == 401 or OF_THE_ACCOUNT[err.code] then
      return { state = "waiting", stop = err }
   end
   -- Never processed: all wait, and this one isn't to blame.
   if err.status == 429 then
      return { state = "waiting", hold = err.retry_after or true, reason = reason_of(err) }
   end
   -- A gateway's answer: what is behind it may have taken the message.
   if err.status >= 500 or err.status == 408 then
      return { state = "unknown", code = code_of(err), reason = reason_of(err), is_trouble = true }
   end
   return { state = "failed", code = code_of(err), reason = reason_of(err) }
end

local function unsent(err, attempts, most)
   -- A certificate, no credentials, a closed client: the next message would fail alike.
   if err.kind == "config" or err.kind == "auth" or err.kind == "cancelled" then
      return { state = "waiting", stop = err }
   end
   if attempts >= most then
      return {
         state = "failed", is_attempt = true, is_trouble = true,
         reason = ("%s (%d attempts)"):format(reason_of(err), attempts),
      }
   end
   return {
      state = "waiting", delay = delay(attempts), is_attempt = true, is_trouble = true,
      reason = reason_of(err), err = err,
   }
end

--- The outcome of one attempt.
-- @param record (table | nil) what messages:create returned
-- @param err (table | string | nil) the error object; a text is a mistake that it raised
-- @param attempts (integer) how many there were, with this one
-- @param most (integer) attempts of a message that never left before it fails
-- @return (table) state; sid, code, reason; delay = seconds; is_attempt: it counts; and for the
--    worker: stop = the error object that ends the run, hold = seconds that all must wait (true:
--    as long as seems right), is_trouble: the API didn't answer as it should
function states.outcome(record, err, attempts, most)
   if type(record) == "table" and type(record.sid) == "string" then
      return { state = "sent", sid = record.sid, is_attempt = true }
   end
   local outcome
   local mistake = type(err) == "string" and err:match "messages:create: (.*)$"
   if mistake then
      -- Raised before anything was sent. The message was added by a program with another version of
      -- the library.
      outcome = { state = "failed", reason = reason_of { message = mistake } }
   elseif type(err) ~= "table" then
      -- A mistake of a program somewhere below, perhaps after the request.
      outcome = {
         state = "unknown", is_trouble = true,
         reason = err and reason_of { message = err } or "the answer has no SID",
      }
   elseif err.kind == "api" and err.status then
      outcome = refused(err)
   elseif err.sent == false then
      outcome = unsent(err, attempts, most)
   else
      outcome = { state = "unknown", reason = reason_of(err), is_trouble = true }
   end
   if outcome.state ~= "waiting" then outcome.is_attempt = true end
   return outcome
end

return states

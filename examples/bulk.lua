-- bulk.lua: one message to many numbers, fifty at a time, with a bar that shows how far it is.
--
--   lua examples/bulk.lua FROM "Hello" <numbers.txt              one number a line; the account is
--   in the environment
--
-- Messages that failed are listed at the end, with the reason, and can be given to the next run.
-- TWILIO_BASE_URL: a sandbox instead.

local twilio = require "twilio"

local WIDTH = 40

local function read_numbers(file)
   local numbers = {}
   for line in file:lines() do
      local number = line:match "%+%d+"
      if number then numbers[#numbers + 1] = number end
   end
   return numbers
end

-- Redrawn in place, on stderr: what comes on stdout is for the next program.
local function draw(done, total, failed)
   local filled = math.floor(WIDTH * done / total)
   io.stderr:write(
      ("\r[%s%s] %d of %d, %d failed"):format(
         ("="):rep(filled), (" "):rep(WIDTH - filled), done, total, failed))
   if done == total then io.stderr:write "\n" end
end

local function main(from, body)
   if not body then
      io.stderr:write 'usage: lua examples/bulk.lua FROM "text" <numbers.txt\n'
      return 2
   end
   local numbers, failures = read_numbers(io.stdin), 0
   local client = twilio.client { base_url = os.getenv "TWILIO_BASE_URL" }
   local results = twilio.map(numbers, function(to)
      return client.messages:create { to = to, from = from, body = body }
   end, { concurrency = 50, rate = tonumber(os.getenv "RATE"), on_progress = draw })
   for i, result in ipairs(results) do
      if result.err then failures = failures + 1 end
      print(numbers[i], result.value and result.value.sid or tostring(result.err))
   end
   client:close()
   return failures == 0 and 0 or 1
end

os.exit(main(arg[1], arg[2]))

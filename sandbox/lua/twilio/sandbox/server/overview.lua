-- sandbox/server/overview.lua: what the page shows of a sandbox: the newest messages, calls,
-- verifications, webhooks and API requests.

local json = require "twilio.json"

local overview = {}

local SHOWN = 50 -- of each kind

local function newest(list)
   local out = {}
   for i = #list, math.max(1, #list - SHOWN + 1), -1 do out[#out + 1] = list[i] end
   return json.array(out)
end

-- kind -> the fields of its records that are shown
local shown_fields = {
   message = {
      "sid", "account_sid", "direction", "from", "to", "body", "status", "error_code",
      "error_message", "num_segments", "date_created", "messaging_service_sid",
   },
   call = {
      "sid", "account_sid", "direction", "from", "to", "status", "error_code", "error_message",
      "date_created", "duration", "answered_by",
   },
   verification = {
      "sid", "account_sid", "service_sid", "to", "channel", "status", "date_created",
   },
}

local function pick(record, kind)
   local row = {}
   for _, name in ipairs(shown_fields[kind]) do row[name] = record.fields[name] end
   return row
end

local function with_transcript(box, record, kind)
   local row = pick(record, kind)
   row.transcript = json.array(box:transcript(record.fields.sid) or {})
   return row
end

-- A loaded dump may have records without a date, or with another kind of one. Records of the same
-- second stay as the store has them: a reply is newer than its message.
local function newest_first(rows)
   local place = {}
   for i, row in ipairs(rows) do place[row] = i end
   table.sort(rows, function(a, b)
      local date_a, date_b = tostring(a.date_created or ""), tostring(b.date_created or "")
      if date_a ~= date_b then return date_a > date_b end
      return place[a] < place[b]
   end)
   for i = #rows, SHOWN + 1, -1 do rows[i] = nil end
   return json.array(rows)
end

local function accounts(box) return box.store:each("api/2010-04-01/Accounts", {}) end

-- Adds the newest records of a collection, as `show` makes them.
local function add(box, rows, collection, show)
   local count = 0
   for record in box.store:each(collection, {}) do
      count = count + 1
      if count > SHOWN then return end
      rows[#rows + 1] = show(record)
   end
end

-- The newest records of all accounts.
local function newest_of(box, name, kind)
   local rows = {}
   for account in accounts(box) do
      add(box, rows, account.path .. "/" .. name, function(record)
         return with_transcript(box, record, kind)
      end)
   end
   return newest_first(rows)
end

-- Verifications with the code that is right; those of subaccounts have a path of their own.
local function verifications(box)
   local rows, roots = {}, { "verify" }
   for account in accounts(box) do roots[#roots + 1] = "verify@" .. account.fields.sid end
   for _, root in ipairs(roots) do
      for service in box.store:each(root .. "/v2/Services", {}) do
         add(box, rows, service.path .. "/Verifications", function(record)
            local row, fields = pick(record, "verification"), record.fields
            row.code = fields.custom_code or box.options.verification_code
            local expires = type(fields.expires) == "number" and fields.expires or math.huge
            if row.status == "pending" and expires <= box:now() then row.status = "expired" end
            return row
         end)
      end
   end
   return newest_first(rows)
end

local function numbers(box)
   local out = {}
   for account in accounts(box) do
      for record in box.store:each(account.path .. "/IncomingPhoneNumbers", {}) do
         out[#out + 1] = record.fields.phone_number
      end
   end
   return json.array(out)
end

--- A text that changes whenever what is shown does.
-- @param namespaces (Namespaces | nil)
function overview.version(box, namespaces)
   return box.changes .. (namespaces and "-" .. namespaces.changes or "")
end

--- All that the page shows.
-- @param namespaces (Namespaces | nil) nil: there is only this sandbox
-- @return (table) that JSON can hold
function overview.of(box, namespaces)
   return {
      now = box:now(), changes = box.changes, version = overview.version(box, namespaces),
      clock = box:clock_state(), messages = newest_of(box, "Messages", "message"),
      calls = newest_of(box, "Calls", "call"), verifications = verifications(box),
      webhooks = newest(box:webhooks()), requests = newest(box:requests()),
      numbers = numbers(box), verification_code = box.options.verification_code,
      namespaces = json.array(namespaces and namespaces.names or {}),
   }
end

return overview

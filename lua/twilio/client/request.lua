-- client/request.lua: any request, for what the resources don't cover.

local core = require "twilio.core"
local call = require "twilio.call"
local Error = require "twilio.util.error"
local options = require "twilio.util.options"
local endpoint = require "twilio.call.endpoint"
local request = require "twilio.call.request"
local response = require "twilio.call.response"
local serialize = require "twilio.call.serialize"

local raw_request = {}

local function pairs_of(fields, what)
   local out, names = {}, {}
   for name in pairs(fields or {}) do
      if type(name) ~= "string" then return nil, what .. " is a table of names and values" end
      names[#names + 1] = name
   end
   table.sort(names, core.less)
   for _, name in ipairs(names) do
      local ok, why = serialize.push(out, { wire = name, array = true }, fields[name])
      if not ok then return nil, ("%s '%s' %s"):format(what, name, why) end
   end
   return out
end

local known = {
   form = "table", json = "table", multipart = "table", query = "table", headers = "table",
   timeout = "number", connect_timeout = "number", max_retries = "number", retry_unsafe = "boolean", retry_not_found = "boolean",
}

local carries = { POST = true, PUT = true, PATCH = true }

local function check(method, url, given)
   if type(method) ~= "string" or not method:match("^[A-Z]+$") then return nil, "method must be an HTTP method in capitals" end
   if type(url) ~= "string" then return nil, "url must be text, got a " .. type(url) end
   local opts, why = options.check(given, known)
   if not opts then return nil, why end
   local bodies = (opts.form and 1 or 0) + (opts.json and 1 or 0) + (opts.multipart and 1 or 0)
   if bodies > 1 then return nil, "give one of form, json and multipart" end
   if opts.multipart and not carries[method] then return nil, "multipart goes with POST, PUT or PATCH" end
   return opts
end

-- Its files are read while they are sent, however long that takes, unless something needs the whole
-- body first.
local function attach_parts(client, final, fields, opts)
   local body, why = require("twilio.file.multipart").body(fields)
   local type_of_body = body and body.content_type
   if body and (client.transports.validation or not client.transports.base.streams) then body, why = body:text() end
   if not body then return false, Error.new { kind = "config", message = tostring(why), sent = false, retryable = false } end
   final.body, final.headers["Content-Type"] = body, type_of_body
   final.timeout, final.stall_timeout = opts.timeout, client.settings.timeout
   return final
end

local function build(client, method, url, opts)
   local form, why = pairs_of(opts.form, "form")
   local query, wrong = pairs_of(opts.query, "query")
   local fields, mistake = nil, nil
   if opts.multipart then fields, mistake = require("twilio.file.multipart").fields(opts.multipart) end
   if not form or not query or mistake then return nil, why or wrong or mistake end
   local own, host = endpoint.own(client.settings, url)
   if not own then
      return false, Error.new { kind = "config", message = "won't send credentials there: " .. host, sent = false, retryable = false }
   end
   local op, where = { verb = method, media = opts.json and "json" or nil }, { host = host, url = own }
   local final, lack = request.build(client.settings, op, where, { form = form, query = query, json = opts.json }, opts)
   if not final or not fields then return final, lack end
   return attach_parts(client, final, fields, opts)
end

--- Gets a request ready; see client:request for the arguments.
-- @return (function) that sends it -> body, err, response
-- @return[2] nil, (string) the caller's mistake
function raw_request.prepare(client, method, url, given)
   local opts, why = check(method, url, given)
   if not opts then return nil, why end
   local final, mistake = build(client, method, url, opts)
   if final == false then return function() return nil, mistake end end
   if not final then return nil, mistake end
   return function() return call.send(client, final, response.parse_any) end
end

return raw_request

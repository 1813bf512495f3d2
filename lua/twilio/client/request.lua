-- client/request.lua: any request, for what the resources don't cover.

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
   table.sort(names)
   for _, name in ipairs(names) do
      local ok, message = serialize.push(out, { wire = name, array = true }, fields[name])
      if not ok then return nil, ("%s '%s' %s"):format(what, name, message) end
   end
   return out
end

local known = {
   form = "table", json = "table", multipart = "table", query = "table", headers = "table",
   timeout = "number", connect_timeout = "number", max_retries = "number", retry_unsafe = "boolean", retry_not_found = "boolean",
}

local carries = { POST = true, PUT = true, PATCH = true }

local function check(method, url, given)
   if type(method) ~= "string" or not method:match("^%u+$") then return nil, "method must be an HTTP method in capitals" end
   if type(url) ~= "string" then return nil, "url must be text, got a " .. type(url) end
   local opts, message = options.check(given, known)
   if not opts then return nil, message end
   local bodies = (opts.form and 1 or 0) + (opts.json and 1 or 0) + (opts.multipart and 1 or 0)
   if bodies > 1 then return nil, "give one of form, json and multipart" end
   if opts.multipart and not carries[method] then return nil, "multipart goes with POST, PUT or PATCH" end
   return opts
end

-- Its files are read while they are sent, however long that takes, unless something needs the whole
-- body first.
-- @return (table) the request; or nil, err
local function attach_parts(client, final, fields, opts)
   local body, err = require("twilio.file.multipart").body(fields)
   if not body then return nil, err end
   local content_type = body.content_type
   if client.transports.validation or not client.transports.base.streams then
      body, err = body:text()
      if not body then return nil, err end
   end
   final.body, final.headers["Content-Type"] = body, content_type
   final.timeout, final.stall_timeout = opts.timeout, client.settings.timeout
   return final
end

--- Gets a request ready; see client:request for the arguments.
-- @return (function) that sends it -> body, err, response
-- @return[2] nil, (string) the caller's mistake
function raw_request.prepare(client, method, url, given)
   local opts, message = check(method, url, given)
   if not opts then return nil, message end
   local form, query, fields
   form, message = pairs_of(opts.form, "form")
   if not form then return nil, message end
   query, message = pairs_of(opts.query, "query")
   if not query then return nil, message end
   if opts.multipart then
      fields, message = require("twilio.file.multipart").fields(opts.multipart)
      if not fields then return nil, message end
   end
   local own, host = endpoint.own(client.settings, url)
   if not own then
      local err = Error.new {
         kind = "config", message = "won't send credentials there: " .. host,
         sent = false, retryable = false,
      }
      return function() return nil, err end
   end
   local op = { verb = method, media = opts.json and "json" or nil }
   local where = { host = host, url = own }
   local bound = { form = form, query = query, json = opts.json }
   local final
   final, message = request.build(client.settings, op, where, bound, opts)
   if not final then return nil, message end
   return function()
      if fields then
         local whole, err = attach_parts(client, final, fields, opts)
         if not whole then return nil, err end
      end
      return call.send(client, final, response.parse_any)
   end
end

return raw_request

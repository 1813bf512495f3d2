-- client/request.lua: any request, for what the resources don't cover.

local core = require "twilio.core"
local call = require "twilio.call"
local Error = require "twilio.util.error"
local lazy = require "twilio.util.lazy"
local options = require "twilio.util.options"
local endpoint = require "twilio.call.endpoint"
local request = require "twilio.call.request"
local response = require "twilio.call.response"
local serialize = require "twilio.call.serialize"
local wording = require "twilio.call.wording"

local raw_request = {}

-- Appends a table's names and values as pairs, sorted by name.
-- @param out (array) of pairs, mistakes (array) of messages
local function add_pairs(out, mistakes, fields, what)
   local names = {}
   for name in pairs(fields) do
      if type(name) == "string" then names[#names + 1] = name else names.misplaced = true end
   end
   if names.misplaced then mistakes[#mistakes + 1] = what .. " is a table of names and values" end
   table.sort(names, core.less)
   for _, name in ipairs(names) do
      local ok, message = serialize.push(out, { wire = name, array = true }, fields[name])
      if not ok then mistakes[#mistakes + 1] = ("%s '%s' %s"):format(what, name, message) end
   end
   return out
end

local known = {
   form = "table", json = "table", multipart = "table", file = "table",
   query = "table", headers = "table",
   timeout = "number", connect_timeout = "number", max_retries = "number", retry_unsafe = "boolean",
   retry_not_found = "boolean",
}

local carries = { POST = true, PUT = true, PATCH = true }

local function check(mistakes, method, url, opts)
   local function mistake(condition, message)
      if condition then mistakes[#mistakes + 1] = message end
   end
   local has_method = type(method) == "string" and method:match("^[A-Z]+$")
   mistake(not has_method, "method must be an HTTP method in capitals")
   mistake(type(url) ~= "string", "url must be text, got a " .. type(url))
   if not opts then return end
   local bodies = 0
   for _, kind in ipairs { "form", "json", "multipart", "file" } do
      if opts[kind] then bodies = bodies + 1 end
   end
   mistake(bodies > 1, "give one of form, json, multipart and file")
   local streamed = opts.multipart and "multipart" or opts.file and "file"
   if streamed and has_method then
      mistake(not carries[method], streamed .. " goes with POST, PUT or PATCH")
   end
end

-- Its files are read while they are sent, however long that takes, unless something needs the whole
-- body first.
-- @return (table) the request; or nil, err
local function attach_parts(client, final, fields, opts)
   local body, err = lazy.require("twilio.file.multipart").body(fields)
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

-- @return (table) form, (table) query, (table | nil) fields of multipart, or the file
local function read_fields(mistakes, opts)
   local form = add_pairs({}, mistakes, opts.form or {}, "form")
   local query = add_pairs({}, mistakes, opts.query or {}, "query")
   if not (opts.multipart or opts.file) then return form, query end
   local multipart = lazy.require "twilio.file.multipart"
   local read = opts.multipart and multipart.fields or multipart.file
   local fields, message = read(opts.multipart or opts.file)
   if not fields then mistakes[#mistakes + 1] = message end
   return form, query, fields
end

--- Gets a request ready; see client:request for the arguments.
-- @return (function) that sends it -> body, err, response
-- @return[2] nil, (string) the caller's mistakes
function raw_request.prepare(client, method, url, given)
   local message = wording.of_client(client)
   if message then return nil, message end
   local mistakes, opts = {}
   opts, message = options.check(given, known)
   check(mistakes, method, url, opts)
   if not opts then
      mistakes[#mistakes + 1] = message
      return nil, wording.together(mistakes)
   end
   local form, query, fields = read_fields(mistakes, opts)
   if #mistakes > 0 then return nil, wording.together(mistakes) end
   local own, host = endpoint.own(client.settings, url)
   if not own then
      local err = Error.new {
         kind = "config", message = "refused to send credentials: " .. host,
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

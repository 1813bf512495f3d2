-- Drives every operation of Twilio's OpenAPI files through the library's public face, against the
-- mock server (tools/mock_server), and checks that each value arrived where it belongs:
-- tools/conformance/run.sh starts both.
--
--   lua tools/conformance/run.lua <operations.json> <URL of the mock server>
--
-- Each operation is called twice, as a caller would write it:
-- client.<domain>.<version>.<resource>(...):<method>{...}, once with the arguments that the files
-- require and once with all that they know (a list once by list, once by page); one with a JSON
-- body four times: with its members in snake_case, and in the wire's spelling. An operation that
-- can be reached in two ways is called once in each. Expectations are worked out from the files
-- alone: samples and types come from operations.json, names from the generator's rules, never from
-- the library. Any difference is named, and makes the exit status 1.

package.path = (arg[0]:match("^(.*)/[^/]*$") or ".") .. "/../?.lua;" .. package.path

local files = require "files"
local model = require "twilio.call.model"
local cjson = require "cjson"
local names = require "openapi.names"
local twilio = require "twilio"

-- Mistakes of the files: these operations have a JSON body there, which the file forgets (so the
-- server finds any body unexpected), and these are its fields, from Twilio's documentation; of the
-- last one nothing is known.
local forgotten_bodies = {
   CreateSmsVerification = { "to", "locale", "friendly_name" },
   CreateSmsVerificationCheck = { "to", "verification_code", "friendly_name" },
   CreateVoiceVerification = {
      "phone_number", "friendly_name", "custom_code", "call_delay", "status_callback",
      "status_callback_method", "extension",
      "custom_success_message",
   },
   CreateVoiceVerificationCheck = {},
}
local excused_codes = { ["unexpected-body"] = true, [415] = true }

-- The library's tree ------------------------------------------------------------------------------

local function blank(path) return (path:gsub("{[^}]*}", "{}")) end

local function placeholders(path)
   local list = {}
   for name in path:gmatch("{([^}]+)}") do list[#list + 1] = name end
   return list
end

-- A hop on the way to an operation: a property, then perhaps a call with some of the path's
-- placeholders: `first` to `last`.
local function new_hop(mount, above, own, count)
   local before = #placeholders(above)
   local last = before + #placeholders(own)
   return { mount = mount, first = last - count + 1, last = last }
end

local function with(list, item)
   local copy = { (table.unpack or unpack)(list) }
   copy[#copy + 1] = item
   return copy
end

local methods = { "create", "fetch", "update", "patch", "delete", "list" }

local function visit_side(side, place, hop, version, visit)
   local absolute = side[1]:sub(1, 1) == "="
   local path = absolute and side[1]:sub(2) or place.path .. side[1]
   local hops = with(place.hops, hop)
   for _, method in ipairs(methods) do
      local op = model.operation(side, method)
      if op then
         visit(
            op.verb, path .. (absolute and "" or version.ext or ""),
            { hops = hops, method = method })
      end
   end
   return { path = path, hops = hops }
end

local function walk(nodes, place, version, visit)
   for mount, node in pairs(nodes) do
      local wires = model.arguments(node)
      local function side(of, count, called)
         local hop = new_hop(mount, place.path, of[1], count)
         hop.called = called
         local below = visit_side(of, place, hop, version, visit)
         walk(model.nodes(of), below, version, visit)
      end
      if node.list then side(node.list, #wires.list, #wires.list > 0) end
      if node.item then side(node.item, #wires.list + #wires.item, true) end
   end
end

-- "GET verify.twilio.com/v2/Services/{}" -> the ways to it
local function ways_of_all()
   local ways, count = {}, 0
   for _, domain in ipairs(model.domains()) do
      for name in pairs(model.domain(domain)) do
         local version = model.version(domain, name)
         if version then
            walk(model.nodes(version), {
               path = version.path, hops = {},
            }, version, function(verb, path, way)
               local key = ("%s %s.twilio.com%s"):format(verb, version.host, blank(path))
               if not ways[key] then ways[key], count = {}, count + 1 end
               way.domain, way.version = domain, name
               table.insert(ways[key], way)
            end)
         end
      end
   end
   return ways, count
end

-- Arguments, and what must arrive -----------------------------------------------------------------

local DATES = {
   date = { text = "2024-01-02", epoch = 1704153600 },
   ["date-time"] = { text = "2024-01-02T03:04:05Z", epoch = 1704164645 },
}

-- Keys sorted, null and empty tables told apart as far as cjson does.
local function canonical(value)
   if type(value) ~= "table" then return cjson.encode(value) end
   local parts = {}
   for key, item in pairs(value) do parts[#parts + 1] = tostring(key) .. ":" .. canonical(item) end
   table.sort(parts)
   return "{" .. table.concat(parts, ",") .. "}"
end

local function text_of(value)
   if type(value) == "number" then return (("%.14g"):format(value)) end
   return tostring(value)
end

local function is_json(kind)
   return kind == "any" or kind == "object" or kind == "array:any" or kind == "array:object"
end

-- The pairs that a form or query must have, JSON in canonical form.
local function expected_pairs(out, wire, value, kind)
   if kind:match("^prefixed%-collapsible%-map") then
      out[#out + 1] = "AddOns.key.inner=value"
   elseif DATES[kind] then
      out[#out + 1] = wire .. "=" .. DATES[kind].text
   elseif kind:match("^array") then
      for _, item in ipairs(value) do
         expected_pairs(out, wire, item, kind:match("^array:(.*)$"))
      end
   else
      out[#out + 1] = wire .. "=" .. (is_json(kind) and canonical(value) or text_of(value))
   end
end

local function argument(value, kind)
   if kind:match("^prefixed%-collapsible%-map") then return { key = { inner = "value" } } end
   return DATES[kind] and DATES[kind].epoch or value
end

-- Samples of the files' own that can't work: where Authorization is also a parameter, it is what
-- authorises.
local better_samples = { ["header:Authorization"] = "Basic c2FtcGxlOnNhbXBsZQ==" }

-- A value that is in the path too must differ from it, or nobody could say which of them arrived.
local function unlike_path(value, op)
   for _, taken in pairs(op.path_params) do
      if value == taken and type(value) == "string" and #value == 34 then
         return value:sub(1, 2) .. value:sub(3):reverse()
      end
   end
   return value
end

-- A list's own names for what steers its pages.
local page_names = { page = "page_number" }

local function add_arguments(case, place, fields)
   for wire, sample in pairs(fields) do
      local kind = case.op.types[place .. ":" .. wire] or "string"
      local value = better_samples[place .. ":" .. wire] or unlike_path(sample, case.op)
      local name = names.snake(wire)
      if case.way.method == "list" and case.all then name = page_names[name] or name end
      case.arguments[name] = argument(value, kind)
      if place == "header" then
         case.headers[wire:lower()] = text_of(value)
      else
         expected_pairs(case.pairs[place], wire, value, kind)
      end
   end
end

-- A body with the names of its members in snake_case, as far as the files say which names are the
-- API's. tree: of operations.mjs.
local function in_snake_case(value, tree)
   if type(value) ~= "table" or not tree then return value end
   local out = {}
   for key, item in pairs(value) do
      if type(key) == "number" then
         out[key] = in_snake_case(item, tree.items)
      elseif tree.members and tree.members[key] then
         out[names.snake(key)] = in_snake_case(item, tree.members[key])
      else
         out[key] = in_snake_case(item, tree.values)
      end
   end
   return setmetatable(out, getmetatable(value))
end

local function add_body(case)
   case.json = case.all and case.op.opt_json or case.op.json or {}
   local spelt = case.snake and in_snake_case(case.json, case.op.json_tree) or case.json
   for name, value in pairs(spelt) do case.arguments[name] = value end
end

local function is_json_operation(op) return (op.content_type or ""):find("json", 1, true) ~= nil end

-- @return (table) a call and what must come of it
local function new_case(op, all, way, snake)
   local case = {
      op = op, all = all, way = way, snake = snake, arguments = {}, headers = {},
      pairs = { query = {}, form = {} },
   }
   for place, field in pairs { query = "query", form = "form", header = "headers" } do
      add_arguments(case, place, op[field])
      if all then add_arguments(case, place, op["opt_" .. field]) end
   end
   if is_json_operation(op) then add_body(case) end
   return case
end

-- Calling -----------------------------------------------------------------------------------------

-- A hop's arguments stand in the order in which the operation declares them, which isn't always the
-- path's.
local function hop_arguments(op, hop)
   local wanted, values = {}, {}
   for i, name in ipairs(placeholders(op.path)) do
      if i >= hop.first and i <= hop.last then wanted[name] = true end
   end
   for _, name in ipairs(op.call_order) do
      if wanted[name] then values[#values + 1] = op.path_params[name] end
   end
   return values
end

local function resource_at(client, case)
   local object = client[case.way.domain][case.way.version]
   for _, hop in ipairs(case.way.hops) do
      object = object[hop.mount]
      local values = hop_arguments(case.op, hop)
      if hop.called then object = object((table.unpack or unpack)(values, 1, #values)) end
   end
   return object
end

local function call(client, case, number)
   local object = resource_at(client, case)
   local method = case.way.method
   if method == "list" and case.all then method = "page" end
   -- No retries: each call is one request, and the server's log says which.
   return object[method](
      object, case.arguments, { max_retries = 0, headers = { ["X-Case"] = tostring(number) } })
end

-- Judging -----------------------------------------------------------------------------------------

local function decode(text)
   return (text:gsub("+", " "):gsub("%%(%x%x)", function(hex)
      return string.char(tonumber(hex, 16))
   end))
end

-- The pairs that arrived, JSON in canonical form.
local function received_pairs(text, place, op)
   local list = {}
   for pair in text:gmatch("[^&]+") do
      local name, value = pair:match("^([^=]*)=(.*)$")
      name, value = decode(name), decode(value)
      local kind = op.types[place .. ":" .. name]
      if kind and is_json(kind) then
         local ok, decoded = pcall(cjson.decode, value)
         if ok then value = canonical(decoded) end
      end
      list[#list + 1] = name .. "=" .. value
   end
   return list
end

local function same_set(one, other)
   table.sort(one)
   table.sort(other)
   return table.concat(one, "\n") == table.concat(other, "\n")
end

local function expected_path(op)
   return (op.path:gsub("{([^}]+)}", function(name)
      return tostring(text_of(op.path_params[name]))
   end))
end

-- The authorization that the operation wants -> what the header must start with
local function authorization(op, case)
   if case.headers.authorization then return nil end
   local kind = op.auth[1]
   if not kind then return "" end
   return kind == "oauth2" and "Bearer " or "Basic "
end

local function check_body(complain, case, entry)
   local op = case.op
   if is_json_operation(op) then
      local ok, body = pcall(cjson.decode, entry.body)
      if not ok or canonical(body) ~= canonical(case.json) then
         complain("body", canonical(case.json), entry.body)
      end
   elseif op.content_type then
      local got = received_pairs(entry.body, "form", op)
      if not same_set(case.pairs.form, got) then
         complain("form", table.concat(case.pairs.form, "&"), table.concat(got, "&"))
      end
   elseif entry.body ~= "" then
      complain("body", "none", entry.body)
   end
end

local function check_arrival(complain, case, entry)
   local op = case.op
   local function same(what, wanted, got)
      if wanted ~= got then complain(what, wanted, got) end
   end
   same("verb", op.method, entry.method)
   same("host", op.host, entry.host)
   same("file", op.file, entry.file)
   same("operation", op.id, entry.id)
   same("path", expected_path(op), decode(entry.path:gsub("+", "%%2B")))
   local query = received_pairs(entry.query, "query", op)
   if not same_set(case.pairs.query, query) then
      complain("query", table.concat(case.pairs.query, "&"), table.concat(query, "&"))
   end
   for name, value in pairs(case.headers) do same("header " .. name, value, entry.headers[name]) end
   local wanted = authorization(op, case)
   if wanted then
      same("authorization", wanted, (entry.headers.authorization or ""):sub(1, #wanted))
   end
   check_body(complain, case, entry)
end

local function check_verdict(complain, op, entry, excused)
   for _, list in ipairs { entry.found, entry.strict } do
      for _, finding in ipairs(list) do
         if forgotten_bodies[op.id] and excused_codes[finding.code] then
            excused[op.id] = true
         else
            local where = type(finding.path) == "table" and table.concat(finding.path, ".") or ""
            complain(
               "verdict", "pass",
               ("%s %s %s"):format(tostring(finding.code), where, tostring(finding.message)))
         end
      end
   end
end

-- A list must have found the records where the file has them.
local function check_items(complain, case, result, response)
   if case.way.method ~= "list" or not case.op.list_key or not result or not response then
      return
   end
   local payload = cjson.decode(response.body)
   local items = case.all and result.items or result
   local there = payload[case.op.list_key]
   if type(there) == "table" and #there ~= #items then complain("items", #there, #items) end
end

-- All of it ---------------------------------------------------------------------------------------

local function add_forgotten_body(op)
   local fields = forgotten_bodies[op.id]
   if not fields then return end
   op.content_type, op.json, op.opt_json = "application/json", {}, {}
   for _, field in ipairs(fields) do op.opt_json[field] = "sample " .. field end
end

-- The server's null is our absent.
local function read_operations(path)
   local operations = cjson.decode(files.read(path))
   for _, op in ipairs(operations) do
      for name, value in pairs(op) do
         if value == cjson.null then op[name] = nil end
      end
      add_forgotten_body(op)
   end
   return operations
end

local function new_cases(operations, ways, problem)
   local cases, json_operations = {}, 0
   for _, op in ipairs(operations) do
      local found = ways[("%s %s%s"):format(op.method, op.host, blank(op.path))]
      if found then
         cases[#cases + 1] = new_case(op, false, found[1])
         cases[#cases + 1] = new_case(op, true, found[#found])
         if is_json_operation(op) then
            cases[#cases + 1] = new_case(op, false, found[1], true)
            cases[#cases + 1] = new_case(op, true, found[#found], true)
            json_operations = json_operations + 1
         end
      else
         problem(op.id .. ": not in the library's tree")
      end
   end
   return cases, json_operations
end

local function new_client(base_url)
   local basic = require("twilio.core").credentials {
      username = "AC" .. ("0"):rep(32), password = "token",
   }
   return twilio.client {
      account_sid = "AC" .. ("0"):rep(32), base_url = base_url,
      credentials = {
         authorization = function(_, kind)
            if kind == "oauth" then return "Bearer token" end
            return basic:basic()
         end,
      },
   }
end

local function name_of(case)
   return ("%s %s %s%s"):format(case.op.file, case.op.id, case.all and "with all arguments" or "with the required arguments",
      case.snake and " in snake_case" or "")
end

local function run_case(client, case, number, problem)
   local ok, result, err, response = pcall(call, client, case, number)
   if not ok then
      problem(("%s raised: %s"):format(name_of(case), tostring(result)))
   elseif result == nil and not (err and err.status == 422) then
      problem(("%s returned: %s"):format(name_of(case), tostring(err)))
   end
   check_items(function(what, wanted, got)
      problem(("%s: %s: %s expected, %s given"):format(name_of(case), what, wanted, got))
   end,
      case, ok and result, response)
end

local function check_case(case, entries, excused, problem)
   local function complain(what, wanted, got)
      problem(
         ("%s: %s: expected %s, got %s"):format(
            name_of(case), what, tostring(wanted):sub(1, 400), tostring(got):sub(1, 400)))
   end
   if #entries ~= 1 then return complain("requests", 1, #entries) end
   check_verdict(complain, case.op, entries[1], excused)
   check_arrival(complain, case, entries[1])
end

local function by_case(log)
   local entries = {}
   for _, entry in ipairs(log) do
      local number = tonumber(entry.headers["x-case"])
      entries[number] = entries[number] or {}
      table.insert(entries[number], entry)
   end
   return entries
end

local function main(path, base_url)
   local problems, excused = {}, {}
   local function problem(text) problems[#problems + 1] = text end
   local operations = read_operations(path)
   local ways, count = ways_of_all()
   if count ~= #operations then
      problem(("the files have %d operations, the tree has %d"):format(#operations, count))
   end
   local client, cases, json_operations = new_client(base_url), new_cases(operations, ways, problem)
   for number, case in ipairs(cases) do run_case(client, case, number, problem) end
   local log, err = client:request("GET", base_url .. "/__log", { timeout = 60 })
   local entries, refused = by_case(assert(log, tostring(err))), 0
   for number, case in ipairs(cases) do
      local before = #problems
      check_case(case, entries[number] or {}, excused, problem)
      if #problems > before then refused = refused + 1 end
   end
   for id in pairs(forgotten_bodies) do
      if excused[id] then print(
         "excused: " .. id .. ": the file forgets its body") else problem(id
            .. ": excused for nothing") end
   end
   for _, text in ipairs(problems) do print(text) end
   print((
      "%d operations, %d with a JSON body, %d calls, %d refused or misplaced, %d problems"):format(
      #operations, json_operations, #cases, refused, #problems))
   return #problems == 0 and #cases > 0
end

os.exit(main(arg[1], (arg[2]:gsub("/$", ""))) and 0 or 1)

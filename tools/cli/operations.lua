-- Every operation of the API from the command line: `twilio ... --dry-run` for each, with a value
-- for every parameter, compared with the request that the library makes of the same arguments.
--
--   lua5.4 tools/cli/operations.lua        prints what differs, and the count
--
-- In one process, as nothing is sent. The way to the library's object is walked here by the data,
-- not by the command line's own code, and the printed command is read as a shell does.

local body = require "twilio.call.body"
local describe = require "twilio.resource.describe"
local json = require "twilio.json"
local main = require "twilio.cli.main"
local model = require "twilio.call.model"
local operation = require "twilio.call.operation"
local redact = require "twilio.transport.redact"
local twilio = require "twilio"

local unpack = table.unpack or unpack

local operations = {}

local ACCOUNT = "AC" .. ("0"):rep(31) .. "1"

-- Reading a command as the shell does ------------------------------------------------------------

--- The words of a shell command: quotes, $'...' and line ends behind backslashes.
-- @return (array of strings)
function operations.shell_words(text)
   local words, at, word = {}, 1, nil
   while at <= #text do
      local char = text:sub(at, at)
      local ansi = text:match("^%$'()", at)
      if text:find("^\\\n", at) then
         at = at + 2
      elseif char == " " or char == "\n" then
         words[#words + 1], word, at = word, nil, at + 1
      elseif ansi then
         local piece = {}
         at = ansi
         while text:sub(at, at) ~= "'" do
            local hex = text:match("^\\x(%x%x)", at)
            if hex then
               piece[#piece + 1], at = string.char(tonumber(hex, 16)), at + 4
            elseif text:sub(at, at) == "\\" then
               piece[#piece + 1], at = text:sub(at + 1, at + 1), at + 2
            else
               piece[#piece + 1], at = text:sub(at, at), at + 1
            end
         end
         word, at = (word or "") .. table.concat(piece), at + 1
      elseif char == "'" then
         local stop = text:find("'", at + 1, true)
         word, at = (word or "") .. text:sub(at + 1, stop - 1), stop + 1
      elseif char == '"' then
         local stop = text:find('"', at + 1, true)
         word, at = (word or "") .. text:sub(at + 1, stop - 1), stop + 1
      elseif char == "\\" then
         word, at = (word or "") .. text:sub(at + 1, at + 1), at + 2
      else
         word, at = (word or "") .. char, at + 1
      end
   end
   words[#words + 1] = word
   return words
end

--- A printed command as a request. @return (table) { method, url, headers, pairs, body, user }
function operations.read_curl(text)
   local words = operations.shell_words(text)
   local request, i = { headers = {}, pairs = {} }, 2
   while words[i] do
      local word, value = words[i], words[i + 1]
      i = i + 2
      if word == "-X" then
         request.method = value
      elseif word == "-u" then
         request.user = value
      elseif word == "-H" then
         local name, text_of = value:match "^([^:]+): (.*)$"
         request.headers[name] = text_of
      elseif word == "--data-urlencode" then
         table.insert(request.pairs, value)
      elseif word == "--data-raw" then
         request.body = value
      else
         request.url, i = word, i - 1
      end
   end
   request.method = request.method
      or (request.body or #request.pairs > 0) and "POST" or "GET"
   return request
end

-- Values -----------------------------------------------------------------------------------------

local TEXT = "it's \"a\" $(test) `x` \\ & = + % \195\169 \240\159\142\137\n@end"

local by_letter = {
   b = "true", i = "5", n = "2.5", d = "2026-01-02", t = "2026-01-02T03:04:05Z",
   j = '{"a":[1,"b"]}', x = '{"c":null}', c = "one,two", s = "one two",
}

-- A value of a parameter: what a program gives, and the texts of the options for it.
local function parameter_value(parameter)
   if parameter.type == "m" then return { a = "b", c = "d" }, { '{"a":"b","c":"d"}' } end
   local text = by_letter[parameter.type] or (parameter.place == "header" and "a b" or TEXT)
   if parameter.array then return { text, text .. "2" }, { text, text .. "2" } end
   return text, { text }
end

local scalars = {
   boolean = { true, "true" }, integer = { 7, "7" }, number = { 2.5, "2.5" },
   date = { "2026-01-02", "2026-01-02" },
   ["date-time"] = { "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z" },
   any = { "free text", "free text" }, JSON = { json.array { 1, "x" }, '[1,"x"]' },
   object = { { k = "v" }, '{"k":"v"}' }, map = { { k = "v" }, '{"k":"v"}' },
}

local member_value

local function object_of(members)
   local value = {}
   for _, one in ipairs(members) do value[one.name] = member_value(one) end
   return value
end

local function one_value(one)
   if one.members then
      local value = object_of(one.members)
      return value, json.encode(value)
   end
   local scalar = scalars[one.type]
   if scalar then return scalar[1], scalar[2] end
   return TEXT, TEXT
end

-- A member of a JSON body. @return the value, (array) texts of its options
function member_value(one)
   local value, text = one_value(one)
   if one.map then
      value = { some_key = one.array and json.array { value } or value }
      return value, { json.encode(value) }
   end
   if one.array then
      value = json.array { value, value }
      return value, one.members and { json.encode(value) } or { text, text }
   end
   return value, { text }
end

-- Arguments of an operation: { name = value }, and the options that say the same.
local function arguments_of(op, text)
   local given, options = {}, {}
   local function add(name, value, texts)
      given[name] = value
      for _, one in ipairs(texts) do
         options[#options + 1] = "--" .. name:gsub("_", "-")
         options[#options + 1] = one
      end
   end
   for _, parameter in ipairs(op.parameters) do
      add(parameter.name, parameter_value(parameter))
   end
   if op.body and not op.members then
      given.anything = json.array { 1, "x", { y = true } }
      return given, options, '{"anything":[1,"x",{"y":true}]}'
   end
   if op.body then
      local described = assert(describe.of(text))
      for _, one in ipairs(body.shape(op, operation.snake).list) do
         add(one.name, member_value(described.parameters[one.name]))
      end
   end
   return given, options
end

-- Both requests ----------------------------------------------------------------------------------

local function keeping_transport()
   local kept = {}
   function kept:send(final)
      self.request = final
      local Error = require "twilio.util.error"
      return nil, Error.new { kind = "cancelled", sent = false, message = "kept" }
   end
   return kept
end

local function decoded(text)
   return (text:gsub("+", " "):gsub("%%(%x%x)", function(hex)
      return string.char(tonumber(hex, 16))
   end))
end

-- The library's request in the shape of read_curl.
local function shown(final)
   local request = redact.without_secrets(final)
   local out = { method = request.method, url = request.url, headers = {}, pairs = {} }
   local is_form = (request.headers["Content-Type"] or ""):find("urlencoded", 1, true)
   for name, value in pairs(request.headers) do
      if name ~= "User-Agent" and name ~= "Accept-Charset" and name ~= "Authorization"
         and not (is_form and name == "Content-Type") then
         out.headers[name] = value
      end
   end
   if is_form then
      for name, value in (request.body or ""):gmatch "([^&=]+)=([^&]*)" do
         table.insert(out.pairs, name .. "=" .. decoded(value))
      end
   else
      out.body = request.body
   end
   return out
end

local function differ(a, b, path)
   if type(a) ~= type(b) then return ("%s: %s, %s"):format(path, tostring(a), tostring(b)) end
   if type(a) ~= "table" then
      return a ~= b and ("%s: %q, %q"):format(path, tostring(a), tostring(b)) or nil
   end
   for _, names in ipairs { a, b } do
      for name in pairs(names) do
         local found = differ(a[name], b[name], path .. "." .. tostring(name))
         if found then return found end
      end
   end
   return nil
end

-- Runs the command line. @return (string) what it prints, (integer) exit code, (string) errors
local function printed(words, environment)
   local out, err = {}, {}
   local function file(list)
      return { write = function(self, ...)
         list[#list + 1] = table.concat { ... }
         return self
      end }
   end
   local code = main.run(words, {
      out = file(out), err = file(err), interactive = false,
      environment = function(name) return environment[name] end,
   })
   return table.concat(out), code, table.concat(err)
end

local ENVIRONMENT = { TWILIO_ACCOUNT_SID = ACCOUNT, TWILIO_AUTH_TOKEN = ("0"):rep(32) }

-- Compares one operation. @return (string | nil) what differs
local function compare(transport, object, method, words, text)
   local side = object._side
   local op = model.operation(side, method)
   local given, options, data = arguments_of(op, text .. ":" .. method)
   local line = { "--dry-run", "--limit", "all" }
   if data then
      line[#line + 1] = "--data"
      line[#line + 1] = data
   end
   for _, word in ipairs(words) do line[#line + 1] = word end
   line[#line + 1] = method
   for _, word in ipairs(options) do line[#line + 1] = word end
   local command, code, errors = printed(line, ENVIRONMENT)
   if code ~= 0 then return ("exit code %s: %s"):format(tostring(code), errors) end
   transport.request = nil
   object[method](object, given)
   return differ(operations.read_curl(command), (function()
      local request = shown(transport.request)
      local has_own = transport.request.security == "own"
      if transport.request.headers.Authorization and not has_own then
         local kind = transport.request.headers.Authorization
         if kind:find "^Bearer" then
            request.headers.Authorization = "Bearer $TWILIO_ACCESS_TOKEN"
         else
            request.user = "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN"
         end
      elseif has_own then
         request.headers.Authorization = "(hidden)"
      end
      return request
   end)(), "request")
end

local methods = { "create", "fetch", "update", "patch", "delete", "list" }

-- Path arguments: SIDs, and now and then a name that must be encoded, or that is an operation's.
local function path_values(names, count)
   local values, words = {}, {}
   for i, wire in ipairs(names) do
      local odd = (count + i) % 7 == 0 and "list" or (count + i) % 5 == 0 and "a b/c" or nil
      values[i] = odd or wire:sub(1, 2):upper() .. ("%032d"):format(i)
      words[i] = odd == "list" and "=list" or values[i]
   end
   return values, words
end

local function joined(...)
   local all = {}
   for _, list in ipairs { ... } do
      for _, one in ipairs(list) do all[#all + 1] = one end
   end
   return all
end

--- Compares all operations.
-- @return (integer) how many there are, (array of strings) what differs
function operations.compare()
   local transport = keeping_transport()
   local credentials = {}
   function credentials.authorization(_, kind)
      return kind == "oauth" and "Bearer x" or "Basic x"
   end
   local client = twilio.client {
      account_sid = ACCOUNT, credentials = credentials, transport = transport, max_retries = 0,
   }
   local count, wrong = 0, {}

   local visit

   local function side(object, data, words, text)
      for _, method in ipairs(methods) do
         if model.operation(data, method) then
            count = count + 1
            local ok, message = pcall(compare, transport, object, method, words, text)
            if message then
               wrong[#wrong + 1] = ("%s %s: %s"):format(table.concat(words, " "), method, message)
            elseif not ok then
               wrong[#wrong + 1] = table.concat(words, " ") .. " " .. method .. ": failed"
            end
         end
      end
      visit(object, data, words, text)
   end

   function visit(above, data, words, text)
      local names = {}
      for name in pairs(model.nodes(data)) do names[#names + 1] = name end
      table.sort(names)
      for _, name in ipairs(names) do
         local node = model.node(data, name)
         local own = model.arguments(node)
         local list, label = above[name], text .. "." .. name
         local here = joined(words, { count % 2 == 0 and name:gsub("_", "-") or name })
         local list_values, list_words = path_values(own.list, count)
         if node.list then
            local object, called = list, label
            if #own.list > 0 then object, called = list(unpack(list_values)), label .. "(x)" end
            side(object, node.list, joined(here, list_words), called)
         end
         if node.item then
            local values, item_words = path_values(own.item, count)
            local all = joined(node.list and list_values or {}, values)
            local item_line = joined(here, node.list and list_words or {}, item_words)
            side(list(unpack(all)), node.item, item_line, label .. "(x)")
         end
      end
   end

   for _, domain in ipairs(model.domains()) do
      for version in pairs(model.domain(domain)) do
         if version ~= 1 then
            visit(client[domain][version], model.version(domain, version), { domain, version },
               domain .. "." .. version)
         end
      end
   end
   return count, wrong
end

if arg and (arg[0] or ""):find "tools/cli/operations%.lua$" then
   local count, wrong = operations.compare()
   for _, line in ipairs(wrong) do print(line) end
   print(("%d operations, %d differ"):format(count, #wrong))
   os.exit(#wrong == 0 and count > 1500 and 0 or 1)
end

return operations

-- lua/twilio/api: the API as data. The conformance driver checks that it says what the OpenAPI
-- files say; this spec checks that it is complete, well-formed, small, and needs nothing.

local model = require "twilio.call.model"
local index = require "twilio.api.index"
local process = require "support.process"
local operation = require "twilio.call.operation"

local methods = {
   create = true, fetch = true, update = true, patch = true, delete = true, list = true,
}

-- A list's fields: 1, args, file, nodes and methods.
local function each_side(parent, name, above, visit)
   for mount, node in pairs(model.nodes(parent)) do
      for _, side_name in ipairs { "list", "item" } do
         local side = node[side_name]
         if side then
            local path = side[1]:sub(1, 1) == "=" and side[1]:sub(2) or above .. side[1]
            local side_path = name .. "." .. mount .. (side_name == "item" and "()" or "")
            visit(side, side_path, path, node)
            each_side(side, side_path, path, visit)
         end
      end
   end
end

local function each_version(visit)
   for _, domain in ipairs(model.domains()) do
      for version, file in pairs(model.domain(domain)) do
         if version ~= 1 then visit(domain, version, file, require("twilio.api." .. file)) end
      end
   end
end

local function each_operation(visit)
   each_version(function(domain, version, _, data)
      each_side(data, domain .. "." .. version, data.path, function(side, name, path, node)
         for method, text in pairs(side) do
            if methods[method] then visit(text, name .. ":" .. method, data.host .. path, node) end
         end
      end)
   end)
end

local function node_at(name)
   local domain, version, rest = name:match("^([%w_]+)%.([%w_]+)%.(.*)$")
   local above, node = model.version(domain, version), nil
   for mount, call in rest:gmatch("([%w_]+)(%(?)") do
      node = model.node(above, mount)
      above = call == "(" and node.item or node.list or {}
   end
   return node
end

describe("the API data", function()
   it("has every operation of every product, each once", function()
      local domains, operations, seen = 0, 0, {}
      for line in index:gmatch("[^\n]+") do
         assert.matches("^[%l_]+ [%w_ ]+$", line)
         if not line:match("^shortcuts ") then domains = domains + 1 end
      end
      each_operation(function(text, name, path)
         local key = text:match("^%u+") .. " " .. path:gsub("{[^}]*}", "{}")
         assert.is_nil(seen[key], name)
         seen[key] = true
         operations = operations + 1
      end)
      assert.equal(39, domains)
      assert.equal(1592, operations)
   end)

   it("speaks the grammar of docs/architecture.md", function()
      local words = { "^@json$", "^@scim$", "^@none$", "^@oauth$", "^@page$", "^@[23]%d%d$", "^@any=[%w|.]+$", "^@max=%d+$",
         "^@uri=[%w_]+$", "^@meta=[%w_]+$", "^@token=[%w_]+$", "^@plain=[%w_]+$",
         "^@results=[%w_]+$", "^@next_token=[%w_]+$",
         "^[?^]?[%w_.#<>-]+!?$", "^[?^]?[%w_.#<>-]+:[bdtinjmxcs]!?$", "^[%w_.-]+%[%]!?$", "^[%w_.-]+%[%]:[bdtinjx]!?$" }
      local function known(word)
         for _, pattern in ipairs(words) do
            if word:match(pattern) then return true end
         end
      end
      each_operation(function(text, name)
         local verb, rest, members = text:match("^(%u+)([^{]*)(.*)$")
         assert.truthy(({ GET = 1, POST = 1, PUT = 1, PATCH = 1, DELETE = 1 })[verb], name)
         for word in rest:gmatch("%S+") do assert.truthy(known(word), name .. " " .. word) end
         assert.equal(members, members:match("^%b{}$") or "", name)
         assert.is_nil(members:find("[^%w_/%-%[%]{}*: ]"), name)
         for letter in members:gmatch(":(.)") do assert.matches("[dt]", letter) end
      end)
   end)

   it("has the members of JSON bodies, none of them called as a parameter", function()
      local with, without, count = 0, {}, 0
      each_operation(function(text, name)
         local op = operation.parse(text)
         if not op.body then return assert.is_nil(op.members, name) end
         if not op.members then
            without[#without + 1] = name
            return
         end
         with = with + 1
         for member in op.members:gsub("{%*", "{"):gmatch("[^%s%[%]{}*:]+") do
            if not (member == "t" or member == "d") then count = count + 1 end
         end
         local top = op.members:sub(2, -2):gsub("%b{}", "")
         for member in top:gmatch("[^%s%[%]*]+") do
            assert.is_nil(op.by_name[operation.snake((member:gsub(":%a$", "")))], name)
         end
      end)
      table.sort(without)
      -- The files describe nothing of these but an object.
      assert.same({
         "flex_api.v1.configuration():update",
         "flex_api.v1.interaction().channels().transfers():update",
         "flex_api.v1.interaction().channels().transfers:create",
         "numbers.v1.bulk_eligibilities:create",
         "numbers.v1.eligibilities:create", "numbers.v1.porting_webhook_configurations:create",
         "numbers.v1.signing_request_configurations:create",
         "numbers.v1.voice_verification_checks:create",
         "numbers.v2.bulk_hosted_number_orders:create",
         "taskrouter.v1.workspaces().task_queues.bulk_real_time_statistics:create",
      }, without)
      assert.equal(112, with + #without) -- 97 of the OpenAPI files, 15 of twilio-node
      assert.is_true(count > 899, count)
   end)

   it("names every parameter of an operation once", function()
      each_operation(function(text, name)
         local seen = {}
         for word in text:gsub("{.*", ""):gmatch(" ([^@]%S*)") do
            local wire = word:match("^[?^]?([^:!%[]+)")
            assert.is_nil(seen[wire], name .. " " .. wire)
            seen[wire] = true
         end
      end)
   end)

   it("has a paging style on each list and on nothing else", function()
      each_operation(function(text, name)
         local paged = text:match("@%l+_?%l*=[%w_]+ ") or text:match("@%l+_?%l*=[%w_]+$")
         if name:match(":list$") then assert.truthy(paged, name) else assert.truthy(
            not paged or text:match("@any="), name) end
      end)
   end)

   it("has well-formed resources", function()
      local fields = { list = true, item = true, sid = true }
      each_version(function(domain, version, _, data)
         assert.matches("^[%w-]+$", data.host)
         assert.matches("^/[%w-]+$", data.path)
         each_side(data, domain .. "." .. version, data.path, function(side, name, _, node)
            for field in pairs(node) do
               assert.truthy(fields[field], name .. " " .. tostring(field))
            end
            assert.truthy(node.sid == nil or node.sid:match("^%u%u$"), name)
            for field in pairs(side) do
               assert.truthy(
                  methods[field] or field == 1 or field == "nodes" or field == "args"
                     or field == "file",
                  name .. " " .. tostring(field))
            end
            assert.matches("^=?/", side[1])
         end)
      end)
   end)

   it("has a default version in each domain, and only true shortcuts", function()
      for _, domain in ipairs(model.domains()) do
         local versions = model.domain(domain)
         assert.is_string(versions[versions[1]], domain)
      end
      assert.equal(24, #model.shortcuts())
      local account = node_at("api.v2010.accounts").item
      for _, name in ipairs(model.shortcuts()) do
         assert.is_table(model.node(account, name), name)
      end
   end)

   it("stays under 220 KB and needs nothing, not even globals", function()
      local bytes, checked = 0, {}
      local function check(file)
         checked[file] = true
         local path = "lua/twilio/api/" .. file .. ".lua"
         local handle = assert(io.open(path, "rb"))
         local source = handle:read("*a")
         handle:close()
         bytes = bytes + #source
         assert.matches("^%-%- GENERATED by tools/generate.lua from [@%a/-]+ %d", source)
         -- luacheck: globals loadstring
         local chunk = assert((loadstring or load)(source, path, "t", {}))
         if setfenv then setfenv(chunk, {}) end -- luacheck: globals setfenv
         assert.equal(file == "index" and "string" or "table", type(chunk()))
      end
      for _, path in ipairs(process.lines "ls lua/twilio/api/*.lua") do
         check(path:match "([^/]*)%.lua$")
      end
      each_version(function(_, _, file) assert.is_true(checked[file], file) end)
      assert.is_true(bytes < 220 * 1000, bytes)
   end)

   -- 55 texts that the files call JSON, three arrays of such, and those that tools/overlay.lua
   -- knows.
   it("knows which texts hold JSON, and which are joined by commas", function()
      local json_texts, joined = 0, 0
      each_operation(function(text)
         json_texts = json_texts + select(2, text:gsub(":x%f[%s!%z]", ""))
         joined = joined + select(2, text:gsub(":[cs]%f[%s!%z]", ""))
      end)
      assert.equal(55 + 3 + 20, json_texts)
      assert.equal(24, joined)
      assert.matches(" ContentVariables:x ", node_at("api.v2010.accounts().messages").list.create)
      assert.matches(" Attributes:x ", node_at("conversations.v1.conversations").list.create)
      assert.matches(
         " Configuration:x!", node_at("taskrouter.v1.workspaces().workflows").list.create)
      assert.matches(" Fields:c ", node_at("lookups.v2.phone_numbers").item.fetch)
   end)

   it("says what the documentation says", function()
      local messages = node_at("api.v2010.accounts().messages")
      assert.equal("SM", messages.sid)
      assert.equal("/Messages/{Sid}", messages.item[1])
      assert.equal("DELETE", messages.item.delete)
      assert.matches(
         "^POST @any=From|MessagingServiceSid @any=Body|MediaUrl|ContentSid To! ",
         messages.list.create)
      assert.matches(" MediaUrl%[%] ", messages.list.create)
      assert.matches(" SendAt:t ", messages.list.create)
      assert.equal(
         "GET @uri=messages @page DateSent:t DateSent<:t DateSent>:t From To", messages.list.list)
      assert.equal(
         "POST Channel! To!", node_at("verify.v2.services().verifications").list.create:sub(1, 17))
      assert.equal(
         "=/.well-known/oauth-authorization-server",
         node_at("oauth.v2.oauth_authorization_server").list[1])
      assert.equal("Field PhoneNumber", node_at("lookups.v2.lookup_overrides").item.args)
      assert.equal(
         "/SenderIdRegistrations/{BundleSid}/EmbeddedSessions",
         node_at("numbers.v1.embedded_sessions").list[1])
      assert.matches(
         " Parameter#.Name Parameter#.Value",
         node_at("api.v2010.accounts().calls().siprec").list.create)
      assert.matches(
         "^PATCH @scim @oauth ", node_at("preview_iam.versionless.organization().users").item.patch)
      assert.matches("^POST @json @200 %?pageSize:i", node_at("insights.v3.query").list.create)
      assert.is_table(node_at("conversations.v1.configuration.webhooks").item)
      -- Of twilio-node, as the files lack them.
      assert.matches(
         "^POST @json @202 %^Idempotency%-Key", node_at("webhooks.v1.rules").list.create)
      assert.matches("^GET @token=rules .*settingId", node_at("webhooks.v1.rules").list.list)
      assert.matches(
         "^PATCH @json %^If%-Match", node_at("insights.v3.custom_field_mappings").item.patch)
      assert.equal(
         "GET country! lookbackWindow!", node_at("messaging.v3.message_cost_estimate").list.fetch)
      assert.matches(
         "^PUT @json", node_at("voice.v2.recording_account_default_configuration").item.update)
      assert.equal(
         "/ShortCodes/{isoCountryCode}/{shortCode}", node_at("routes.v3.iso_country_code").item[1])
      assert.matches("^PATCH @json", node_at("content.v1.contents().approval_create").list.update)
      assert.matches("^POST @json", node_at("accounts.v1.compliance_signals_check").list.create)
      assert.equal("DELETE", node_at("preview.hosted_numbers.authorization_documents").item.delete)
      assert.is_table(node_at("api.v2010.accounts().available_phone_numbers().local"))
   end)
end)

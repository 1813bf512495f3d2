-- sandbox/behaviour/studio/executions.lua: executions of flows: from widget to widget, each of them
-- a step, until one has nowhere to go or waits for somebody.
--
-- The widgets that do something are trigger, send-message, send-and-wait-for-reply, say-play,
-- gather-input-on-call, split-based-on, set-variables and make-http-request; another one goes on by
-- its first transition. A flow is started by the API, or by a message or call to a number whose URL
-- is the flow's. A call is told by TwiML what to do, and comes back with the event.

local json = require "twilio.json"
local later = require "twilio.sandbox.behaviour.later"
local records = require "twilio.sandbox.state.records"
local sms = require "twilio.sandbox.behaviour.messages"
local values = require "twilio.sandbox.behaviour.studio.values"
local webhook = require "twilio.sandbox.http.webhook"

local executions = { events = {} }

local API = "api/2010-04-01/Accounts/"
local NAME = "studio/Flows/{}/Executions"
local MOST_STEPS = 1000 -- of one go: a flow may lead in a circle
local REPLY_TIME = 3600 -- seconds in which a reply must come, where the widget doesn't say

-- Waiting -----------------------------------------------------------------------------------------
--
-- An execution that waits for a message or a call has a record apart from the API's,
-- "studio-waiting/<flow>/message:<number>" or "call:<SID>", so that it is found at once, and a dump
-- has it.

local function waiting_path(flow_sid, kind, key)
   local collection = "studio-waiting/" .. tostring(flow_sid)
   return collection .. "/" .. kind .. ":" .. tostring(key), collection
end

local function key_of(fields, kind)
   return kind == "message" and fields.contact_channel_address or fields.call_sid
end

local function wait_for(sandbox, execution, kind)
   local fields = execution.fields
   local path, collection = waiting_path(fields.flow_sid, kind, key_of(fields, kind))
   sandbox.store:put(path, collection, { sid = fields.sid, execution = execution.path })
   fields.waits_for = kind
end

local function wait_no_more(sandbox, execution)
   local fields = execution.fields
   local kind = fields.waits_for
   if not kind then return end
   fields.waits_for = nil
   local path = waiting_path(fields.flow_sid, kind, key_of(fields, kind))
   local record = sandbox.store:get(path)
   if record and record.fields.execution == execution.path then sandbox.store:remove(path) end
end

-- The execution that waits for this contact or call.
local function waiting(sandbox, flow, kind, key)
   local record = sandbox.store:get((waiting_path(flow.fields.sid, kind, key)))
   local path = record and record.fields.execution
   local execution = type(path) == "string" and sandbox.store:get(path)
   return execution and execution.fields.waits_for == kind and execution or nil
end

-- Flows -------------------------------------------------------------------------------------------

local function definition_of(sandbox, execution)
   local flow = sandbox.store:get(execution.path:match("^(.*)/Executions/"))
   local definition = flow and flow.fields.definition
   if type(definition) == "string" then definition = json.decode(definition) end
   return type(definition) == "table" and type(definition.states) == "table" and definition or nil
end

-- The tables of a list; a definition may have anything anywhere.
local function tables_of(list)
   local out = {}
   for _, one in ipairs(type(list) == "table" and list or {}) do
      if type(one) == "table" then out[#out + 1] = one end
   end
   return out
end

local function widget_of(definition, name)
   for _, state in ipairs(tables_of(definition.states)) do
      if type(name) == "string" and state.name == name then return state end
   end
end

local function transitions_of(widget) return tables_of(widget.transitions) end

-- The next widget's name after an event.
local function next_of(widget, event)
   for _, transition in ipairs(transitions_of(widget)) do
      local to = transition.next
      if transition.event == event and type(to) == "string" then return to end
   end
end

-- Widgets -----------------------------------------------------------------------------------------
--
-- Type -> function(run, widget, properties) -> the event that happened; nil: it waits

local widgets = {}

local function fill(run, text) return values.fill(text, run.context) end

local function send(run, properties)
   local fields = run.execution.fields
   local to, from = fill(run, properties.to), fill(run, properties.from)
   if to == "" then to = fields.contact_channel_address or "" end
   if from == "" then from = fields.channel_address or "" end
   return sms.reply(run.sandbox, API .. fields.account_sid .. "/Messages", {
      to = to, from = from, body = fill(run, properties.body), account_sid = fields.account_sid,
   })
end

local function set_result(run, widget, result)
   run.context.widgets[widget.name] = json.object(result)
end

widgets["send-message"] = function(run, widget, properties)
   local made = send(run, properties)
   if not made then return "failed" end
   set_result(run, widget, { outbound = json.object { Body = made.body, Sid = made.sid } })
   return "sent"
end

widgets["send-and-wait-for-reply"] = function(run, widget, properties)
   local made = send(run, properties)
   if not made then return "deliveryFailure" end
   set_result(run, widget, { outbound = json.object { Body = made.body, Sid = made.sid } })
   local fields = run.execution.fields
   wait_for(run.sandbox, run.execution, "message")
   fields.run = (tonumber(fields.run) or 0) + 1
   local seconds = tonumber(fill(run, properties.timeout)) or REPLY_TIME
   later.plan(run.sandbox, seconds,
      { name = NAME, step = "time_out", path = run.execution.path, run = fields.run })
end

local function params_of(run, list)
   local params = {}
   for _, one in ipairs(tables_of(list)) do
      params[tostring(one.key)] = fill(run, one.value)
   end
   return params
end

widgets["set-variables"] = function(run, _, properties)
   for name, value in pairs(params_of(run, properties.variables)) do
      run.context.flow.variables[name] = value
   end
   return "next"
end

widgets["split-based-on"] = function(run, widget)
   for _, transition in ipairs(transitions_of(widget)) do
      local conditions = tables_of(transition.conditions)
      local is_met = #conditions > 0
      for _, condition in ipairs(conditions) do
         is_met = is_met and values.matches(condition, run.context)
      end
      if is_met then return "match", transition.next end
   end
   return "noMatch"
end

widgets["make-http-request"] = function(run, widget, properties)
   local method = properties.method == "GET" and "GET" or "POST"
   local response = webhook.ask(run.sandbox, run.execution.fields.account_sid, method,
      fill(run, properties.url), params_of(run, properties.parameters))
   local body = response and response.body or ""
   local parsed = json.decode(body)
   set_result(run, widget, {
      status_code = response and response.status or 0, body = body,
      parsed = type(parsed) == "table" and parsed or nil,
   })
   return response and response.status >= 200 and response.status < 300 and "success" or "failed"
end

-- Calls -------------------------------------------------------------------------------------------

local escapes = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }

local function escaped(text) return (text:gsub('[&<>"]', escapes)) end

local function spoken(run, properties)
   local play, say = fill(run, properties.play), fill(run, properties.say)
   if play ~= "" then return "<Play>" .. escaped(play) .. "</Play>" end
   return "<Say>" .. escaped(say) .. "</Say>"
end

local function come_back(run, event)
   return escaped(("%s?FlowEvent=%s"):format(run.url, event))
end

-- Only a call can be told anything.
local function tell(run, twiml)
   if not run.url then return "failed" end
   wait_for(run.sandbox, run.execution, "call")
   run.twiml = twiml
end

widgets["say-play"] = function(run, _, properties)
   return tell(run, ("%s<Redirect>%s</Redirect>"):format(spoken(run, properties),
      come_back(run, "audioComplete")))
end

widgets["gather-input-on-call"] = function(run, _, properties)
   local digits = fill(run, properties.number_of_digits)
   local attribute = digits:find("^[0-9]+$") and (' numDigits="%s"'):format(digits) or ""
   return tell(run, ('<Gather input="dtmf speech"%s action="%s">%s</Gather><Redirect>%s</Redirect>')
      :format(attribute, come_back(run, "gathered"), spoken(run, properties),
         come_back(run, "timeout")))
end

-- Steps -------------------------------------------------------------------------------------------

local function copied(value)
   if type(value) ~= "table" then return value end
   local out = setmetatable({}, getmetatable(value))
   for name, member in pairs(value) do out[name] = copied(member) end
   return out
end

local function add_step(run, widget, event, to)
   local fields = run.execution.fields
   records.make(run.sandbox, run.execution.path .. "/Steps", "FT", {
      account_sid = fields.account_sid, flow_sid = fields.flow_sid, execution_sid = fields.sid,
      name = event, type = tostring(widget.type), transitioned_from = widget.name,
      transitioned_to = type(to) == "string" and to or "Ended",
      context = copied(run.context),
   })
end

local function finish(run)
   local fields = run.execution.fields
   wait_no_more(run.sandbox, run.execution)
   fields.status, fields.date_updated = "ended", run.sandbox.clock.now
end

-- Goes on from a widget at which an event has happened.
local function go_on(run, widget, event, to)
   local fields = run.execution.fields
   for _ = 1, MOST_STEPS do
      to = to or next_of(widget, event)
      add_step(run, widget, event, to)
      widget = to and widget_of(run.definition, to)
      if not widget then return finish(run) end
      fields.at = widget.name
      local act = widgets[tostring(widget.type)]
      local properties = type(widget.properties) == "table" and widget.properties or {}
      if act then
         event, to = act(run, widget, properties)
      else
         local first = transitions_of(widget)[1]
         event, to = first and tostring(first.event) or "next", nil
      end
      if not event then return end
   end
   finish(run)
end

local function run_of(sandbox, execution, url)
   local definition, context = definition_of(sandbox, execution), execution.fields.context
   -- A dump may have anything here.
   local is_known = type(context) == "table" and type(context.widgets) == "table"
      and type(context.flow) == "table" and type(context.flow.variables) == "table"
   if not definition or not is_known then return nil end
   return { sandbox = sandbox, execution = execution, definition = definition, url = url,
      context = execution.fields.context }
end

-- @param kind (string) "message", "call", "request": of the trigger
-- @param event (string) "incomingMessage"
local function begin(sandbox, execution, kind, event, params, url)
   local fields = execution.fields
   fields.status = "active"
   fields.context = json.object {
      trigger = json.object { [kind] = json.object(params) }, widgets = json.object {},
      flow = json.object {
         sid = fields.sid, flow_sid = fields.flow_sid, variables = json.object {},
         data = json.object(kind == "request" and params or {}),
         channel = json.object { address = fields.channel_address },
      },
      contact = json.object { channel = json.object { address = fields.contact_channel_address } },
   }
   local run = run_of(sandbox, execution, url)
   if not run then return nil end
   local widget = widget_of(run.definition, run.definition.initial_state or "Trigger")
   if widget then go_on(run, widget, event) else finish(run) end
   return run
end

-- Somebody for whom an execution waited has come back.
local function resume(sandbox, execution, event, result, url)
   local run = run_of(sandbox, execution, url)
   local widget = run and widget_of(run.definition, execution.fields.at)
   if not widget then return nil end
   wait_no_more(sandbox, execution)
   local own = run.context.widgets[widget.name]
   if type(own) ~= "table" then own = json.object {} end
   run.context.widgets[widget.name] = own
   for name, value in pairs(result) do own[name] = value end
   go_on(run, widget, event)
   return run
end

-- The API -----------------------------------------------------------------------------------------

function executions.after_create(sandbox, call, record)
   local given, fields = call.arguments, record.fields
   fields.contact_channel_address, fields.channel_address = given.to, given.from
   fields.flow_sid, fields.status = call.values[1], "active"
   local params = given.parameters
   if type(params) == "string" then params = json.decode(params) end
   sandbox:spawn(function()
      begin(sandbox, record, "request", "incomingRequest", type(params) == "table" and params or {})
   end)
   return true
end

function executions.before_update(sandbox, call, record)
   if call.arguments.status == "ended" then wait_no_more(sandbox, record) end
   return true
end

function executions.events.time_out(sandbox, event)
   local execution = sandbox.store:get(event.path)
   local fields = execution and execution.fields
   if not fields or fields.waits_for ~= "message" or fields.run ~= event.run then return end
   sandbox:spawn(function() resume(sandbox, execution, "timeout", {}) end)
end

local contexts = {}

-- The context of an execution or a step is that of its record.
function contexts.before_fetch(sandbox, _, record)
   local above = sandbox.store:get((record.path:gsub("/Context$", "")))
   local own = above and above.fields.context
   if type(own) == "table" and next(own) then record.fields.context = own end
   return true
end

executions.contexts = contexts

-- Messages and calls that come in -----------------------------------------------------------------

local function find_flow(sandbox, account_sid, sid)
   local scope = sandbox.accounts:scope(account_sid)
   for _, version in ipairs { "v2", "v1" } do
      local flow = sandbox.store:get(("studio%s/%s/Flows/%s"):format(scope, version, sid))
      if flow then return flow end
   end
end

local function new_execution(sandbox, flow, account_sid, params)
   return records.make(sandbox, flow.path .. "/Executions", "FN", {
      account_sid = account_sid, flow_sid = flow.fields.sid, contact_channel_address = params.From,
      channel_address = params.To, call_sid = params.CallSid,
   })
end

local function answer_message(sandbox, flow, account_sid, params)
   local execution = waiting(sandbox, flow, "message", params.From)
   if execution then
      resume(sandbox, execution, "incomingMessage", { inbound = json.object(copied(params)) })
   else
      execution = new_execution(sandbox, flow, account_sid, params)
      begin(sandbox, execution, "message", "incomingMessage", copied(params))
   end
   return ""
end

local function answer_call(sandbox, flow, account_sid, request, url)
   local params, query = request.params, request.query or {}
   local run
   local event = query.FlowEvent or params.FlowEvent
   local execution = waiting(sandbox, flow, "call", params.CallSid)
   if execution and event then
      if event == "gathered" then event = params.Digits and "keypress" or "speech" end
      run = resume(sandbox, execution, event,
         { Digits = params.Digits, SpeechResult = params.SpeechResult }, url)
   else
      execution = new_execution(sandbox, flow, account_sid, params)
      run = begin(sandbox, execution, "call", "incomingCall", copied(params), url)
   end
   return run and run.twiml or ""
end

--- Answers the requests that go to a flow's webhook URL.
-- @param request (table) of webhook.lua
-- @return (table | nil) the response; nil: the URL is no flow's
function executions.respond(sandbox, request)
   local url, account_sid, sid =
      request.url:match("^(https?://webhooks%.twilio%.com/v1/Accounts/(AC%x+)/Flows/(FW%x+))")
   local flow = sid and find_flow(sandbox, account_sid, sid)
   if not flow then return nil end
   local twiml = request.params.MessageSid
      and answer_message(sandbox, flow, account_sid, request.params)
      or answer_call(sandbox, flow, account_sid, request, url)
   return {
      status = 200, headers = { ["content-type"] = "text/xml" },
      body = "<Response>" .. twiml .. "</Response>",
   }
end

return executions

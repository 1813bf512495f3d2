-- sandbox/twiml/document.lua: asks a user's program for TwiML, and checks that the answer is some.
--
-- Codes are Twilio's: 11200 no usable answer, 12300 not XML by its media type, 12100 not
-- well-formed, 12200 not TwiML. Must not know what the verbs do.

local core = require "twilio.core"
local grammar = require "twilio.twiml.grammar"
local urls = require "twilio.sandbox.http.url"
local webhook = require "twilio.sandbox.http.webhook"
local xml = require "twilio.sandbox.twiml.xml"

local document = {}

local function new_error(code, message) return { code = code, message = message } end

-- "Say language loop > SsmlBreak ..." -> its tag, attributes as a set, children: tag -> class
local function read_class(language, name)
   local tag, attributes, children = grammar[language][name]:match("^([^ {]+)[^ ]*([^>]*)>?(.*)$")
   local class = { tag = tag, attributes = {}, children = {} }
   for attribute in attributes:gmatch("[^%s,]+") do class.attributes[attribute] = true end
   for child in children:gmatch("%S+") do
      class.children[grammar[language][child]:match("^[^ {]+")] = child
   end
   return class
end

-- Read when first needed: grammar is data.
local classes = setmetatable({}, { __mode = "k" })

local function class_of(language, name)
   local known = classes[grammar[language]] or {}
   classes[grammar[language]] = known
   known[name] = known[name] or read_class(language, name)
   return known[name]
end

local function check_attributes(element, class, errors)
   for name in pairs(element.attributes) do
      if not class.attributes[name] and not name:find(":", 1, true) then
         errors[#errors + 1] = new_error(12200,
            ("<%s> has no attribute %s"):format(class.tag, name))
      end
   end
end

local function check(language, element, name, errors)
   local class = class_of(language, name)
   check_attributes(element, class, errors)
   for _, child in ipairs(element) do
      if type(child) == "table" then
         local kind = class.children[child.tag]
         if kind then
            check(language, child, kind, errors)
         else
            child.unknown = true
            errors[#errors + 1] = new_error(12200,
               ("<%s> can't stand in <%s>"):format(child.tag, class.tag))
         end
      end
   end
   return errors
end

--- Reads TwiML.
-- @param language (string) "voice" or "messaging"
-- @param text (string)
-- @return (table) the <Response>, elements that can't stand where they do being marked `unknown`;
--    (array) such problems: { code, message }
-- @return[2] nil, { code, message }
function document.read(language, text)
   local root, message = xml.read(text)
   if not root then return nil, new_error(12100, "the answer isn't XML: " .. message) end
   if root.tag ~= "Response" then
      return nil, new_error(12100, "the answer is a <" .. root.tag .. ">, not a <Response>")
   end
   return root, check(language, root, "Response", {})
end

local xml_types = { ["text/xml"] = true, ["application/xml"] = true, ["text/html"] = true }

local function media_type(headers)
   for name, value in pairs(headers or {}) do
      if core.lower(name) == "content-type" then return core.lower(value:match("^[^; \t-\r]*")) end
   end
   return nil
end

-- A document with one verb.
local function document_of(verb, text)
   return { tag = "Response", attributes = {}, { tag = verb, attributes = {}, text } }, {}
end

-- Plain text is read to a caller, and sent to whom a message came from; a call plays audio.
local function as_root(language, response)
   local media = media_type(response.headers)
   local blank = not (response.body or ""):find("[^ \t-\r]")
   local is_audio = language == "voice" and media and media:find("^audio/") ~= nil
   if response.status == 204 or blank and language == "messaging" then
      return { tag = "Response", attributes = {} }, {}
   end
   if is_audio then return document_of("Play", response.url) end
   if media == "text/plain" then
      return document_of(language == "voice" and "Say" or "Message", response.body or "")
   end
   if media and not xml_types[media] then
      return nil, new_error(12300, "the answer's Content-Type is " .. media)
   end
   return document.read(language, response.body or "")
end

-- Codes of mistakes with which a document is carried out as far as it goes.
local warnings = { [12200] = true }

local function alert_all(sandbox, about, root, errors)
   for _, err in ipairs(root and errors or { errors }) do
      webhook.alert(sandbox, about, err.code, err.message, warnings[err.code] and "warning" or nil)
   end
end

-- An alert's subject where no request was made.
local function unasked(account_sid, url, params)
   return {
      account_sid = account_sid, url = url, params = params,
      request = { method = "POST", headers = {}, params = {} },
   }
end

--- Makes an alert of a document that isn't asked for, as there were too many.
-- @param url (string) the document's
-- @param params (table) a webhook's about the call or message
-- @param err (table) { code, message }
function document.refuse(sandbox, account_sid, url, params, err)
   webhook.alert(sandbox, unasked(account_sid, url, params), err.code, err.message)
end

--- Reads TwiML that a request brought along. Mistakes in it become alerts.
-- @param params (table) a webhook's about the call or message
-- @return as read
function document.take(sandbox, account_sid, language, text, params)
   local root, errors = document.read(language, text)
   alert_all(sandbox, unasked(account_sid, nil, params), root, errors)
   return root, errors
end

--- Asks a user's program for TwiML. Mistakes in it become alerts, as failures on the way do.
-- @param from (table) { url, method }
-- @return (table) as document.read, (array) problems, (string) the document's own URL, after
--    redirects
-- @return[2] nil, { code, message }
function document.fetch(sandbox, account_sid, language, from, params)
   local response, message, code = webhook.ask(
      sandbox, account_sid, from.method, from.url, params)
   if not response then
      return nil, new_error(code, from.url .. " gave no answer: " .. tostring(message))
   end
   if response.status < 200 or response.status > 299 then
      return nil, new_error(11200, response.url .. " answered " .. response.status)
   end
   local root, errors = as_root(language, response)
   alert_all(sandbox, response.exchange, root, errors)
   return root, errors, response.url
end

--- A URL that a document names, as seen from the document's own.
document.resolve = urls.resolve

return document

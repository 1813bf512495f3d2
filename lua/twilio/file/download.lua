-- file/download.lua: files from the API, streamed into a sink: recordings, media, whatever a URL
-- leads to.
--
-- Redirects are followed here and nowhere else: to https only, and credentials go to Twilio's hosts
-- only. A download that breaks off goes on where it was (Range), if the file is still the same. Of
-- a client it uses settings, transport, authorization and runtime; loaded with the first download.

local call = require "twilio.call"
local Error = require "twilio.util.error"
local number = require "twilio.util.number"
local core = require "twilio.core"
local options = require "twilio.util.options"
local own_headers = require "twilio.call.headers"
local endpoint = require "twilio.call.endpoint"
local request = require "twilio.call.request"
local response = require "twilio.call.response"
local texts = require "twilio.util.text"
local wording = require "twilio.call.wording"

local download = {}

local MOST_REDIRECTS = 5
local FIRST_WAIT, LONGEST_WAIT = 0.25, 8 -- seconds before going on after a break

local function check_resume(value)
   if type(value) == "number" and (value < 0 or value % 1 ~= 0) then
      return nil, "must be a whole number of bytes"
   end
   return true
end

local known = {
   timeout = "number", stall_timeout = "number", connect_timeout = "number", max_retries = "number",
   headers = "table",
   resume = { "number|boolean", check = check_resume }, on_progress = "function",
   format = "string", query = "table",
}

-- The caller's side -------------------------------------------------------------------------------

local function is_file(sink)
   local io = core.global "io"
   return io ~= nil and io.type(sink) == "file"
end

-- @return function(chunk) -> false, message to stop; or nil, (string) the caller's mistake
local function writer(sink)
   if type(sink) == "function" then
      return function(chunk)
         local ok, message = sink(chunk)
         return not (ok == false or (ok == nil and message ~= nil)), message
      end
   end
   local is_object = type(sink) == "table" or is_file(sink)
   if not is_object or not sink.write then
      return nil, "the sink is a function, an open file or an object with write(chunk)"
   end
   return function(chunk)
      local ok, message = sink:write(chunk)
      return not not ok, message
   end
end

-- The place to go on from: a number of bytes, or the end of the file that is the sink.
local function start_at(resume, sink)
   if resume == true then
      if not is_file(sink) then
         return nil, "resume = true needs an open file as the sink; give a number of bytes"
      end
      return sink:seek("end") or 0
   end
   return resume or 0
end

local function new_error(kind, message, url)
   return Error.new {
      kind = kind, message = message, method = "GET", url = response.public_url(url),
      sent = kind ~= "config", retryable = false,
   }
end

-- Received bytes ----------------------------------------------------------------------------------

local CHANGED = "the file has changed meanwhile"

local function is_content(status) return status == 200 or status == 206 end

local function range_of(headers)
   local first, total = tostring(headers["content-range"]):match("^bytes (%d+)%-%d+/([^ \t-\r]+)$")
   return tonumber(first), tonumber(total)
end

-- Checks that the first bytes of an answer are those that were requested. @return true; or nil,
-- message, kind of error
local function begin(self, status, headers)
   self.begun, self.skip = true, 0
   if status == 206 then
      local first, total = range_of(headers)
      if first ~= self.place then
         return nil, "the server sent another part of the file than was asked for", "decode"
      end
      if self.total and total and total ~= self.total then return nil, CHANGED, "decode" end
      self.total = total or self.total
   else
      if self.place > 0 and self.same then return nil, CHANGED, "decode" end
      self.skip = self.place -- this server knows no ranges
      self.total = tonumber(headers["content-length"])
   end
   local etag = headers.etag
   self.same = etag and not etag:match("^W/") and etag or headers["last-modified"] or nil
   return true
end

local function skip(self, chunk)
   if self.skip == 0 then return chunk end
   local cut = math.min(self.skip, #chunk)
   self.skip = self.skip - cut
   return chunk:sub(cut + 1)
end

-- Takes the next bytes. @return true; or nil, message, kind of error
local function take(self, chunk, status, headers)
   if not self.begun then
      local ok, message, kind = begin(self, status, headers)
      if not ok then return nil, message, kind end
   end
   chunk = skip(self, chunk)
   if chunk == "" then return true end
   local ok, message = self.write(chunk)
   if not ok then
      return nil, "the sink stopped the download: "
         .. tostring(message or "it returned false"), "cancelled"
   end
   self.place, self.received = self.place + #chunk, self.received + #chunk
   if self.on_progress then self.on_progress(self.place, self.total) end
   return true
end

-- Requests ----------------------------------------------------------------------------------------

local function put_own_headers(self, headers, host)
   local client = self.client
   headers["X-Original-Host"] = request.original_host(client.settings, host)
   return own_headers.put(headers, self.options.headers)
end

-- The sink that a transport writes to.
local function sink_of(self)
   return function(chunk, status, headers)
      local ok, message, kind = take(self, chunk, status, headers)
      if not ok then self.stopped = new_error(kind, message, self.url) end
      return ok, message
   end
end

local function as_it_is(_, result) return result end

-- Foreign hosts get no credentials and none of the caller's headers.
local function new_request(self)
   local opts, config = self.options, self.client.settings
   local headers = { ["User-Agent"] = config.user_agent, Accept = "*/*" }
   local own, host = endpoint.own(config, self.url)
   if own then
      put_own_headers(self, headers, host)
   end
   if self.place > 0 then
      headers.Range, headers["If-Range"] = ("bytes=%d-"):format(self.place), self.same
   end
   return {
      method = "GET", url = self.url, headers = headers, idempotent = true, foreign = not own,
      template = own and self.template or nil,
      timeout = self.deadline and math.max(0.001, self.deadline - self.client.runtime.now()),
      connect_timeout = opts.connect_timeout or config.connect_timeout,
      stall_timeout = opts.stall_timeout or config.timeout,
      max_retries = opts.max_retries or config.max_retries,
      sink = sink_of(self),
      security = (not own or request.has_authorization(headers)) and "own" or nil,
   }
end

local function resolve(base, location)
   if location:match("^[A-Za-z][A-Za-z0-9+.-]*:") then return location end
   local scheme, _, rest, authority = endpoint.split(base)
   if location:sub(1, 2) == "//" then return scheme .. ":" .. location end
   if location:sub(1, 1) == "/" then return scheme .. "://" .. authority .. location end
   local _, folder = texts.after_last(rest:match("^[^?#]*"), "/")
   return scheme .. "://" .. authority .. (folder or "") .. "/" .. location
end

local function is_redirect(result)
   local status = result.status
   return (status == 301 or status == 302 or status == 303 or status == 307 or status == 308)
      and result.headers.location ~= nil
end

-- The URL to request: as it is, but for a base_url, below which everything of Twilio's is. @return
-- (string), or nil, (string) why not
local function allowed(config, url)
   local own = endpoint.own(config, url)
   if own then return config.base_url and own or url end
   if not url:match("^[Hh][Tt][Tt][Pp][Ss]://") then return nil, "only https is followed" end
   if url:match("^[^/]*//[^/?#]*@") then return nil, "it has a user name" end
   return url
end

local function follow(self, result)
   self.redirects = self.redirects + 1
   if self.redirects > MOST_REDIRECTS then
      return nil, new_error("api", "too many redirects", self.url)
   end
   local target, message = allowed(self.client.settings, resolve(self.url, result.headers.location))
   if not target then
      return nil, new_error("config", "refused to follow a redirect: " .. message, self.url)
   end
   self.url = target
   return true
end

-- Its bytes may have come as a body, from a transport that can't stream.
local function settle(self, final, result)
   if not is_content(result.status) then
      local range = tostring(result.headers["content-range"])
      if result.status == 416 and range == ("bytes */%d"):format(self.place) then
         return self.received, nil, result
      end
      local _, err = response.parse_any(final, result)
      err = err or new_error("api", "unexpected answer: HTTP " .. result.status, self.url)
      return nil, err, result
   end
   local ok, message, kind = take(self, result.body or "", result.status, result.headers)
   if not ok then return nil, new_error(kind, message, self.url), result end
   return self.received, nil, result
end

-- Returns true if it goes on after this failure. Breaks that brought something don't count.
local function goes_on(self, err, brought)
   -- a retry has been tried, or isn't wanted
   if not err.partial or err.kind == "cancelled" then return false end
   self.breaks = brought > 0 and 1 or self.breaks + 1
   local wait = math.min(LONGEST_WAIT, FIRST_WAIT * 2 ^ (self.breaks - 1))
   local now = self.client.runtime.now()
   if self.breaks > self.most_breaks or (self.deadline and now + wait >= self.deadline) then
      return false
   end
   self.client.runtime.sleep(wait)
   return true
end

local function run(self)
   while true do
      local final, before = new_request(self), self.received
      self.begun = false
      local result, err = call.send(self.client, final, as_it_is)
      if not result then
         err = self.stopped or err
         if not goes_on(self, err, self.received - before) then return nil, err end
      elseif is_redirect(result) then
         local ok
         ok, err = follow(self, result)
         if not ok then return nil, err, result end
      else
         return settle(self, final, result)
      end
   end
end

--- Checks the arguments of a download and makes it ready.
-- @param client (table) of twilio.client
-- @param url (string) absolute: of Twilio, or https
-- @param sink (function: chunk -> false to stop | open file | object with write(chunk))
-- @param given (table | nil) timeout (seconds for all of it; none), stall_timeout (seconds without
--    a byte; the client's timeout), connect_timeout, max_retries, headers (for Twilio's hosts
--    only), resume (bytes that the sink has already; true: the file's size), on_progress =
--    function(bytes, total | nil)
-- @return (function) -> (integer) bytes received, nil, response; or nil, err, response
-- @return[2] nil, (string) the caller's mistake
function download.prepare(client, url, sink, given)
   local message = wording.of_client(client)
   if message then return nil, message end
   local opts, message = options.check(given, known)
   if not opts then return nil, message end
   if type(url) ~= "string" or not url:match("^[A-Za-z]+://[^/]") then
      return nil, "url must be an absolute URL"
   end
   local write, message = writer(sink)
   if not write then return nil, message end
   local place, message = start_at(opts.resume, sink)
   if not place then return nil, message end
   local ok, message = own_headers.check(opts.headers)
   if not ok then return nil, message end
   local self = {
      client = client, options = opts, write = write, on_progress = opts.on_progress,
      place = place, received = 0, redirects = 0, breaks = 0,
      most_breaks = opts.max_retries or client.settings.max_retries,
      deadline = opts.timeout and client.runtime.now() + opts.timeout,
   }
   return function(template)
      self.template = template
      local target, reason = endpoint.own(client.settings, url)
      if not target then target, reason = allowed(client.settings, url) end
      if not target then return nil, new_error("config", "won't download that: " .. reason, url) end
      self.url = target
      return run(self)
   end
end

-- The path of an instance's content, by `file` in the API data: each "{}" is the value that follows
-- the same word in the instance's own path.
local function content_path(target)
   local values, word, next_value = {}, nil, target._path:gmatch("[^/]+")
   for segment in target._template:gmatch("[^/]+") do
      local value = next_value()
      if segment:sub(1, 1) == "{" then values[word] = value end
      word = segment
   end
   return (target._side.file:gsub("(%w+)/{}", function(before)
      return before .. "/" .. values[before]
   end))
end

local function sorted_pairs(query)
   local list = {}
   for _, name in ipairs(options.names(query or {})) do
      list[#list + 1], list[#list + 2] = name, number.plain(query[name])
   end
   return list
end

--- The method download(sink, options) of instances that are files: recordings, media, compositions.
-- Options beside those above: format ("mp3", "wav"), query (table, { RequestedChannels = 2 }).
-- @param op (table) the instance's fetch, whose request tells where the instance is
-- @param find (function) of resource.lua
function download.method(name, op, find)
   return function(self, sink, given)
      local target, message = find(self, name)
      if not target then error(message, 2) end
      local opts, message = options.check(given, known)
      if not opts then error(wording.in_call(target, name, message), 2) end
      local client, host = target._client, target._version.host .. ".twilio.com"
      local path = content_path(target)
      if opts.format then path = path .. "." .. opts.format end
      local url = request.with_query(
         request.base(client.settings, host) .. path, sorted_pairs(opts.query))
      local start, message = download.prepare(client, url, sink, opts)
      if not start then error(wording.in_call(target, name, message), 2) end
      local received, err, result = start(
         (assert(call.prepare(target, op)).template:gsub("%.json$", "")))
      return received, err, result
   end
end

return download

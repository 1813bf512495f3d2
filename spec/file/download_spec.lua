local certificate = require "support.certificate"
local fake = require "support.fake"
local fault = require "support.fault"
local process = require "support.process"
local server = require "support.server"
local twilio = require "twilio"

local nginx, stranger, client, folder

-- 256 letters, over and over: any misplaced byte shows.
local function pattern(size)
   local letters = {}
   for i = 0, 255 do letters[i + 1] = string.char(i) end
   return (table.concat(letters):rep(math.ceil(size / 256))):sub(1, size)
end

local file = [[
   local n = tonumber(ngx.var.arg_n)
   local letters = {}
   for i = 0, 255 do letters[i + 1] = string.char(i) end
   local block = table.concat(letters):rep(256)
   ngx.header["Content-Type"], ngx.header["Content-Length"] = "audio/wav", n
   while n > 0 do
      ngx.print(block:sub(1, n))
      if not ngx.flush(true) then return end
      n = n - #block
   end
]]

local seen = [[
   ngx.log(ngx.WARN, "SEEN " .. (ngx.var.http_authorization or "no authorization") .. " " .. (ngx.var.http_x_own or "no header"))
   ngx.header["Content-Type"] = "audio/wav"
   ngx.print("here")
]]

setup(function()
   folder = process.folder()
   stranger = server.start { authority = "spec", locations = { ["/seen"] = seen } }
   nginx = server.start {
      http = "lua_shared_dict counts 1m;",
      locations = {
         ["/file"] = file, ["/seen"] = seen,
         ["/missing"] = [[ ngx.status = 404 ngx.print('{"code":20404,"message":"no such thing"}') ]],
         ["/flaky"] = [[
            if ngx.shared.counts:incr("flaky", 1, 0) < 3 then ngx.status = 503 ngx.print("not the file") return end
            ngx.print("the file")
         ]],
         ["/empty"] = [[ ngx.header["Content-Length"] = 0 ]],
         ["/chunked"] = [[ for i = 1, 5 do ngx.print(i) ngx.flush(true) end ]],
         ["/to-stranger"] = (
            [[ ngx.redirect("https://127.0.0.1:%d/seen", 307) ]]):format(stranger.port),
         ["/to-plain"] = [[ ngx.redirect("http://127.0.0.1:1/seen", 302) ]],
         ["/to-file"] = [[ ngx.header.Location = "ftp://127.0.0.1/x" ngx.status = 302 ]],
         ["/to-here"] = [[ ngx.header.Location = "seen" ngx.status = 301 ]],
         ["/to-twilio"] = [[ ngx.header.Location = "https://mcs.us1.twilio.com/seen" ngx.status = 302 ]],
         ["/round"] = [[ ngx.header.Location = "/round" ngx.status = 302 ]],
         ["/2010-04-01/"] = [[ ngx.header["Content-Type"] = "audio/wav" ngx.print(ngx.var.request_uri) ]],
      },
   }
end)

teardown(function()
   nginx:stop()
   stranger:stop()
   process.forget(folder)
end)

before_each(function()
   client = twilio.client {
      account_sid = fake.account_sid, auth_token = "hush", base_url = nginx.url,
      ca_file = nginx.ca_file,
   }
end)

after_each(function() client:close() end)

-- A sink that keeps what it gets.
local function keep()
   local kept = {}
   return function(chunk)
      kept[#kept + 1] = chunk
   end, function() return table.concat(kept), #kept end
end

local function fetch(path, options)
   local sink, kept = keep()
   local bytes, err, response = client:download(nginx.url .. path, sink, options)
   return kept(), bytes, err, response
end

local function text_and_bytes(path)
   local text, bytes = fetch(path)
   return { text, bytes }
end

describe("a download", function()
   it("gives a function the bytes as they come", function()
      local sink, kept = keep()
      local bytes, err, response = client:download(nginx.url .. "/file?n=3000001", sink)
      assert.is_nil(err)
      assert.equal(3000001, bytes)
      assert.equal(200, response.status)
      assert.equal("audio/wav", response.headers["content-type"])
      local text, pieces = kept()
      assert.is_true(text == pattern(3000001))
      assert.is_true(pieces > 10)
   end)

   it("goes into an open file", function()
      local handle = assert(io.open(folder .. "/out", "wb"))
      assert.equal(70000, (client:download(nginx.url .. "/file?n=70000", handle)))
      handle:close()
      assert.is_true(process.read(folder .. "/out") == pattern(70000))
   end)

   it("goes into any object that writes", function()
      local object = { text = "", write = function(self, chunk)
         self.text = self.text .. chunk
         return self
      end }
      assert(client:download(nginx.url .. "/file?n=1000", object))
      assert.is_true(object.text == pattern(1000))
   end)

   it("tells how far it is", function()
      local told = {}
      fetch("/file?n=500000", { on_progress = function(bytes, total)
         told[#told + 1] = { bytes, total }
      end })
      assert.same({ 500000, 500000 }, told[#told])
      for i = 2, #told do assert.is_true(told[i][1] > told[i - 1][1]) end
      fetch("/chunked", { on_progress = function(bytes, total) told = { bytes, total } end })
      assert.same({ 5, nil }, told)
   end)

   it("may be empty, or of unknown size", function()
      assert.same({ "", 0 }, text_and_bytes "/empty")
      assert.same({ "12345", 5 }, text_and_bytes "/chunked")
   end)

   it("takes the caller's own headers before ours", function()
      local transport = fake.transport { status = 200, headers = {}, body = "x" }
      local c = twilio.client {
         account_sid = fake.account_sid, auth_token = "x", transport = transport,
      }
      assert(
         c:download(
            "https://api.twilio.com/x", function() end,
            { headers = { accept = "audio/mpeg", authorization = "Bearer mine" } }))
      local sent = transport.last.headers
      assert.same(
         { "audio/mpeg", "Bearer mine", nil, nil },
         { sent.accept, sent.authorization, sent.Accept, sent.Authorization })
   end)

   it("that is refused is an error, and nothing of that goes to the sink", function()
      local text, bytes, err, response = fetch "/missing"
      assert.equal("", text)
      assert.is_nil(bytes)
      assert.same(
         { "api", 404, 20404, "no such thing" }, { err.kind, err.status, err.code, err.message })
      assert.equal(404, response.status)
   end)

   it("is tried again like any GET before it has begun", function()
      assert.same({ "the file", 8 }, text_and_bytes "/flaky")
   end)

   it("ends when the sink wants no more", function()
      local n = 0
      local bytes, err = client:download(nginx.url .. "/file?n=9000000", function()
         n = n + 1
         if n == 2 then return nil, "disk full" end
      end)
      assert.is_nil(bytes)
      assert.equal("cancelled", err.kind)
      assert.matches("disk full", err.message)
      assert.equal(2, n)
      assert.is_nil((client:download(nginx.url .. "/file?n=9", function() return false end)))
   end)

   it("lets an error of the sink through, and the client goes on", function()
      assert.has_error(function()
         client:download(nginx.url .. "/file?n=9000000", function() error("mine", 0) end)
      end, "mine")
      assert.same({ "12345", 5 }, text_and_bytes "/chunked")
   end)

   it("waits for a slow sink, while others go on", function()
      local order = {}
      twilio.run(function()
         local slow = twilio.spawn(function()
            local total = 0
            client:download(nginx.url .. "/file?n=2000000", function(chunk)
               total = total + #chunk
               if total == #chunk then
                  assert.equal(4, (client:download(nginx.url .. "/seen", function() end)))
                  order[#order + 1] = "another one inside the sink"
               end
            end)
            order[#order + 1] = total
         end)
         assert.equal(1000000, (client:download(nginx.url .. "/file?n=1000000", function() end)))
         slow:wait()
      end)
      assert.same({ "another one inside the sink", 2000000 }, order)
   end)

   it("ends with its task, and lets go of the connection", function()
      local err
      twilio.run(function()
         local task = twilio.spawn(function()
            err = select(2, client:download(nginx.url .. "/file?n=90000000", function()
               client.runtime.sleep(0.01)
            end))
         end)
         client.runtime.sleep(0.05)
         task:cancel()
         task:wait()
      end)
      assert.equal("cancelled", err.kind)
      assert.equal(0, client:stats().in_flight)
   end)

   it("fails when nothing comes any more", function()
      local f = fault.start [[ read_request() send "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n" sleep(30) ]]
      local c = twilio.client { account_sid = fake.account_sid, auth_token = "x", base_url = f.url }
      local bytes, err = c:download(
         f.url .. "/", function() end, { stall_timeout = 1, max_retries = 0 })
      assert.is_nil(bytes)
      assert.equal("timeout", err.kind)
      c:close()
      f:stop()
   end)

   it("has a deadline for all of it, if one is given", function()
      local f = fault.start [[ read_request() send "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" while true do send "x" sleep(0.05) end ]]
      local c = twilio.client { account_sid = fake.account_sid, auth_token = "x", base_url = f.url }
      local bytes, err = c:download(f.url .. "/", function() end, { timeout = 0.4 })
      assert.is_nil(bytes)
      assert.equal("timeout", err.kind)
      c:close()
      f:stop()
   end)

   it("needs little memory", function()
      fetch "/file?n=1000000"
      collectgarbage()
      local before, most, n = process.resident(), 0, 0
      assert.equal(2 ^ 28, (client:download(nginx.url .. "/file?n=268435456", function()
         n = n + 1
         -- other specs may have left a heap of which Lua gathers as much again
         if n % 8 == 0 then collectgarbage() end
         if n % 64 == 0 then most = math.max(most, process.resident()) end
      end)))
      assert.is_true(most - before < 8192, most - before)
   end)

   it("works through a transport that can't stream", function()
      local sink, kept = keep()
      local c = fake.client({}, { status = 200, headers = {}, body = "all at once" })
      assert.equal(11, (c:download("https://api.twilio.com/x", sink)))
      assert.equal("all at once", (kept()))
   end)

   it("raises the caller's mistakes at his line", function()
      local function refused(text, ...)
         local arguments = { ... }
         local ok, why = pcall(function() client:download((table.unpack or unpack)(arguments)) end)
         assert.is_false(ok)
         assert.matches("download_spec%.lua:%d+: .*" .. text, why)
      end
      refused("absolute URL", "/relative", print)
      refused("the sink is a function", nginx.url, "path")
      refused("the sink is a function", nginx.url, {})
      refused("unknown option 'tiemout'", nginx.url, print, { tiemout = 1 })
      refused("open file as the sink", nginx.url, print, { resume = true })
      refused("whole number", nginx.url, print, { resume = 1.5 })
   end)
end)

describe("a redirect", function()
   local function seen_by(s)
      local lines = {}
      for line in process.read(s.folder .. "/error.log"):gmatch("SEEN ([^,\n]*)") do
         lines[#lines + 1] = line
      end
      return lines[#lines], #lines
   end

   it("to another host is followed without credentials or headers", function()
      local text, bytes = fetch("/to-stranger", { headers = { ["X-Own"] = "own" } })
      assert.same({ "here", 4 }, { text, bytes })
      assert.equal("no authorization no header", (seen_by(stranger)))
   end)

   it("on the same host keeps both", function()
      assert.equal("here", (fetch("/to-here", { headers = { ["X-Own"] = "own" } })))
      assert.matches("^Basic %S+ own", (seen_by(nginx)))
   end)

   it("to a host of Twilio's goes below the base_url, like everything", function()
      assert.equal("here", (fetch "/to-twilio"))
      assert.matches("^Basic ", (seen_by(nginx)))
   end)

   it("to anything but https is refused", function()
      for _, path in ipairs { "/to-plain", "/to-file" } do
         local text, bytes, err = fetch(path)
         assert.same({ "", nil, "config" }, { text, bytes, err.kind })
         assert.matches("only https", err.message)
      end
   end)

   it("that goes round ends", function()
      local _, _, err = fetch "/round"
      assert.matches("too many redirects", err.message)
   end)

   it("is not needed to get to a stranger, who gets no credentials either", function()
      local sink, kept = keep()
      assert.equal(4, (client:download(("https://127.0.0.1:%d/seen"):format(stranger.port), sink)))
      assert.equal("here", (kept()))
      assert.equal("no authorization no header", (seen_by(stranger)))
      for _, url in ipairs {
         "http://127.0.0.1:1/x", "https://user:password@127.0.0.1:1/x", "https://user@example.com",
      } do
         local bytes, err = client:download(url, sink)
         assert.is_nil(bytes)
         assert.equal("config", err.kind)
      end
   end)

   it("to a stranger is not signed", function()
      local key = certificate.authority() .. "/validation.pem"
      process.run("openssl genrsa -out %s 2048", key)
      local away = { status = 302, headers = { location = "https://cdn.example.com/x" }, body = "" }
      local transport = fake.transport(away, { status = 200, headers = {}, body = "x" })
      local c = twilio.client { account_sid = fake.account_sid, api_key = "SK1", api_secret = "x", transport = transport,
         validation = { private_key = key, credential_sid = "CR1" } }
      assert(c:download("https://api.twilio.com/x", function() end))
      assert.is_string(transport.requests[1].headers["Twilio-Client-Validation"])
      assert.is_nil(transport.requests[2].headers["Twilio-Client-Validation"])
      assert.is_nil(transport.requests[2].headers.Authorization)
   end)
end)

describe("a broken download", function()
   -- Sends "hello" of "hello world", and then what the code says.
   local function broken(code, options)
      local f = fault.start([[
         local line, headers = read_request()
         note((headers:match "[Rr]ange: *(bytes[^\n]*)" or "all") .. " " .. (headers:match "[Ii]f%-[Rr]ange: *([^\n]*)" or "any"))
         if number == 1 then send 'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: 11\r\n\r\nhello' close() return end
      ]] .. code)
      local c = twilio.client { account_sid = fake.account_sid, auth_token = "x", base_url = f.url }
      local sink, kept = keep()
      local bytes, err = c:download(f.url .. "/", sink, options)
      local notes = f:notes()
      c:close()
      f:stop()
      return kept(), bytes, err, notes
   end

   it("goes on where it was", function()
      local text, bytes, err, notes = broken [[ send "HTTP/1.1 206 Partial\r\nContent-Range: bytes 5-10/11\r\nContent-Length: 6\r\n\r\n world" ]]
      assert.is_nil(err)
      assert.same({ "hello world", 11 }, { text, bytes })
      assert.same({ "listening", "all any", 'bytes=5- "v1"' }, notes)
   end)

   it("goes on more than once, as long as something comes", function()
      local text = broken([[
         local from = 5 + 3 * (number - 2)
         send(("HTTP/1.1 206 Partial\r\nContent-Range: bytes %d-10/11\r\n"):format(from))
         send(("Content-Length: %d\r\n\r\n%s"):format(11 - from, (" world"):sub(from - 4, from - 2)))
      ]], { max_retries = 1 })
      assert.equal("hello world", text)
   end)

   it("fails when the file is another meanwhile", function()
      for _, code in ipairs {
         [[ send "HTTP/1.1 200 OK\r\nETag: \"v2\"\r\nContent-Length: 5\r\n\r\nother" ]],
         [[ send "HTTP/1.1 206 Partial\r\nContent-Range: bytes 5-11/12\r\nContent-Length: 7\r\n\r\n other!" ]],
         [[ send "HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-10/11\r\nContent-Length: 11\r\n\r\nhello world" ]],
      } do
         local text, bytes, err = broken(code)
         assert.same({ "hello", nil, "decode" }, { text, bytes, err.kind })
      end
   end)

   it("stays broken where no retries are wanted, and says so", function()
      local text, bytes, err = broken("", { max_retries = 0 })
      assert.same({ "hello", nil, "network", true }, { text, bytes, err.kind, err.partial })
   end)
end)

describe("resume", function()
   local function resumed(code, sink, options)
      local f = fault.start(
         [[ local _, headers = read_request() note(headers:match "[Rr]ange: *(bytes[^\n]*)" or "all") ]] .. code)
      local c = twilio.client { account_sid = fake.account_sid, auth_token = "x", base_url = f.url }
      local bytes, err = c:download(f.url .. "/", sink, options)
      local notes = f:notes()
      c:close()
      f:stop()
      return bytes, err, notes[2]
   end

   local rest = [[ send "HTTP/1.1 206 Partial\r\nContent-Range: bytes 5-10/11\r\nContent-Length: 6\r\n\r\n world" ]]

   it("asks for what is missing", function()
      local sink, kept = keep()
      local told
      local bytes, err, range = resumed(rest, sink, { resume = 5, on_progress = function(...)
         told = { ... }
      end })
      assert.is_nil(err)
      assert.same({ 6, " world", "bytes=5-", { 11, 11 } }, { bytes, kept(), range, told })
   end)

   it("finds out from a file how much that is", function()
      process.write(folder .. "/part", "hello")
      local handle = assert(io.open(folder .. "/part", "r+b"))
      local _, err, range = resumed(rest, handle, { resume = true })
      handle:close()
      assert.same({ nil, "bytes=5-" }, { err, range })
      assert.equal("hello world", process.read(folder .. "/part"))
   end)

   it("leaves out what a server without ranges sends again", function()
      local sink, kept = keep()
      local bytes = resumed(
         [[ send "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world" ]], sink, { resume = 5 })
      assert.same({ 6, " world" }, { bytes, (kept()) })
   end)

   it("is content when nothing is missing", function()
      local bytes, err = resumed(
         [[ send "HTTP/1.1 416 No\r\nContent-Range: bytes */11\r\nContent-Length: 0\r\n\r\n" ]],
         print, { resume = 11 })
      assert.same({ 0, nil }, { bytes, err })
      bytes, err = resumed(
         [[ send "HTTP/1.1 416 No\r\nContent-Range: bytes */11\r\nContent-Length: 0\r\n\r\n" ]],
         print, { resume = 12 })
      assert.same({ nil, 416 }, { bytes, err.status })
   end)
end)

describe("what stands for a file", function()
   local account = "/2010-04-01/Accounts/" .. fake.account_sid

   local function path_of(instance, options)
      local sink, kept = keep()
      assert(instance:download(sink, options))
      return (kept())
   end

   it("is a recording, in the format that one likes", function()
      assert.equal(account .. "/Recordings/RE1", path_of(client.recordings "RE1"))
      assert.equal(
         account .. "/Recordings/RE1.mp3", path_of(client.recordings "RE1", { format = "mp3" }))
      assert.equal(account .. "/Recordings/RE1.wav?RequestedChannels=2",
         path_of(client.recordings "RE1", { format = "wav", query = { RequestedChannels = 2 } }))
   end)

   it("is a call's or a conference's recording", function()
      assert.equal(account .. "/Recordings/RE1", path_of(client.calls("CA1").recordings "RE1"))
      assert.equal(
         account .. "/Recordings/RE1", path_of(client.conferences("CF1").recordings "RE1"))
   end)

   it("has the values of its own path, whatever they are", function()
      local other = client.api.v2010.accounts("Recordings").calls("CA/1%").recordings "RE 1"
      assert.equal("/2010-04-01/Accounts/Recordings/Recordings/RE%201", path_of(other))
   end)

   it("is the media of a message", function()
      assert.equal(
         account .. "/Messages/SM1/Media/ME1", path_of(client.messages("SM1").media "ME1"))
   end)

   it("may be a record that was fetched", function()
      local transport = fake.transport(
         fake.answer(200, { sid = "RE9" }), { status = 200, headers = {}, body = "sound" })
      local c = twilio.client {
         account_sid = fake.account_sid, auth_token = "x", transport = transport,
      }
      local sink, kept = keep()
      assert.equal(5, (assert(c.recordings("RE9"):fetch()):download(sink)))
      assert.equal("sound", (kept()))
      assert.equal("https://api.twilio.com" .. account .. "/Recordings/RE9", transport.last.url)
   end)

   it("is a video recording or composition", function()
      local transport = fake.transport { status = 200, headers = {}, body = "x" }
      local c = twilio.client {
         account_sid = fake.account_sid, auth_token = "x", transport = transport,
      }
      c.video.v1.recordings("RT1"):download(function() end)
      assert.equal("https://video.twilio.com/v1/Recordings/RT1/Media", transport.last.url)
      c.video.v1.rooms("RM1").recordings("RT2"):download(function() end, { format = "mka" })
      assert.equal("https://video.twilio.com/v1/Recordings/RT2/Media.mka", transport.last.url)
      c.video.v1.compositions("CJ1"):download(function() end)
      assert.equal("https://video.twilio.com/v1/Compositions/CJ1/Media", transport.last.url)
   end)

   it("isn't anything else", function()
      assert.has_error(function() client.messages("SM1"):download(print) end)
   end)
end)

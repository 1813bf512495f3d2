-- support/faults/rows.lua: the fault table: what a server can do to a call, and what becomes of the
-- call. spec/system/reliability_spec.lua holds the library to it, docs/reliability.md shows it.
--
-- A row is { name, serve, expected, ... }. serve(connection) runs for each connection of the row
-- until the fault is over (connection.lua has the methods; false: there is nothing to serve).
-- `expected` is one text for every method, or { GET =, POST =, DELETE = }, where DELETE is as GET
-- unless it is named: "outcome sent attempts arrivals". An outcome is "ok", err.kind, or "api/" and
-- the status; arrivals counts how often the operation reached the server whole. "a|b" where the
-- moment decides.
--
-- Other fields, all optional:
--   wait      seconds before the second attempt; else a random part of half a second
--   retry_after   of the error
--   least     seconds that the call takes at least (a time-out)
--   options   of the client; it has timeout = 20, max_retries = 1
--   scheme, host, proxy ("http://"), listen ("never", "full")
--   well      well(connection): serves when the fault is over, where that is more than HTTP
--   methods   { "DOWNLOAD" }: a download whose stall_timeout is a second
--   idle      true: a call that works goes before, on whose connection the server then acts
--   reason    of an expectation that may surprise
-- A text alone is the heading of the rows after it.

local rows = {}

local function heading(text) rows[#rows + 1] = text end
local function row(fields) rows[#rows + 1] = fields end

-- Endings of a connection.
local function close(c) c:close() end
local function reset(c) c:reset() end
local function stall(c) c:stall() end
local function keep(c) c:serve() end

-- Reads the request, sends a text as it is, and ends so.
local function sends(text, ending)
   return function(c)
      while true do
         c:request()
         c:send(text)
         if ending then return ending(c) end
      end
   end
end

-- Does that to the first connection only.
local function once(serve)
   return function(c)
      if c.number == 1 then return serve(c) end
      c:serve()
   end
end

local function head(status, headers)
   return "HTTP/1.1 " .. status .. "\r\n" .. (headers or "")
end

local JSON = "Content-Type: application/json\r\n"
local RECORD = '{"sid":"SM1","body":"x"}'

-- A whole answer with the right Content-Length.
local function answer(status, body, headers)
   return head(status, (headers or JSON) .. "Content-Length: " .. #body .. "\r\n\r\n") .. body
end

local function answers(status, body, headers) return sends(answer(status, body, headers)) end

-- The head of an answer of that size.
local function sized(size)
   return head("200 OK", JSON .. "Content-Length: " .. size .. "\r\n\r\n")
end

local function chunk(text) return ("%x\r\n%s\r\n"):format(#text, text) end

-- Outcomes that many rows share.
local NEVER_SENT = "network false 2 0"
local LOST = { GET = "network true 2 2", POST = "network true 1 1" }
local CUT_OFF = LOST
local SILENT = "timeout true 1 1"
local OK = "ok - 1 1"
local DECODE = "decode true 1 1"
local CONFIG = "config false 1 0"
-- The body of a DELETE may be meant for people.
local NO_JSON = { GET = DECODE, POST = DECODE, DELETE = OK }
-- libcurl's versions differ.
local CHOICE = { GET = "ok|network -|true 1|2 1|2", POST = "ok|network -|true 1 1" }

-- Long enough for a request to arrive, on a machine that is busy with other things.
local SHORT = { timeout = 1.5 }

heading "Connecting"

row { "refused", false, NEVER_SENT, listen = "never" }
row { "no answer to the connection's first packet; connect_timeout", false, "timeout false 2 0",
   listen = "full", options = { connect_timeout = 0.2 }, least = 0.4 }
row { "no answer to the connection's first packet; timeout", false, "timeout false 1 0",
   listen = "full", options = SHORT, least = SHORT.timeout }
row { "a host name that doesn't exist", false, NEVER_SENT, host = ("a"):rep(64) .. ".invalid",
   scheme = "https" }
row { "closed at once", close,
   { GET = "network true|unknown 2 0", POST = "network true|unknown 1 0" } }
row { "reset at once", reset, {
   GET = "network true|unknown|false 2 0", POST = "network true|unknown|false 1|2 0" },
   reason = "before the request leaves it is repeated, afterwards a POST isn't" }
row { "reset at once, the first time", once(reset), {
   GET = "ok - 2 1", POST = "ok|network -|true|unknown 1|2 0|1" } }
row { "accepted, and nothing read", stall, "timeout true 1 0", options = SHORT,
   least = SHORT.timeout }

heading "While the request is sent"

row { "closed after the request's head", function(c) c:head_only() c:close() end, {
   GET = "network true 2 2", POST = "network true|unknown 1 0" } }
row { "reset after the request's head", function(c) c:head_only() c:reset() end, {
   GET = "network true 2 2", POST = "network true|unknown 1 0" } }

heading "Before the answer"

row { "closed", sends("", close), LOST }
row { "reset", sends("", reset), LOST }
row { "closed, the first time", once(sends("", close)),
   { GET = "ok - 2 2", POST = "network true 1 1" } }
row { "reset, the first time", once(sends("", reset)),
   { GET = "ok - 2 2", POST = "network true 1 1" } }
row { "silence", sends("", stall), SILENT, options = SHORT, least = SHORT.timeout }

heading "The status line"

row { "closed within it", sends("HTTP/1.1 2", close), CUT_OFF }
row { "reset within it", sends("HTTP/1.1 2", reset), CUT_OFF }
row { "silence within it", sends("HTTP/1.1 2", stall), SILENT, options = SHORT,
   least = SHORT.timeout }
row { "closed after it", sends(head "200 OK", close), CUT_OFF }
row { "reset after it", sends(head "200 OK", reset), CUT_OFF }
row { "silence after it", sends(head "200 OK", stall), SILENT, options = SHORT,
   least = SHORT.timeout }
row { "no reason phrase", answers("200", RECORD), OK }
row { "HTTP/1.0", sends("HTTP/1.0 200 OK\r\n" .. JSON .. "\r\n" .. RECORD, close), OK }
row { "HTTP/1.7", sends("HTTP/1.7 200 OK\r\n\r\n" .. RECORD, close), LOST }
row { "HTTP/2 over HTTP/1.1", sends("HTTP/2 200\r\n\r\n" .. RECORD, close), CHOICE,
   reason = "libcurl's choice" }
row { "HTTP/9 over HTTP/1.1", sends("HTTP/9 200\r\n\r\n" .. RECORD, close), LOST }
row { "lower case", sends("http/1.1 200 OK\r\n\r\n" .. RECORD, close), CHOICE,
   reason = "libcurl's choice" }
row { "none: a body alone (HTTP/0.9)", sends("<html>hello</html>", close), LOST }
row { "another protocol: SSH", sends("SSH-2.0-OpenSSH_9.2\r\n", close), LOST }
row { "another protocol: ICY", sends("ICY 200 OK\r\n\r\n" .. RECORD, close), LOST }
row { "without a status", sends("HTTP/1.1\r\n\r\n" .. RECORD, close), LOST }
row { "a status of letters", sends("HTTP/1.1 abc OK\r\n\r\n" .. RECORD, close), LOST }
row { "a status of two digits", sends("HTTP/1.1 20 OK\r\n\r\n" .. RECORD, close), LOST }
row { "a status of four digits", sends("HTTP/1.1 2000 OK\r\n\r\n" .. RECORD, close), CHOICE,
   reason = "libcurl 8.14 reads three of them, 7.88 refuses the line" }
row { "status 000", sends("HTTP/1.1 000 OK\r\n\r\n" .. RECORD, close), LOST }
row { "status 999", answers("999 Odd", "{}"), "api/999 true 1 1" }
row { "a NUL in it", sends("HTTP/1.1 200 O\0K\r\n\r\n" .. RECORD, close), LOST }
row { "an empty line before it", sends("\r\n" .. answer("200 OK", RECORD), close), LOST }
row { "lines that end with LF alone",
   sends(answer("200 OK", RECORD):gsub("\r\n", "\n"), close), OK }
row { "one of 200 KB", sends("HTTP/1.1 200 " .. ("x"):rep(200000) .. "\r\n\r\n{}", close), DECODE }

heading "Interim answers"

row { "100 before the answer", sends(head "100 Continue" .. "\r\n" .. answer("200 OK", RECORD)),
   OK }
row { "102 and 103 before the answer", sends(
   head "102 Processing" .. "\r\n" .. head("103 Early Hints", "Link: </a>\r\n") .. "\r\n"
      .. answer("200 OK", RECORD)), OK }
row { "100 thirty times", sends(
   (head "100 Continue" .. "\r\n"):rep(30) .. answer("200 OK", RECORD)), OK }
row { "100, then closed", sends(head "100 Continue" .. "\r\n", close), LOST }
row { "100, then silence", sends(head "100 Continue" .. "\r\n", stall), SILENT,
   options = SHORT, least = SHORT.timeout }
row { "101, which nobody asked for", sends(
   head("101 Switching Protocols", "Upgrade: x\r\nConnection: upgrade\r\n") .. "\r\nx",
   close), LOST }

heading "The header block"

row { "closed within a name", sends(head("200 OK", "Content-Ty"), close), CUT_OFF }
row { "closed within a value", sends(head("200 OK", "Content-Type: appl"), close), CUT_OFF }
row { "closed before the empty line", sends(head("200 OK", JSON), close), CUT_OFF }
row { "reset before the empty line", sends(head("200 OK", JSON), reset), CUT_OFF }
row { "silence before the empty line", sends(head("200 OK", JSON), stall), SILENT,
   options = SHORT, least = SHORT.timeout }
row { "a header without a colon", answers("200 OK", RECORD, JSON .. "nonsense\r\n"), LOST }
row { "a header without a name", answers("200 OK", RECORD, JSON .. ": nonsense\r\n"), OK }
row { "a blank before the colon",
   answers("200 OK", RECORD, "Content-Type : application/json\r\n"), OK }
row { "a NUL in a value", answers("200 OK", RECORD, JSON .. "X-Odd: a\0b\r\n"), LOST }
row { "control characters in a value", answers("200 OK", RECORD, JSON .. "X-Odd: a\1\27b\r\n"), OK }
row { "a CR alone in a value", answers("200 OK", RECORD, JSON .. "X-Odd: a\rb\r\n"), OK }
row { "a folded value", answers("200 OK", RECORD, JSON .. "X-Odd: a\r\n b\r\n"), OK }
row { "the same header twice", answers("200 OK", RECORD, JSON .. "X-Odd: a\r\nX-Odd: b\r\n"), OK }
row { "bytes that are no UTF-8 in a value",
   answers("200 OK", RECORD, JSON .. "X-Odd: \255\254\r\n"), OK }
row { "900 headers", answers("200 OK", RECORD, JSON .. ("X-Odd: a\r\n"):rep(900)), OK }
row { "2,000 headers", answers("200 OK", RECORD, JSON .. ("X-Odd: a\r\n"):rep(2000)), DECODE }
row { "a header of 90 KB",
   answers("200 OK", RECORD, JSON .. "X-Odd: " .. ("x"):rep(90000) .. "\r\n"), OK }
row { "a header of 200 KB",
   answers("200 OK", RECORD, JSON .. "X-Odd: " .. ("x"):rep(200000) .. "\r\n"), DECODE }
row { "300 KB of headers",
   answers("200 OK", RECORD, JSON .. ("X-Odd: " .. ("x"):rep(992) .. "\r\n"):rep(300)), DECODE }
row { "headers without end", function(c)
   c:request()
   while true do c:send(("X-Odd: %s\r\n"):format(("x"):rep(1000)):rep(20)) end
end, LOST }
row { "Content-Length twice, the same",
   answers("200 OK", RECORD, JSON .. "Content-Length: " .. #RECORD .. "\r\n"), OK }
row { "Content-Length twice, different",
   answers("200 OK", RECORD, JSON .. "Content-Length: 5\r\n"), CHOICE,
   reason = "libcurl counts by the last; bytes beyond that never become another call's answer" }
row { "a negative Content-Length",
   sends(head("200 OK", JSON .. "Content-Length: -1\r\n\r\n") .. RECORD, close), LOST }
row { "a Content-Length of letters",
   sends(head("200 OK", JSON .. "Content-Length: abc\r\n\r\n") .. RECORD, close), LOST }
row { "a Content-Length beyond 64 bits",
   sends(sized(("9"):rep(20)) .. RECORD, close), CHOICE,
   reason = "libcurl reads to the connection's end instead" }
row { "Content-Length and chunks",
   sends(head("200 OK", JSON .. "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")
      .. chunk(RECORD) .. "0\r\n\r\n", close),
   OK }
row { "an unknown Transfer-Encoding",
   sends(head("200 OK", JSON .. "Transfer-Encoding: odd\r\n\r\n") .. RECORD, close), DECODE }

heading "The body"

local CHUNKED = head("200 OK", JSON .. "Transfer-Encoding: chunked\r\n\r\n")
local UNTIL_CLOSE = head("200 OK", JSON .. "Connection: close\r\n\r\n")

row { "closed before its first byte", sends(sized(24), close), LOST }
row { "reset before its first byte", sends(sized(24), reset), LOST }
row { "closed within it", sends(sized(24) .. '{"sid":', close), LOST }
row { "reset within it", sends(sized(24) .. '{"sid":', reset), LOST }
row { "silence within it", sends(sized(24) .. '{"sid":', stall), SILENT, options = SHORT,
   least = SHORT.timeout }
row { "a byte now and then", function(c)
   c:request()
   c:send(sized(1000))
   for _ = 1, 1000 do
      c:send "x"
      c:sleep(0.02)
   end
end, SILENT, options = SHORT, least = SHORT.timeout }
row { "silence within a download", sends(sized(24) .. '{"sid":', stall), "timeout true 1 2",
   reason = "a download goes on by itself where it stopped", methods = { "DOWNLOAD" }, least = 1 }
row { "longer than its Content-Length", sends(sized(#RECORD) .. RECORD .. RECORD, keep), OK }
row { "its end is the connection's", sends(UNTIL_CLOSE .. RECORD, close), OK }
row { "its end is a reset", sends(UNTIL_CLOSE .. RECORD, reset), LOST }
row { "its end is the connection's, and it is cut", sends(UNTIL_CLOSE .. '{"sid":', close),
   NO_JSON }
row { "in chunks", sends(CHUNKED .. chunk '{"sid":' .. chunk '"SM1"}' .. "0\r\n\r\n"), OK }
row { "in chunks with extensions", sends(CHUNKED .. "18;a=b\r\n" .. RECORD .. "\r\n0;c\r\n\r\n"),
   OK }
row { "closed within a chunk", sends(CHUNKED .. "18\r\n" .. '{"sid":', close), LOST }
row { "reset within a chunk", sends(CHUNKED .. "18\r\n" .. '{"sid":', reset), LOST }
row { "closed within a chunk's size", sends(CHUNKED .. "1", close), LOST }
row { "closed before the last chunk", sends(CHUNKED .. chunk(RECORD), close), LOST }
row { "silence before the last chunk", sends(CHUNKED .. chunk(RECORD), stall), SILENT,
   options = SHORT, least = SHORT.timeout }
row { "closed after the last chunk's size", sends(CHUNKED .. chunk(RECORD) .. "0\r\n", close),
   LOST }
row { "trailers", sends(CHUNKED .. chunk(RECORD) .. "0\r\nX-Odd: a\r\n\r\n"), OK }
row { "closed within the trailers", sends(CHUNKED .. chunk(RECORD) .. "0\r\nX-Od", close), LOST }
row { "a chunk's size of letters", sends(CHUNKED .. "xyz\r\n" .. RECORD, close), LOST }
row { "a chunk's size beyond 64 bits", sends(CHUNKED .. "fffffffffffffffff\r\n" .. RECORD, close),
   LOST }
row { "a chunk longer than its size",
   sends(CHUNKED .. "5\r\n" .. RECORD .. "\r\n0\r\n\r\n", close), LOST }

-- gzip of RECORD
local GZIP = ("1f8b0800000000000203ab562ace4c51b2520af63554d2514aca4fa904722a946a01"
   .. "59995e3018000000"):gsub("%x%x", function(hex) return string.char(tonumber(hex, 16)) end)
local GZIPPED = JSON .. "Content-Encoding: gzip\r\n"

row { "gzip", answers("200 OK", GZIP, GZIPPED), OK }
row { "gzip, cut before its end", answers("200 OK", GZIP:sub(1, 20), GZIPPED), NO_JSON }
row { "gzip, without its checksum", answers("200 OK", GZIP:sub(1, -9), GZIPPED),
   "ok|decode -|true 1 1",
   reason = "libcurl's choice; the JSON is whole" }
row { "gzip with a wrong checksum", answers("200 OK", GZIP:sub(1, -9) .. ("\0"):rep(8), GZIPPED),
   DECODE }
row { "gzip that isn't", answers("200 OK", RECORD, GZIPPED), DECODE }
row { "gzip, closed within it",
   sends(head("200 OK", GZIPPED .. "Content-Length: 99\r\n\r\n") .. GZIP:sub(1, 20), close), LOST }
row { "gzip with bytes after it", answers("200 OK", GZIP .. "odd", GZIPPED), DECODE }
row { "an encoding that isn't asked for (br)",
   answers("200 OK", "\11\2\128", JSON .. "Content-Encoding: br\r\n"), NO_JSON,
   reason = "libcurl decodes it where it can" }

row { "empty", answers("200 OK", ""), NO_JSON }
row { "blanks", answers("200 OK", " \r\n "), NO_JSON }
row { "HTML", answers("200 OK", "<html></html>", "Content-Type: text/html\r\n"), NO_JSON }
row { "broken JSON", answers("200 OK", '{"sid":'), NO_JSON }
row { "JSON that is no object", answers("200 OK", '"SM1"'), NO_JSON }
row { "JSON, and something after it", answers("200 OK", RECORD .. "x"), NO_JSON }
row { "JSON after a byte order mark", answers("200 OK", "\239\187\191" .. RECORD), NO_JSON }
row { "JSON in UTF-16", answers("200 OK", "{\0}\0"), NO_JSON }
row { "JSON with a NUL", answers("200 OK", '{"sid":"a\0b"}'), NO_JSON }
row { "JSON whose text is no UTF-8", answers("200 OK", '{"sid":"\255\254"}'), OK }
row { "JSON 100,000 arrays deep", answers("200 OK", ("["):rep(100000) .. ("]"):rep(100000)),
   NO_JSON }
row { "JSON with a number beyond a double", answers("200 OK", '{"price":1e999}'), OK }
row { "larger than max_response_bytes", sends(UNTIL_CLOSE .. ("x"):rep(200000), close), DECODE,
   options = { max_response_bytes = 100000 } }
row { "announced as larger than that", sends(sized(200000) .. "x", stall), DECODE,
   options = { max_response_bytes = 100000 } }
row { "announced as larger than any memory", sends(sized "9000000000000000" .. "x", stall), DECODE }

heading "Statuses"

row { "202 without a body", answers("202 Accepted", ""), OK }
row { "203", answers("203 Non-Authoritative", RECORD), OK }
row { "204", sends(head "204 No Content" .. "\r\n"), OK }
row { "204 with a body",
   sends(head("204 No Content", "Content-Length: 5\r\n\r\n") .. "hello", close), OK }
row { "205", answers("205 Reset Content", ""), OK }
row { "206", answers("206 Partial Content", RECORD), OK }
for _, number in ipairs { "301", "302", "303", "307", "308" } do
   local status = number .. " Elsewhere"
   row { number .. " with Location", answers(status, "", "Location: http://127.0.0.1:1/\r\n"), {
      GET = OK, POST = "api/" .. number .. " true 1 1", DELETE = "api/" .. number .. " true 1 1" } }
   row { number .. " without Location", answers(status, ""), "api/" .. number .. " true 1 1" }
end
row { "304", sends(head "304 Not Modified" .. "\r\n"), "api/304 true 1 1" }
local REFUSAL = '{"code":20003,"message":"no","status":%d}'
local FINAL = {
   400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 418, 422, 451, 501, 505, 511, 599,
}
for _, status in ipairs(FINAL) do
   row { tostring(status), answers(status .. " No", REFUSAL:format(status)),
      ("api/%d true 1 1"):format(status) }
end
row { "400 with HTML", answers("400 No", "<html></html>", "Content-Type: text/html\r\n"),
   "api/400 true 1 1" }
row { "400 without a body", answers("400 No", ""), "api/400 true 1 1" }
row { "400, closed within its body",
   sends(head("400 No", "Content-Length: 50\r\n\r\n") .. '{"code":', close), LOST }
for _, status in ipairs { 500, 502, 503, 504 } do
   row { tostring(status), answers(status .. " No", REFUSAL:format(status)), {
      GET = ("api/%d true 2 2"):format(status), POST = ("api/%d true 1 1"):format(status) } }
end
row { "502 with HTML", answers("502 No", "<html></html>", "Content-Type: text/html\r\n"), {
   GET = "api/502 true 2 2", POST = "api/502 true 1 1" } }
row { "503, the first time", once(sends(answer("503 No", "", "Connection: close\r\n"), close)), {
   GET = "ok - 2 2", POST = "api/503 true 1 1" } }
row { "503 with Retry-After: 3", answers("503 No", "", "Retry-After: 3\r\n"), {
   GET = "api/503 true 2 2", POST = "api/503 true 1 1" }, wait = 3, retry_after = 3 }

heading "429 and Retry-After"

local function too_many(value)
   local header = value and "Retry-After: " .. value .. "\r\n" or ""
   return answers("429 Too Many", REFUSAL:format(429), JSON .. header)
end
local TWICE, ALONE = "api/429 true 2 2", "api/429 true 1 1"

row { "none", too_many(nil), TWICE }
row { "1 second, the first time",
   once(sends(answer("429 No", "", "Retry-After: 1\r\nConnection: close\r\n"), close)),
   "ok - 2 2", wait = 1 }
row { "0", too_many "0", TWICE, wait = 0, retry_after = 0 }
row { "1", too_many "1", TWICE, wait = 1, retry_after = 1 }
row { "1.5", too_many "1.5", TWICE, wait = 1.5, retry_after = 1.5 }
row { "blanks around", too_many "  2\t", TWICE, wait = 2, retry_after = 2 }
row { "60, within the call's time", too_many "60", TWICE, wait = 60, retry_after = 60,
   options = { timeout = 90 } }
row { "60, beyond the call's time", too_many "60", ALONE, retry_after = 60 }
row { "61", too_many "61", ALONE, retry_after = 61, options = { timeout = 90 } }
row { "a date that has passed", too_many "Wed, 21 Oct 2015 07:28:00 GMT", TWICE, wait = 0,
   retry_after = 0 }
row { "a date far from now", too_many "Wed, 21 Oct 2099 07:28:00 GMT", ALONE }
row { "negative", too_many "-5", TWICE }
row { "words", too_many "soon", TWICE }
row { "empty", too_many "", TWICE }
row { "a number beyond any", too_many(("9"):rep(400)), ALONE }
row { "NaN", too_many "nan", TWICE }
row { "hexadecimal", too_many "0x10", TWICE }
row { "two of them", too_many "1\r\nRetry-After: 2", TWICE }

heading "TLS"

local function tls(context, serve)
   return function(c)
      c:tls(context)
      if serve then return serve(c) end
      c:serve()
   end
end
local function tls_row(fields)
   fields.scheme = "https"
   row(fields)
end

tls_row { "right", tls(), OK }
tls_row { "a certificate for another host", tls "wrong_host", CONFIG }
tls_row { "an expired certificate", tls "expired", CONFIG }
tls_row { "a certificate that isn't valid yet", tls "not_yet", CONFIG }
tls_row { "a certificate of an unknown authority", tls "other_authority", CONFIG }
tls_row { "a certificate with a forged signature", tls "forged", "config|network false 1|2 0",
   reason = "OpenSSL's first complaint is about the signature's encoding, not about trust" }
tls_row { "a certificate that signs itself", tls "own_authority", CONFIG }
tls_row { "a client certificate is wanted", tls "wants_certificate",
   "config|network false|true|unknown 1|2 0" }
tls_row { "TLS 1.1 only", tls "old", NEVER_SENT }
tls_row { "closed at once", close, NEVER_SENT }
tls_row { "reset at once", reset, NEVER_SENT }
tls_row { "silence in the handshake", stall, "timeout false 2 0",
   options = { connect_timeout = 0.2 }, least = 0.4 }
tls_row { "silence in the handshake; timeout", stall, "timeout false 1 0", options = SHORT,
   least = SHORT.timeout }
tls_row { "plain HTTP", function(c) c:send(answer("400 No", "this is HTTP")) c:close() end,
   NEVER_SENT }
tls_row { "an alert: handshake failure", function(c) c:send "\21\3\3\0\2\2\40" c:close() end,
   NEVER_SENT }
tls_row { "an alert: internal error", function(c) c:send "\21\3\3\0\2\2\80" c:close() end,
   NEVER_SENT }
tls_row { "closed within the server's hello",
   function(c) c:send "\22\3\3\0\80\2\0\0" c:close() end, NEVER_SENT }
tls_row { "bytes that are no record", function(c) c:send(("\255"):rep(100)) c:close() end,
   NEVER_SENT }
tls_row { "closed after the handshake", tls(nil, close), {
   GET = "network true|unknown 2 0", POST = "network true|unknown 1 0" } }
tls_row { "reset after the request", tls(nil, sends("", reset)), LOST }
tls_row { "closed after the request, without close_notify", tls(nil, sends("", close)), LOST }
tls_row { "closed within the header block, without close_notify",
   tls(nil, sends(head("200 OK", JSON), close)), CUT_OFF }
tls_row { "closed within the body, without close_notify",
   tls(nil, sends(sized(24) .. '{"sid":', close)), LOST }
tls_row { "a body that ends with the connection, without close_notify",
   tls(nil, sends(UNTIL_CLOSE .. RECORD, close)), CHOICE,
   reason = "libcurl's choice; JSON that is cut is none" }
tls_row { "the same over TLS 1.2", tls("good_1_2", sends(UNTIL_CLOSE .. RECORD, close)),
   CHOICE }
tls_row { "garbage after the handshake", tls(nil, function(c)
   c:request()
   c:send_raw(("\255"):rep(100))
   c:close()
end), LOST }
tls_row { "an alert instead of the answer", tls("good_1_2", function(c)
   c:request()
   c:send_raw "\21\3\3\0\2\2\40"
   c:close()
end), LOST }

heading "Kept-alive connections"

-- Answers the first request, does that to the connection, and says so; a later one serves.
local function idle(act)
   return once(function(c)
      c:answer((c:request()))
      act(c)
      c.cell.did = true
      c:serve()
   end)
end

row { "quiet", idle(function() end), OK, idle = true }
row { "closed while idle", idle(close), OK, idle = true }
row { "reset while idle", idle(reset), OK, idle = true }
row { "bytes while idle", idle(function(c) c:send "stray" end), OK, idle = true }
row { "a second answer while idle",
   idle(function(c) c:send(answer("200 OK", '{"sid":"another"}')) end), OK, idle = true }
row { "408 while idle, then closed", idle(function(c)
   c:send(answer("408 Request Timeout", "", "Connection: close\r\n"))
   c:close()
end), OK, idle = true }
row { "closed while idle, over TLS", tls(nil, idle(close)), OK, idle = true, scheme = "https" }
row { "bytes while idle, over TLS", tls(nil, idle(function(c) c:send "stray" end)), OK,
   idle = true, scheme = "https" }
row { "closed when the next request has come", once(function(c)
   c:answer((c:request()))
   c.cell.did = true
   c:request()
   c:close()
end), { GET = "ok - 1|2 2", POST = "network unknown 1 1" }, idle = true }
row { "reset when the next request has come", once(function(c)
   c:answer((c:request()))
   c.cell.did = true
   c:request()
   c:reset()
end), { GET = "ok - 1|2 2", POST = "network unknown 1 1" }, idle = true }
row { "Connection: close, and left open",
   sends(answer("200 OK", RECORD, JSON .. "Connection: close\r\n"), stall), OK }

heading "Proxies"

local function proxy_row(fields)
   fields.scheme, fields.proxy = "https", fields.proxy or "http://"
   row(fields)
end
local function tells(text, ending)
   return function(c)
      c:head()
      c:send(text)
      ;(ending or close)(c)
   end
end

proxy_row { "right", function(c) c:serve() end, OK }
proxy_row { "refused", false, NEVER_SENT, listen = "never" }
proxy_row { "closed at once", close, NEVER_SENT }
proxy_row { "closed after CONNECT", tells "", NEVER_SENT }
proxy_row { "silence after CONNECT", tells("", stall), "timeout false 2 0",
   options = { connect_timeout = 0.2 }, least = 0.4 }
proxy_row { "403", tells(answer("403 No", "no")), NEVER_SENT }
proxy_row { "407", tells(answer("407 No", "", "Proxy-Authenticate: Basic realm=x\r\n")),
   NEVER_SENT }
proxy_row { "502", tells(answer("502 No", "no")), NEVER_SENT }
proxy_row { "302 to elsewhere", tells(answer("302 No", "", "Location: http://127.0.0.1:1/\r\n")),
   NEVER_SENT }
proxy_row { "no HTTP", tells "hello\r\n\r\n", NEVER_SENT }
proxy_row { "200, then closed", tells(head "200 OK" .. "\r\n"), NEVER_SENT }
proxy_row { "200, then plain HTTP", tells(head "200 OK" .. "\r\n" .. answer("200 OK", RECORD)),
   NEVER_SENT }
-- RFC 1928: the methods that the client knows.
local function socks_methods(c)
   c:read(1)
   c:read(c:read(1):byte())
end

proxy_row { "SOCKS 5 that refuses", function(c)
   socks_methods(c)
   c:send "\5\255"
   c:close()
end, NEVER_SENT, proxy = "socks5h://", well = function(c)
   socks_methods(c)
   c:send "\5\0"
   local is_name = c:read(4):byte(4) == 3
   c:read((is_name and c:read(1):byte() or 4) + 2)
   c:send "\5\0\0\1\127\0\0\1\0\0"
   c:tls()
   c:serve()
end }

return rows

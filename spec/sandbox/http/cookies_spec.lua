-- sandbox/lua/twilio/sandbox/http/cookies.lua: cookies of a user's program.

local cookies = require "twilio.sandbox.http.cookies"
local sandbox_client = require "support.sandbox_client"

local ACCOUNT = sandbox_client.ACCOUNT
local PAIR = { From = "+15558675310", To = "+14155552344" }

describe("sandbox.http.cookies", function()
   local box

   before_each(function() box = sandbox_client.new() end)

   local function keep(set, path, params)
      cookies.keep(box, ACCOUNT, "app.example", path or "/sms", params or PAIR, set)
   end
   local function header(path, params, scheme, host)
      return cookies.header(
         box, ACCOUNT, scheme or "http", host or "app.example", path or "/sms", params or PAIR)
   end

   it("belong to a host and a pair of addresses", function()
      keep "a=1"
      assert.equal("a=1", header())
      assert.is_nil(header("/sms", PAIR, "http", "other.example"))
      assert.is_nil(header("/sms", { From = PAIR.To, To = PAIR.From }))
      assert.is_nil(header("/sms", {}))
      keep("b=1", "/sms", {})
      assert.equal("a=1", header())
   end)

   it("live four hours at most", function()
      keep { "a=1", "b=2; Max-Age=60", "c=3; Max-Age=999999",
         "d=4; Expires=Thu, 01 Jan 2026 00:02:00 GMT" }
      assert.equal("a=1; b=2; c=3; d=4", header())
      box:advance(61)
      assert.equal("a=1; c=3; d=4", header())
      box:advance(60)
      assert.equal("a=1; c=3", header())
      box:advance(4 * 3600 - 122)
      assert.equal("a=1; c=3", header())
      box:advance(1)
      assert.is_nil(header())
   end)

   it("are replaced and deleted by name", function()
      keep "a=1"
      keep "a=2"
      assert.equal("a=2", header())
      keep "a=; Max-Age=0"
      assert.is_nil(header())
   end)

   it("are read from several headers, joined by commas too", function()
      keep "a=1; Expires=Thu, 01 Jan 2026 01:00:00 GMT; Path=/, b=x=y; HttpOnly,c=3 ; SameSite=Lax"
      assert.equal("a=1; b=x=y; c=3", header())
   end)

   it("are sent below their path, secure ones over TLS only", function()
      keep("a=1", "/voice/start")
      keep("b=2; Path=/voice; Secure")
      assert.is_nil(header "/sms")
      assert.equal("a=1", header "/voice/next")
      assert.equal("a=1; b=2", header("/voice", nil, "https"))
      assert.is_nil(header "/voices")
   end)

   it("pass over what is no cookie, in linear time", function()
      for _, set in ipairs {
         "", "=1", "a", "a\1=1", ("x"):rep(5000) .. "=1", (" "):rep(4000), (","):rep(4000),
         (";"):rep(4000), (", a"):rep(1000),
      } do
         keep(set)
         assert.is_nil(header())
      end
   end)

   it("survive a dump", function()
      keep "a=1"
      assert.is_true(box:load(box:dump()))
      assert.equal("a=1", header())
   end)
end)

-- sandbox/lua/twilio/sandbox/state/accounts.lua: who is let in.

local accounts = require "twilio.sandbox.state.accounts"
local core = require "twilio.core"

local MAIN, OTHER, KEY = "AC" .. ("a"):rep(32), "AC" .. ("b"):rep(32), "SK" .. ("c"):rep(32)

local function basic(user, password)
   return "Basic " .. core.base64_encode(user .. ":" .. password)
end

describe("sandbox.state.accounts", function()
   local strict, open

   before_each(function()
      strict = accounts.new { account_sid = MAIN, auth_token = "secret", default_token = "secret" }
      open = accounts.new { default_token = "made up" }
   end)

   local function refused(of, header, kind)
      local who, err = of:authenticate(header, kind)
      assert.is_nil(who)
      assert.equal(401, err.status)
      return err.code, err.message
   end

   it("lets the one account of a strict sandbox in", function()
      assert.equal(MAIN, strict:authenticate(basic(MAIN, "secret")))
      assert.matches("auth token isn't", select(2, refused(strict, basic(MAIN, "wrong"))))
      assert.matches("no such account", select(2, refused(strict, basic(OTHER, "secret"))))
      assert.matches("no such API key", select(2, refused(strict, basic(KEY, "secret"))))
      assert.matches("no credentials", select(2, refused(strict, nil)))
      assert.matches("neither", select(2, refused(strict, basic("user", "x"))))
      assert.matches("no user name", select(2, refused(strict, "Basic !!!")))
      assert.matches("unknown access token", select(2, refused(strict, "Bearer x")))
      assert.matches("OAuth", select(2, refused(strict, basic(MAIN, "secret"), "oauth")))
      assert.equal(MAIN, strict:authenticate(nil, "none"))
   end)

   it("takes any account into an open sandbox; the first stands for who names none", function()
      assert.equal(OTHER, open:authenticate(basic(OTHER, "one")))
      assert.equal(MAIN, open:authenticate(basic(MAIN, "two")))
      assert.equal("one", open:token(OTHER))
      assert.equal(OTHER, open:authenticate(basic(KEY, "x")))
      assert.equal(OTHER, open:authenticate "Bearer x")
      assert.is_false(accounts.new({}):authenticate(basic(KEY, "x")))
   end)

   it("checks keys and tokens that were made, in either kind", function()
      for _, of in ipairs { strict, open } do
         of:set_key(KEY, MAIN, "key's")
         assert.equal(MAIN, of:authenticate(basic(KEY, "key's")))
         assert.matches("secret isn't", select(2, refused(of, basic(KEY, "x"))))
         of:set_key(KEY, MAIN, nil)
         assert.matches("revoked", select(2, refused(of, basic(KEY, "key's"))))
         of:add_bearer("token", MAIN)
         assert.equal(MAIN, of:authenticate("Bearer token", "oauth"))
      end
   end)

   it("knows whose subaccounts are, and refuses suspended ones", function()
      strict:add(OTHER, { token = "sub", owner = MAIN })
      assert.is_true(strict:is_owned(OTHER))
      assert.is_false(strict:is_owned(MAIN))
      assert.is_true(strict:may_use(MAIN, OTHER))
      assert.is_false(strict:may_use(OTHER, MAIN))
      assert.is_false(strict:may_use(MAIN, "AC" .. ("d"):rep(32)))
      strict:get(OTHER).status = "suspended"
      assert.equal(20005, (refused(strict, basic(OTHER, "sub"))))
   end)

   it("is the same after a dump", function()
      strict:add(OTHER, { token = "sub", owner = MAIN })
      local again = accounts.new({ account_sid = MAIN, auth_token = "secret" }, strict:dump())
      assert.equal(OTHER, again:authenticate(basic(OTHER, "sub")))
   end)
end)

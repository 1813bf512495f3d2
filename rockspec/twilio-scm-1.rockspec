-- luarocks make rockspec/twilio-scm-1.rockspec    builds with the Makefile and installs the library.
rockspec_format = "3.0"
package = "twilio"
version = "scm-1"
source = { url = "git+file://." }
description = {
   summary = "Client for the whole Twilio REST API, with webhooks, TwiML and tokens",
   license = "MIT",
}
dependencies = { "lua >= 5.1, < 5.5", "lua-cjson" }
-- By library only: where the headers are is the compiler's matter (Debian's multiarch folders aren't known to LuaRocks).
external_dependencies = {
   CURL = { library = "curl" },
   OPENSSL = { library = "crypto" },
}
build = {
   type = "make",
   variables = {
      -- A folder for each Lua, so that objects of one never end up in the module of another.
      OUT = "build/luarocks$(LUA_INCDIR)",
      LUA_INCDIR = "$(LUA_INCDIR)",
      CURL_LIBDIR = "$(CURL_LIBDIR)",
      OPENSSL_LIBDIR = "$(OPENSSL_LIBDIR)",
      CFLAGS = "$(CFLAGS)",
   },
   build_target = "modules",
   install_variables = { LUADIR = "$(LUADIR)", LIBDIR = "$(LIBDIR)" },
}

-- luarocks make        finds this file by itself, builds with the Makefile and installs.
rockspec_format = "3.0"
package = "twilio"
version = "scm-1"
source = { url = "git+file://." }
description = {
   summary = "Client for the whole Twilio REST API, with webhooks, TwiML, tokens and an offline sandbox",
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

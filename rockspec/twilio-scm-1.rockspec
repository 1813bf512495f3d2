-- luarocks make rockspec/twilio-scm-1.rockspec    builds with the Makefile and installs the library.
-- Only in a checkout, whose files it takes; `make dist` makes rockspecs with a source archive.
rockspec_format = "3.0"
package = "twilio"
version = "scm-1"
source = { url = "git+file://." }
description = {
   summary = "Client for the whole Twilio REST API, with webhooks, TwiML and tokens",
   detailed = [[
      Messages, calls, verifications, contact centres and everything else that Twilio documents:
      1592 operations of 39 products as data, loaded when first used, on a C core (libcurl,
      OpenSSL's libcrypto). Signed webhooks, TwiML, access tokens; many calls at once by coroutines;
      scripts, OpenResty and nginx, Kong, Lapis, cqueues and luv. Not made by Twilio.
   ]],
   license = "MIT",
   homepage = "https://www.twilio.com/docs/usage/api", -- make dist HOMEPAGE=... puts another here
   maintainer = "The twilio for Lua authors",
   labels = { "twilio", "sms", "telephony", "http", "webhook", "openresty", "nginx" },
}
supported_platforms = { "unix" }
dependencies = { "lua >= 5.1, < 5.6", "lua-cjson" }
-- By library only: where the headers are is the compiler's matter, as LuaRocks doesn't know
-- Debian's multiarch folders. Who gives CURL_DIR or CURL_INCDIR gets it passed on.
external_dependencies = {
   CURL = { library = "curl" },
   OPENSSL = { library = "crypto" },
}
build = {
   type = "make",
   variables = {
      OUT = "build/luarocks",
      LUA_INCDIR = "$(LUA_INCDIR)",
      CURL_INCDIR = "$(CURL_INCDIR)",
      CURL_LIBDIR = "$(CURL_LIBDIR)",
      OPENSSL_INCDIR = "$(OPENSSL_INCDIR)",
      OPENSSL_LIBDIR = "$(OPENSSL_LIBDIR)",
      CFLAGS = "$(CFLAGS)",
   },
   build_target = "modules",
   -- LISTDIR: LuaRocks has a list of its own.
   install_variables = { LUADIR = "$(LUADIR)", LIBDIR = "$(LIBDIR)", LISTDIR = "", DESTDIR = "" },
   copy_directories = { "docs", "examples", "types" },
}

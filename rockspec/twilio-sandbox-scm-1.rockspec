-- luarocks make rockspec/twilio-sandbox-scm-1.rockspec    installs the sandbox, beside the library.
-- Only in a checkout, whose files it takes; `make dist` makes rockspecs with a source archive.
rockspec_format = "3.0"
package = "twilio-sandbox"
version = "scm-1"
source = { url = "git+file://." }
description = {
   summary = "An offline, stateful Twilio for tests: in the same process, or behind nginx for any client",
   detailed = [[
      Knows Twilio's resources and refuses what Twilio's OpenAPI files forbid. Messages are sent and
      received, calls run their TwiML, webhooks are signed and sent. As a transport of the library
      `twilio` it needs no server; behind nginx it serves programs in any language, with a page that
      shows the traffic. Not made by Twilio.
   ]],
   license = "MIT",
   homepage = "https://www.twilio.com/docs/usage/api", -- make dist HOMEPAGE=... puts another here
   maintainer = "The twilio for Lua authors",
   labels = { "twilio", "test", "mock", "sms", "openresty", "nginx" },
}
supported_platforms = { "unix" }
dependencies = { "lua >= 5.1, < 5.6", "twilio" }
build = {
   type = "make",
   build_pass = false, -- Lua only
   build_variables = { CFLAGS = "$(CFLAGS)" }, -- LuaRocks warns without
   install_target = "install-sandbox",
   install_variables = { LUADIR = "$(LUADIR)", LISTDIR = "", DESTDIR = "" },
   copy_directories = { "examples/sandbox" },
}

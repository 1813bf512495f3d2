-- luarocks make rockspec/twilio-sandbox-scm-1.rockspec
rockspec_format = "3.0"
package = "twilio-sandbox"
version = "scm-1"
source = { url = "git+file://." }
description = {
   summary = "An offline, stateful Twilio for tests: in the same process, or behind nginx for any client",
   license = "MIT",
}
dependencies = { "lua >= 5.1, < 5.5", "twilio" }
build = {
   type = "make",
   build_pass = false, -- Lua only
   install_target = "install-sandbox",
   install_variables = { LUADIR = "$(LUADIR)" },
}

-- luarocks make rockspec/twilio-cli-scm-1.rockspec    installs the command line, beside the library.
-- Only in a checkout, whose files it takes; `make dist` makes rockspecs with a source archive.
rockspec_format = "3.0"
package = "twilio-cli"
version = "scm-1"
source = { url = "git+file://." }
description = {
   summary = "Twilio from the command line: every operation, profiles, webhooks, bulk sending",
   detailed = [[
      `twilio messages create --to ... --from ... --body ...`, and each other operation of the API;
      tables, JSON and TSV; profiles; completion for bash, zsh and fish; webhooks looked into, tokens
      made, TwiML checked; and `twilio send`, which sends a list of messages without sending one
      twice (needs a driver of LuaSQL: luasql-sqlite3 or luasql-postgres). Not made by Twilio.
   ]],
   license = "MIT",
   homepage = "https://www.twilio.com/docs/usage/api", -- make dist HOMEPAGE=... puts another here
   maintainer = "The twilio for Lua authors",
   labels = { "twilio", "sms", "cli", "commandline", "webhook" },
}
supported_platforms = { "unix" }
dependencies = { "lua >= 5.1, < 5.6", "twilio", "argparse >= 0.7", "luasocket >= 3.0" }
build = {
   type = "make",
   build_pass = false, -- Lua only
   build_variables = { CFLAGS = "$(CFLAGS)" }, -- LuaRocks warns without
   install_target = "install-cli",
   install_variables = {
      LUADIR = "$(LUADIR)", BINDIR = "$(BINDIR)", LISTDIR = "", DESTDIR = "",
   },
   copy_directories = {},
}

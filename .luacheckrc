std = "max"
max_line_length = 140
ignore = { "411/message", "411/err" } -- each step of a function may fail, and there is one name for why
exclude_files = {
   "lua/twilio/api/*", "lua/twilio/schema/*", "sandbox/lua/twilio/sandbox/schema/api/*", "types", "node_modules", "build",
   "lua/twilio/sandbox", "lua/twilio/sandbox.lua", -- links into sandbox/lua
   "lua/twilio/cli", "lua/twilio/outbox", "lua/twilio/outbox.lua", -- links into cli/lua
}
files["spec/**/*.lua"] = { std = "max+busted", max_line_length = 160 } -- tables of cases read best a case a line
files["lua/twilio/**/openresty.lua"].std = "max+ngx_lua"
files["sandbox/lua/twilio/sandbox/openresty.lua"].std = "max+ngx_lua"
read_globals = { "ngx" }

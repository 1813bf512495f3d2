-- Loaded before all specs (.busted): C modules that can't be loaded twice into one Lua state. busted forgets after each file what
-- it has loaded, and luv's second loading crashes with the loop of the first.

for _, name in ipairs { "luv", "cqueues" } do pcall(require, name) end

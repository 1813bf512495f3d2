-- Prints lua/twilio/twiml/grammar.lua, made from the TwiML classes of twilio-node.
--
--    lua tools/twiml/generate.lua <unpacked npm package "twilio"> > lua/twilio/twiml/grammar.lua

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/../?.lua;" .. package.path

local grammar = require "twiml.grammar"

local folder = assert(arg[1], "usage: lua tools/twiml/generate.lua <folder of twilio-node>")
local file = assert(io.open(folder .. "/package.json", "rb"))
local version = file:read("*a"):match('"version": "([^"]+)"')
file:close()
io.write(grammar.write(grammar.read(folder .. "/lib/twiml"), version))

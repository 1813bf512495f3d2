-- Prints lua/twilio/twiml/grammar.lua, made from the TwiML classes of twilio-node.
--
--    lua tools/twiml/generate.lua <unpacked npm package "twilio"> > lua/twilio/twiml/grammar.lua

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/../?.lua;" .. package.path

local files = require "files"
local grammar = require "twiml.grammar"

local folder = assert(arg[1], "usage: lua tools/twiml/generate.lua <folder of twilio-node>")
local version = files.read(folder .. "/package.json"):match('"version": "([^"]+)"')
io.write(grammar.write(grammar.read(folder .. "/lib/twiml"), version))

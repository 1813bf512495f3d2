-- twilio.json on each kind of lua-cjson: the installed one, and one that marks arrays itself where
-- tools/newer_cjson.sh has built it.

local kinds = {}

local MODULES = { "cjson", "twilio.json", "twilio.util.json_encode", "twilio.util.json_changes" }

local function on(cjson)
   local before = {}
   for _, name in ipairs(MODULES) do
      before[name], package.loaded[name] = package.loaded[name], nil
   end
   package.loaded.cjson = cjson
   local json = require "twilio.json"
   -- Load the encoder and the changes, while this cjson is the one.
   assert(json.encode(json.like({}, {}, {})))
   for _, name in ipairs(MODULES) do package.loaded[name] = before[name] end
   return { json = json, cjson = cjson, marks_arrays = cjson.decode_array_with_array_mt ~= nil }
end

--- @return (string) the file of the other kind, whether it is there or not
function kinds.path()
   local lua = type(jit) == "table" and "luajit" or "lua" .. _VERSION:match "%d.%d"
   return "build/cjson/" .. lua .. "/cjson.so"
end

--- @return (array) { json, cjson, marks_arrays, name }
function kinds.all()
   local list = { on(require "cjson") }
   local open = not list[1].marks_arrays and package.loadlib(kinds.path(), "luaopen_cjson")
   if open then list[2] = on(open "cjson") end
   for _, kind in ipairs(list) do
      kind.name = kind.marks_arrays and "a cjson that marks arrays"
         or "a cjson that doesn't mark arrays"
   end
   return list
end

return kinds

-- cjson.empty_array raised "a userdata has no JSON form", and tables with cjson's empty_array_mt or
-- array_mt were written as {}: marks that a program may already use, where its cjson has them.

local kinds = require "support.json_kinds"

for _, kind in ipairs(kinds.all()) do
   local json, cjson = kind.json, kind.cjson

   describe("with " .. kind.name, function()
      it("cjson's own marks are arrays", function()
         if not cjson.empty_array then return end
         assert.equal('{"a":[],"b":[],"c":[],"d":[1],"e":{"x":1}}', json.encode {
            a = cjson.empty_array, b = setmetatable({}, cjson.empty_array_mt),
            c = setmetatable({}, cjson.array_mt),
            d = setmetatable({ 1 }, cjson.empty_array_mt),
            e = setmetatable({ x = 1 }, cjson.empty_array_mt),
         })
         assert.equal("[1,2]", json.encode(setmetatable({ 1, 2 }, cjson.array_mt)))
         assert.equal("[]", json.encode(cjson.empty_array))
      end)

      it("cjson reads what was decoded", function()
         if not cjson.empty_array then return end
         assert.equal('{"a":[]}', cjson.encode(json.decode '{"a":[]}'))
      end)

      it("a metatable of the program's own is none of ours", function()
         assert.equal("{}", json.encode(setmetatable({}, { __index = function()
            error "asked"
         end, __metatable = false })))
         assert.equal("{}", json.encode(setmetatable({}, { kind = "array" })))
         assert.equal("[1]", json.encode(setmetatable({ 1 }, { __metatable = "locked" })))
      end)

      it("json.null and other userdata stay what they are", function()
         assert.equal("[null]", json.encode { json.null })
         assert.is_nil((json.encode { io.stdout }))
      end)
   end)
end

-- JSON goes round: 100,000 random documents come back byte for byte, with either kind of lua-cjson.
--
-- A document is made together with its canonical text: members sorted by name, no white space,
-- numbers and texts as json.encode writes them. It is decoded from another spelling (white space,
-- unsorted members, escapes), and must be encoded to the canonical one: then [] stays [] and {} {},
-- nulls are there, and integers have their digits. JSON_DOCUMENTS is another number of documents,
-- JSON_SEED another sequence of them.

local kinds = require "support.json_kinds"

local DOCUMENTS = tonumber(os.getenv "JSON_DOCUMENTS") or 100000
local SEED = tonumber(os.getenv "JSON_SEED") or 12

-- A generator of our own: the same documents on every Lua. (Park and Miller.)
local state = SEED
local function random(n)
   state = state * 16807 % 2147483647
   return state % n + 1
end

local function one_of(list) return list[random(#list)] end

local BLANKS = { "", "", "", "", " ", "\n", "\t ", "\r\n  " }
local NAMES = {
   "a", "b", "next", "transitions", "states", "", "sid", "__index", "__newindex", "1", "é", 'q"',
   "a/b", "[]", "x:{}", "\\",
}
local STRINGS = { -- the canonical text, and others of the same value
   { '""' }, { '"a"', [["\u0061"]] }, { '"é"', [["\u00e9"]], [["\u00E9"]] }, { [["\"[]\":[]"]] },
   { [[",[],{}"]] }, { '"{}"' },
   { '"😀"', [["\ud83d\ude00"]] }, { '"�"', [["\ud83d"]], [["\udc00"]] }, { '"�x"', [["\ud83dx"]] },
   { '"��"', [["\udc00\ud800"]] },
   { '"/"', [["\/"]] }, { [["\n\u0001"]], [["\u000a\u0001"]] }, { '"12345678901234567890"' },
   { '"null"' }, { [["\\"]] }, { [["a\"b\\"]] },
   { '"SM00000000000000000000000000000000"' },
}
local NUMBERS = {
   { "0", "-0", "0.0", "-0.0", "0e5" }, { "1", "1.0", "1e0", "10e-1" }, { "-1" }, { "250" },
   { "0.58" }, { "0.1", "0.10", "1e-1", "1E-1" },
   { "100", "1e2", "1E+2" }, { "1.5" }, { "3.141592653589793", "3.1415926535897931" },
   { "1e+300", "1e300" }, { "4.9406564584125e-324", "5e-324" },
   { "9007199254740992" }, { "9007199254740993" }, { "-9007199254740993" },
   { "9223372036854775807" }, { "-9223372036854775808" },
   { "9223372036854775808" }, { "18446744073709551616" }, { "100000000000000000000" },
   { "1e999", "1e400", "1e1234567890123456789" }, { "-1e999" },
   { "-1.7976931348623157e+308", "-1.7976931348623157e308" },
   { "0.3333333333333333", "0.33333333333333331", "0.333333333333333314829616256247" },
}

local function spelling(list) return list[1], list[random(#list)] end

local function integer()
   local digits = { random(3) == 1 and "-" or "", random(9) }
   for i = 3, random(30) do digits[i] = random(10) - 1 end
   local text = table.concat(digits)
   return text, text
end

local value

local function array(depth)
   local texts, others = {}, {}
   for i = 1, random(5) - 1 do
      local text, other = value(depth + 1)
      texts[i], others[i] = text, one_of(BLANKS) .. other
   end
   return "[" .. table.concat(texts, ",") .. "]", "[" .. table.concat(others, ",") .. one_of(BLANKS)
      .. "]"
end

local QUOTED = { ['q"'] = [["q\""]], ["\\"] = [["\\"]] }

local function bytes_less(a, b)
   for i = 1, math.min(#a, #b) do
      local x, y = a:byte(i), b:byte(i)
      if x ~= y then return x < y end
   end
   return #a < #b
end

local SORTED = {}
for i, name in ipairs(NAMES) do SORTED[i] = name end
table.sort(SORTED, bytes_less)

local function object(depth)
   local members, others = {}, {}
   for _ = 1, random(5) - 1 do
      local name = one_of(NAMES)
      if not members[name] then
         local quoted = QUOTED[name] or '"' .. name .. '"'
         local text, other = value(depth + 1)
         members[name] = quoted .. ":" .. text
         others[#others + 1] = one_of(BLANKS) .. quoted .. one_of(BLANKS) .. ":" .. one_of(BLANKS)
            .. other
      end
   end
   local texts = {}
   for _, name in ipairs(SORTED) do texts[#texts + 1] = members[name] end
   return "{" .. table.concat(texts, ",") .. "}", "{" .. table.concat(others, ",") .. one_of(BLANKS)
      .. "}"
end

-- @return the canonical text of a value, and another of the same
function value(depth)
   local kind = random(depth > 5 and 7 or 11)
   if kind == 1 then return "null", "null" end
   if kind == 2 then return spelling(one_of(NUMBERS)) end
   if kind == 3 then return integer() end
   if kind == 4 then return "[]", "[" .. one_of(BLANKS) .. "]" end
   if kind == 5 then return "{}", "{" .. one_of(BLANKS) .. "}" end
   if kind == 6 then return spelling(one_of(STRINGS)) end
   if kind == 7 then return spelling { "true" } end
   if kind < 10 then return object(depth) end
   return array(depth)
end

local function document()
   local text, other
   if random(2) == 1 then text, other = object(1) else text, other = array(1) end
   return text, one_of(BLANKS) .. other .. one_of(BLANKS)
end

local function is_same(a, b)
   if type(a) ~= "table" or type(b) ~= "table" then return a == b end
   for key, member in pairs(a) do
      if not is_same(member, b[key]) then return false end
   end
   for key in pairs(b) do
      if a[key] == nil then return false end
   end
   return true
end

describe("JSON that is decoded and encoded again", function()
   local all = kinds.all()

   it("is what it was, in " .. DOCUMENTS .. " random documents", function()
      for i = 1, DOCUMENTS do
         local expected, text = document()
         for _, kind in ipairs(all) do
            local decoded, message = kind.json.decode(text)
            local encoded = decoded and kind.json.encode(decoded)
            if encoded ~= expected then
               error(
                  ("document %d with %s:\n%s\n%s\n%s"):format(
                     i, kind.name, text, expected, tostring(encoded or message)))
            end
            -- The text says it all; now and then the values too.
            if i % 16 == 0 then
               assert.is_true(is_same(decoded, kind.json.decode(encoded)), text)
            end
         end
      end
   end)

   it("was tried with both kinds of cjson", function()
      if #all == 2 or all[1].marks_arrays then return end
      pending(
         "only " .. all[1].name .. " is there: tools/newer_cjson.sh builds the other as "
            .. kinds.path())
   end)

   it("is refused or decoded by both kinds alike when it is cut off or changed", function()
      for _ = 1, DOCUMENTS / 20 do
         local _, text = document()
         local at = random(#text)
         local broken = random(2) == 1 and text:sub(1, at)
            or text:sub(1, at - 1)
               .. one_of { '"', "[", "]", "{", "}", ",", ":", "\\", "0", "-", "." }
            .. text:sub(at + 1)
         local results = {}
         for i, kind in ipairs(all) do
            local decoded = kind.json.decode(broken)
            results[i] = decoded == nil and "refused" or assert(kind.json.encode(decoded))
         end
         assert.equal(results[1], results[#results], broken)
      end
   end)
end)

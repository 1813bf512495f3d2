-- fuzz/dictionary.lua: words for libFuzzer: the texts in the sources that a target covers.
--
--   lua5.4 tools/fuzz/dictionary.lua TARGET > target.dict

package.path = "lua/?.lua;tools/fuzz/?.lua;" .. package.path

local SOURCES = {
   leaves = { "csrc/form.c", "csrc/signed_text.c", "csrc/base64.c" },
   lines = { "csrc/transfer.c" },
}

-- The files that a target covers, told by its text: what it requires need not be there.
local function sources(target)
   if SOURCES[target] then return SOURCES[target] end
   local file = assert(io.open("tools/fuzz/targets/" .. target .. ".lua"))
   local list = {}
   for path in file:read("*a"):match("covers = (%b{})"):gmatch '"([^"]+)"' do list[#list + 1] = path end
   file:close()
   return list
end

local seen = {}
for _, path in ipairs(sources(arg[1])) do
   local file = assert(io.open(path))
   local text = file:read "*a"
   file:close()
   for word in text:gmatch '"([^"\\\n]+)"' do
      if #word <= 40 and not seen[word] and not word:find "^twilio%." then
         seen[word] = true
         print('"' .. word:gsub("[^ -~]", function(c) return ("\\x%02x"):format(c:byte()) end) .. '"')
      end
   end
end

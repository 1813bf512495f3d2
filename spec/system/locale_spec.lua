-- Nothing depends on the program's locale: a child runs the specs of all that makes or reads text,
-- in a locale with a decimal comma and in Turkish ones, set before the library is loaded or after.
--
-- os.setlocale changes what string.format, tostring, tonumber, "<", lower, upper and the classes
-- %a, %l, %s, %u, %w do, and C's strtod, printf, tolower and strncasecmp.

local locales = require "support.locales"
local process = require "support.process"

local SPECS = "spec/call spec/json_spec.lua "
   .. "spec/regress/json_digits_spec.lua spec/regress/json_round_trip_spec.lua "
   .. "spec/regress/json_member_nulls_spec.lua spec/regress/locale_spec.lua "
   .. "spec/util/time_spec.lua spec/util/number_spec.lua spec/util/json_encode_spec.lua "
   .. "spec/util/xml_spec.lua spec/util/options_spec.lua spec/util/closest_spec.lua "
   .. "spec/twiml/attribute_spec.lua spec/twiml/node_spec.lua spec/twiml/vocabulary_spec.lua "
   .. "spec/twiml/voice_spec.lua spec/twiml_spec.lua "
   .. "spec/webhook_spec.lua spec/csrc/validator_spec.lua spec/csrc/signed_text_spec.lua spec/jwt"

local function run(name, set)
   local folder, message = locales.folder(name)
   if not folder then return pending(message) end
   local busted = "$(command -v busted) -o TAP --helper=spec/support/in_locale.lua " .. SPECS
      .. " </dev/null 2>&1"
   local environment = ("LOCPATH=%s SPEC_LOCALE=%s SPEC_LOCALE_SET=%s"):format(folder, name, set)
   local lines = process.lines(("%s %s %s"):format(environment, process.interpreter(), busted))
   local passed, failed = 0, {}
   for i, line in ipairs(lines) do
      if line:find "^ok" then passed = passed + 1 end
      if line:find "^not ok" then
         failed[#failed + 1] = table.concat(lines, "\n", i, math.min(i + 6, #lines))
      end
   end
   assert.equal("", table.concat(failed, "\n"))
   assert.is_true(passed > 200, table.concat(lines, "\n", math.max(1, #lines - 10)))
end

describe("the specs of what makes and reads text", function()
   for _, name in ipairs(locales.names) do
      it(("pass in %s, set after the library is loaded"):format(name), function()
         run(name, "after")
      end)
   end

   it("pass in de_DE.UTF-8, set before the library is loaded", function()
      run("de_DE.UTF-8", "before")
   end)
end)

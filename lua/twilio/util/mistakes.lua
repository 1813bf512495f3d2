-- util/mistakes.lua: the sentences about mistakes in named options, and about names that aren't
-- known. Loaded with the first mistake.
--
-- util/options.lua decides; this file only makes texts. None holds a value.

local closest = require "twilio.util.closest"
local number = require "twilio.util.number"

local mistakes = {}

--- A name that the caller wrote, fit for a message: one that can't be meant for a name may be a
-- secret in the wrong place.
function mistakes.shown(name)
   name = tostring(name)
   if #name > 64 or name:find("[%z\1-\31\127 \t-\r]") or (#name >= 24 and name:find("^%x+$")) then
      return "..."
   end
   return name
end

--- The name that a caller probably meant, or nil. @param candidates (array of strings) what exists
function mistakes.meant(name, candidates) return closest(tostring(name), candidates) end

--- "unknown option 'tiemout' (did you mean 'timeout'?)": the one sentence for a name that isn't
-- known.
-- @param what (string) "option", "parameter", ...; or a sentence of its own, with %s for the name:
--    "<Say> can't hold '%s'"
-- @param name what the caller wrote
-- @param candidates (array of strings) what exists
-- @param prefix (string | nil) where it stood: "oauth."
-- @return (string)
function mistakes.unknown(what, name, candidates, prefix)
   local sentence = what:find("%s", 1, true) and what or "unknown " .. what .. " '%s'"
   local meant = mistakes.meant(name, candidates)
   local hint = meant and (" (did you mean '%s'?)"):format(meant) or ""
   return sentence:format((prefix or "") .. mistakes.shown(name)) .. hint
end

--- "option 'timeout' is required"
function mistakes.required(what, name) return ("%s '%s' is required"):format(what, name) end

local function with_article(noun) return (noun:find("^[aeio]") and "an " or "a ") .. noun end

--- "option 'log' must be a function or boolean, got a string"
-- @param types (string) of the rule
function mistakes.type(what, name, types, value)
   local wanted = types:gsub("!", ""):gsub("|", " or ")
   return ("%s '%s' must be %s, got a %s"):format(what, name, with_article(wanted), type(value))
end

-- A value's mistake calls an option by its bare name; other names say what they are.
local is_bare = { option = true, override = true, member = true }

--- "timeout must be a number of seconds above 0"
-- @param message (string) the rest of the sentence, of this file or of a rule's check
function mistakes.value(what, name, message)
   if is_bare[what] then return name .. " " .. message end
   return ("%s '%s' %s"):format(what, name, message)
end

--- "must be a number of seconds above 0", "must be an integer from 1 to 5"
function mistakes.range(types, rule)
   local text = "must be " .. with_article(types:match("[a-z]+"))
   if rule.unit then text = text .. " of " .. rule.unit end
   if rule.above then return text .. " above " .. number.text(rule.above) end
   if rule.from and rule.to then
      return ("%s from %s to %s"):format(text, number.text(rule.from), number.text(rule.to))
   end
   if rule.from then return ("%s, %s or more"):format(text, number.text(rule.from)) end
   return text
end

--- "must be RS256 or PS256"
function mistakes.one_of(list)
   local texts = {}
   for i, one in ipairs(list) do texts[i] = tostring(one) end
   local last = table.remove(texts)
   return "must be " .. (#texts > 0 and table.concat(texts, ", ") .. " or " or "") .. last
end

--- "holds a line end (was it copied from a file?)"
function mistakes.credential(value)
   if value == "" then return "is empty" end
   if value:find("[\r\n]") then return "holds a line end (was it copied from a file?)" end
   if value:find("^[ \t-\r]") or value:find("[ \t-\r]$") then
      return "has blanks around it (was it copied from a file?)"
   end
   return "holds characters that no credential has"
end

return mistakes

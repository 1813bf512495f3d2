-- util/number.lua: numbers as text and back, the same in every locale.
--
-- string.format and tonumber go through C's printf and strtod, whose decimal point is the locale's:
-- a program that calls os.setlocale "de_DE" would send 0,58.

local find, format, gsub = string.find, string.format, string.gsub

local number = {}

--- A text that reads back as a finite number, of no more digits than needed: "0.58", "1e+300".
-- @param n (number)
-- @return (string)
function number.text(n)
   local text
   for digits = 14, 17 do
      text = format("%." .. digits .. "g", n)
      if tonumber(text) == n then break end
   end
   -- The locale's point, which may be several bytes.
   return (gsub(text, "[^0-9e+-]+", "."))
end

--- A number with that many digits after its point: number.fixed(1.5, 3) is "1.500".
function number.fixed(n, digits)
   return (gsub(format("%." .. digits .. "f", n), "[^0-9-]+", "."))
end

--- The text that tostring makes of a number, or of any other value, with a point.
-- @return (string)
function number.plain(value)
   local text = tostring(value)
   return type(value) == "number" and (gsub(text, "[^0-9A-Za-z+-]+", ".")) or text
end

--- Reads a decimal number: "20003", "1.50", "1e5".
-- @param text what may be one; a number is returned as it is
-- @return (number | nil) nil for everything but digits with a point between or after them, and an
--    exponent
function number.parse(text)
   if type(text) == "number" then return text end
   if type(text) ~= "string" then return nil end
   local _, digits = find(text, "^-?[0-9]+%.?[0-9]*")
   if digits ~= #text and not (digits and find(text, "^[eE][+-]?[0-9]+$", digits + 1)) then
      return nil
   end
   -- Lua 5.1 takes the locale's point only; "%.1f" shows it.
   return tonumber(text) or tonumber((gsub(text, "%.", (gsub(format("%.1f", 0.5), "[0-9]", "")))))
end

return number

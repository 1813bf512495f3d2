-- cli/util/terminal.lua: the terminal, by the programs that POSIX has for it.

local terminal = {}

local function succeeds(result) return result == true or result == 0 end

--- Returns true if a descriptor is a terminal. @param descriptor (integer | nil) 1 unless given
function terminal.is_terminal(descriptor)
   return succeeds(os.execute(("test -t %d"):format(descriptor or 1)))
end

--- Columns of the terminal.
-- @param environment (function) name -> text | nil; COLUMNS comes first
-- @return (integer) 80 where nobody knows
function terminal.width(environment)
   local columns = tonumber(environment "COLUMNS")
   if not columns then
      local pipe = io.popen "stty size 2>/dev/null </dev/tty"
      columns = pipe and tonumber((pipe:read "*a" or ""):match "^%d+ (%d+)")
      if pipe then pipe:close() end
   end
   return columns and columns >= 20 and columns < 1e5 and math.floor(columns) or 80
end

return terminal

-- cli/util/prompt.lua: questions on the terminal; secrets without an echo.

local prompt = {}

local function ends_well(result) return result == true or result == 0 end

--- Returns true if standard input is a terminal.
function prompt.is_terminal() return ends_well(os.execute "test -t 0") end

--- Asks for a line.
-- @param err (file-like) where the question is written: standard output is for answers
-- @param input (file) standard input
-- @param question (string)
-- @return (string | nil) the answer without blanks around it; nil at the end of the input
function prompt.line(err, input, question)
   err:write(question)
   if err.flush then err:flush() end
   local text = input:read "*l"
   return text and text:match "^%s*(.-)%s*$"
end

--- Asks for a secret, which the terminal doesn't show.
-- @param is_terminal (boolean) false: standard input is a file or a pipe; it is read as it is
function prompt.secret(err, input, question, is_terminal)
   if not is_terminal then return prompt.line(err, input, question) end
   -- A shell asks and reads the line: with Ctrl-C it ends by its trap, and the echo is there again.
   -- The question comes when nothing is shown any more.
   local ask = ([[
      saved=$(stty -g </dev/tty) || exit 1
      trap 'stty "$saved" </dev/tty; exit 1' INT TERM HUP
      stty -echo </dev/tty
      printf '%s' QUESTION >/dev/tty
      IFS= read -r secret </dev/tty
      stty "$saved" </dev/tty
      printf '%s' "$secret"]]):gsub("QUESTION", function()
      return "'" .. question:gsub("'", "'\\''") .. "'"
   end)
   local pipe = io.popen(ask)
   local text = pipe and pipe:read "*a"
   if pipe then pipe:close() end
   err:write "\n"
   return text and text:match "^%s*(.-)%s*$"
end

return prompt

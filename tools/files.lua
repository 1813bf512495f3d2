-- Files, for the tools: whole texts in and out, and the names in a folder.

local files = {}

--- Reads a file. @return (string) its bytes; raises if it can't be read
function files.read(path)
   local file = assert(io.open(path, "rb"))
   local text = file:read "*a"
   file:close()
   return text
end

--- Writes a file whole. Raises if it can't be written.
function files.write(path, text)
   local file = assert(io.open(path, "wb"))
   assert(file:write(text))
   assert(file:close())
end

--- The files of a folder. @param pattern (string) of Lua; with a capture, that is what is listed
-- @return (array of strings) sorted
function files.names(folder, pattern)
   local listing = assert(io.popen('ls "' .. folder .. '"'))
   local out = {}
   for line in listing:lines() do out[#out + 1] = line:match(pattern) end
   listing:close()
   table.sort(out)
   return out
end

return files

-- Checks each link and anchor of the reference that stays within it.

local function ids_of(text)
   local ids = {}
   for id in text:gmatch(' id="([^"]+)"') do ids[id] = true end
   return ids
end

local function resolve(path, href)
   local full = href == "" and path or path:gsub("[^/]*$", "") .. href
   local count = 1
   while count > 0 do full, count = full:gsub("[^/]+/%.%./", "", 1) end
   return full
end

--- @param files (table) path -> text
-- @return (array of strings) what is broken
return function(files)
   local broken, ids = {}, {}
   for path, text in pairs(files) do ids[path] = ids_of(text) end
   for path, text in pairs(files) do
      for href in text:gmatch('[hs][r][ec]f?="([^"]*)"') do
         if not href:find("^%a+:") then
            local target, anchor = href:match("^([^#]*)#?(.*)$")
            target = resolve(path, target)
            if not files[target] or (anchor ~= "" and not ids[target][anchor]) then
               broken[#broken + 1] = path .. ": " .. href
            end
         end
      end
   end
   table.sort(broken)
   return broken
end

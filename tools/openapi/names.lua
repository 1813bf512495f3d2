-- Names: how a wire name, a path segment or a mount name of the OpenAPI files becomes a Lua name.
-- Must not know documents, paths or the data format.

local names = {}

-- "AwsS3Url" -> "aws_s3_url", "DateSent<" -> "date_sent_before". The order of the substitutions
-- matters.
function names.snake(s)
   s = s:gsub("<", "Before"):gsub(">", "After")
   s = s:gsub("[^A-Za-z0-9]+", "_")
   s = s:gsub("([a-z])([A-Z])", "%1_%2")
   s = s:gsub("(%d[A-Z]*)([A-Z])", "%1_%2")
   s = s:gsub("([A-Z])([A-Z][a-z])", "%1_%2")
   return s:lower()
end

-- "a2p_brand_registrations" -> "A2PBrandRegistrations"
function names.camelize(s)
   s = names.snake(s):gsub("(%d)([a-z])", "%1_%2")
   local out = {}
   for word in s:gmatch("[^_]+") do out[#out + 1] = word:sub(1, 1):upper() .. word:sub(2) end
   return table.concat(out)
end

-- "A2PBrandRegistrations" -> "a2_p_brand_registrations"
function names.underscore(s)
   s = s:gsub("([A-Z]+)([A-Z][a-z])", "%1_%2")
   s = s:gsub("([a-z%d])([A-Z])", "%1_%2")
   s = s:gsub("[- ]", "_")
   return s:lower()
end

-- The property under which a resource is found.
function names.mount(s)
   return names.underscore(names.camelize(s))
end

return names

-- One OpenAPI document, decoded: following $ref and listing what an operation takes. Must not know
-- names, trees or the data format.

local document = {}

document.verbs = { "get", "post", "put", "patch", "delete" }

-- The table at the end of a chain of references. `node` may be nil or cjson.null: then {}.
function document.resolve(doc, node)
   while type(node) == "table" and node["$ref"] do
      local target = doc
      for key in node["$ref"]:sub(3):gmatch("[^/]+") do
         target = target[(key:gsub("~1", "/"):gsub("~0", "~"))]
      end
      node = target
   end
   return type(node) == "table" and node or {}
end

-- Parameters of a path item and of an operation in the order of the file, the operation's last.
function document.parameters(doc, item, operation)
   local out = {}
   for _, from in ipairs { item.parameters or {}, operation and operation.parameters or {} } do
      for _, parameter in ipairs(from) do out[#out + 1] = document.resolve(doc, parameter) end
   end
   return out
end

-- The request body: its content types as a set, and the schema of the form or nil.
function document.body(doc, operation)
   local content = document.resolve(doc, operation.requestBody).content or {}
   local form = content["application/x-www-form-urlencoded"]
   return content, form and document.resolve(doc, form.schema)
end

-- The success answer: status (a number), the schema of its body (maybe a reference) or nil, and the
-- content type. It is the lowest 2xx, but 201 of a creation that may answer 200, too; operations
-- that only redirect have a 3xx instead.
function document.success(doc, operation)
   local codes = {}
   for code in pairs(operation.responses) do
      if code:match("^[23]%d%d$") then codes[#codes + 1] = code end
   end
   table.sort(codes)
   local is_create = (operation.operationId or ""):match("^[Cc]reate") ~= nil
   if is_create and codes[1] == "200" and codes[2] == "201" then table.remove(codes, 1) end
   local response = document.resolve(doc, operation.responses[codes[1]])
   local kind, media = next(response.content or {})
   assert(not kind or not next(response.content, kind), "a success answer of two kinds")
   return tonumber(codes[1]), media and media.schema, kind
end

return document

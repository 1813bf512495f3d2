-- The types of a TypeScript declaration file as OpenAPI schemas: what twilio-node's generated .d.ts
-- files hold, which is regular. Takes names, types and values, never a comment. Must not know
-- operations or documents.
--
--   string number boolean Date any unknown object    "text" | "text"    T | null    T | U
--   Array<T>    T[]    Record<string, T>    { [key: string]: T }    { name: T; name?: T }    a name
--   that the file declares
--
-- Anything else is an error.

local declarations = {}

-- A reader of types: its text, and where it is.
local Cursor = {}
Cursor.__index = Cursor

function Cursor:fail(wanted)
   error(
      ("%s: %s expected at: %s"):format(self.file, wanted, self.text:sub(self.at, self.at + 60)), 0)
end

-- Takes what the pattern matches, with the blanks before it; false if it isn't there.
function Cursor:take(pattern)
   local first, last, capture = self.text:find("^%s*(" .. pattern .. ")", self.at)
   if not first then return false end
   self.at = last + 1
   return capture
end

function Cursor:need(pattern)
   return self:take(pattern) or self:fail(pattern)
end

local basic = {
   string = { type = "string" }, number = { type = "number" }, boolean = { type = "boolean" },
   Date = { type = "string", format = "date-time" },
   any = {}, unknown = {}, object = { type = "object" },
   -- Imported from elsewhere in the package.
   TwiML = { type = "string" }, PhoneNumberCapabilities = { type = "object" },
}

local function copy(schema)
   local out = {}
   for key, value in pairs(schema) do out[key] = value end
   return out
end

local read_type

-- The members between an opened brace and the brace that closes it.
local function read_members(cursor)
   local schema = { type = "object" }
   while not cursor:take("}") do
      if cursor:take("%[%w+: string%]:") then
         schema.additionalProperties = read_type(cursor)
      else
         local name = cursor:take('"[^"]+"')
         name = name and name:sub(2, -2) or cursor:need("[%w_$]+")
         local is_optional = cursor:take("%?")
         cursor:need(":")
         schema.properties = schema.properties or {}
         schema.properties[name] = read_type(cursor)
         if not is_optional then
            schema.required = schema.required or {}
            table.insert(schema.required, name)
         end
      end
      cursor:need("[;,]?")
   end
   return schema
end

local function read_single(cursor)
   local text = cursor:take('"[^"]*"')
   if text then return { type = "string", enum = { text:sub(2, -2) } } end
   if cursor:take("{") then return read_members(cursor) end
   if cursor:take("Array<") then
      local items = read_type(cursor)
      cursor:need(">")
      return { type = "array", items = items }
   end
   if cursor:take("Record<string,") then
      local extra = read_type(cursor)
      cursor:need(">")
      return { type = "object", additionalProperties = extra }
   end
   local name = cursor:need("[%a_][%w_.]*")
   if basic[name] then return copy(basic[name]) end
   return { ["$ref"] = cursor.prefix .. cursor:declared(name) }
end

local function read_suffixed(cursor)
   local schema = read_single(cursor)
   while cursor:take("%[%]") do schema = { type = "array", items = schema } end
   return schema
end

-- A list of types with bars: null makes it nullable, texts an enum.
function read_type(cursor)
   local choices, texts, nullable = {}, {}, nil
   cursor:take("|")
   repeat
      if cursor:take("null%f[%W]") or cursor:take("undefined%f[%W]") then
         nullable = true
      else
         local schema = read_suffixed(cursor)
         if schema.enum then table.insert(
            texts, schema.enum[1]) else table.insert(choices, schema) end
      end
   until not cursor:take("|")
   if #texts > 0 then table.insert(choices, { type = "string", enum = texts }) end
   local schema = #choices == 1 and choices[1] or { oneOf = choices }
   if not nullable then return schema end
   if schema["$ref"] then return { oneOf = { schema }, nullable = true } end
   schema.nullable = true
   return schema
end

local Declarations = {}
Declarations.__index = Declarations

-- A type that isn't declared anywhere: "object"; nil for any other.
function declarations.basic(name)
   return basic[name] and copy(basic[name])
end

-- The names of members on the wire, which only the constructors in the .js file have.
local function read_wires(script)
   local wires = {}
   for class, body in script:gmatch("\nclass (%w+) {\n    constructor%(payload%) (%b{})") do
      wires[class] = {}
      for property, wire in body:gmatch('this%.([%w_$]+) =%s*payload%["([^"]+)"%]') do
         wires[class][property] = wire
      end
      for property, wire in body:gmatch('this%["([^"]+)"%] =%s*payload%["([^"]+)"%]') do
         wires[class][property] = wire
      end
   end
   return wires
end

local function rename(schema, wires, where)
   local properties = {}
   local function wire_of(name)
      return assert(wires[name], where .. ": no wire name of " .. name)
   end
   for name, value in pairs(schema.properties or {}) do properties[wire_of(name)] = value end
   for i, name in ipairs(schema.required or {}) do schema.required[i] = wire_of(name) end
   schema.properties = schema.properties and properties
end

-- Reads a declaration file. file: its name, for messages; text: its content; script: that of the
-- .js file beside it; prefix: what a reference to one of its types begins with
-- ("#/components/schemas/rule."). Returns an object with the method schema. Types are read when
-- they are asked for, as most of a file declares functions.
function declarations.read(file, text, script, prefix)
   text = text:gsub("/%*.-%*/", "")
   local bodies, functions = {}, {}
   for name, body in text:gmatch("interface ([%w_]+)[^{\n]*(%b{})") do
      local declares = body:find("toJSON(", 1, true) and functions or bodies
      declares[name] = body
   end
   -- A class of a JSON object; the interface of its name repeats it.
   for name, body in text:gmatch("declare class ([%w_]+)[^{\n]*(%b{})") do
      if body:find("constructor(payload: any);", 1, true) then
         bodies[name] = body:gsub("constructor%(payload: any%);", "")
      end
   end
   for name, body in text:gmatch("\ntype ([%w_]+) = ([^;]+);") do bodies[name] = body end
   for name, body in text:gmatch("export type ([%w_]+) = ([^;]+);") do bodies[name] = body end
   local self = {
      file = file, prefix = prefix, bodies = bodies, functions = functions,
      wires = read_wires(script), known = {},
   }
   return setmetatable(self, Declarations)
end

-- The schema of a declared type, and the set of the declared types that it refers to; nil if the
-- file doesn't declare it.
function Declarations:schema(name)
   local body = self.bodies[name]
   if not body then return nil end
   if not self.known[name] then
      local used = {}
      local cursor = setmetatable(
         { file = self.file, text = body, at = 1, prefix = self.prefix }, Cursor)
      function cursor.declared(_, other)
         if not self.bodies[other] then cursor:fail("a declared type instead of " .. other) end
         used[other] = true
         return other
      end
      local schema = read_type(cursor)
      if cursor:take("%S") then cursor:fail("the end") end
      if self.wires[name] then rename(schema, self.wires[name], self.file .. ": " .. name) end
      self.known[name] = { schema = schema, used = used }
   end
   return self.known[name].schema, self.known[name].used
end

-- The source of the interface that declares the functions of a list or a context; "" if there is
-- none.
function Declarations:functions_of(name)
   return self.functions[name] or ""
end

-- The names of all declared types, sorted.
function Declarations:names()
   local out = {}
   for name in pairs(self.bodies) do out[#out + 1] = name end
   table.sort(out)
   return out
end

return declarations

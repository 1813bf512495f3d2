-- tools/openapi/node/declarations.lua: TypeScript's types in, schemas out.

package.path = "tools/?.lua;" .. package.path

local declarations = require "openapi.node.declarations"
local node_package = require "support.node_package"

local function types(declared, script)
   return declarations.read("x.d.ts", declared, script or "", "#/components/schemas/x.")
end

-- The schema of a member of that type.
local function member(type)
   return types(
      "interface T {\n    m: " .. type .. ";\n}\n"
         .. "interface Other {\n    a: string;\n}\n"):schema("T").properties.m
end

describe("a type", function()
   it("is a schema", function()
      local text, ref = { type = "string" }, { ["$ref"] = "#/components/schemas/x.Other" }
      local cases = {
         string = text, number = { type = "number" }, boolean = { type = "boolean" }, any = {},
         object = { type = "object" },
         Date = { type = "string", format = "date-time" }, Other = ref,
         ["string | null"] = { type = "string", nullable = true },
         ["Array<string>"] = { type = "array", items = text },
         ["Other[]"] = { type = "array", items = ref },
         ["Record<string, string>"] = { type = "object", additionalProperties = text },
         ['"a" | "b c"'] = { type = "string", enum = { "a", "b c" } },
         ["Other | null"] = { oneOf = { ref }, nullable = true },
         ["string | Other"] = { oneOf = { text, ref } },
         ["{\n [key: string]: Array<string>;\n }"] = {
            type = "object", additionalProperties = { type = "array", items = text },
         },
         ["{\n a: string;\n b?: string;\n }"] = {
            type = "object", properties = { a = text, b = text }, required = { "a" },
         },
      }
      for source, schema in pairs(cases) do assert.same(schema, member(source), source) end
   end)

   it("has the names of the wire, which only the constructor has, and no comment", function()
      local known = types(node_package.declared, "\n" .. node_package.script)
      assert.same({
         type = "object", required = { "short_name" },
         properties = {
            short_name = { type = "string" },
            shades = { type = "array", items = { type = "string" }, nullable = true },
         },
      }, (known:schema "Color"))
      assert.same({ type = "string", enum = { "round", "square" } }, (known:schema "ThingKind"))
   end)

   it("says which others it refers to", function()
      local _, used = types(
         node_package.declared, "\n" .. node_package.script):schema "ThingResource"
      assert.same({ Color = true }, used)
      assert.is_nil(types("interface A {\n a: string;\n}\n"):schema "B")
   end)

   it("stops where a file isn't as expected", function()
      assert.error_matches(function() member "Map<string>" end, "a declared type instead of Map")
      assert.error_matches(function()
         member "(a: string) => void"
      end, "x.d.ts: .* expected at:  %(a")
      assert.error_matches(function() member "string & Other" end, "expected at: & Other")
      assert.error_matches(function()
         types(
            node_package.declared, (
               ("\n" .. node_package.script):gsub('"short_name"', "name"))):schema "Color"
      end,
         "no wire name of shortName")
   end)
end)

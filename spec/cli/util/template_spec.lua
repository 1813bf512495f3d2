-- cli/util/template.lua: texts with places for a row's values.

local template = require "twilio.cli.util.template"

local names = { "to", "first name", "n", "last_name" }

local function fill(text, row) return assert(template.compile(text, names))(row or {}) end

it("puts a row's values in", function()
   assert.equal("Hi Ann, +1!", fill("Hi {first name}, {to}!", { ["first name"] = "Ann", to = "+1" }))
   assert.equal("11", fill("{n}{n}", { n = "1" }))
   assert.equal("plain", fill "plain")
   assert.equal("", fill "")
end)

it("puts values in as they are, braces and percent signs too", function()
   assert.equal("{to} %1", fill("{n}", { n = "{to} %1" }))
end)

it("writes doubled braces as one", function()
   assert.equal("{a} 1 }", fill("{{a}} {n} }}", { n = "1" }))
end)

it("refuses an unknown column and lone braces", function()
   assert.same({ nil, "unknown column 'lastname' (did you mean 'last_name'?)" },
      { template.compile("{lastname}", names) })
   assert.same({ nil, "a '{' without its '}' (write '{{' for a brace)" },
      { template.compile("a { b", names) })
   assert.same({ nil, "a '}' without its '{' (write '}}' for a brace)" },
      { template.compile("a } b", names) })
end)

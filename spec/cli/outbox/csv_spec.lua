-- outbox/csv.lua: RFC 4180, both ways.

local csv = require "twilio.outbox.csv"

local function records(s)
   local list, lines = {}, {}
   local next_record = csv.records(s)
   while true do
      local fields, line = next_record()
      if not fields then return list, lines, line end
      list[#list + 1], lines[#lines + 1] = fields, line
   end
end

describe("csv.records", function()
   it("reads what RFC 4180 shows", function()
      assert.same({ { "aaa", "bbb" }, { "zzz", "yyy" } }, (records "aaa,bbb\r\nzzz,yyy\r\n"))
      assert.same({ { "aaa", "bbb" }, { "zzz", "yyy" } }, (records "aaa,bbb\r\nzzz,yyy"))
      assert.same({ { "aaa", "b\r\nbb", "ccc" }, { "zzz" } }, (records '"aaa","b\r\nbb","ccc"\r\nzzz'))
      assert.same({ { "aaa", 'b"bb', "" } }, (records '"aaa","b""bb",""\r\n'))
      assert.same({ { "", "", "" } }, (records ",,"))
      assert.same({ { " a", "b " } }, (records " a,b "))
   end)

   it("takes LF alone, a byte order mark, and leaves empty lines out", function()
      assert.same({ { "a", "b" }, { "c", "d" } }, (records "\239\187\191a,b\n\n\r\nc,d\n\n"))
      assert.same({}, (records ""))
      assert.same({}, (records "\n\r\n"))
   end)

   it("keeps a CR that ends no line", function()
      assert.same({ { "a\rb", "c" } }, (records "a\rb,c\r\n"))
      assert.same({ { "a" } }, (records "a\r"))
   end)

   it("says the line of a record, however many lines one has", function()
      local _, lines = records '"a\nb\nc"\n\nd\n"e\r\nf"\ng'
      assert.same({ 1, 5, 6, 8 }, lines)
   end)

   it("refuses what is no CSV, naming the line", function()
      assert.equal("line 2: a quote isn't closed", select(3, records 'a\n"b'))
      assert.equal("line 1: a quote inside a value without quotes", select(3, records 'a"b'))
      assert.equal("line 3: text after a closing quote", select(3, records '"a\nb"\n"c"d'))
   end)

   it("reads what it has written", function()
      local values = { "a", 'b"c', "d,e", "f\r\ng", "", "+15558675310", "Größe", " h " }
      assert.same({ values }, (records(csv.line(values, #values))))
   end)

   -- Twice the text takes twice the time, whatever it is made of. Time is that of this process.
   it("is linear", function()
      local function seconds(s)
         local best = math.huge
         for _ = 1, 3 do
            local before = os.clock()
            records(s)
            best = math.min(best, os.clock() - before)
         end
         return best
      end
      for _, piece in ipairs { '""', "a,", "\r", "\n", '"a"\n', '"\n"' } do
         local small, large = seconds('"' .. piece:rep(20000)), seconds('"' .. piece:rep(160000))
         assert.is_true(large < 30 * small + 0.05, ("%q: %g and %g"):format(piece, small, large))
         small, large = seconds(piece:rep(20000)), seconds(piece:rep(160000))
         assert.is_true(large < 30 * small + 0.05, ("%q: %g and %g"):format(piece, small, large))
      end
   end)
end)

describe("csv.rows", function()
   it("gives rows by the names of the first line", function()
      local next_row, names = csv.rows "to,name\n+1,Ann\n+2,Bob\n"
      assert.same({ "to", "name" }, names)
      assert.same({ { to = "+1", name = "Ann" }, 2 }, { next_row() })
      assert.same({ { to = "+2", name = "Bob" }, 3 }, { next_row() })
      assert.same({}, { next_row() })
   end)

   it("refuses a row of another length, a name that stands twice, and an empty text", function()
      local next_row = csv.rows "a,b\n1\n"
      assert.same({ nil, "line 2: 1 values, and there are 2 columns" }, { next_row() })
      assert.same({ nil, "there are two columns 'a'" }, { csv.rows "a,a\n" })
      assert.same({ nil, "it is empty: the first line has the columns' names" }, { csv.rows "" })
   end)
end)

describe("csv.line", function()
   it("quotes where it must, and leaves nil empty", function()
      assert.equal('a,"b,c","d""e",,12\r\n', csv.line({ "a", "b,c", 'd"e', nil, 12 }, 5))
   end)

   it("makes no formula of a text that came from outside", function()
      assert.equal("'=1+1,'@x,+1555\r\n", csv.line({ "=1+1", "@x", "+1555" }, 3))
   end)
end)

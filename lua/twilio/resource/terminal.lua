-- resource/terminal.lua: a description (describe.lua) as a page for a terminal.
--
-- Plain text in two columns, no longer than 100 characters where values allow. Must not know where
-- descriptions come from.

local terminal = {}

local WIDTH = 100

-- Words in lines of at most WIDTH, those after the first indented.
local function wrapped(words, indent, separator)
   local lines, line = {}, nil
   for _, word in ipairs(words) do
      local longer = line and line .. separator .. word
      if line and indent + #longer + #separator > WIDTH then
         lines[#lines + 1] = line .. separator:gsub("%s+$", "")
         line = word
      else
         line = longer or word
      end
   end
   lines[#lines + 1] = line
   return table.concat(lines, "\n" .. (" "):rep(indent))
end

local function bounds(one)
   if not (one.minimum or one.maximum) then return nil end
   return ("%s..%s"):format(one.minimum or "", one.maximum or "")
end

--- The type of a parameter or a field in words: "list of SID (AC...)", "one of", before its values.
-- @param one (table) of a description
-- @return (string)
function terminal.type_of(one)
   local kind = one.type
   if one.sid then kind = "SID (" .. one.sid:gsub("|", "..., ") .. "...)" end
   if one.values then kind = "one of" end
   if one.map then kind = "map of " .. kind end
   if one.array then kind = one.values and "list of" or "list of " .. kind end
   local limits = bounds(one)
   return limits and ("%s, %s"):format(kind, limits) or kind
end

local NAME = 34 -- characters that the column of names gets at most

local function name_width(list, depth, width)
   for _, one in ipairs(list) do
      width = math.max(width, math.min(NAME, #one.name + 2 * depth))
      width = name_width(one.members or one.fields or {}, depth + 1, width)
   end
   return width
end

-- One line or more for each of a list, and for what is below it.
local function put_all(out, list, depth, width)
   for _, one in ipairs(list) do
      local name = ("  "):rep(depth) .. one.name
      if one.up_to then name = name .. " ... " .. one.up_to end
      local head = ("  %s %-" .. width .. "s  "):format(one.required and "*" or " ", name)
      local text = terminal.type_of(one)
      if one.values then
         local words = {}
         for i, value in ipairs(one.values) do words[i] = value end
         words[1] = text .. ": " .. words[1]
         if one.others then words[#words + 1] = "..." end
         text = wrapped(words, #head, " | ")
      end
      if one.place == "header" then text = text .. " (a header)" end
      if one.open then text = text .. " (any other member, too)" end
      out[#out + 1] = head .. text
      put_all(out, one.members or one.fields or {}, depth + 1, width)
   end
end

local function put_list(out, title, list)
   if not list or #list == 0 then return end
   out[#out + 1] = ""
   out[#out + 1] = title
   put_all(out, list, 0, name_width(list, 0, 0))
end

local function put_words(out, title, words, separator)
   if #words == 0 then return end
   out[#out + 1] = ""
   out[#out + 1] = title
   out[#out + 1] = "  " .. wrapped(words, 2, separator or ", ")
end

-- "client.messages:create { to = ..., from = ... }"
local function signature(one)
   local words = {}
   if one.method == "page_at" then return one.call .. "(url)" end
   if one.method == "wait_until" then
      return one.call .. "(function(record) return ... end, { timeout = 60, interval = 2 })"
   end
   if one.method == "download" then return one.call .. "(sink)" end
   for _, parameter in ipairs(one.parameters) do
      if parameter.required then words[#words + 1] = parameter.name .. " = ..." end
   end
   if #one.parameters == 0 then return one.call .. "()" end
   if #words < #one.parameters then words[#words + 1] = #words > 0 and "..." or nil end
   if #words == 0 then
      local is_open = one.method == "fetch" or one.method == "delete" or one.paging
      return one.call .. (is_open and "()" or " { ... }")
   end
   return ("%s { %s }"):format(one.call, table.concat(words, ", "))
end

local results = {
   record = "local record, err, response = ", records = "local records, err, response = ",
   page = "local page, err, response = ", ["true"] = "local ok, err, response = ",
   bytes = "local bytes, err, response = ",
}

local function usage(one)
   local call = signature(one)
   if one.gives == "iterator" then return "for record in " .. call .. " do ... end" end
   return results[one.gives] .. call
end

--- Returns a sentence about the pages of a list. @param paging (table) of an operation's
-- description
-- @return (string) a sentence
function terminal.paging(paging)
   return paging.largest and ("Comes in pages of at most %d records."):format(paging.largest)
      or "Comes in one piece."
end

local pages = {}

local authentications = {
   oauth = "Takes an access token: twilio.client { oauth = { client_id = ..., client_secret = ... } }",
   none = "Takes no credentials.",
}

--- Returns a sentence about a call that authenticates otherwise than by a key or auth token.
-- @param one (table) an operation's description
-- @return (string | nil) a sentence
function terminal.authentication(one) return authentications[one.authentication] end

function pages.operation(one)
   local out = { one.call, ("%s %s"):format(one.verb, one.url), one.documentation, "", usage(one) }
   out[#out + 1] = terminal.authentication(one)
   put_list(out, "Parameters (*: required)", one.parameters)
   for _, group in ipairs(one.any_of or {}) do
      out[#out + 1] = "    at least one of: " .. table.concat(group, ", ")
   end
   if one.body and one.body.open then
      out[#out + 1] = ""
      out[#out + 1] = "The arguments are the JSON body; the API's files don't name its members."
   end
   if one.method ~= "wait_until" and one.method ~= "download" then
      put_words(out, "Options of the call (a second table: ({ ... }, { timeout = 5 }))", {
         "timeout (seconds)", "connect_timeout (seconds)", "max_retries", "retry_unsafe",
         "retry_not_found", "headers",
      })
   end
   if one.paging then
      out[#out + 1] = ""
      out[#out + 1] = terminal.paging(one.paging)
      if one.gives == "page" then
         out[#out + 1] = "  page.items, page:next(), page:previous(), page.next_url, page.previous_url"
      elseif one.gives == "iterator" then
         out[#out + 1] = "  Raises the error object, as a loop has no place for a second result."
      end
   end
   put_list(out, one.paging and "Fields of a record" or "Fields of the answer", one.fields)
   if not one.fields then
      out[#out + 1] = ""
      out[#out + 1] = one.gives == "true" and "Gives true."
         or one.paging and one.plain == "text" and "Each record is a text."
         or "The API's files name no fields."
   end
   return out
end

local function put_side(out, title, side)
   if not side or (#side.methods == 0 and #side.resources == 0) then return end
   out[#out + 1] = ""
   out[#out + 1] = title .. "  " .. side.path
   for _, method in ipairs(side.methods) do
      out[#out + 1] = "  " .. signature(side.operations[method])
   end
   for _, label in ipairs(side.resources) do out[#out + 1] = "  " .. label end
end

function pages.resource(one)
   local out = { one.label, one.documentation }
   if one.side ~= "item" then put_side(out, "List", one.list) end
   put_side(out, "Instance", one.instance)
   put_list(out, "Fields of a record", one.fields)
   out[#out + 1] = ""
   out[#out + 1] = ("More: twilio.describe(\"%s\")"):format(
      one.methods[1] and one.operations[one.methods[1]].name or one.name)
   return out
end

function pages.version(one)
   local out = { one.label, one.url, one.documentation, "" }
   for _, label in ipairs(one.resources) do out[#out + 1] = "  " .. label end
   return out
end

function pages.product(one)
   local out = { one.label, one.documentation }
   for _, version in ipairs(one.versions) do
      local is_default = version.name == one.name .. "." .. one.default
      out[#out + 1] = ""
      out[#out + 1] = version.label .. (is_default and "  (" .. one.label .. " alone, too)" or "")
      for _, label in ipairs(version.resources) do out[#out + 1] = "  " .. label end
   end
   return out
end

function pages.client(one)
   local out = { "client = twilio.client { ... }", one.documentation }
   put_words(out, "Resources of the own account: client.messages, ...", one.resources)
   put_words(out, "Products: client.verify, ...", one.products)
   put_words(out, "Methods: client:request, ...", one.methods)
   out[#out + 1] = ""
   out[#out + 1] = 'More: twilio.describe("messages"), twilio.describe("messages:create")'
   return out
end

--- A description as text. @param description (table) of describe.lua
-- @return (string) lines, the last without a line end
function terminal.page(description)
   return table.concat(pages[description.kind](description), "\n")
end

return terminal

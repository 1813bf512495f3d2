-- webhook/nginx_body.lua: the body of the request that nginx is handling.
--
-- nginx keeps a body in memory, or in a file when it is larger than client_body_buffer_size (8 or
-- 16 KB by default). For the adapters of OpenResty and Lapis; only with the global `ngx`.

local nginx_body = {}

local function read_file(name, limit)
   local file, message = io.open(name, "rb")
   if not file then return nil, message end
   local body
   -- One more than allowed, so that verify sees that it is too long.
   body, message = file:read(limit + 1)
   file:close()
   if not body and message then return nil, message end
   return body or ""
end

--- Reads the body of this request.
-- @param limit (bytes) of a body that is allowed; of a longer one in a file one byte more is read
-- @return (string), "" where there is none; or nil, (string) why it can't be read
function nginx_body.read(limit)
   ngx.req.read_body()
   local body = ngx.req.get_body_data()
   if body then return body end
   local name = ngx.req.get_body_file()
   if not name then return "" end
   return read_file(name, limit)
end

return nginx_body

-- certificate.lua: a certificate authority of our own, and certificates that it has signed.
--
-- One authority a test program; a second one for what must be refused.

local process = require "support.process"

local certificate = {}

local authorities, leaves = {}, {}

local function new_key(path)
   process.run("openssl ecparam -name prime256v1 -genkey -noout -out %s", path)
end

-- -> the folder that holds its ca.pem and ca.key; name: any word, the same word gives the same
-- authority
function certificate.authority(name)
   name = name or "spec"
   if authorities[name] then return authorities[name] end
   local folder = process.folder()
   new_key(folder .. "/ca.key")
   process.run(
      "openssl req -x509 -new -key %s/ca.key -days 30 -subj '/CN=twilio %s CA' -out %s/ca.pem",
      folder, name, folder)
   authorities[name] = folder
   return folder
end

local function subject_names(hosts)
   local names = {}
   for i, host in ipairs(hosts) do
      names[i] = (host:find "^[%d.:]+$" and "IP:" or "DNS:") .. host
   end
   return table.concat(names, ",")
end

-- hosts: array of names and addresses -> paths of a certificate and its key, signed by that
-- authority
function certificate.leaf(hosts, authority)
   local names = subject_names(hosts)
   local ca = certificate.authority(authority)
   local stem = ca .. "/" .. names:gsub("%W", "_")
   if leaves[stem] then return stem .. ".pem", stem .. ".key" end
   new_key(stem .. ".key")
   process.run("openssl req -new -key %s.key -subj '/CN=%s' -out %s.csr", stem, hosts[1], stem)
   process.write(stem .. ".ext", "subjectAltName=" .. names .. "\n")
   process.run("openssl x509 -req -in %s.csr -CA %s/ca.pem -CAkey %s/ca.key -CAcreateserial -days 30 -extfile %s.ext -out %s.pem",
      stem, ca, ca, stem, stem)
   leaves[stem] = true
   return stem .. ".pem", stem .. ".key"
end

return certificate

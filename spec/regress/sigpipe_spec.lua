-- libcurl before 7.87 writes to TLS sockets with plain write(). The guard against its SIGPIPE stood
-- around steps only: a cancel or a close of the session, which end TLS connections too, could end
-- the program. A library before libcurl plays an old one here.

local fault = require "support.fault"
local preload = require "support.preload"

local old_curl = [[
#include <curl/curl.h>
#include <dlfcn.h>
#include <signal.h>
__attribute__((constructor)) static void start(void) { signal(SIGPIPE, SIG_DFL); }
curl_version_info_data *curl_version_info(CURLversion age) {
    static curl_version_info_data data;
    curl_version_info_data *(*real)(CURLversion) = (curl_version_info_data *(*)(CURLversion))dlsym(RTLD_NEXT, "curl_version_info");
    data = *real(age);
    data.version_num = 0x075600;
    return &data;
}
CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *easy) {
    CURLMcode (*real)(CURLM *, CURL *) = (CURLMcode (*)(CURLM *, CURL *))dlsym(RTLD_NEXT, "curl_multi_remove_handle");
    raise(SIGPIPE);
    return real(multi, easy);
}
CURLMcode curl_multi_cleanup(CURLM *multi) {
    CURLMcode (*real)(CURLM *) = (CURLMcode (*)(CURLM *))dlsym(RTLD_NEXT, "curl_multi_cleanup");
    raise(SIGPIPE);
    return real(multi);
}
]]

local script = [[
local core = require "twilio.core"
local session = require "twilio.core.http".session { proxy = "" }
local url = %q
session:perform { method = "GET", url = url }
local first, second = session:submit { method = "GET", url = url .. "/slow" }, session:submit { method = "GET", url = url .. "/slow" }
session:step(0.05)
first:cancel()
second:close()
session:submit { method = "GET", url = url .. "/slow" }
session:step(0.05)
session:close()
print "alive"
]]

it("a SIGPIPE of libcurl's doesn't end the program in a step, a cancel or a close", function()
   local server = fault.start [[
    while true do
      local line = read_request()
      if not line then return end
      if line:find "slow" then sleep(20) end
      send "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    end
  ]]
   assert.equal("alive", preload.run(old_curl, script:format(server.url), "-lcurl"))
   server:stop()
end)

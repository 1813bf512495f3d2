-- Errors of an engine that couldn't start named neither the folder ("can't start: Read-only file
-- system") nor the limit ("Resource temporarily unavailable" for threads).

local preload = require "support.preload"

local function start(c_code, method)
   return preload.run(c_code, ([[
      local session = require("twilio.core.http").session { proxy = "" }
      local done, err = session:%s { method = "GET", url = "http://name.example", timeout = 5 }
      print(done and "done" or err.kind .. " " .. tostring(err.sent) .. " " .. err.message)
   ]]):format(method))
end

describe("an engine that can't start says", function()
   it("which folders can't be written", function()
      assert.equal("config false can't start: no folder can be made in /tmp, /dev/shm or /var/tmp:"
         .. " Read-only file system", start([[
         #include <errno.h>
         #include <stddef.h>
         char *mkdtemp(char *template) { (void)template; errno = EROFS; return NULL; }
      ]], "start_thread"))
   end)

   it("which limit of threads is reached", function()
      assert.equal("config false can't start: no thread can be started: Resource temporarily"
         .. " unavailable (see ulimit -u, a service's TasksMax, a container's pids limit)", start([[
         #include <errno.h>
         #include <pthread.h>
         int pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *), void *s) {
             (void)t, (void)a, (void)f, (void)s;
             return EAGAIN;
         }
      ]], "start_thread"))
   end)

   it("so where a name can't be looked up for want of a thread", function()
      local text = start([[
         #include <errno.h>
         #include <pthread.h>
         int pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *), void *s) {
             (void)t, (void)a, (void)f, (void)s;
             return EAGAIN;
         }
      ]], "perform")
      -- libcurl 8.22 doesn't tell, and waits for the thread until the time is over.
      local major, minor = require("twilio.core.http").curl_version:match "^(%d+)%.(%d+)"
      local is_told = major * 1000 + minor < 8022
      assert.matches(is_told and "^config false no thread .*ulimit %-u"
         or "^timeout false Resolving timed out", text)
   end)
end)

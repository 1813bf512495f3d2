-- The notifier's listening socket was made first and marked close-on-exec after: a program that
-- another thread started between the two inherited it. Every descriptor of ours carries the mark
-- from its making; the library here prints those that don't.

local preload = require "support.preload"

local watcher = [[
#include <dlfcn.h>
#include <stdio.h>
#include <sys/socket.h>
int socket(int family, int type, int protocol) {
    int (*real)(int, int, int) = (int (*)(int, int, int))dlsym(RTLD_NEXT, "socket");
    /* libcurl itself makes and closes a datagram socket, to see whether there is IPv6. */
    int is_probe = family == AF_INET6 && (type & 0xf) == SOCK_DGRAM;
    if (!is_probe && !(type & SOCK_CLOEXEC)) printf("family %d without the mark\n", family), fflush(stdout);
    return real(family, type, protocol);
}
int accept(int fd, struct sockaddr *address, socklen_t *size) {
    int (*real)(int, struct sockaddr *, socklen_t *) = (int (*)(int, struct sockaddr *, socklen_t *))dlsym(RTLD_NEXT, "accept");
    printf("accept without the mark\n"), fflush(stdout);
    return real(fd, address, size);
}
]]

it("no socket is open to a program that is started meanwhile", function()
   assert.equal("done", preload.run(watcher, [[
    local core = require "twilio.core"
    local session = require "twilio.core.http".session { proxy = "" }
    session:start_thread()
    session:close()
    session = require "twilio.core.http".session { proxy = "" }
    session:perform { method = "GET", url = "http://127.0.0.1:1/" }
    session:close()
    print "done"
  ]]))
end)

-- process_spec.lua: signals, forks and inherited descriptors, through a small program.

local c_program = require "support.c_program"

local function prints(body)
   return c_program.output { text = ([[
#include "process.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile sig_atomic_t pipes;
static void count_pipe(int number) { (void)number, pipes++; }
static void break_pipe(void) {
    int ends[2];
    if (pipe(ends)) _exit(2);
    close(ends[0]);
    if (write(ends[1], "x", 1) != -1 || errno != EPIPE) _exit(2);
    close(ends[1]);
}
static int is_pending(void) {
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGPIPE);
}
static int is_inherited(int fd) { return !(fcntl(fd, F_GETFD) & FD_CLOEXEC); }
int main(void) {
    signal(SIGPIPE, count_pipe);
    %s
    return 0;
}
]]):format(body) }
end

describe("the guard against SIGPIPE", function()
   it("swallows one that is raised while it stands, and no other", function()
      assert.equal("1 1 0 2", prints [[
    break_pipe();
    int before = pipes;
    SigpipeGuard guard = sigpipe_block(1);
    break_pipe();
    sigpipe_restore(&guard);
    int during = pipes;
    int pending = is_pending();
    break_pipe();
    printf("%d %d %d %d\n", before, during, pending, (int)pipes);
]])
   end)

   it("leaves a program's own mask and its pending signal alone", function()
      assert.equal("1 1 0", prints [[
    sigset_t own, now;
    sigemptyset(&own);
    sigaddset(&own, SIGPIPE);
    sigprocmask(SIG_BLOCK, &own, NULL);
    raise(SIGPIPE);
    SigpipeGuard guard = sigpipe_block(1);
    break_pipe();
    sigpipe_restore(&guard);
    sigprocmask(SIG_BLOCK, NULL, &now);
    printf("%d %d %d\n", is_pending(), sigismember(&now, SIGPIPE), (int)pipes);
]])
   end)

   it("does nothing where it isn't needed", function()
      assert.equal("1", prints [[
    SigpipeGuard guard = sigpipe_block(0);
    break_pipe();
    sigpipe_restore(&guard);
    printf("%d\n", (int)pipes);
]])
   end)
end)

describe("the count of forks", function()
   it("tells a child from its parent, and a grandchild from both", function()
      assert.equal("0 1 2 0", prints [[
    int statuses[2];
    process_watch_forks();
    int first = process_forks();
    if (fork() == 0) {
        int child = process_forks();
        if (fork() == 0) _exit(process_forks());
        wait(&statuses[1]);
        _exit(child * 16 + WEXITSTATUS(statuses[1]));
    }
    wait(&statuses[0]);
    printf("%d %d %d %d\n", first, WEXITSTATUS(statuses[0]) / 16, WEXITSTATUS(statuses[0]) % 16, process_forks());
]])
   end)
end)

describe("a descriptor", function()
   it("of a socket, and of one that it accepts, is inherited by no program, and the accepted one doesn't block", function()
      assert.equal("0 0 1 1", prints [[
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t size = sizeof address;
    int listening = process_socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(listening, (struct sockaddr *)&address, sizeof address.sun_family) || listen(listening, 1)) return 2;
    getsockname(listening, (struct sockaddr *)&address, &size);
    int other = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(other, (struct sockaddr *)&address, size)) return 2;
    int accepted = process_accept(listening);
    printf("%d %d %d %d\n", is_inherited(listening), is_inherited(accepted),
        (fcntl(accepted, F_GETFL) & O_NONBLOCK) != 0, is_inherited(other));
]])
   end)

   it("that can't be had is -1, with the system's reason", function()
      assert.equal("1 1", prints [[
    int fd = process_socket(-1, SOCK_STREAM, 0);
    int failed = fd == -1 && errno == EAFNOSUPPORT;
    printf("%d %d\n", failed, process_accept(-1) == -1 && errno == EBADF);
]])
   end)

   it("is marked afterwards where it was made by others; -1 is passed over", function()
      assert.equal("1 0 1", prints [[
    int fd = dup(1), before = is_inherited(fd);
    process_close_on_exec(fd);
    process_close_on_exec(-1);
    int after = is_inherited(fd);
    int ends[2];
    if (pipe(ends)) return 2;
    process_nonblocking(ends[0]);
    char byte;
    printf("%d %d %d\n", before, after, read(ends[0], &byte, 1) == -1 && errno == EAGAIN);
]])
   end)
end)

describe("process_reason", function()
   it("names what failed, and the limit that was reached", function()
      assert.equal([[
Too many open files (see ulimit -n, worker_rlimit_nofile)
x: Too many open files in system (see sysctl fs.file-max)
no thread: Resource temporarily unavailable (see ulimit -u, a service's TasksMax, a container's pids limit)
/tmp: Read-only file system]], prints [[
    puts(process_reason(NULL, EMFILE));
    puts(process_reason("x", ENFILE));
    puts(process_reason("no thread", EAGAIN));
    puts(process_reason("/tmp", EROFS));
]])
   end)
end)

describe("process_lacks_descriptors", function()
   it("returns errno while there are fewer, and leaves none open", function()
      assert.equal("0 1 0 1 0", prints [[
    int first = process_lacks_descriptors(4), ends[2] = {-1, -1}, fd;
    while ((fd = dup(1)) >= 0) ends[0] = ends[1], ends[1] = fd;
    int used_up = process_lacks_descriptors(1) == EMFILE;
    close(ends[0]);
    int one = process_lacks_descriptors(1), two = process_lacks_descriptors(2) == EMFILE;
    close(ends[1]);
    printf("%d %d %d %d %d\n", first, used_up, one, two, process_lacks_descriptors(2));
]])
   end)
end)

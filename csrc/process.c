/* process.c: see process.h. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static atomic_int forks;

static void count_fork(void) { atomic_fetch_add(&forks, 1); }

void process_watch_forks(void) { pthread_atfork(NULL, NULL, count_fork); }

int process_forks(void) { return atomic_load(&forks); }

SigpipeGuard sigpipe_block(int is_needed) {
    SigpipeGuard guard = {.is_active = is_needed};
    sigset_t pipe;
    if (!is_needed) return guard;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &guard.before);
    return guard;
}

/* A signal that the program had blocked itself stays pending: it may wait for it. */
void sigpipe_restore(const SigpipeGuard *guard) {
    sigset_t pending;
    int number;
    if (!guard->is_active) return;
    sigemptyset(&pending);
    sigpending(&pending);
    if (!sigismember(&guard->before, SIGPIPE) && sigismember(&pending, SIGPIPE)) {
        sigemptyset(&pending);
        sigaddset(&pending, SIGPIPE);
        sigwait(&pending, &number);
    }
    pthread_sigmask(SIG_SETMASK, &guard->before, NULL);
}

static const char *limit_to_raise(int error) {
    switch (error) {
    case EMFILE: return " (see ulimit -n, worker_rlimit_nofile)";
    case ENFILE: return " (see sysctl fs.file-max)";
    case EAGAIN: return " (see ulimit -u, a service's TasksMax, a container's pids limit)";
    default: return "";
    }
}

const char *process_reason(const char *what, int error) {
    static _Thread_local char text[256];
    snprintf(text, sizeof text, "%s%s%s%s", what ? what : "", what ? ": " : "", strerror(error),
             limit_to_raise(error));
    return text;
}

void process_close_on_exec(int fd) {
    if (fd >= 0) fcntl(fd, F_SETFD, FD_CLOEXEC);
}

void process_nonblocking(int fd) { fcntl(fd, F_SETFL, O_NONBLOCK); }

int process_socket(int family, int type, int protocol) {
#ifdef SOCK_CLOEXEC
    return socket(family, type | SOCK_CLOEXEC, protocol);
#else
    int fd = socket(family, type, protocol);
    process_close_on_exec(fd);
    return fd;
#endif
}

int process_accept(int listening) {
#ifdef SOCK_CLOEXEC
    return accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
#else
    int fd = accept(listening, NULL, NULL);
    if (fd < 0) return fd;
    process_close_on_exec(fd);
    process_nonblocking(fd);
#ifdef SO_NOSIGPIPE
    setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &(int){1}, sizeof(int));
#endif
    return fd;
#endif
}

int process_open_spare(void) { return process_socket(AF_UNIX, SOCK_STREAM, 0); }

int process_lacks_descriptors(int count) {
    int opened[4], number = 0, error = 0;
    while (number < count && (opened[number] = process_open_spare()) >= 0) number++;
    if (number < count && (errno == EMFILE || errno == ENFILE)) error = errno;
    while (number > 0) close(opened[--number]);
    return error;
}

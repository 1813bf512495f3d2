/* process.h: what a process does to a library in it: signals, forks, descriptors that other
 * programs inherit. */
#ifndef TWILIO_PROCESS_H
#define TWILIO_PROCESS_H

#include <signal.h>

/* Starts to count forks. Once a process, before process_forks is asked. */
void process_watch_forks(void);

/* Returns how many forks lie between the first process that used this module and the present one:
 * cheaper than getpid, and never the same in a parent and its child. */
int process_forks(void);

/* Keeps a SIGPIPE that is raised between the two calls from the program, and only that. is_needed:
 * 0 makes both do nothing. */
typedef struct SigpipeGuard {
    int is_active;
    sigset_t before;
} SigpipeGuard;

SigpipeGuard sigpipe_block(int is_needed);
void sigpipe_restore(const SigpipeGuard *guard);

/* As socket and accept, for sockets that no program inherits which another thread starts meanwhile,
 * as far as the system allows; -1 with errno. The accepted ones don't block. */
int process_socket(int family, int type, int protocol);
int process_accept(int listening);

/* A descriptor that is only there to be closed when one is needed; -1 with errno. */
int process_open_spare(void);

/* Returns errno if the process, or the system, has fewer than `count` descriptors left at this
 * moment, 4 at most; 0: it has them. */
int process_lacks_descriptors(int count);

/* Says why a system call failed: "WHAT: the system's text", and which limit to raise where one was
 * reached. what: NULL for the rest alone; error: errno, EAGAIN only of pthread_create. The text is
 * good until the next failure in this thread. */
const char *process_reason(const char *what, int error);

void process_close_on_exec(int fd); /* -1 is allowed */
void process_nonblocking(int fd);

#endif

/* notifier.c: see notifier.h. */
#include "notifier.h"

#include "debug.h"
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL /* macOS has SO_NOSIGPIPE instead: process_accept sets it */
#define MSG_NOSIGNAL 0
#endif

enum { MAX_REQUEST = 20 }; /* 19 digits and a line feed */

struct Waiter {
    PollerOwner poller_owner;
    Notifier *notifier;
    Waiter *next, *previous;
    Waiter *next_notified;
    int fd;
    int is_waiting, is_notified; /* never both */
    size_t request_size;         /* bytes of the request, which is still in the socket */
    void *subject;
};

void *waiter_subject(const Waiter *waiter) { return waiter->subject; }
void waiter_set_subject(Waiter *waiter, void *subject) { waiter->subject = subject; }

/* --- waiters --- */

static void forget_notified(Waiter *waiter) {
    Waiter **place = &waiter->notifier->notified;
    while (*place != waiter) place = &(*place)->next_notified;
    *place = waiter->next_notified;
}

static void hang_up(Waiter *waiter) {
    Notifier *notifier = waiter->notifier;
    TW_ASSERT(!(waiter->is_waiting && waiter->is_notified));
    if (waiter->is_notified) forget_notified(waiter);
    if (waiter->is_waiting) notifier->owner->left(notifier->owner, waiter);
    poller_drop(notifier->poller, waiter->fd);
    close(waiter->fd);
    if (waiter->next) waiter->next->previous = waiter->previous;
    if (waiter->previous) waiter->previous->next = waiter->next;
    else notifier->waiters = waiter->next;
    notifier->waiter_count--;
    free(waiter);
}

void notifier_notify(Waiter *waiter) {
    Notifier *notifier = waiter->notifier;
    TW_ASSERT(waiter->is_waiting && !waiter->is_notified);
    waiter->is_waiting = 0;
    waiter->subject = NULL;
    waiter->is_notified = 1;
    waiter->next_notified = notifier->notified;
    if (!notifier->notified) notifier->notified_since = poller_now();
    notifier->notified = waiter;
}

/* Reads the requests only here. Reading frees buffer space, which wakes the peer with EPOLLOUT;
 * doing it together with the reply costs one wake-up instead of two. */
void notifier_flush(Notifier *notifier) {
    char request[MAX_REQUEST];
    for (Waiter *waiter; (waiter = notifier->notified);) {
        notifier->notified = waiter->next_notified;
        waiter->is_notified = 0;
        /* One byte always fits. If the peer has closed, the poller reports it next. */
        (void)!send(waiter->fd, "!", 1, MSG_NOSIGNAL);
        (void)!recv(waiter->fd, request, waiter->request_size, 0);
    }
}

int notifier_is_late(const Notifier *notifier) {
    enum { LONGEST = 500 }; /* microseconds */
    return notifier->notified && poller_now() - notifier->notified_since > LONGEST;
}

/* Takes in what has come of a request. Returns 0 if it can't become an id that we gave, or if it
 * comes while the connection waits for another. */
static int take_request(Waiter *waiter, const char *bytes, size_t size) {
    uint64_t id = 0;
    if (waiter->is_waiting || waiter->is_notified) return size == waiter->request_size;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n' && i > 0 && i + 1 == size) {
            waiter->request_size = size;
            waiter->is_waiting = 1;
            waiter->notifier->owner->requested(waiter->notifier->owner, waiter, id);
            return 1;
        }
        if (bytes[i] < '0' || bytes[i] > '9') return 0;
        id = id * 10 + (uint64_t)(bytes[i] - '0');
    }
    return size < MAX_REQUEST; /* the rest is still to come */
}

/* A waiter that has closed its connection has its request read first: the exchange is known then,
 * and cancelled. */
static void waiter_ready(PollerOwner *owner, int fd, int events) {
    Waiter *waiter = (Waiter *)owner;
    char bytes[MAX_REQUEST];
    ssize_t size = recv(fd, bytes, sizeof bytes, MSG_PEEK);
    int is_empty = size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    if (is_empty && !(events & POLLER_HUP)) return;
    int is_valid = size > 0 && take_request(waiter, bytes, (size_t)size);
    if (!is_valid || events & POLLER_HUP) hang_up(waiter);
}

/* --- accepting --- */

/* Returns 1 if this process itself has connected: other processes of the same user are refused. */
static int is_own(int fd) {
#ifdef SO_PEERCRED
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return 0;
    return peer.uid == geteuid() && peer.pid == getpid();
#else
    uid_t uid;
    gid_t gid;
    return getpeereid(fd, &uid, &gid) == 0 && uid == geteuid();
#endif
}

static void accept_waiter(Notifier *notifier, int fd) {
    Waiter *waiter = is_own(fd) ? calloc(1, sizeof *waiter) : NULL;
    if (!waiter ||
        !poller_watch(notifier->poller, fd, POLLER_IN | POLLER_EDGE, &waiter->poller_owner)) {
        free(waiter);
        close(fd);
        return;
    }
    waiter->poller_owner.ready = waiter_ready;
    waiter->notifier = notifier;
    waiter->fd = fd;
    waiter->next = notifier->waiters;
    if (waiter->next) waiter->next->previous = waiter;
    notifier->waiters = waiter;
    notifier->waiter_count++;
}

/* No descriptor is left. The spare one lets a waiter be accepted and refused, so that it needn't
 * wait for its own time-out. Returns 0 if nobody was there, or there is no spare one either. */
static int refuse_one(Notifier *notifier) {
    if (notifier->spare < 0) return 0;
    close(notifier->spare);
    int fd = process_accept(notifier->listening);
    if (fd >= 0) {
        (void)!send(fd, "-", 1, MSG_NOSIGNAL);
        close(fd);
    }
    notifier->spare = process_open_spare();
    return fd >= 0;
}

/* The listening socket is level-triggered: while nothing can be accepted it would keep the thread
 * busy. */
static void pause_accepting(Notifier *notifier) {
    enum { BACK_OFF = 50000 }; /* microseconds */
    poller_drop(notifier->poller, notifier->listening);
    notifier->resumes = poller_now() + BACK_OFF;
}

/* Returns 0 without memory. */
static int start_accepting(Notifier *notifier) {
    notifier->resumes = POLLER_NEVER;
    return poller_watch(notifier->poller, notifier->listening, POLLER_IN, &notifier->poller_owner);
}

void notifier_expire(Notifier *notifier, int64_t now) {
    if (notifier->resumes > now) return;
    if (notifier->spare < 0) notifier->spare = process_open_spare();
    start_accepting(notifier);
}

static void listener_ready(PollerOwner *owner, int fd, int events) {
    Notifier *notifier = (Notifier *)owner;
    (void)events;
    for (;;) {
        int accepted = process_accept(fd);
        if (accepted >= 0) {
            accept_waiter(notifier, accepted);
        } else if (errno == EMFILE || errno == ENFILE) {
            if (refuse_one(notifier)) continue;
            if (notifier->spare < 0) pause_accepting(notifier);
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            if (errno != EAGAIN && errno != EWOULDBLOCK) pause_accepting(notifier);
            return;
        }
    }
}

/* --- the socket's place: no other process can find it, or take its name before us --- */

/* Keeps the socket by a descriptor of its file and removes the file, so that nothing stays on
 * disk. */
static const char *hide(Notifier *notifier, const char *path) {
#ifdef O_PATH
    notifier->place = open(path, O_PATH | O_CLOEXEC);
    if (notifier->place < 0) return process_reason(NULL, errno);
    snprintf(notifier->path, sizeof notifier->path, "unix:/proc/self/fd/%d", notifier->place);
    return unlink(path) == 0 ? NULL : process_reason(NULL, errno);
#else
    snprintf(notifier->path, sizeof notifier->path, "unix:%s", path);
    return NULL;
#endif
}

static const char *bind_in(Notifier *notifier, const char *folder) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/notifier", folder);
    if (bind(notifier->listening, (struct sockaddr *)&address, sizeof address) != 0)
        return process_reason(NULL, errno);
    const char *message =
        listen(notifier->listening, 1024) == 0 ? NULL : process_reason(NULL, errno);
    if (!message) message = hide(notifier, address.sun_path);
    if (message) unlink(address.sun_path);
    return message;
}

static const char *const bases[] = {"/tmp", "/dev/shm",
                                    "/var/tmp"}; /* a service may see only some of them */

static const char *make_folder(char *folder, size_t room) {
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        snprintf(folder, room, "%s/twilio-XXXXXX", bases[i]);
        if (mkdtemp(folder)) return NULL;
    }
    return process_reason("no folder can be made in /tmp, /dev/shm or /var/tmp", errno);
}

static const char *bind_privately(Notifier *notifier) {
    char folder[32];
    notifier->listening = process_socket(AF_UNIX, SOCK_STREAM, 0);
    if (notifier->listening < 0) return process_reason(NULL, errno);
    const char *message = make_folder(folder, sizeof folder);
    if (message) return message;
    process_nonblocking(notifier->listening);
    message = bind_in(notifier, folder);
#ifdef O_PATH
    rmdir(folder);
#endif
    return message;
}

static void unbind(Notifier *notifier) {
#ifndef O_PATH
    char *name = strrchr(notifier->path, '/');
    if (name) {
        unlink(notifier->path + strlen("unix:"));
        *name = '\0';
        rmdir(notifier->path + strlen("unix:"));
    }
#endif
    int descriptors[] = {notifier->place, notifier->listening, notifier->spare};
    for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++)
        if (descriptors[i] >= 0) close(descriptors[i]);
    notifier->place = notifier->listening = notifier->spare = -1;
}

const char *notifier_bind(Notifier *notifier, Poller *poller, NotifierOwner *owner) {
    memset(notifier, 0, sizeof *notifier);
    notifier->listening = notifier->place = notifier->spare = -1;
    notifier->poller = poller;
    notifier->owner = owner;
    notifier->poller_owner.ready = listener_ready;
    notifier->spare = process_open_spare();
    const char *message =
        notifier->spare < 0 ? process_reason(NULL, errno) : bind_privately(notifier);
    if (!message && !start_accepting(notifier)) message = process_reason(NULL, ENOMEM);
    if (message) unbind(notifier);
    return message;
}

void notifier_close(Notifier *notifier) {
    notifier_flush(notifier);
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): hang_up takes it out of this list */
    while (notifier->waiters) hang_up(notifier->waiters);
    poller_drop(notifier->poller, notifier->listening);
    unbind(notifier);
}

/* doorbell.c: see doorbell.h. */
#include "doorbell.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL /* macOS has SO_NOSIGPIPE instead, set below */
#define MSG_NOSIGNAL 0
#endif

enum { LONGEST_QUESTION = 20 }; /* 19 digits and a line feed */

struct Waiter {
    PollerOwner poller_owner;
    Doorbell *doorbell;
    Waiter *next, *previous;
    Waiter *next_answered;
    int fd, waits, answered;
    size_t asked; /* bytes of the question */
    void *subject;
};

void *waiter_subject(const Waiter *waiter) { return waiter->subject; }
void waiter_set_subject(Waiter *waiter, void *subject) { waiter->subject = subject; }

#ifndef SOCK_CLOEXEC
static void make_private(int fd) {
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
#ifdef SO_NOSIGPIPE
    setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &(int){1}, sizeof(int));
#endif
}
#endif

/* --- waiters --- */

static void forget_answer(Waiter *waiter) {
    Waiter **place = &waiter->doorbell->answered;
    while (*place != waiter) place = &(*place)->next_answered;
    *place = waiter->next_answered;
}

static void hang_up(Waiter *waiter) {
    Doorbell *doorbell = waiter->doorbell;
    if (waiter->answered) forget_answer(waiter);
    if (waiter->waits) doorbell->owner->left(doorbell->owner, waiter);
    poller_drop(doorbell->poller, waiter->fd);
    close(waiter->fd);
    if (waiter->next) waiter->next->previous = waiter->previous;
    if (waiter->previous) waiter->previous->next = waiter->next;
    else doorbell->waiters = waiter->next;
    doorbell->waiter_count--;
    free(waiter);
}

void doorbell_answer(Waiter *waiter) {
    Doorbell *doorbell = waiter->doorbell;
    waiter->waits = 0;
    waiter->subject = NULL;
    waiter->answered = 1;
    waiter->next_answered = doorbell->answered;
    if (!doorbell->answered) doorbell->since = poller_now();
    doorbell->answered = waiter;
}

/* The question is only looked at when it comes, and taken out of the socket now: that makes the socket writable, of
 * which its other side, an event loop, is told. Now it is awake anyway; before, it would be one more awakening. */
void doorbell_ring(Doorbell *doorbell) {
    char question[LONGEST_QUESTION];
    for (Waiter *waiter; (waiter = doorbell->answered);) {
        doorbell->answered = waiter->next_answered;
        waiter->answered = 0;
        /* One byte always fits. If the other side is gone, the poller says so next and the waiter goes too. */
        (void)!send(waiter->fd, "!", 1, MSG_NOSIGNAL);
        (void)!recv(waiter->fd, question, waiter->asked, 0);
    }
}

int doorbell_is_late(const Doorbell *doorbell) {
    enum { LONGEST = 500 }; /* microseconds */
    return doorbell->answered && poller_now() - doorbell->since > LONGEST;
}

static void ask(Waiter *waiter, uint64_t number, size_t size) {
    waiter->asked = size;
    waiter->waits = 1;
    waiter->doorbell->owner->asked(waiter->doorbell->owner, waiter, number);
}

/* 0: this is no number that we could have given, or one while another waits. */
static int read_question(Waiter *waiter, const char *bytes, size_t size) {
    uint64_t number = 0;
    if (waiter->waits || waiter->answered) return size == waiter->asked;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n' && i > 0 && i + 1 == size) return ask(waiter, number, size), 1;
        if (bytes[i] < '0' || bytes[i] > '9') return 0;
        number = number * 10 + (uint64_t)(bytes[i] - '0');
    }
    return size < LONGEST_QUESTION; /* the rest is to come */
}

static void waiter_ready(PollerOwner *owner, int fd, int events) {
    Waiter *waiter = (Waiter *)owner;
    char bytes[LONGEST_QUESTION];
    ssize_t size = recv(fd, bytes, sizeof bytes, MSG_PEEK);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) && !(events & POLLER_GONE)) return;
    /* Who asks and is gone has asked: its exchange is cancelled. */
    int is_well = size > 0 && read_question(waiter, bytes, (size_t)size);
    if (!is_well || events & POLLER_GONE) hang_up(waiter);
}

/* --- the door --- */

/* Only this very process: another of the same user has no business here. */
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

static void welcome(Doorbell *doorbell, int fd) {
    Waiter *waiter = is_own(fd) ? calloc(1, sizeof *waiter) : NULL;
    if (!waiter || poller_watch(doorbell->poller, fd, POLLER_IN | POLLER_NEWS, &waiter->poller_owner) != 0) {
        free(waiter);
        close(fd);
        return;
    }
    waiter->poller_owner.ready = waiter_ready;
    waiter->doorbell = doorbell;
    waiter->fd = fd;
    waiter->next = doorbell->waiters;
    if (waiter->next) waiter->next->previous = waiter;
    doorbell->waiters = waiter;
    doorbell->waiter_count++;
}

static int accept_private(int listening) {
#ifdef SOCK_CLOEXEC
    return accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
#else
    int fd = accept(listening, NULL, NULL);
    if (fd >= 0) make_private(fd);
    return fd;
#endif
}

static int open_spare(void) { return open("/dev/null", O_RDONLY | O_CLOEXEC); }

/* No descriptor is left. With the spare one a waiter can at least be told, and needn't wait for its time-out. 0: there
 * is nobody to refuse, or no way to. */
static int refuse_one(Doorbell *doorbell) {
    if (doorbell->spare < 0) return 0;
    close(doorbell->spare);
    int fd = accept_private(doorbell->listening);
    if (fd >= 0) {
        (void)!send(fd, "-", 1, MSG_NOSIGNAL);
        close(fd);
    }
    doorbell->spare = open_spare();
    return fd >= 0;
}

/* A listening socket that can't accept stays readable: the thread would spin. */
static void pause_accepting(Doorbell *doorbell) {
    enum { PAUSE = 50000 }; /* microseconds */
    poller_drop(doorbell->poller, doorbell->listening);
    doorbell->reopens = poller_now() + PAUSE;
}

static int accept_from_now_on(Doorbell *doorbell) {
    doorbell->reopens = POLLER_NEVER;
    return poller_watch(doorbell->poller, doorbell->listening, POLLER_IN, &doorbell->poller_owner);
}

void doorbell_expire(Doorbell *doorbell, int64_t now) {
    if (doorbell->reopens > now) return;
    if (doorbell->spare < 0) doorbell->spare = open_spare();
    accept_from_now_on(doorbell);
}

static void door_ready(PollerOwner *owner, int fd, int events) {
    Doorbell *doorbell = (Doorbell *)owner;
    (void)events;
    for (;;) {
        int accepted = accept_private(fd);
        if (accepted >= 0) {
            welcome(doorbell, accepted);
        } else if (errno == EMFILE || errno == ENFILE) {
            if (refuse_one(doorbell)) continue;
            if (doorbell->spare < 0) pause_accepting(doorbell);
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            if (errno != EAGAIN && errno != EWOULDBLOCK) pause_accepting(doorbell);
            return;
        }
    }
}

/* --- its place: a name that no other process can see or squat on --- */

/* The socket is kept by a descriptor of its file, and the file is gone before anyone could find it. */
static int hide(Doorbell *doorbell, const char *path) {
#ifdef O_PATH
    doorbell->place = open(path, O_PATH | O_CLOEXEC);
    if (doorbell->place < 0) return -1;
    snprintf(doorbell->path, sizeof doorbell->path, "unix:/proc/self/fd/%d", doorbell->place);
    return unlink(path);
#else
    snprintf(doorbell->path, sizeof doorbell->path, "unix:%s", path);
    return 0;
#endif
}

static int bind_in(Doorbell *doorbell, const char *folder) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/bell", folder);
    if (bind(doorbell->listening, (struct sockaddr *)&address, sizeof address) != 0) return -1;
    if (listen(doorbell->listening, 1024) == 0 && hide(doorbell, address.sun_path) == 0) return 0;
    unlink(address.sun_path);
    return -1;
}

static const char *const bases[] = {"/tmp", "/dev/shm", "/var/tmp"}; /* a service may see only some of them */

static int make_folder(char *folder, size_t room) {
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        snprintf(folder, room, "%s/twilio-XXXXXX", bases[i]);
        if (mkdtemp(folder)) return 0;
    }
    return -1;
}

static int open_socket(void) {
#ifdef SOCK_CLOEXEC /* at once: a program that another thread starts meanwhile must not inherit it */
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
#else
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd >= 0) make_private(fd);
    return fd;
#endif
}

static int take_place(Doorbell *doorbell) {
    char folder[32];
    doorbell->listening = open_socket();
    if (doorbell->listening < 0 || make_folder(folder, sizeof folder) != 0) return -1;
    int result = bind_in(doorbell, folder);
#ifdef O_PATH
    rmdir(folder);
#endif
    return result;
}

static void leave_place(Doorbell *doorbell) {
#ifndef O_PATH
    char *name = strrchr(doorbell->path, '/');
    if (name) {
        unlink(doorbell->path + strlen("unix:"));
        *name = '\0';
        rmdir(doorbell->path + strlen("unix:"));
    }
#endif
    int descriptors[] = {doorbell->place, doorbell->listening, doorbell->spare};
    for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++)
        if (descriptors[i] >= 0) close(descriptors[i]);
    doorbell->place = doorbell->listening = doorbell->spare = -1;
}

int doorbell_open(Doorbell *doorbell, Poller *poller, DoorbellOwner *owner) {
    memset(doorbell, 0, sizeof *doorbell);
    doorbell->listening = doorbell->place = doorbell->spare = -1;
    doorbell->poller = poller;
    doorbell->owner = owner;
    doorbell->poller_owner.ready = door_ready;
    if (take_place(doorbell) == 0 && (doorbell->spare = open_spare()) >= 0 && accept_from_now_on(doorbell) == 0) return 0;
    int trouble = errno;
    leave_place(doorbell);
    errno = trouble;
    return -1;
}

void doorbell_close(Doorbell *doorbell) {
    doorbell_ring(doorbell);
    while (doorbell->waiters) hang_up(doorbell->waiters);
    poller_drop(doorbell->poller, doorbell->listening);
    leave_place(doorbell);
}

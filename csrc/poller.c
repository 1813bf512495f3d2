/* poller.c: see poller.h. Two systems with the same few functions; then the code that they
 * share. */
#include "poller.h"

#include "process.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64 };

int64_t poller_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t microseconds_until(int64_t when) {
    int64_t left = when - poller_now();
    return left > 0 ? left : 0;
}

static void call_owner(Poller *poller, int fd, uint32_t generation, int events);

#if defined(__linux__)
#include <sys/epoll.h>
#include <sys/timerfd.h>

/* An event carries the generation of its registration above the descriptor. */
static uint64_t tag_of(int fd, uint32_t generation) {
    return (uint64_t)generation << 32 | (uint32_t)fd;
}

static const char *open_system(Poller *poller) {
    struct epoll_event event = {.events = EPOLLIN};
    poller->fd = epoll_create1(EPOLL_CLOEXEC);
    if (poller->fd < 0) return process_reason(NULL, errno);
    poller->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (poller->timer < 0) return process_reason(NULL, errno);
    event.data.u64 = tag_of(poller->timer, 0);
    return epoll_ctl(poller->fd, EPOLL_CTL_ADD, poller->timer, &event) == 0
               ? NULL
               : process_reason(NULL, errno);
}

/* Tries ADD and MOD: a descriptor that was closed without poller_drop has left the set by itself,
 * and its number may belong to another one by now. */
static void watch_system(Poller *poller, int fd, int before, int events) {
    struct epoll_event event = {.data.u64 = tag_of(fd, poller->slots[fd].generation)};
    if (events & POLLER_IN) event.events |= EPOLLIN;
    if (events & POLLER_OUT) event.events |= EPOLLOUT;
    if (events & POLLER_EDGE) event.events |= EPOLLET;
    int first = !events ? EPOLL_CTL_DEL : before ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (epoll_ctl(poller->fd, first, fd, &event) == 0 || !events) return;
    epoll_ctl(poller->fd, first == EPOLL_CTL_MOD ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event);
}

static void timer_off(Poller *poller) {
    uint64_t times;
    if (read(poller->timer, &times, sizeof times) > 0) poller->armed = POLLER_NEVER;
}

static void ready_system(Poller *poller, const struct epoll_event *event) {
    int events = 0, fd = (int)(uint32_t)event->data.u64;
    if (fd == poller->timer) {
        timer_off(poller);
        return;
    }
    if (event->events & (EPOLLIN | EPOLLHUP | EPOLLERR)) events |= POLLER_IN;
    if (event->events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) events |= POLLER_OUT;
    if (event->events & (EPOLLHUP | EPOLLERR)) events |= POLLER_HUP;
    call_owner(poller, fd, (uint32_t)(event->data.u64 >> 32), events);
}

int poller_run(Poller *poller, int64_t until) {
    struct epoll_event events[BATCH];
    int timeout = -1;
    if (until !=
        POLLER_NEVER) { /* rounded up: rounded down, the last millisecond would be a busy loop */
        int64_t left = (microseconds_until(until) + 999) / 1000;
        timeout = left < INT_MAX ? (int)left : INT_MAX;
    }
    int count = epoll_wait(poller->fd, events, BATCH, timeout);
    for (int i = 0; i < count; i++) ready_system(poller, &events[i]);
    return count > 0 ? count : 0;
}

static void set_timer(Poller *poller, int64_t microseconds, int flags) {
    struct itimerspec when = {.it_value = {.tv_sec = (time_t)(microseconds / 1000000),
                                           .tv_nsec = (long)(microseconds % 1000000) * 1000}};
    timerfd_settime(poller->timer, flags, &when, NULL);
}

void poller_wake(Poller *poller) { set_timer(poller, 1, 0); }

static void arm_system(Poller *poller, int64_t when) {
    if (when == POLLER_NEVER) set_timer(poller, 0, 0); /* 0 disarms */
    else set_timer(poller, when > 0 ? when : 1, TFD_TIMER_ABSTIME);
}

#else
#include <fcntl.h>
#include <sys/event.h>
#include <sys/types.h>

enum { TIMER = 1 };

static const char *open_system(Poller *poller) {
    poller->fd = kqueue();
    if (poller->fd < 0) return process_reason(NULL, errno);
    return fcntl(poller->fd, F_SETFD, FD_CLOEXEC) == 0 ? NULL : process_reason(NULL, errno);
}

static void change(Poller *poller, int fd, int filter, int flags, uint32_t generation,
                   int64_t data) {
    struct kevent event;
    EV_SET(&event, (uintptr_t)fd, (short)filter, (unsigned short)flags, 0, (intptr_t)data,
           (void *)(uintptr_t)generation);
    kevent(poller->fd, &event, 1, NULL, 0,
           NULL); /* deleting an absent filter fails, which is harmless */
}

static void watch_system(Poller *poller, int fd, int before, int events) {
    (void)before;
    int add = events & POLLER_EDGE ? EV_ADD | EV_CLEAR : EV_ADD;
    uint32_t generation = poller->slots[fd].generation;
    change(poller, fd, EVFILT_READ, events & POLLER_IN ? add : EV_DELETE, generation, 0);
    change(poller, fd, EVFILT_WRITE, events & POLLER_OUT ? add : EV_DELETE, generation, 0);
}

int poller_run(Poller *poller, int64_t until) {
    struct kevent events[BATCH];
    struct timespec timeout;
    int64_t left = until == POLLER_NEVER ? 0 : microseconds_until(until);
    timeout.tv_sec = (time_t)(left / 1000000);
    timeout.tv_nsec = (long)(left % 1000000) * 1000;
    int count = kevent(poller->fd, NULL, 0, events, BATCH, until == POLLER_NEVER ? NULL : &timeout);
    for (int i = 0; i < count; i++) {
        int what = (events[i].filter == EVFILT_READ ? POLLER_IN : POLLER_OUT) |
                   ((events[i].flags & EV_EOF) ? POLLER_HUP : 0);
        if (events[i].filter == EVFILT_TIMER) poller->armed = POLLER_NEVER;
        else call_owner(poller, (int)events[i].ident, (uint32_t)(uintptr_t)events[i].udata, what);
    }
    return count > 0 ? count : 0;
}

static void set_timer(Poller *poller, int64_t milliseconds) {
    change(poller, TIMER, EVFILT_TIMER, EV_ADD | EV_ONESHOT, 0, milliseconds);
}

void poller_wake(Poller *poller) {
    set_timer(poller, 1);
} /* not every kqueue takes 0 as "at once" */

static void arm_system(Poller *poller, int64_t when) {
    if (when == POLLER_NEVER) change(poller, TIMER, EVFILT_TIMER, EV_DELETE, 0, 0);
    else set_timer(poller, microseconds_until(when) / 1000 + 1);
}
#endif

const char *poller_open(Poller *poller) {
    memset(poller, 0, sizeof *poller);
    poller->armed = POLLER_NEVER;
    poller->fd = poller->timer = -1;
    const char *message = open_system(poller);
    if (message) poller_close(poller);
    return message;
}

void poller_close(Poller *poller) {
    if (poller->timer >= 0) close(poller->timer);
    if (poller->fd >= 0) close(poller->fd);
    poller->timer = poller->fd = -1;
    free(poller->slots);
    poller->slots = NULL;
    poller->room = 0;
}

/* Returns 0 without memory. */
static int make_room(Poller *poller, int fd) {
    int room = poller->room ? poller->room : 64;
    if (fd < poller->room) return 1;
    while (room <= fd) room *= 2;
    PollerSlot *slots = realloc(poller->slots, (size_t)room * sizeof *slots);
    if (!slots) return 0;
    memset(slots + poller->room, 0, (size_t)(room - poller->room) * sizeof *slots);
    poller->slots = slots;
    poller->room = room;
    return 1;
}

static void set_events(Poller *poller, int fd, int events) {
    PollerSlot *slot = &poller->slots[fd];
    slot->generation++;
    watch_system(poller, fd, slot->events, events);
    slot->events = events;
}

int poller_watch(Poller *poller, int fd, int events, PollerOwner *owner) {
    if (!make_room(poller, fd)) return 0;
    poller->slots[fd].owner = events ? owner : NULL;
    if (events) set_events(poller, fd, events);
    return 1;
}

void poller_drop(Poller *poller, int fd) {
    if (fd >= poller->room) return;
    if (poller->slots[fd].events) set_events(poller, fd, 0);
    poller->slots[fd].owner = NULL;
    poller->slots[fd].generation++;
}

/* An owner called earlier in the same batch may have closed this descriptor, and its number may be
 * in use again: the event then has an older generation than the slot. Level-triggered events that
 * are still true come again. Without an owner the descriptor is left alone for a while, and must
 * not wake us again meanwhile. */
static void call_owner(Poller *poller, int fd, uint32_t generation, int events) {
    if (fd >= poller->room || poller->slots[fd].generation != generation) return;
    PollerSlot *slot = &poller->slots[fd];
    if (slot->owner) slot->owner->ready(slot->owner, fd, events);
    else if (slot->events) set_events(poller, fd, 0);
}

void poller_arm(Poller *poller, int64_t when) {
    if (when == poller->armed) return;
    poller->armed = when;
    arm_system(poller, when);
}

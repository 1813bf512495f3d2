/* poller.h: waits for descriptors; is itself one descriptor that a foreign loop can wait for.
 *
 * On epoll and timerfd (Linux) or kqueue. Knows nothing of curl or of what is watched: each
 * descriptor has an owner, a struct that begins with the function to call. */
#ifndef TWILIO_POLLER_H
#define TWILIO_POLLER_H

#include <stdint.h>

enum {
    POLLER_IN = 1,
    POLLER_OUT = 2,
    POLLER_HUP = 4, /* reported, never requested: the peer has hung up */
    POLLER_EDGE = 8 /* requested, never reported: edge-triggered */
};

#define POLLER_NEVER INT64_MAX

typedef struct PollerOwner {
    void (*ready)(struct PollerOwner *owner, int fd, int events);
} PollerOwner;

typedef struct PollerSlot {
    PollerOwner *owner;  /* NULL: not watched */
    int events;          /* that the system was told to watch for */
    uint32_t generation; /* of the last registration; an event of an earlier one is stale */
} PollerSlot;

typedef struct Poller {
    int fd, timer;
    int64_t armed;     /* the time that poller_arm has set */
    PollerSlot *slots; /* by descriptor */
    int room;
} Poller;

int64_t poller_now(void); /* microseconds on a clock that never jumps */

const char *poller_open(Poller *poller); /* NULL, or why it can't be */
void poller_close(Poller *poller);

/* Calls the owner whenever one of these events (POLLER_IN, POLLER_OUT, POLLER_EDGE) is there; with
 * 0 events, no more. Returns 1, or 0 without memory. A descriptor without events stays registered
 * with the system, which saves a system call when it gets some again. Call poller_drop before
 * closing it; a descriptor that was closed without that is noticed later. */
int poller_watch(Poller *poller, int fd, int events, PollerOwner *owner);
void poller_drop(Poller *poller, int fd);

/* Waits until a descriptor is ready, the timer expires, or that time on poller_now's clock has come
 * (POLLER_NEVER: it never does), and calls the owners. Returns the number of events. */
int poller_run(Poller *poller, int64_t until);

/* Ends the present poller_run or the next one. From any thread. */
void poller_wake(Poller *poller);

/* Makes poller->fd readable at that time; 0: at once. Between runs, and not together with
 * poller_wake. */
void poller_arm(Poller *poller, int64_t when);

#endif

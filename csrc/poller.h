/* poller.h: waits for descriptors; is itself one descriptor that a foreign loop can wait for.
 *
 * Builds on the system only: epoll and timerfd on Linux, kqueue elsewhere. Knows nothing of curl or of
 * what is watched: each descriptor has an owner, a struct that begins with the function to call. */
#ifndef TWILIO_POLLER_H
#define TWILIO_POLLER_H

#include <stdint.h>

enum {
    POLLER_IN = 1,
    POLLER_OUT = 2,
    POLLER_GONE = 4, /* told, not asked for: the other side has hung up */
    POLLER_NEWS = 8  /* asked for: only when something has come, not for as long as it is there */
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
    int fd, alarm;
    int64_t armed;     /* what poller_export has set the alarm to */
    PollerSlot *slots; /* by descriptor */
    int room;
} Poller;

int64_t poller_now(void); /* microseconds on a clock that never jumps */

int poller_open(Poller *poller); /* 0, or -1 with errno */
void poller_close(Poller *poller);

/* Call the owner whenever one of these events is there. 0 events: don't any more. 0, or -1 without memory.
 * A descriptor that is often left alone for a while stays with the system meanwhile, for that saves a call
 * each time. So call poller_drop before closing it; if it is closed behind our back, that is seen too. */
int poller_watch(Poller *poller, int fd, int events, PollerOwner *owner);
void poller_drop(Poller *poller, int fd);

/* Waits until a descriptor is ready, the alarm goes off, or that time has come, and calls the owners. How many
 * events there were. */
int poller_run(Poller *poller, int64_t until);

/* Ends the present poller_run or the next one. From any thread. */
void poller_wake(Poller *poller);

/* Makes poller->fd readable at that time. Between runs, and not together with poller_wake. */
void poller_export(Poller *poller, int64_t when);

#endif

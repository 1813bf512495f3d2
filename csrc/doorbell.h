/* doorbell.h: tells those who wait outside of C that an exchange is done, through a socket.
 *
 * A waiter connects to the doorbell's path, writes an exchange's number in decimal and a line feed, and
 * reads one byte: "!" when the exchange is done. Then the connection may ask for another: a
 * pool of such connections is all that an event loop needs. Hanging up before the byte is giving up.
 * "-" and the end of the connection instead: no descriptor was left to accept the waiter with.
 * Builds on poller. Knows nothing of curl or Lua; works in the thread that runs the poller. */
#ifndef TWILIO_DOORBELL_H
#define TWILIO_DOORBELL_H

#include "poller.h"

typedef struct Waiter Waiter;

/* What the doorbell asks of its owner. */
typedef struct DoorbellOwner {
    void (*asked)(struct DoorbellOwner *owner, Waiter *waiter, uint64_t number);
    void (*left)(struct DoorbellOwner *owner, Waiter *waiter); /* its answer is still out; the waiter goes */
} DoorbellOwner;

typedef struct Doorbell {
    PollerOwner poller_owner;
    Poller *poller;
    DoorbellOwner *owner;
    Waiter *waiters;
    _Atomic uint64_t waiter_count;
    Waiter *answered; /* those whose byte is still to be sent */
    int64_t since;    /* when the first of them was */
    int64_t reopens; /* when it accepts again after a lack of descriptors; POLLER_NEVER: it accepts now */
    int listening, place;
    int spare; /* a descriptor kept to refuse a waiter with when no other is left */
    char path[64];
} Doorbell;

int doorbell_open(Doorbell *doorbell, Poller *poller, DoorbellOwner *owner); /* 0, or -1 with errno */
void doorbell_close(Doorbell *doorbell);                                     /* rings, then hangs up on everyone */
void doorbell_expire(Doorbell *doorbell, int64_t now); /* accepts again, when it is time */

/* Once for each number asked. The byte is sent by doorbell_ring: each wakes another thread, which costs more than
 * the rest, but not if that is up already because of one just before. */
void doorbell_answer(Waiter *waiter);
void doorbell_ring(Doorbell *doorbell);
int doorbell_is_late(const Doorbell *doorbell); /* has one been answered so long ago that it must be told now? */

void *waiter_subject(const Waiter *waiter); /* what the owner wants to remember of it */
void waiter_set_subject(Waiter *waiter, void *subject);

#endif

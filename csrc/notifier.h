/* notifier.h: tells waiters outside of C that an exchange is done, through a unix-domain socket.
 *
 * A waiter connects to the notifier's path, writes an exchange's id in decimal and a line feed, and
 * reads one byte: "!" when the exchange is done. The connection may then be used for another one:
 * an event loop keeps a pool of them. A waiter that closes its connection before the byte gives the
 * exchange up. "-" and the end of the connection mean that no descriptor was left to accept the
 * waiter with.
 *
 * Runs in the thread that runs the poller. Knows nothing of curl or Lua. */
#ifndef TWILIO_NOTIFIER_H
#define TWILIO_NOTIFIER_H

#include "poller.h"

typedef struct Waiter Waiter;

/* The functions that the notifier calls. */
typedef struct NotifierOwner {
    void (*requested)(struct NotifierOwner *owner, Waiter *waiter,
                      uint64_t id); /* wait for this exchange */
    void (*left)(struct NotifierOwner *owner,
                 Waiter *waiter); /* it was still waiting, and is freed next */
} NotifierOwner;

typedef struct Notifier {
    PollerOwner poller_owner;
    Poller *poller;
    NotifierOwner *owner;
    Waiter *waiters;
    _Atomic uint64_t waiter_count; /* may be read by other threads */
    Waiter *notified;              /* their bytes are sent by notifier_flush */
    int64_t notified_since;        /* when the first of them was notified */
    int64_t resumes; /* when it accepts again after a lack of descriptors; else POLLER_NEVER */
    int listening;
    int place; /* a descriptor of the socket's file, where it has no name any more */
    int spare; /* kept to refuse a waiter with when no other descriptor is left */
    char path[64];
} Notifier;

/* Opens the socket and accepts waiters in the poller, which must outlive the notifier, as the owner
 * must. Returns NULL, or why it can't. */
const char *notifier_bind(Notifier *notifier, Poller *poller, NotifierOwner *owner);
void notifier_close(Notifier *notifier); /* flushes, then closes every connection */

/* Accepts again, if it is time to. now: poller_now's. */
void notifier_expire(Notifier *notifier, int64_t now);

/* Marks a waiter's exchange as done. Its byte is sent by notifier_flush: each byte wakes another
 * thread, which costs more than all the rest, but costs little when that thread was woken just
 * before. */
void notifier_notify(Waiter *waiter);
void notifier_flush(Notifier *notifier);
int notifier_is_late(const Notifier *notifier); /* 1 if a notified waiter's byte must be sent now */

/* A pointer that the owner keeps with a waiter. */
void *waiter_subject(const Waiter *waiter);
void waiter_set_subject(Waiter *waiter, void *subject);

#endif

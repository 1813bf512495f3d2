/* poller_stale.c: a descriptor's number is used again within one batch of events. See poller_spec.lua. */
#include "poller.h"

#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PAIRS = 8 };

typedef struct Watched {
    PollerOwner owner;
    int fd, peer, called;
} Watched;

static Poller poller;
static Watched watched[PAIRS], newcomer[PAIRS], quiet;
static int closed;

static void on_newcomer(PollerOwner *owner, int fd, int events) {
    (void)fd, (void)events;
    ((Watched *)owner)->called++;
}

static void open_pair(Watched *one) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) != 0) _exit(2);
    one->fd = pair[0], one->peer = pair[1];
}

static void watch(Watched *one, void (*ready)(PollerOwner *, int, int)) {
    one->owner.ready = ready;
    poller_watch(&poller, one->fd, POLLER_IN | POLLER_EDGE, &one->owner);
}

/* The first that is called closes all others, whose events are in the same batch; the newcomers get their numbers. */
static void on_ready(PollerOwner *owner, int fd, int events) {
    (void)fd, (void)events;
    ((Watched *)owner)->called++;
    if (closed) return;
    closed = 1;
    for (int i = 0; i < PAIRS; i++) {
        if (&watched[i].owner == owner) continue;
        poller_drop(&poller, watched[i].fd);
        close(watched[i].fd);
    }
    for (int i = 1; i < PAIRS; i++) {
        newcomer[i].fd = dup(quiet.fd);
        watch(&newcomer[i], on_newcomer);
    }
}

int main(void) {
    int others = 0, innocent = 0;
    if (poller_open(&poller)) return 2;
    open_pair(&quiet);
    for (int i = 0; i < PAIRS; i++) open_pair(&watched[i]), watch(&watched[i], on_ready);
    for (int i = 0; i < PAIRS; i++) close(watched[i].peer);
    poller_run(&poller, poller_now() + 1000000);
    for (int i = 0; i < PAIRS; i++) others += watched[i].called, innocent += newcomer[i].called;
    printf("%d called, %d innocent\n", others, innocent);
    if (write(quiet.peer, "x", 1) != 1) return 2;
    poller_run(&poller, poller_now() + 1000000);
    printf("%d after data\n", newcomer[1].called);
    return 0;
}

/* notifier_race.c: a poller and a notifier in a thread of their own, as the engine has them,
 * without libcurl: others connect, leave and wake them, for ThreadSanitizer and valgrind to look
 * at. See notifier_race_spec.lua.
 *
 *   notifier_race ROUNDS
 *
 * Built with -DPLANTED it also looks at the poller's table from outside: the control that a race
 * would be found. */
#include "notifier.h"
#include "poller.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { CALLERS = 4, CALLS = 60, LATER = 8 };

static Poller poller;
static Notifier notifier;
static atomic_int requests, departures, stop;
static atomic_uint wakes;

/* Waiters whose reply comes later: the thread's own. */
static Waiter *later[LATER];
static int later_count;

/* An even id is replied to at once, an odd one a few requests later, each ninth never. */
static void requested(NotifierOwner *owner, Waiter *waiter, uint64_t id) {
    (void)owner;
    requests++;
    if (id % 9 == 0) return;
    if (id % 2 == 0 || later_count == LATER) notifier_notify(waiter);
    else {
        waiter_set_subject(waiter, later);
        later[later_count++] = waiter;
    }
}

static void left(NotifierOwner *owner, Waiter *waiter) {
    (void)owner;
    departures++;
    for (int i = 0; i < later_count; i++)
        if (later[i] == waiter) later[i--] = later[--later_count];
}

static NotifierOwner owner = {requested, left};

static void *run(void *state) {
    (void)state;
    while (!stop) {
        int64_t until = later_count ? poller_now() + 1000 : notifier.resumes;
        if (poller_run(&poller, notifier.notified ? 0 : until) == 0) notifier_flush(&notifier);
        while (later_count) notifier_notify(later[--later_count]);
        notifier_expire(&notifier, poller_now());
        wakes++;
    }
    return NULL;
}

static int connect_to_notifier(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", notifier.path + strlen("unix:"));
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) exit(2);
    return fd;
}

/* Writes a request, sometimes in two pieces. */
static void ask(int fd, uint64_t id) {
    char text[24];
    int size = snprintf(text, sizeof text, "%llu\n", (unsigned long long)id), first = size;
    if (id % 5 == 0) {
        first = 1;
        if (write(fd, text, 1) != 1) exit(2);
        poller_wake(&poller);
    } else first = 0;
    if (write(fd, text + first, (size_t)(size - first)) != size - first) exit(2);
}

static void *call(void *state) {
    uint64_t first = (uint64_t)(uintptr_t)state * CALLS + 1;
    int fd = connect_to_notifier();
    char byte;
    for (uint64_t id = first; id < first + CALLS; id++) {
        ask(fd, id);
        if (id % 9 && id % 7) {
            if (read(fd, &byte, 1) != 1 || byte != '!') exit(3);
        } else { /* leaves with its request, or while it waits */
            close(fd);
            fd = connect_to_notifier();
        }
        poller_wake(&poller);
#ifdef PLANTED
        if (poller.room < 0 || notifier.notified) poller_wake(&poller);
#endif
    }
    close(fd);
    return NULL;
}

static void round_of_calls(int number) {
    pthread_t thread, callers[CALLERS];
    if (poller_open(&poller) || notifier_bind(&notifier, &poller, &owner)) exit(2);
    stop = 0;
    if (pthread_create(&thread, NULL, run, NULL)) exit(2);
    for (int i = 0; i < CALLERS; i++)
        if (pthread_create(&callers[i], NULL, call, (void *)(uintptr_t)i)) exit(2);
    for (int i = 0; i < CALLERS; i++) pthread_join(callers[i], NULL);
    while (requests < number * CALLERS * CALLS) sched_yield(); /* of those that have left, too */
    stop = 1;
    poller_wake(&poller);
    pthread_join(thread, NULL);
    later_count = 0;
    notifier_close(&notifier);
    poller_close(&poller);
}

/* A wake-up ends the run that waits, or the next one: none is lost, whenever it comes. */
static void *sleep_and_wake(void *state) {
    (void)state;
    while (!stop) {
        poller_run(&poller, POLLER_NEVER);
        wakes++;
    }
    return NULL;
}

static void no_wake_is_lost(void) {
    pthread_t thread;
    if (poller_open(&poller)) exit(2);
    stop = 0;
    if (pthread_create(&thread, NULL, sleep_and_wake, NULL)) exit(2);
    for (int i = 0; i < 1000; i++) {
        unsigned before = wakes;
        poller_wake(&poller);
        while (wakes == before) sched_yield();
    }
    stop = 1;
    poller_wake(&poller);
    pthread_join(thread, NULL);
    poller_close(&poller);
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    for (int i = 1; i <= atoi(arguments[1]); i++) {
        round_of_calls(i);
        no_wake_is_lost();
    }
    printf("%d requested, %d left\n", requests, departures);
    return requests > 0 && departures > 0 ? 0 : 4;
}

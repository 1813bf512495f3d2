/* engine.c: see engine.h. What both ways of driving share comes first, then each of them, then life
 * and death. `admit` is the door from the owner's thread to the one that runs curl: a stepped engine
 * goes through it too, so that there is one way in. */
#include "engine.h"

#include "doorbell.h"
#include "poller.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUCKETS = 256, KEPT_WIRES = 64, KEPT_CONNECTIONS = 1024 };

typedef _Atomic uint64_t Counter;

struct Engine {
    int forks; /* of the process that made it; cheaper than getpid */
    CURLM *multi;
    CURLSH *share; /* TLS sessions: an easy handle's own cache would go with the handle */
    Connections connections;
    Poller poller;
    PollerOwner sockets;
    int64_t due;      /* when curl wants to be called at the latest */
    int64_t deadline; /* not after the first of the running exchanges' */
    const EngineOptions *options;

    Transfer *running[BUCKETS]; /* by id */
    Wire *wires;                /* free ones */
    int kept_wires;

    pthread_mutex_t lock; /* of these five */
    Transfer *submitted, **submitted_end;
    Transfer *cancelled, *resumed;
    int stop;

    int exported;       /* someone waits for the poller's descriptor */
    int guards_sigpipe; /* see guard_signal */
    int threaded, listed;
    pthread_t thread;
    Doorbell doorbell;
    DoorbellOwner doorbell_owner;
    Engine *next; /* in the list of threaded engines */

    uint64_t last_id;
    Counter submissions, opened, reused, done, withdrawn;
    uint64_t news; /* how often a sink has taken something */
};

static atomic_int forks; /* between the first process that used this module and the present one */

int engine_is_inherited(const Engine *engine) { return engine->forks != atomic_load(&forks); }
int engine_is_threaded(const Engine *engine) { return engine->threaded; }

/* --- curl's callbacks --- */

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *state, void *of_socket) {
    static const int events[] = {[CURL_POLL_IN] = POLLER_IN,
                                 [CURL_POLL_OUT] = POLLER_OUT,
                                 [CURL_POLL_INOUT] = POLLER_IN | POLLER_OUT,
                                 [CURL_POLL_REMOVE] = 0};
    Engine *engine = state;
    (void)easy, (void)of_socket;
    return poller_watch(&engine->poller, fd, events[what], &engine->sockets);
}

static int close_on_exec(int fd) {
    if (fd >= 0) fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}

static curl_socket_t on_open(void *state, curlsocktype purpose, struct curl_sockaddr *address) {
    Wire *wire = state;
    (void)purpose;
#ifdef SOCK_CLOEXEC
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
    int fd = close_on_exec(socket(address->family, address->socktype, address->protocol));
#endif
    if (fd >= 0) connections_opened(wire->connections, fd);
    else if ((errno == EMFILE || errno == ENFILE) && wire->transfer) wire->transfer->no_descriptor = errno;
    return fd;
}

static int on_close(void *state, curl_socket_t fd) {
    Engine *engine = state;
    connections_closed(&engine->connections, fd);
    poller_drop(&engine->poller, fd);
    return close(fd);
}

static int on_timer(CURLM *multi, long milliseconds, void *state) {
    Engine *engine = state;
    (void)multi;
    engine->due = milliseconds < 0 ? POLLER_NEVER : poller_now() + (int64_t)milliseconds * 1000;
    return 0;
}

static void socket_ready(PollerOwner *owner, int fd, int events) {
    Engine *engine = (Engine *)((char *)owner - offsetof(Engine, sockets));
    int running, what = (events & POLLER_IN ? CURL_CSELECT_IN : 0) | (events & POLLER_OUT ? CURL_CSELECT_OUT : 0);
    curl_multi_socket_action(engine->multi, fd, what, &running);
}

static void run_timers(Engine *engine) {
    int running;
    long next;
    curl_multi_socket_action(engine->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    /* Asked for, as curl doesn't repeat a time that it has announced before, even if we came too early. */
    if (curl_multi_timeout(engine->multi, &next) == CURLM_OK) on_timer(engine->multi, next, engine);
}

/* --- exchanges --- */

static Wire *make_wire(Engine *engine) {
    Wire *wire = wire_new(&engine->options->wire, engine->share, &engine->connections);
    if (!wire) return NULL;
    curl_easy_setopt(wire->easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(wire->easy, CURLOPT_OPENSOCKETDATA, wire);
    curl_easy_setopt(wire->easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
    curl_easy_setopt(wire->easy, CURLOPT_CLOSESOCKETDATA, engine);
    return wire;
}

static Wire *take_wire(Engine *engine) {
    Wire *wire = engine->wires;
    if (!wire) return make_wire(engine);
    engine->wires = wire->next;
    engine->kept_wires--;
    return wire;
}

static void keep_wire(Engine *engine, Wire *wire) {
    if (engine->kept_wires >= KEPT_WIRES) {
        wire_free(wire);
        return;
    }
    wire->next = engine->wires;
    engine->wires = wire;
    engine->kept_wires++;
}

static void enlist(Engine *engine, Transfer *transfer) {
    Transfer **bucket = &engine->running[transfer->id % BUCKETS];
    transfer->previous = NULL;
    transfer->next = *bucket;
    if (*bucket) (*bucket)->previous = transfer;
    *bucket = transfer;
}

static void delist(Engine *engine, Transfer *transfer) {
    if (transfer->next) transfer->next->previous = transfer->previous;
    if (transfer->previous) transfer->previous->next = transfer->next;
    else engine->running[transfer->id % BUCKETS] = transfer->next;
}

static void count(Engine *engine, const Transfer *transfer) {
    if (transfer->connections > 0) engine->opened += (uint64_t)transfer->connections;
    if (transfer->reused) engine->reused++;
    if (transfer->failure == TRANSFER_CANCELLED) engine->withdrawn++;
    else engine->done++;
}

/* From the moment that `done` is set the transfer may be the owner's alone. */
static void finish(Engine *engine, Transfer *transfer, int code) {
    Wire *wire = transfer->wire;
    Waiter *waiter = transfer->waiter;
    delist(engine, transfer);
    if (wire) curl_multi_remove_handle(engine->multi, wire->easy);
    transfer_end(transfer, code);
    if (wire) keep_wire(engine, wire);
    count(engine, transfer);
    atomic_store(&transfer->done, 1);
    if (waiter) doorbell_answer(waiter);
    transfer_release(transfer);
}

static void begin(Engine *engine, Transfer *transfer) {
    Wire *wire = take_wire(engine);
    CURLcode code = wire ? wire_begin(wire, transfer) : CURLE_FAILED_INIT;
    if (!code && curl_multi_add_handle(engine->multi, wire->easy) != CURLM_OK) code = CURLE_FAILED_INIT;
    if (code) finish(engine, transfer, (int)code);
}

/* Begins an exchange once more, on a new connection and within the time that is left: the one that curl
 * gave it was dead, or held bytes that nobody had asked for, and nothing has left on it. */
static void begin_afresh(Engine *engine, Transfer *transfer) {
    Wire *wire = transfer->wire;
    int64_t left = transfer->expires == POLLER_NEVER ? 0 : (transfer->expires - poller_now()) / 1000;
    curl_multi_remove_handle(engine->multi, wire->easy); /* closes the connection */
    transfer->is_stale = transfer->attempts = 0;
    transfer->is_fresh = 1;
    if (transfer->timeout_ms) transfer->timeout_ms = left > 0 ? (long)left : 1;
    CURLcode code = wire_begin(wire, transfer);
    if (!code && curl_multi_add_handle(engine->multi, wire->easy) != CURLM_OK) code = CURLE_FAILED_INIT;
    if (code) finish(engine, transfer, (int)code);
}

/* curl forgets the time of an exchange that waits for a connection because of our limits. For the others
 * it is first. */
static void set_deadline(Engine *engine, Transfer *transfer) {
    enum { LEAD = 100000 }; /* microseconds */
    transfer->expires = transfer->timeout_ms ? poller_now() + (int64_t)transfer->timeout_ms * 1000 : POLLER_NEVER;
    transfer->deadline = transfer->timeout_ms ? transfer->expires + LEAD : POLLER_NEVER;
    if (transfer->deadline < engine->deadline) engine->deadline = transfer->deadline;
}

static void end_overdue(Engine *engine, int64_t now) {
    engine->deadline = POLLER_NEVER;
    for (int i = 0; i < BUCKETS; i++)
        for (Transfer *transfer = engine->running[i], *next; transfer; transfer = next) {
            next = transfer->next;
            if (transfer->deadline <= now) finish(engine, transfer, CURLE_OPERATION_TIMEDOUT);
            else if (transfer->deadline < engine->deadline) engine->deadline = transfer->deadline;
        }
}

static void reap(Engine *engine) {
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(engine->multi, &left));) {
        Wire *wire;
        if (message->msg != CURLMSG_DONE) continue;
        CURLcode code = message->data.result; /* `message` goes with the handle's removal */
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&wire);
        if (wire->transfer->is_stale) begin_afresh(engine, wire->transfer);
        else finish(engine, wire->transfer, (int)code);
    }
}

static void expire(Engine *engine) {
    int64_t now = poller_now();
    if (engine->due <= now) run_timers(engine);
    if (engine->deadline <= now) {
        reap(engine); /* curl's own time-outs say more */
        end_overdue(engine, now);
    }
    if (engine->threaded) doorbell_expire(&engine->doorbell, now);
}

static int64_t earlier(int64_t a, int64_t b) { return a < b ? a : b; }

static int64_t wait_until(const Engine *engine) {
    int64_t until = earlier(engine->due, engine->deadline);
    return engine->threaded ? earlier(until, engine->doorbell.reopens) : until;
}

/* --- the door --- */

/* Takes a queued exchange out of the queue, for one purpose or the other; 0: somebody else was first. */
static int change_phase(Transfer *transfer, TransferPhase to) {
    int queued = PHASE_QUEUED;
    return atomic_compare_exchange_strong(&transfer->phase, &queued, (int)to);
}

/* With a thread, an exchange begins when its waiter asks for it: one whose waiter can't be accepted stays unsent. */
static void admit_submitted(Engine *engine, Transfer *transfer) {
    for (Transfer *next; transfer; transfer = next) {
        next = transfer->next;
        enlist(engine, transfer);
        set_deadline(engine, transfer);
        if (engine->threaded) continue;
        if (change_phase(transfer, PHASE_BEGUN)) begin(engine, transfer);
        else finish(engine, transfer, TRANSFER_CANCEL);
    }
}

static void cancel_all(Engine *engine, Transfer *transfer) {
    for (Transfer *next; transfer; transfer = next) {
        next = transfer->next_cancelled;
        if (!atomic_load(&transfer->done)) finish(engine, transfer, TRANSFER_CANCEL);
        transfer_release(transfer);
    }
}

static void admit(Engine *engine) {
    pthread_mutex_lock(&engine->lock);
    Transfer *submitted = engine->submitted, *cancelled = engine->cancelled;
    engine->submitted = engine->cancelled = NULL;
    engine->submitted_end = &engine->submitted;
    pthread_mutex_unlock(&engine->lock);
    admit_submitted(engine, submitted);
    cancel_all(engine, cancelled);
}

/* curl gives the sink what it held back right here, which is news: only for those who look for news after. */
static void resume_paused(Engine *engine) {
    pthread_mutex_lock(&engine->lock);
    Transfer *transfer = engine->resumed;
    engine->resumed = NULL;
    pthread_mutex_unlock(&engine->lock);
    for (Transfer *next; transfer; transfer = next) {
        next = transfer->next_resumed;
        atomic_store(&transfer->resuming, 0);
        if (transfer->wire) curl_easy_pause(transfer->wire->easy, CURLPAUSE_CONT);
        transfer_release(transfer);
    }
}

static void knock(Engine *engine) {
    if (engine->threaded) poller_wake(&engine->poller);
    else if (engine->exported) poller_export(&engine->poller, 0);
}

/* Its reader may go on, wherever it waits. */
static void sink_taken(Transfer *transfer) {
    Engine *engine = transfer->engine;
    Waiter *waiter = transfer->waiter;
    engine->news++;
    transfer->waiter = NULL;
    if (waiter) doorbell_answer(waiter);
}

void engine_submit(Engine *engine, Transfer *transfer) {
    transfer->id = ++engine->last_id;
    transfer->engine = engine;
    transfer->taken = sink_taken;
    transfer->next = NULL;
    atomic_fetch_add(&transfer->references, 1);
    engine->submissions++;
    pthread_mutex_lock(&engine->lock);
    *engine->submitted_end = transfer;
    engine->submitted_end = &transfer->next;
    pthread_mutex_unlock(&engine->lock);
    if (!engine->threaded) knock(engine); /* there who waits rings the bell next, and one wake-up is enough */
}

/* Before 7.87 curl writes to TLS sockets with plain write(), which raises SIGPIPE: while a handle runs, and
 * while it is removed. The engine's own thread blocks all signals anyway. */
static void guard_signal(const Engine *engine, sigset_t *before) {
    sigset_t pipe;
    if (!engine->guards_sigpipe) return;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, before);
}

static void unguard_signal(int is_guarded, const sigset_t *before) {
    sigset_t pending;
    int signal_number;
    if (!is_guarded) return;
    sigemptyset(&pending);
    sigpending(&pending);
    if (!sigismember(before, SIGPIPE) && sigismember(&pending, SIGPIPE)) {
        sigemptyset(&pending);
        sigaddset(&pending, SIGPIPE);
        sigwait(&pending, &signal_number);
    }
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

static void admit_guarded(Engine *engine) {
    sigset_t mask;
    guard_signal(engine, &mask);
    admit(engine);
    unguard_signal(engine->guards_sigpipe, &mask);
}

int engine_cancel(Transfer *transfer) {
    Engine *engine = transfer->engine;
    if (!engine || engine_is_inherited(engine)) return 0;
    if (atomic_load(&transfer->done) || atomic_exchange(&transfer->cancelled, 1))
        return atomic_load(&transfer->phase) == PHASE_WITHDRAWN;
    int is_withdrawn = change_phase(transfer, PHASE_WITHDRAWN);
    atomic_fetch_add(&transfer->references, 1);
    pthread_mutex_lock(&engine->lock);
    transfer->next_cancelled = engine->cancelled;
    engine->cancelled = transfer;
    pthread_mutex_unlock(&engine->lock);
    knock(engine);
    if (!engine->threaded) admit_guarded(engine);
    return is_withdrawn;
}

void engine_resume(Transfer *transfer) {
    Engine *engine = transfer->engine;
    if (!engine || atomic_load(&transfer->done) || engine_is_inherited(engine)) return;
    if (atomic_exchange(&transfer->resuming, 1)) return;
    atomic_fetch_add(&transfer->references, 1);
    pthread_mutex_lock(&engine->lock);
    transfer->next_resumed = engine->resumed;
    engine->resumed = transfer;
    pthread_mutex_unlock(&engine->lock);
    knock(engine);
}

/* --- stepped --- */

static uint64_t ended(Engine *engine) { return engine->done + engine->withdrawn; }

static uint64_t happened(Engine *engine) { return ended(engine) + engine->news; }

static int64_t time_after(double seconds) {
    if (!(seconds > 0)) return poller_now();
    return seconds < 1e9 ? poller_now() + (int64_t)(seconds * 1e6) : POLLER_NEVER;
}

static void run_until_something_happens(Engine *engine, int64_t until, uint64_t before) {
    for (int turns = 0;; turns++) {
        admit(engine);
        resume_paused(engine);
        expire(engine);
        reap(engine);
        if (happened(engine) != before) return;
        if (turns && until <= poller_now()) return;
        if (until == POLLER_NEVER && ended(engine) == engine->submissions) return; /* it would be for ever */
        poller_run(&engine->poller, wait_until(engine) < until ? wait_until(engine) : until);
        reap(engine);
        if (happened(engine) != before) return;
    }
}

int engine_step(Engine *engine, double seconds) {
    uint64_t before = happened(engine);
    sigset_t mask;
    guard_signal(engine, &mask);
    run_until_something_happens(engine, time_after(seconds), before);
    unguard_signal(engine->guards_sigpipe, &mask);
    if (engine->exported) poller_export(&engine->poller, wait_until(engine));
    return (int)(happened(engine) - before);
}

int engine_fileno(Engine *engine) {
    if (!engine->exported) poller_export(&engine->poller, engine->submitted ? 0 : wait_until(engine));
    engine->exported = 1;
    return engine->poller.fd;
}

/* --- threaded --- */

/* A number that isn't running has been answered already: every submission before the question is in. Nor
 * does one wait whose sink holds something. */
static void waiter_asked(DoorbellOwner *owner, Waiter *waiter, uint64_t number) {
    Engine *engine = (Engine *)((char *)owner - offsetof(Engine, doorbell_owner));
    admit(engine);
    Transfer *transfer = engine->running[number % BUCKETS];
    while (transfer && transfer->id != number) transfer = transfer->next;
    if (!transfer || transfer->waiter || transfer_ready(transfer)) {
        doorbell_answer(waiter);
        return;
    }
    transfer->waiter = waiter;
    waiter_set_subject(waiter, transfer);
    if (change_phase(transfer, PHASE_BEGUN)) begin(engine, transfer);
}

static void waiter_left(DoorbellOwner *owner, Waiter *waiter) {
    Engine *engine = (Engine *)((char *)owner - offsetof(Engine, doorbell_owner));
    Transfer *transfer = waiter_subject(waiter);
    transfer->waiter = NULL;
    finish(engine, transfer, TRANSFER_CANCEL);
}

static int must_stop(Engine *engine) {
    pthread_mutex_lock(&engine->lock);
    int stop = engine->stop;
    pthread_mutex_unlock(&engine->lock);
    return stop;
}

static void *run(void *state) {
    Engine *engine = state;
    while (!must_stop(engine)) {
        admit(engine);
        resume_paused(engine);
        expire(engine);
        reap(engine);
        int is_idle = poller_run(&engine->poller, engine->doorbell.answered ? 0 : wait_until(engine)) == 0;
        if (is_idle || doorbell_is_late(&engine->doorbell)) doorbell_ring(&engine->doorbell);
    }
    return NULL;
}

/* exit() must not tear OpenSSL down under a running thread, so it stops all of them first. */
static struct {
    pthread_mutex_t lock;
    Engine *first;
    int registered;
} threaded = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void stop_thread(Engine *engine) {
    if (!engine->threaded) return;
    pthread_mutex_lock(&engine->lock);
    engine->stop = 1;
    pthread_mutex_unlock(&engine->lock);
    poller_wake(&engine->poller);
    pthread_join(engine->thread, NULL);
    engine->threaded = 0;
}

static void stop_all_threads(void) {
    for (Engine *engine = threaded.first; engine; engine = engine->next)
        if (!engine_is_inherited(engine)) stop_thread(engine);
}

static void remember(Engine *engine) {
    pthread_mutex_lock(&threaded.lock);
    if (!threaded.registered) threaded.registered = atexit(stop_all_threads) == 0;
    engine->next = threaded.first;
    threaded.first = engine;
    engine->listed = 1;
    pthread_mutex_unlock(&threaded.lock);
}

static void forget(Engine *engine) {
    pthread_mutex_lock(&threaded.lock);
    Engine **place = &threaded.first;
    while (*place != engine) place = &(*place)->next;
    *place = engine->next;
    engine->listed = 0;
    pthread_mutex_unlock(&threaded.lock);
}

/* The program's signals are for its own threads. */
static int create_thread(Engine *engine) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    engine->threaded = 1;
    int trouble = pthread_create(&engine->thread, NULL, run, engine);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (trouble) engine->threaded = 0;
    errno = trouble;
    return trouble ? -1 : 0;
}

const char *engine_start_thread(Engine *engine) {
    if (engine->threaded) return engine->doorbell.path;
    engine->doorbell_owner = (DoorbellOwner){waiter_asked, waiter_left};
    if (doorbell_open(&engine->doorbell, &engine->poller, &engine->doorbell_owner) != 0) return NULL;
    if (create_thread(engine) == 0) {
        remember(engine);
        return engine->doorbell.path;
    }
    int trouble = errno;
    doorbell_close(&engine->doorbell);
    errno = trouble;
    return NULL;
}

/* --- life and death --- */

static void count_fork(void) { atomic_fetch_add(&forks, 1); }

static void init_once(void) {
    pthread_atfork(NULL, NULL, count_fork);
    curl_global_init(CURL_GLOBAL_DEFAULT); /* never undone: others may use it */
}

/* curl's own wake-up sockets, which it has no function to reach, are the next two descriptors. */
static CURLM *make_multi(void) {
    int first = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0), second = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
    if (first >= 0) close(first);
    if (second >= 0) close(second);
    CURLM *multi = curl_multi_init();
    if (multi) close_on_exec(first), close_on_exec(second);
    return multi;
}

static void set_options(Engine *engine) {
    CURLM *multi = engine->multi;
    const EngineOptions *options = engine->options;
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, engine);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, engine);
    /* Mixing versions towards one host gave replies to the wrong request; one at a time never does. */
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, options->wire.http2 ? (long)CURLPIPE_MULTIPLEX : (long)CURLPIPE_NOTHING);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)KEPT_CONNECTIONS);
    curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, options->max_connections);
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, options->max_connections_per_host);
    curl_share_setopt(engine->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

static int open_parts(Engine *engine) {
    engine->multi = make_multi();
    engine->share = curl_share_init();
    return engine->multi && engine->share && poller_open(&engine->poller) == 0 ? 0 : -1;
}

static void close_parts(Engine *engine) {
    for (Wire *wire; (wire = engine->wires); wire_free(wire)) engine->wires = wire->next;
    if (engine->multi) curl_multi_cleanup(engine->multi);
    if (engine->share) curl_share_cleanup(engine->share);
    poller_close(&engine->poller);
    connections_free(&engine->connections);
    pthread_mutex_destroy(&engine->lock);
    free(engine);
}

Engine *engine_new(const EngineOptions *options) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_once);
    Engine *engine = calloc(1, sizeof *engine);
    if (!engine) return NULL;
    engine->forks = atomic_load(&forks);
    engine->options = options;
    engine->due = engine->deadline = POLLER_NEVER;
    engine->sockets.ready = socket_ready;
    engine->submitted_end = &engine->submitted;
    engine->guards_sigpipe = curl_version_info(CURLVERSION_NOW)->version_num < 0x075700;
    engine->poller.fd = engine->poller.alarm = -1;
    pthread_mutex_init(&engine->lock, NULL);
    if (open_parts(engine) == 0) {
        set_options(engine);
        return engine;
    }
    close_parts(engine);
    return NULL;
}

static void cancel_everything(Engine *engine) {
    for (Transfer *transfer = engine->submitted; transfer; transfer = transfer->next) {
        atomic_store(&transfer->cancelled, 1);
        change_phase(transfer, PHASE_WITHDRAWN);
    }
    admit(engine);
    for (int i = 0; i < BUCKETS; i++)
        while (engine->running[i]) finish(engine, engine->running[i], TRANSFER_CANCEL);
    resume_paused(engine); /* releases them */
}

void engine_free(Engine *engine) {
    if (engine_is_inherited(engine)) return;
    int threaded_once = engine->listed, is_guarded = engine->guards_sigpipe;
    sigset_t mask;
    stop_thread(engine);
    if (threaded_once) forget(engine);
    guard_signal(engine, &mask);
    cancel_everything(engine);
    if (threaded_once) doorbell_close(&engine->doorbell);
    close_parts(engine);
    unguard_signal(is_guarded, &mask);
}

EngineStats engine_stats(Engine *engine) {
    uint64_t done = engine->done, cancelled = engine->withdrawn;
    return (EngineStats){.opened = engine->opened, .reused = engine->reused, .done = done, .cancelled = cancelled,
                         .in_flight = engine->submissions - done - cancelled,
                         .connections = engine->connections.count, .waiters = engine->doorbell.waiter_count};
}

/* clang-format off */
/* engine.c: see engine.h.
 *
 * The states of a transfer, and what moves it:
 *
 *   from       event                                                  to         in the thread of
 *   QUEUED     stepped: drained from the mailbox                      RUNNING    curl
 *   QUEUED     threaded: its waiter's request reaches the notifier    RUNNING    curl
 *   QUEUED     engine_cancel                                          WITHDRAWN  the owner
 *   QUEUED     its deadline passes; the engine is freed               DONE       curl
 *   RUNNING    its connection proved stale: begun again, on a fresh   RUNNING    curl
 *   RUNNING    libcurl finishes it; its deadline passes; its
 *              cancellation is drained; its waiter leaves             DONE       curl
 *   WITHDRAWN  its cancellation is drained                            DONE       curl
 *
 * "The thread of curl" is the one that runs libcurl: the owner's while the engine is stepped, the
 * engine's own once it is threaded, and the owner's again after that thread was joined. QUEUED is
 * left by compare-and-swap: either the engine begins a transfer or its owner withdraws it.
 *
 * The fields of an Engine, and the thread that may touch each:
 *
 *   field                                             owner      thread of curl   guarded by
 *   mailbox, stop                                     writes     takes, reads     lock
 *   multi, share, poller, connections, running,
 *   handles, next_timer, deadline, has_lost_track,
 *   notifier                                          (before    uses             the thread's
 *                                                     and after)                  begin and join
 *   counters, connections.count,
 *   notifier.waiter_count                             reads      writes           atomic
 *   is_threaded, thread                               writes     reads            set before it begins
 *   has_fileno, last_id, is_listed, next              uses       -                -
 *   progress_count                                    reads      writes           stepped: one thread
 *
 * Of a Transfer: see the groups of its fields in transfer.h. The curl thread's fields pass to the
 * owner with the atomic store of DONE. A sink has a lock of its own.
 *
 * References to a transfer, and how long each is held:
 *
 *   its userdata (exchange.c)     from transfer_new until exchange_release
 *   the engine                    from engine_submit until finish
 *   the mailbox                   while something is in it for this transfer
 *
 * A waiter and its transfer point at each other without references: whichever ends first clears
 * both pointers. */
/* clang-format on */
#include "engine.h"

#include "debug.h"
#include "notifier.h"
#include "poller.h"
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUCKETS = 256, KEPT_HANDLES = 64, KEPT_CONNECTIONS = 1024 };

/* The reasons why a transfer may be in the mailbox; several at once. */
enum { MAIL_SUBMIT = 1, MAIL_CANCEL = 2, MAIL_RESUME = 4 };

typedef _Atomic uint64_t Counter;

struct Engine {
    int forks; /* process_forks of the process that made it */
    const EngineOptions *options;
    CURLM *multi;
    CURLSH *share; /* TLS sessions: an easy handle's own cache would go with the handle */
    Connections connections;
    Poller poller;
    PollerOwner socket_owner;
    int64_t next_timer; /* when libcurl wants to be called at the latest */
    int64_t deadline;   /* not after the first of the running exchanges' */
    int has_lost_track; /* libcurl, of a socket */

    Transfer *running[BUCKETS]; /* by id; drained from the mailbox, not done */
    Handle *handles;            /* free ones */
    int kept_handles;

    pthread_mutex_t lock;
    Transfer *mailbox, **mailbox_end;
    int stop;

    int has_fileno;     /* somebody waits for the poller's descriptor */
    int guards_sigpipe; /* see guard */
    int is_threaded, is_listed;
    pthread_t thread;
    Notifier notifier;
    NotifierOwner notifier_owner;
    Engine *next; /* in the list of threaded engines */

    uint64_t last_id;
    Counter submissions, opened, reused, completions, cancellations;
    uint64_t progress_count; /* how often a sink has taken something */
};

int engine_is_inherited(const Engine *engine) { return engine->forks != process_forks(); }
int engine_is_threaded(const Engine *engine) { return engine->is_threaded; }

/* Only for assertions. */
__attribute__((unused)) static int is_curl_thread(const Engine *engine) {
    return !engine->is_threaded || pthread_equal(pthread_self(), engine->thread);
}

/* Before 7.87 libcurl writes to TLS sockets with plain write(), which raises SIGPIPE: while a
 * handle runs, and while one is removed. The engine's own thread blocks all signals anyway. */
static SigpipeGuard guard(const Engine *engine) { return sigpipe_block(engine->guards_sigpipe); }

/* --- libcurl's sockets and timer --- */

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *state, void *of_socket) {
    static const int events[] = {[CURL_POLL_IN] = POLLER_IN,
                                 [CURL_POLL_OUT] = POLLER_OUT,
                                 [CURL_POLL_INOUT] = POLLER_IN | POLLER_OUT,
                                 [CURL_POLL_REMOVE] = 0};
    Engine *engine = state;
    (void)easy, (void)of_socket;
    return poller_watch(&engine->poller, fd, events[what], &engine->socket_owner) ? 0 : -1;
}

static curl_socket_t on_open(void *state, curlsocktype purpose, struct curl_sockaddr *address) {
    Handle *handle = state;
    (void)purpose;
    int fd = process_socket(address->family, address->socktype, address->protocol);
    if (fd >= 0) connections_opened(handle->connections, fd);
    else if ((errno == EMFILE || errno == ENFILE) && handle->transfer)
        handle->transfer->no_descriptor = errno;
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
    engine->next_timer =
        milliseconds < 0 ? POLLER_NEVER : poller_now() + (int64_t)milliseconds * 1000;
    return 0;
}

/* Lets libcurl work. Without memory it forgets a socket, and says only that. */
static void run_multi(Engine *engine, curl_socket_t fd, int what) {
    int running;
    if (curl_multi_socket_action(engine->multi, fd, what, &running) != CURLM_OK)
        engine->has_lost_track = 1;
}

static void socket_ready(PollerOwner *owner, int fd, int events) {
    Engine *engine = (Engine *)((char *)owner - offsetof(Engine, socket_owner));
    int what =
        (events & POLLER_IN ? CURL_CSELECT_IN : 0) | (events & POLLER_OUT ? CURL_CSELECT_OUT : 0);
    run_multi(engine, fd, what);
}

/* Asks for the next time afterwards: libcurl doesn't repeat one that it has announced, even if we
 * came too early. */
static void run_timers(Engine *engine) {
    long next;
    run_multi(engine, CURL_SOCKET_TIMEOUT, 0);
    if (curl_multi_timeout(engine->multi, &next) == CURLM_OK) on_timer(engine->multi, next, engine);
}

/* --- handles --- */

static Handle *take_handle(Engine *engine) {
    Handle *handle = engine->handles;
    if (handle) {
        engine->handles = handle->next;
        engine->kept_handles--;
        return handle;
    }
    handle = handle_new(&engine->options->handle, engine->share, &engine->connections);
    if (!handle) return NULL;
    curl_easy_setopt(handle->easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(handle->easy, CURLOPT_OPENSOCKETDATA, handle);
    curl_easy_setopt(handle->easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
    curl_easy_setopt(handle->easy, CURLOPT_CLOSESOCKETDATA, engine);
    return handle;
}

static void keep_handle(Engine *engine, Handle *handle) {
    TW_ASSERT(!handle->transfer);
    if (engine->kept_handles >= KEPT_HANDLES) {
        handle_free(handle);
        return;
    }
    handle->next = engine->handles;
    engine->handles = handle;
    engine->kept_handles++;
}

/* --- exchanges --- */

static void running_add(Engine *engine, Transfer *transfer) {
    Transfer **bucket = &engine->running[transfer->id % BUCKETS];
    TW_ASSERT(is_curl_thread(engine));
    transfer->previous = NULL;
    transfer->next = *bucket;
    if (*bucket) (*bucket)->previous = transfer;
    *bucket = transfer;
}

static void running_remove(Engine *engine, Transfer *transfer) {
    TW_ASSERT(transfer->previous || engine->running[transfer->id % BUCKETS] == transfer);
    if (transfer->next) transfer->next->previous = transfer->previous;
    if (transfer->previous) transfer->previous->next = transfer->next;
    else engine->running[transfer->id % BUCKETS] = transfer->next;
}

static Transfer *running_find(const Engine *engine, uint64_t id) {
    Transfer *transfer = engine->running[id % BUCKETS];
    while (transfer && transfer->id != id) transfer = transfer->next;
    return transfer;
}

/* Moves a transfer out of QUEUED. Returns 0 if it had left it already. */
static int leave_queue(Transfer *transfer, TransferState to) {
    int queued = TRANSFER_QUEUED;
    return atomic_compare_exchange_strong(&transfer->state, &queued, (int)to);
}

static void count(Engine *engine, const Transfer *transfer) {
    if (transfer->connections > 0) engine->opened += (uint64_t)transfer->connections;
    if (transfer->reused) engine->reused++;
    if (transfer->failure == TRANSFER_CANCELLED) engine->cancellations++;
    else engine->completions++;
}

/* libcurl's texts for a file or a name server that it can't open don't tell that no descriptor was
 * left for it. */
static void notice_lack(Transfer *transfer, int code) {
    if (transfer->attempts ||
        (code != CURLE_SSL_CACERT_BADFILE && code != CURLE_SSL_CERTPROBLEM &&
         code != CURLE_COULDNT_RESOLVE_HOST && code != CURLE_COULDNT_RESOLVE_PROXY))
        return;
    enum { CLOSED = 16 }; /* by libcurl since then: this transfer's, and others' */
    struct rlimit limit;
    int fd = process_socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE)) transfer->no_descriptor = errno;
    if (fd < 0) return;
    close(fd);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && (rlim_t)fd + CLOSED >= limit.rlim_cur)
        transfer->no_descriptor = EMFILE;
}

/* Ends a transfer. From the store of DONE on it may be the owner's alone. */
static void finish(Engine *engine, Transfer *transfer, int code) {
    Handle *handle = transfer->handle;
    Waiter *waiter = transfer->waiter;
    TW_ASSERT(is_curl_thread(engine));
    TW_ASSERT(!transfer_is_done(transfer));
    TW_ASSERT(!handle || atomic_load(&transfer->state) == TRANSFER_RUNNING);
    leave_queue(transfer, TRANSFER_WITHDRAWN); /* nobody may begin it any more */
    running_remove(engine, transfer);
    notice_lack(transfer, code);
    if (handle) curl_multi_remove_handle(engine->multi, handle->easy);
    handle_end(transfer, code);
    if (handle) keep_handle(engine, handle);
    count(engine, transfer);
    transfer->waiter = NULL;
    atomic_store(&transfer->state, TRANSFER_DONE);
    if (waiter) notifier_notify(waiter);
    transfer_release(transfer);
}

/* handle: NULL if there was no memory for one. */
static void begin_on(Engine *engine, Transfer *transfer, Handle *handle) {
    CURLcode code = handle ? handle_begin(handle, transfer) : CURLE_OUT_OF_MEMORY;
    if (!code && curl_multi_add_handle(engine->multi, handle->easy) != CURLM_OK)
        code = CURLE_FAILED_INIT;
    if (code) finish(engine, transfer, (int)code);
}

static void begin(Engine *engine, Transfer *transfer) {
    TW_ASSERT(is_curl_thread(engine));
    TW_ASSERT(atomic_load(&transfer->state) == TRANSFER_RUNNING && !transfer->handle);
    begin_on(engine, transfer, take_handle(engine));
}

/* Begins an exchange once more, on a new connection and within the time that is left. Nothing of it
 * has left on the stale one. */
static void begin_afresh(Engine *engine, Transfer *transfer) {
    Handle *handle = transfer->handle;
    int64_t left =
        transfer->expires == POLLER_NEVER ? 0 : (transfer->expires - poller_now()) / 1000;
    TW_ASSERT(transfer->is_stale && !transfer->is_fresh);
    curl_multi_remove_handle(engine->multi, handle->easy); /* closes the connection */
    transfer->is_stale = transfer->attempts = 0;
    transfer->is_fresh = 1;
    if (transfer->timeout_ms) transfer->timeout_ms = left > 0 ? (long)left : 1;
    begin_on(engine, transfer, handle);
}

/* Ends all that libcurl has: the exchange whose socket it has forgotten would wait for its
 * deadline, and nobody knows which one that is. */
static void end_running(Engine *engine, int code) {
    for (int i = 0; i < BUCKETS; i++)
        for (Transfer *transfer = engine->running[i], *next; transfer; transfer = next) {
            next = transfer->next;
            if (transfer->handle) finish(engine, transfer, code);
        }
}

static void reap(Engine *engine) {
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(engine->multi, &left));) {
        Handle *handle;
        if (message->msg != CURLMSG_DONE) continue;
        CURLcode code = message->data.result; /* `message` goes with the handle's removal */
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&handle);
        TW_ASSERT(handle->transfer && handle->transfer->handle == handle);
        if (handle->transfer->is_stale) begin_afresh(engine, handle->transfer);
        else finish(engine, handle->transfer, (int)code);
    }
    if (engine->has_lost_track) {
        engine->has_lost_track = 0;
        end_running(engine, HANDLE_NO_MEMORY);
    }
}

/* --- deadlines --- */

/* libcurl forgets the time-out of an exchange that waits for a connection because of our limits,
 * and one that hasn't begun is unknown to it. For all others its own time-out comes first, as it
 * can say more. */
static void set_deadline(Engine *engine, Transfer *transfer) {
    enum { LEAD = 100000 }; /* microseconds */
    transfer->expires =
        transfer->timeout_ms ? poller_now() + (int64_t)transfer->timeout_ms * 1000 : POLLER_NEVER;
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

static void expire(Engine *engine) {
    int64_t now = poller_now();
    if (engine->next_timer <= now) run_timers(engine);
    if (engine->deadline <= now) {
        reap(engine);
        end_overdue(engine, now);
    }
    if (engine->is_threaded) notifier_expire(&engine->notifier, now);
}

static int64_t earlier(int64_t a, int64_t b) { return a < b ? a : b; }

static int64_t wait_until(const Engine *engine) {
    int64_t until = earlier(engine->next_timer, engine->deadline);
    return engine->is_threaded ? earlier(until, engine->notifier.resumes) : until;
}

/* --- the mailbox: from the owner's thread to the thread of curl; a stepped engine uses it too
 * --- */

static void wake(Engine *engine) {
    if (engine->is_threaded) poller_wake(&engine->poller);
    else if (engine->has_fileno) poller_arm(&engine->poller, 0);
}

static void post(Engine *engine, Transfer *transfer, unsigned mail) {
    pthread_mutex_lock(&engine->lock);
    if (!transfer->mail) {
        atomic_fetch_add(&transfer->references, 1);
        transfer->next_mail = NULL;
        *engine->mailbox_end = transfer;
        engine->mailbox_end = &transfer->next_mail;
    }
    transfer->mail |= mail;
    pthread_mutex_unlock(&engine->lock);
}

/* Takes the next transfer out of the mailbox, and what it is there for; NULL: the mailbox is
 * empty. */
static Transfer *take_mail(Engine *engine, unsigned *mail) {
    pthread_mutex_lock(&engine->lock);
    Transfer *transfer = engine->mailbox;
    if (transfer) {
        engine->mailbox = transfer->next_mail;
        if (!engine->mailbox) engine->mailbox_end = &engine->mailbox;
        *mail = transfer->mail;
        transfer->mail = 0;
    }
    pthread_mutex_unlock(&engine->lock);
    return transfer;
}

/* With a thread, an exchange begins when its waiter's request comes: if its waiter can't be
 * accepted, it stays unsent. */
static void admit(Engine *engine, Transfer *transfer) {
    running_add(engine, transfer);
    set_deadline(engine, transfer);
    if (!engine->is_threaded && leave_queue(transfer, TRANSFER_RUNNING)) begin(engine, transfer);
}

static void drain_mailbox(Engine *engine) {
    unsigned mail;
    TW_ASSERT(is_curl_thread(engine));
    for (Transfer *transfer; (transfer = take_mail(engine, &mail));) {
        if (mail & MAIL_SUBMIT) admit(engine, transfer);
        if (!transfer_is_done(transfer)) {
            if (mail & MAIL_CANCEL) finish(engine, transfer, HANDLE_CANCELLED);
            else if (mail & MAIL_RESUME && transfer->handle)
                curl_easy_pause(transfer->handle->easy, CURLPAUSE_CONT);
        }
        transfer_release(transfer);
    }
}

/* The sink's reader may go on, wherever it waits. */
static void on_taken(Transfer *transfer) {
    Engine *engine = transfer->engine;
    Waiter *waiter = transfer->waiter;
    engine->progress_count++;
    transfer->waiter = NULL;
    if (waiter) notifier_notify(waiter);
}

void engine_submit(Engine *engine, Transfer *transfer) {
    TW_ASSERT(!transfer->engine && atomic_load(&transfer->state) == TRANSFER_QUEUED);
    transfer->id = ++engine->last_id;
    transfer->engine = engine;
    transfer->on_taken = on_taken;
    atomic_fetch_add(&transfer->references, 1);
    engine->submissions++;
    post(engine, transfer, MAIL_SUBMIT);
    if (!engine->is_threaded)
        wake(engine); /* the waiter's request wakes the thread: one wake-up is enough */
}

int engine_cancel(Transfer *transfer) {
    Engine *engine = transfer->engine;
    /* First: the engine of a finished exchange may have been freed. */
    if (transfer_is_done(transfer))
        return transfer->failure == TRANSFER_CANCELLED && transfer->sent == SENT_NO;
    if (!engine || engine_is_inherited(engine)) return 0;
    int is_withdrawn = leave_queue(transfer, TRANSFER_WITHDRAWN) ||
                       atomic_load(&transfer->state) == TRANSFER_WITHDRAWN;
    if (transfer->is_cancelled) return is_withdrawn;
    transfer->is_cancelled = 1;
    post(engine, transfer, MAIL_CANCEL);
    wake(engine);
    if (engine->is_threaded) return is_withdrawn;
    SigpipeGuard sigpipe = guard(engine);
    drain_mailbox(engine);
    sigpipe_restore(&sigpipe);
    return is_withdrawn;
}

void engine_resume(Transfer *transfer) {
    Engine *engine = transfer->engine;
    if (!engine || transfer_is_done(transfer) || engine_is_inherited(engine)) return;
    post(engine, transfer, MAIL_RESUME);
    wake(engine);
}

/* --- stepped --- */

static uint64_t count_ended(Engine *engine) { return engine->completions + engine->cancellations; }

static uint64_t count_progress(Engine *engine) {
    return count_ended(engine) + engine->progress_count;
}

static int64_t time_after(double seconds) {
    if (!(seconds > 0)) return poller_now();
    return seconds < 1e9 ? poller_now() + (int64_t)(seconds * 1e6) : POLLER_NEVER;
}

static void run_until_progress(Engine *engine, int64_t until, uint64_t before) {
    for (int turns = 0;; turns++) {
        drain_mailbox(engine);
        expire(engine);
        reap(engine);
        if (count_progress(engine) != before) return;
        if (turns && until <= poller_now()) return;
        if (until == POLLER_NEVER && count_ended(engine) == engine->submissions)
            return; /* it would wait for ever */
        poller_run(&engine->poller, earlier(wait_until(engine), until));
        reap(engine);
        if (count_progress(engine) != before) return;
    }
}

int engine_step(Engine *engine, double seconds) {
    uint64_t before = count_progress(engine);
    TW_ASSERT(!engine->is_threaded);
    SigpipeGuard sigpipe = guard(engine);
    run_until_progress(engine, time_after(seconds), before);
    /* Newer libcurls leave a timer that is due behind a finished transfer. */
    if (engine->has_fileno && engine->next_timer <= poller_now()) {
        run_timers(engine);
        reap(engine);
    }
    sigpipe_restore(&sigpipe);
    if (engine->has_fileno) poller_arm(&engine->poller, wait_until(engine));
    return (int)(count_progress(engine) - before);
}

int engine_fileno(Engine *engine) {
    TW_ASSERT(!engine->is_threaded);
    if (!engine->has_fileno) poller_arm(&engine->poller, engine->mailbox ? 0 : wait_until(engine));
    engine->has_fileno = 1;
    return engine->poller.fd;
}

/* --- threaded --- */

/* Unknown id: it completed before we were asked. Body data pending: reply at once. */
static void waiter_requested(NotifierOwner *owner, Waiter *waiter, uint64_t id) {
    Engine *engine = (Engine *)((char *)owner - offsetof(Engine, notifier_owner));
    drain_mailbox(engine);
    Transfer *transfer = running_find(engine, id);
    if (!transfer || transfer->waiter || transfer_is_ready(transfer)) {
        notifier_notify(waiter);
        return;
    }
    transfer->waiter = waiter;
    waiter_set_subject(waiter, transfer);
    if (leave_queue(transfer, TRANSFER_RUNNING)) begin(engine, transfer);
}

static void waiter_left(NotifierOwner *owner, Waiter *waiter) {
    Engine *engine = (Engine *)((char *)owner - offsetof(Engine, notifier_owner));
    Transfer *transfer = waiter_subject(waiter);
    TW_ASSERT(transfer && transfer->waiter == waiter);
    transfer->waiter = NULL;
    finish(engine, transfer, HANDLE_CANCELLED);
}

static int must_stop(Engine *engine) {
    pthread_mutex_lock(&engine->lock);
    int stop = engine->stop;
    pthread_mutex_unlock(&engine->lock);
    return stop;
}

/* Flushes the notifier when nothing else is ready, or when a reply gets late. */
static void *run(void *state) {
    Engine *engine = state;
    while (!must_stop(engine)) {
        drain_mailbox(engine);
        expire(engine);
        reap(engine);
        int is_idle =
            poller_run(&engine->poller, engine->notifier.notified ? 0 : wait_until(engine)) == 0;
        if (is_idle || notifier_is_late(&engine->notifier)) notifier_flush(&engine->notifier);
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
    if (!engine->is_threaded) return;
    pthread_mutex_lock(&engine->lock);
    engine->stop = 1;
    pthread_mutex_unlock(&engine->lock);
    poller_wake(&engine->poller);
    pthread_join(engine->thread, NULL);
    engine->is_threaded = 0;
}

static void stop_all_threads(void) {
    for (Engine *engine = threaded.first; engine; engine = engine->next)
        if (!engine_is_inherited(engine)) stop_thread(engine);
}

static void list_add(Engine *engine) {
    pthread_mutex_lock(&threaded.lock);
    if (!threaded.registered) threaded.registered = atexit(stop_all_threads) == 0;
    engine->next = threaded.first;
    threaded.first = engine;
    engine->is_listed = 1;
    pthread_mutex_unlock(&threaded.lock);
}

static void list_remove(Engine *engine) {
    pthread_mutex_lock(&threaded.lock);
    Engine **place = &threaded.first;
    while (*place != engine) place = &(*place)->next;
    *place = engine->next;
    engine->is_listed = 0;
    pthread_mutex_unlock(&threaded.lock);
}

/* The new thread blocks all signals: they are for the program's own threads. It waits for the lock,
 * so that `thread` is set before it runs. */
static const char *create_thread(Engine *engine) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    engine->is_threaded = 1;
    pthread_mutex_lock(&engine->lock);
    int error = pthread_create(&engine->thread, NULL, run, engine);
    pthread_mutex_unlock(&engine->lock);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!error) return NULL;
    engine->is_threaded = 0;
    return process_reason("no thread can be started", error);
}

const char *engine_start_thread(Engine *engine, const char **path) {
    *path = engine->notifier.path;
    if (engine->is_threaded) return NULL;
    engine->notifier_owner = (NotifierOwner){waiter_requested, waiter_left};
    const char *message =
        notifier_bind(&engine->notifier, &engine->poller, &engine->notifier_owner);
    if (message) return message;
    message = create_thread(engine);
    if (message) notifier_close(&engine->notifier);
    else list_add(engine);
    return message;
}

/* --- life and death --- */

static void init_once(void) {
    process_watch_forks();
    curl_global_init(CURL_GLOBAL_DEFAULT); /* never undone: others may use it */
}

/* libcurl's own wake-up sockets, which it has no function to reach, are the next two
 * descriptors. */
static const char *make_multi(CURLM **multi) {
    int first = process_socket(AF_UNIX, SOCK_STREAM, 0),
        second = process_socket(AF_UNIX, SOCK_STREAM, 0);
    int error = second < 0 ? errno : ENOMEM;
    if (first >= 0) close(first);
    if (second >= 0) close(second);
    *multi = curl_multi_init();
    if (!*multi) return process_reason(NULL, error);
    process_close_on_exec(first), process_close_on_exec(second);
    return NULL;
}

static void set_options(Engine *engine) {
    CURLM *multi = engine->multi;
    const EngineOptions *options = engine->options;
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, engine);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, engine);
    /* Mixing HTTP versions towards one host gave replies to the wrong request; one at a time never
     * does. */
    curl_multi_setopt(multi, CURLMOPT_PIPELINING,
                      options->handle.http2 ? (long)CURLPIPE_MULTIPLEX : (long)CURLPIPE_NOTHING);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)KEPT_CONNECTIONS);
    curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, options->max_connections);
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, options->max_connections_per_host);
    curl_share_setopt(engine->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

static const char *open_parts(Engine *engine) {
    const char *message = make_multi(&engine->multi);
    if (message) return message;
    engine->share = curl_share_init();
    return engine->share ? poller_open(&engine->poller) : process_reason(NULL, ENOMEM);
}

static void close_parts(Engine *engine) {
    for (Handle *handle; (handle = engine->handles); handle_free(handle))
        engine->handles = handle->next;
    if (engine->multi) curl_multi_cleanup(engine->multi);
    if (engine->share) curl_share_cleanup(engine->share);
    poller_close(&engine->poller);
    connections_free(&engine->connections);
    pthread_mutex_destroy(&engine->lock);
    free(engine);
}

const char *engine_new(const EngineOptions *options, Engine **made) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_once);
    Engine *engine = calloc(1, sizeof *engine);
    if (!engine) return process_reason(NULL, ENOMEM);
    engine->forks = process_forks();
    engine->options = options;
    engine->next_timer = engine->deadline = POLLER_NEVER;
    engine->socket_owner.ready = socket_ready;
    engine->mailbox_end = &engine->mailbox;
    engine->guards_sigpipe = curl_version_info(CURLVERSION_NOW)->version_num < TW_CURL_NO_SIGPIPE;
    engine->poller.fd = engine->poller.timer = -1;
    pthread_mutex_init(&engine->lock, NULL);
    const char *message = open_parts(engine);
    if (message) {
        close_parts(engine);
        return message;
    }
    set_options(engine);
    *made = engine;
    return NULL;
}

static void cancel_everything(Engine *engine) {
    for (Transfer *transfer = engine->mailbox; transfer; transfer = transfer->next_mail) {
        transfer->is_cancelled = 1;
        leave_queue(transfer, TRANSFER_WITHDRAWN);
    }
    drain_mailbox(engine);
    for (int i = 0; i < BUCKETS; i++)
        while (engine->running[i]) finish(engine, engine->running[i], HANDLE_CANCELLED);
}

void engine_free(Engine *engine) {
    if (engine_is_inherited(engine)) return;
    int was_threaded = engine->is_listed;
    stop_thread(engine);
    if (was_threaded) list_remove(engine);
    SigpipeGuard sigpipe = guard(engine);
    cancel_everything(engine);
    if (was_threaded) notifier_close(&engine->notifier);
    close_parts(engine);
    sigpipe_restore(&sigpipe);
}

EngineStats engine_stats(Engine *engine) {
    uint64_t done = engine->completions, cancelled = engine->cancellations;
    return (EngineStats){.opened = engine->opened,
                         .reused = engine->reused,
                         .done = done,
                         .cancelled = cancelled,
                         .in_flight = engine->submissions - done - cancelled,
                         .connections = engine->connections.count,
                         .waiters = engine->notifier.waiter_count};
}

/* engine.h: many HTTP exchanges at once on one curl multi handle.
 *
 * Two ways to drive it. Stepped: the caller runs it with engine_step, and may wait for
 * engine_fileno in a loop of its own. Threaded: after engine_start_thread a thread of its own runs
 * it, and a waiter holds a connection to the notifier (notifier.h). All functions belong to one
 * thread, the owner's. Knows nothing of Lua. */
#ifndef TWILIO_ENGINE_H
#define TWILIO_ENGINE_H

#include "handle.h"

typedef struct Engine Engine;

typedef struct EngineOptions {
    HandleOptions handle;
    long max_connections, max_connections_per_host; /* 0: no limit */
} EngineOptions;

typedef struct EngineStats {
    uint64_t opened, reused; /* connections made; exchanges that needed none */
    uint64_t in_flight, done, cancelled;
    uint64_t connections,
        waiters; /* open now: curl's sockets, and those of the notifier's waiters */
} EngineStats;

/* Makes an engine; *engine is left alone if it can't. The options must outlive the engine. Returns
 * NULL, or why there is none: no memory, or no descriptors. */
const char *engine_new(const EngineOptions *options, Engine **engine);

/* Cancels what is in flight, stops the thread, closes the connections. In a child that inherited
 * the engine by fork it does nothing: everything is shared with the parent, which is using it. */
void engine_free(Engine *engine);

int engine_is_inherited(const Engine *engine); /* 1 in a child of the process that made it */

/* Takes a reference until the transfer is done. Never runs curl. Threaded: it begins when its
 * waiter's request reaches the notifier. */
void engine_submit(Engine *engine, Transfer *transfer);

/* Asks for an end. Stepped: it is done on return. Threaded: soon. Harmless on one that is done.
 * Returns 1 if the exchange hadn't begun and never will: nothing of it was sent. */
int engine_cancel(Transfer *transfer);

/* Call it after the sink was emptied: goes on if it was full. Harmless on one that is done. Never
 * runs curl. */
void engine_resume(Transfer *transfer);

/* Runs curl until an exchange is done, a sink has taken something, or the time is over (HUGE_VAL:
 * it never is); returns how often one or the other happened. Waits even if nothing is in flight,
 * unless the time is infinite. Stepped only. */
int engine_step(Engine *engine, double seconds);

/* Readable when engine_step(engine, 0) has something to do. Stepped only. */
int engine_fileno(Engine *engine);

/* *path: where a waiter connects to ("unix:..."); the engine's own text. Idempotent. Returns NULL,
 * or why there is no thread. */
const char *engine_start_thread(Engine *engine, const char **path);
int engine_is_threaded(const Engine *engine);

EngineStats engine_stats(Engine *engine);

#endif

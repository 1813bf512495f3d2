/* session.c: see session.h. */
#include "session.h"

#include "engine.h"
#include "exchange.h"
#include "fields.h"
#include "request.h"

#include <math.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { DEFAULT_RESPONSE_BYTES = 64 * 1024 * 1024, DEFAULT_IDLE_SECONDS = 50 };

typedef struct Session {
    EngineOptions options;
    Engine *engine; /* NULL: not used yet */
    int open;
} Session;

/* --- options --- */

static const char *read_text(lua_State *L, const char *name, void *place) {
    size_t size;
    const char *text = fields_check_text(L, name, &size);
    if (strlen(text) != size) luaL_error(L, "%s holds a NUL", name);
    *(char **)place = strdup(text);
    return *(char **)place ? NULL : no_memory;
}

static const char *read_limit(lua_State *L, const char *name, void *place) {
    *(long *)place = fields_clamp(fields_check_number(L, name, 0));
    return NULL;
}

static const char *read_idle(lua_State *L, const char *name, void *place) {
    *(long *)place = fields_clamp(fields_check_number(L, name, 1)); /* to curl 0 is no limit */
    return NULL;
}

static const char *read_bytes(lua_State *L, const char *name, void *place) {
    lua_Number bytes = fields_check_number(L, name, 1);
    *(size_t *)place = bytes < (lua_Number)(SIZE_MAX / 2) ? (size_t)bytes : SIZE_MAX / 2;
    return NULL;
}

static const char *read_version(lua_State *L, const char *name, void *place) {
    size_t size;
    const char *version = fields_check_text(L, name, &size);
    *(int *)place = strcmp(version, "2") == 0;
    if (!*(int *)place && strcmp(version, "1.1") != 0)
        luaL_error(L, "%s must be \"1.1\" or \"2\"", name);
    if (*(int *)place && curl_version_info(CURLVERSION_NOW)->version_num < TW_CURL_SAFE_HTTP2)
        return "http_version \"2\" needs libcurl 8.5: older ones can give a reply to the wrong "
               "request";
    return NULL;
}

static const char *read_list(lua_State *L, const char *name, void *place) {
    struct curl_slist **list = place;
    if (!lua_istable(L, -1)) fields_wrong_type(L, name, "an array of strings");
    for (int i = 1; lua_rawgeti(L, -1, i), !lua_isnil(L, -1); i++) {
        size_t size;
        const char *text = fields_check_text(L, name, &size);
        if (strlen(text) != size) luaL_error(L, "%s holds a NUL", name);
        struct curl_slist *longer = curl_slist_append(*list, text);
        if (!longer) return lua_pop(L, 1), no_memory;
        *list = longer;
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return NULL;
}

#define OPTION(field) offsetof(EngineOptions, field)

static const Field session_fields[] = {
    {"ca_file", read_text, OPTION(handle.ca_file)},
    {"ca_path", read_text, OPTION(handle.ca_path)},
    {"proxy", read_text, OPTION(handle.proxy)},
    {"no_proxy", read_text, OPTION(handle.no_proxy)},
    {"client_cert", read_text, OPTION(handle.client_cert)},
    {"client_key", read_text, OPTION(handle.client_key)},
    {"resolve", read_list, OPTION(handle.resolve)},
    {"http_version", read_version, OPTION(handle.http2)},
    {"max_response_bytes", read_bytes, OPTION(handle.max_response_bytes)},
    {"idle_timeout", read_idle, OPTION(handle.idle_timeout)},
    {"keepalive", fields_read_flag, OPTION(handle.keepalive)},
    {"max_connections", read_limit, OPTION(max_connections)},
    {"max_connections_per_host", read_limit, OPTION(max_connections_per_host)},
    {NULL, NULL, 0},
};

void session_push_options(lua_State *L) {
    lua_newtable(L);
    for (int i = 0; session_fields[i].name; i++) {
        lua_pushstring(L, session_fields[i].name);
        lua_rawseti(L, -2, i + 1);
    }
}

static void free_options(EngineOptions *options) {
    HandleOptions *handle = &options->handle;
    char *texts[] = {handle->ca_file,  handle->ca_path,     handle->proxy,
                     handle->no_proxy, handle->client_cert, handle->client_key};
    if (handle->proxy) cleanse(handle->proxy, strlen(handle->proxy)); /* its password */
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) free(texts[i]);
    curl_slist_free_all(handle->resolve);
    memset(options, 0, sizeof *options);
}

int session_new(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    Session *self = class_new(L, &session_class, sizeof *self);
    self->options.handle.keepalive = 1;
    self->options.handle.idle_timeout = DEFAULT_IDLE_SECONDS;
    self->options.handle.max_response_bytes = DEFAULT_RESPONSE_BYTES;
    self->open = 1;
    const char *message = fields_read(L, 1, session_fields, &self->options);
    return message ? class_fail(L, "config", "%s", message) : 1;
}

/* --- methods --- */

static atomic_int engines; /* made in this process, or inherited, and not closed */

static int session_close(lua_State *L) {
    Session *self = class_check(L, 1, &session_class);
    Engine *engine = self->engine;
    self->open = 0;
    self->engine = NULL;
    if (engine) {
        engine_free(engine);
        atomic_fetch_sub(&engines, 1);
    }
    free_options(&self->options);
    return 0;
}

/* The engine of this process; what a parent left is abandoned. */
static Engine *own_engine(Session *self) {
    if (self->engine && engine_is_inherited(self->engine)) {
        self->engine = NULL;
        atomic_fetch_sub(&engines, 1);
    }
    return self->engine;
}

static int session_tostring(lua_State *L) {
    Session *self = class_check(L, 1, &session_class);
    Engine *engine = own_engine(self);
    if (!self->open) lua_pushliteral(L, "twilio.session (closed)");
    else
        lua_pushfstring(L, "twilio.session (%d in flight)",
                        engine ? (int)engine_stats(engine).in_flight : 0);
    return 1;
}

static Session *check_open(lua_State *L) {
    Session *self = class_check(L, 1, &session_class);
    luaL_argcheck(L, self->open, 1, "session is closed");
    return self;
}

/* --- engines and the collector: it sees a few bytes of Lua where an engine has a thread, nine
 * descriptors and some hundred kilobytes, and a program with a large heap that makes a client for
 * each request would run out of these before the collector comes to them --- */

enum { DESCRIPTORS = 9 };

static atomic_int engines_enough; /* that many are there: time to collect; 0: not asked yet */

/* A third of all descriptors, at most 32 engines. */
static int fewest_enough(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > 32 * 3 * DESCRIPTORS) return 32;
    return limit.rlim_cur < 12 * DESCRIPTORS ? 4 : (int)limit.rlim_cur / (3 * DESCRIPTORS);
}

/* Collects when twice as many engines are there as the last collection left. */
static void pace_collector(lua_State *L) {
    int fewest = fewest_enough(), enough = atomic_load(&engines_enough);
    if (atomic_load(&engines) < (enough ? enough : fewest)) return;
    lua_gc(L, LUA_GCCOLLECT, 0);
    int left = 2 * atomic_load(&engines);
    atomic_store(&engines_enough, left > fewest ? left : fewest);
}

/* Does something that needs descriptors or threads; what others have may only wait for the
 * collector, so it is tried again after a collection. Returns NULL, or why it can't be done. */
static const char *try_twice(lua_State *L, const char *(*action)(void *), void *state) {
    const char *message = action(state);
    if (!message || atomic_load(&engines) == 0) return message;
    lua_gc(L, LUA_GCCOLLECT, 0);
    return action(state);
}

static const char *make_engine(void *state) {
    Session *self = state;
    const char *message = engine_new(&self->options, &self->engine);
    if (!message) atomic_fetch_add(&engines, 1);
    return message;
}

/* Makes its engine if there is none. Returns NULL, or why there is none. */
static const char *open_engine(lua_State *L, Session *self) {
    if (own_engine(self)) return NULL;
    pace_collector(L);
    return try_twice(L, make_engine, self);
}

typedef struct ThreadStart {
    Engine *engine;
    const char *path;
} ThreadStart;

static const char *start_thread(void *state) {
    ThreadStart *start = state;
    return engine_start_thread(start->engine, &start->path);
}

static Session *check_stepped(lua_State *L) {
    Session *self = check_open(L);
    Engine *engine = own_engine(self);
    luaL_argcheck(L, !engine || !engine_is_threaded(engine), 1,
                  "session is driven by its own thread");
    return self;
}

static int fail_to_start(lua_State *L, const char *message) {
    return exchange_fail_unsent(L, lua_pushfstring(L, "can't start: %s", message));
}

/* Pushes an exchange that is on its way and returns it; NULL: pushed nil, err. */
static Exchange *submit(lua_State *L, Session *self) {
    luaL_checktype(L, 2, LUA_TTABLE);
    Exchange *exchange = class_new(L, &exchange_class, sizeof *exchange);
    exchange->transfer = transfer_new();
    if (!exchange->transfer) luaL_error(L, "not enough memory");
    const char *message = request_read(L, 2, exchange->transfer);
    if (message) return exchange_fail_unsent(L, message), NULL;
    message = open_engine(L, self);
    if (message) return fail_to_start(L, message), NULL;
    engine_submit(self->engine, exchange->transfer);
    return exchange;
}

/* session:submit(request) -> exchange | nil, err
 *
 *   method, url, headers = { name = value }
 *   body               a string, or an array of strings and { file = path | open file,
 *                      offset = 0, size = to its end }, which are read while the request is sent
 *   timeout, connect_timeout    seconds, each for the whole exchange
 *   stall_timeout      seconds without a byte moving
 *   decompress         default true
 *   stream             default false; true: the response's body is for exchange:read
 *
 * Other fields are for others. Copies everything but files, and sends nothing yet. */
static int session_submit(lua_State *L) { return submit(L, check_open(L)) ? 1 : 2; }

/* session:perform(request) -> as exchange:result; blocks until it is done, and serves the others
 * meanwhile */
static int session_perform(lua_State *L) {
    Session *self = check_stepped(L);
    Exchange *exchange = submit(L, self);
    if (!exchange) return 2;
    luaL_argcheck(L, !exchange->transfer->sink, 2, "perform can't stream"); /* nobody would read */
    while (!transfer_is_done(exchange->transfer)) engine_step(self->engine, HUGE_VAL);
    int results = exchange_push_result(L, exchange->transfer);
    exchange_release(exchange); /* its memory serves the next one before it is collected */
    return results;
}

/* session:step(seconds) -> how many exchanges are done or have more to read; waits no longer than
 * until the first. With none in flight it waits all the time, unless that is math.huge. */
static int session_step(lua_State *L) {
    Session *self = check_stepped(L);
    lua_Number seconds = luaL_optnumber(L, 2, 0);
    const char *message = open_engine(L, self);
    if (message) return fail_to_start(L, message);
    lua_pushinteger(L, engine_step(self->engine, (double)seconds));
    return 1;
}

/* session:fileno() -> a descriptor that is readable when step(0) has something to do | nil, err */
static int session_fileno(lua_State *L) {
    Session *self = check_stepped(L);
    const char *message = open_engine(L, self);
    if (message) return fail_to_start(L, message);
    lua_pushinteger(L, engine_fileno(self->engine));
    return 1;
}

/* session:start_thread() -> "unix:PATH" | nil, err From now on a thread of this process runs the
 * exchanges. To wait for one: connect to PATH, write exchange:id() and a line feed, read one byte.
 * The connection may then wait for the next one. Closing it before cancels the exchange. */
static int session_start_thread(lua_State *L) {
    Session *self = check_open(L);
    const char *message = open_engine(L, self);
    ThreadStart start = {self->engine, NULL};
    if (!message) message = try_twice(L, start_thread, &start);
    if (message) return fail_to_start(L, message);
    lua_pushstring(L, start.path);
    return 1;
}

/* session:stats() -> { opened =, reused =, in_flight =, done =, cancelled =, and now open:
 * connections =, waiters = } */
static int session_stats(lua_State *L) {
    Session *self = check_open(L);
    Engine *engine = own_engine(self);
    EngineStats stats = {0};
    if (engine) stats = engine_stats(engine);
    lua_createtable(L, 0, 7);
    fields_set_integer(L, "connections", (int64_t)stats.connections);
    fields_set_integer(L, "waiters", (int64_t)stats.waiters);
    fields_set_integer(L, "opened", (int64_t)stats.opened);
    fields_set_integer(L, "reused", (int64_t)stats.reused);
    fields_set_integer(L, "in_flight", (int64_t)stats.in_flight);
    fields_set_integer(L, "done", (int64_t)stats.done);
    fields_set_integer(L, "cancelled", (int64_t)stats.cancelled);
    return 1;
}

static const luaL_Reg session_methods[] = {
    {"submit", session_submit},
    {"perform", session_perform},
    {"step", session_step},
    {"fileno", session_fileno},
    {"start_thread", session_start_thread},
    {"stats", session_stats},
    {NULL, NULL},
};

Class session_class = {"twilio.session", session_methods, session_close, session_tostring, ""};

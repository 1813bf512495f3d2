/* session.c: see session.h. */
#include "session.h"

#include "engine.h"
#include "parts.h"
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_RESPONSE_BYTES = 64 * 1024 * 1024, DEFAULT_IDLE_SECONDS = 50 };

typedef struct Session {
    EngineOptions options;
    Engine *engine; /* NULL: not used yet */
    int open;
} Session;

typedef struct Exchange {
    Transfer *transfer; /* NULL: closed */
    int begun;          /* of a stream: its head may be read */
} Exchange;

/* tables of arguments ---------------------------------------------------------------------------- */

/* A field's reader takes the value on top of the stack; wrong types raise. What is well typed but can't be
 * used is no error of the program: the reader returns why, a static text. */
typedef const char *Reader(lua_State *L, const char *name, void *place);

typedef struct Field {
    const char *name;
    Reader *read;
    size_t offset; /* of its place in the struct */
} Field;

static void wrong_type(lua_State *L, const char *name, const char *expected) {
    luaL_error(L, "%s must be %s, got %s", name, expected, luaL_typename(L, -1));
}

static const char *check_text(lua_State *L, const char *name, size_t *size) {
    if (lua_type(L, -1) != LUA_TSTRING) wrong_type(L, name, "a string");
    return lua_tolstring(L, -1, size);
}

static lua_Number check_number(lua_State *L, const char *name, lua_Number least) {
    if (lua_type(L, -1) != LUA_TNUMBER) wrong_type(L, name, "a number");
    lua_Number value = lua_tonumber(L, -1);
    if (!(value >= least)) luaL_error(L, "%s must be at least %d", name, (int)least);
    return value;
}

/* Reads each field of the table at `index` by its description. NULL, or why it can't be used. */
static const char *read_fields(lua_State *L, int index, const Field *fields, void *object) {
    const char *trouble = NULL;
    luaL_checktype(L, index, LUA_TTABLE);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : luaL_typename(L, -2);
        const Field *field = fields;
        while (field->name && strcmp(field->name, name) != 0) field++;
        if (!field->name) luaL_error(L, "unknown option '%s'", name);
        const char *reason = field->read(L, name, (char *)object + field->offset);
        if (reason) trouble = reason;
    }
    return trouble;
}

/* session options -------------------------------------------------------------------------------- */

static const char *read_text(lua_State *L, const char *name, void *place) {
    size_t size;
    const char *text = check_text(L, name, &size);
    if (strlen(text) != size) luaL_error(L, "%s holds a NUL", name);
    *(char **)place = strdup(text);
    return *(char **)place ? NULL : "no memory";
}

static const char *read_flag(lua_State *L, const char *name, void *place) {
    if (!lua_isboolean(L, -1)) wrong_type(L, name, "a boolean");
    *(int *)place = lua_toboolean(L, -1);
    return NULL;
}

static long clamp(lua_Number value) { return value < INT_MAX ? (long)value : INT_MAX; }

static const char *read_limit(lua_State *L, const char *name, void *place) {
    *(long *)place = clamp(check_number(L, name, 0));
    return NULL;
}

static const char *read_idle(lua_State *L, const char *name, void *place) {
    *(long *)place = clamp(check_number(L, name, 1)); /* to curl 0 is no limit */
    return NULL;
}

static const char *read_bytes(lua_State *L, const char *name, void *place) {
    lua_Number bytes = check_number(L, name, 1);
    *(size_t *)place = bytes < (lua_Number)(SIZE_MAX / 2) ? (size_t)bytes : SIZE_MAX / 2;
    return NULL;
}

static const char *read_version(lua_State *L, const char *name, void *place) {
    size_t size;
    const char *version = check_text(L, name, &size);
    *(int *)place = strcmp(version, "2") == 0;
    if (!*(int *)place && strcmp(version, "1.1") != 0) luaL_error(L, "%s must be \"1.1\" or \"2\"", name);
    if (*(int *)place && curl_version_info(CURLVERSION_NOW)->version_num < 0x080500)
        return "http_version \"2\" needs libcurl 8.5: older ones can give a reply to the wrong request";
    return NULL;
}

static const char *read_list(lua_State *L, const char *name, void *place) {
    struct curl_slist **list = place;
    if (!lua_istable(L, -1)) wrong_type(L, name, "an array of strings");
    for (int i = 1; lua_rawgeti(L, -1, i), !lua_isnil(L, -1); i++) {
        size_t size;
        struct curl_slist *longer = curl_slist_append(*list, check_text(L, name, &size));
        if (!longer) return lua_pop(L, 1), "no memory";
        *list = longer;
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return NULL;
}

#define OPTION(field) offsetof(EngineOptions, field)

static const Field session_fields[] = {
    {"ca_file", read_text, OPTION(wire.ca_file)},
    {"ca_path", read_text, OPTION(wire.ca_path)},
    {"proxy", read_text, OPTION(wire.proxy)},
    {"no_proxy", read_text, OPTION(wire.no_proxy)},
    {"client_cert", read_text, OPTION(wire.client_cert)},
    {"client_key", read_text, OPTION(wire.client_key)},
    {"resolve", read_list, OPTION(wire.resolve)},
    {"http_version", read_version, OPTION(wire.http2)},
    {"max_response_bytes", read_bytes, OPTION(wire.max_response_bytes)},
    {"idle_timeout", read_idle, OPTION(wire.idle_timeout)},
    {"keepalive", read_flag, OPTION(wire.keepalive)},
    {"max_connections", read_limit, OPTION(max_connections)},
    {"max_connections_per_host", read_limit, OPTION(max_connections_per_host)},
    {NULL, NULL, 0},
};

static void free_options(EngineOptions *options) {
    WireOptions *wire = &options->wire;
    char *texts[] = {wire->ca_file, wire->ca_path, wire->proxy, wire->no_proxy, wire->client_cert, wire->client_key};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) free(texts[i]);
    curl_slist_free_all(wire->resolve);
    memset(options, 0, sizeof *options);
}

int session_new(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    Session *self = class_new(L, &session_class, sizeof *self);
    self->options.wire.keepalive = 1;
    self->options.wire.idle_timeout = DEFAULT_IDLE_SECONDS;
    self->options.wire.max_response_bytes = DEFAULT_RESPONSE_BYTES;
    self->open = 1;
    const char *trouble = read_fields(L, 1, session_fields, &self->options);
    return trouble ? class_fail(L, "config", "%s", trouble) : 1;
}

/* requests --------------------------------------------------------------------------------------- */

static const char *read_method(lua_State *L, const char *name, void *place) {
    size_t size;
    const char *method = check_text(L, name, &size);
    return transfer_set_method(place, method, size);
}

static const char *read_url(lua_State *L, const char *name, void *place) {
    size_t size;
    const char *url = check_text(L, name, &size);
    return transfer_set_url(place, url, size);
}

/* The number in the field `name` of the part on top of the stack, or another. */
static curl_off_t part_number(lua_State *L, const char *name, curl_off_t otherwise) {
    lua_getfield(L, -1, name);
    curl_off_t number = lua_isnil(L, -1) ? otherwise : (curl_off_t)check_number(L, name, 0);
    lua_pop(L, 1);
    return number;
}

/* A descriptor of our own for the path or Lua's file in the field `file`; -1: there is none. */
static int open_part(lua_State *L) {
    lua_getfield(L, -1, "file");
    FILE *file = compat_tofile(L, -1);
    if (!file && lua_type(L, -1) != LUA_TSTRING) wrong_type(L, "file", "a path or an open file");
    int fd = file ? fcntl(fileno(file), F_DUPFD_CLOEXEC, 0) : open(lua_tostring(L, -1), O_RDONLY | O_CLOEXEC);
    lua_pop(L, 1);
    return fd;
}

static const char *read_part(lua_State *L, Parts *parts) {
    size_t size;
    if (lua_type(L, -1) == LUA_TSTRING) {
        const char *text = lua_tolstring(L, -1, &size);
        return parts_add_text(parts, text, size);
    }
    if (!lua_istable(L, -1)) wrong_type(L, "a part of the body", "a string or a table");
    curl_off_t offset = part_number(L, "offset", 0), length = part_number(L, "size", -1);
    int fd = open_part(L);
    return fd < 0 ? "a file of the body can't be opened" : parts_add_file(parts, fd, offset, length);
}

static const char *read_parts(lua_State *L, Transfer *transfer) {
    const char *trouble = NULL;
    Parts *parts = parts_new();
    if (!parts) return "no memory";
    transfer->source = &parts_source; /* owned by the transfer before anything can throw */
    transfer->source_state = parts;
    for (int i = 1; lua_rawgeti(L, -1, i), !lua_isnil(L, -1); i++) {
        const char *reason = read_part(L, parts);
        if (reason) trouble = reason;
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    transfer->content_size = parts_size(parts);
    return trouble;
}

static const char *read_body(lua_State *L, const char *name, void *place) {
    size_t size;
    if (lua_istable(L, -1)) return read_parts(L, place);
    const char *body = check_text(L, name, &size);
    return transfer_set_body(place, body, size);
}

static const char *read_stream(lua_State *L, const char *name, void *place) {
    Transfer *transfer = place;
    int wanted;
    read_flag(L, name, &wanted);
    if (!wanted) return NULL;
    transfer->sink_state = stream_new();
    if (!transfer->sink_state) return "no memory";
    transfer->sink = &stream_sink;
    return NULL;
}

static const char *read_headers(lua_State *L, const char *name, void *place) {
    const char *trouble = NULL;
    if (!lua_istable(L, -1)) wrong_type(L, name, "a table");
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        size_t name_size, value_size;
        if (lua_type(L, -2) != LUA_TSTRING) luaL_error(L, "a header's name must be a string");
        if (!lua_isstring(L, -1)) wrong_type(L, "a header's value", "a string or a number");
        const char *header = lua_tolstring(L, -2, &name_size), *value = lua_tolstring(L, -1, &value_size);
        const char *reason = transfer_add_header(place, header, name_size, value, value_size);
        if (reason) trouble = reason;
    }
    return trouble;
}

/* Whole seconds, as curl counts them. */
static const char *read_stall(lua_State *L, const char *name, void *place) {
    *(long *)place = clamp(ceil(check_number(L, name, 0)));
    return NULL;
}

/* A deadline that has passed already is still one: 0 would be none to curl. */
static const char *read_seconds(lua_State *L, const char *name, void *place) {
    if (lua_type(L, -1) != LUA_TNUMBER) wrong_type(L, name, "a number");
    lua_Number milliseconds = lua_tonumber(L, -1) * 1000;
    *(long *)place = milliseconds >= 1 ? clamp(milliseconds) : 1;
    return NULL;
}

static const Field request_fields[] = {
    {"method", read_method, 0},
    {"url", read_url, 0},
    {"headers", read_headers, 0},
    {"body", read_body, 0},
    {"timeout", read_seconds, offsetof(Transfer, timeout_ms)},
    {"connect_timeout", read_seconds, offsetof(Transfer, connect_timeout_ms)},
    {"stall_timeout", read_stall, offsetof(Transfer, stall_timeout)},
    {"decompress", read_flag, offsetof(Transfer, decompress)},
    {"stream", read_stream, 0},
    {NULL, NULL, 0},
};

static const char *read_request(lua_State *L, int index, Transfer *transfer) {
    const char *trouble = read_fields(L, index, request_fields, transfer);
    if (trouble) return trouble;
    luaL_argcheck(L, transfer->method, index, "method is missing");
    luaL_argcheck(L, transfer->url, index, "url is missing");
    int has_body = transfer->content || transfer->source;
    return strcmp(transfer->method, "HEAD") == 0 && has_body ? "a HEAD request has no body" : NULL;
}

/* results ---------------------------------------------------------------------------------------- */

static void push_headers(lua_State *L, const Transfer *transfer) {
    TransferHeader header;
    lua_createtable(L, 0, 12);
    for (size_t position = 0; transfer_header(transfer, &position, &header);) {
        lua_pushlstring(L, header.name, header.name_size);
        lua_pushvalue(L, -1);
        lua_rawget(L, -3);
        int before = !lua_isnil(L, -1);
        if (before) lua_pushliteral(L, ", ");
        else lua_pop(L, 1);
        lua_pushlstring(L, header.value, header.value_size);
        if (before) lua_concat(L, 3);
        lua_rawset(L, -3);
    }
}

static void set_number(lua_State *L, const char *name, lua_Number value) {
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name);
}

static void set_integer(lua_State *L, const char *name, int64_t value) {
    lua_pushinteger(L, (lua_Integer)value);
    lua_setfield(L, -2, name);
}

static void set_text(lua_State *L, const char *name, const char *value) {
    lua_pushstring(L, value);
    lua_setfield(L, -2, name);
}

static void set_boolean(lua_State *L, const char *name, int value) {
    lua_pushboolean(L, value);
    lua_setfield(L, -2, name);
}

static const char *version_name(long version) {
    static const char *const names[] = {[CURL_HTTP_VERSION_1_0] = "1.0", [CURL_HTTP_VERSION_1_1] = "1.1", [CURL_HTTP_VERSION_2_0] = "2"};
    return version > 0 && version < (long)(sizeof names / sizeof *names) ? names[version] : "?";
}

static void push_info(lua_State *L, const Transfer *transfer) {
    lua_createtable(L, 0, 7);
    set_boolean(L, "reused", transfer->reused);
    set_text(L, "http_version", version_name(transfer->http_version));
    set_text(L, "primary_ip", transfer->primary_ip);
    set_number(L, "seconds", (lua_Number)transfer->microseconds / 1e6);
    set_number(L, "connect_seconds", (lua_Number)transfer->connect_microseconds / 1e6);
    set_integer(L, "sent_bytes", transfer->sent_bytes);
    set_integer(L, "received_bytes", transfer->received_bytes);
}

static const char *const kinds[] = {
    [TRANSFER_NETWORK] = "network", [TRANSFER_TIMEOUT] = "timeout", [TRANSFER_CANCELLED] = "cancelled",
    [TRANSFER_CONFIG] = "config",   [TRANSFER_DECODE] = "decode",
};

static void set_sent(lua_State *L, TransferSent sent) {
    if (sent == SENT_UNKNOWN) set_text(L, "sent", "unknown");
    else set_boolean(L, "sent", sent == SENT_YES);
}

static int fail_unsent(lua_State *L, const char *message) {
    class_fail(L, "config", "%s", message);
    set_sent(L, SENT_NO);
    return 2;
}

static int push_failure(lua_State *L, const Transfer *transfer) {
    class_fail(L, kinds[transfer->failure], "%s", transfer->message);
    set_sent(L, transfer->sent);
    if (transfer->ambiguous) set_boolean(L, "ambiguous", 1);
    if (transfer->code != TRANSFER_CANCEL) set_integer(L, "curl_code", transfer->code);
    return 2;
}

static int push_result(lua_State *L, const Transfer *transfer) {
    if (transfer->failure != TRANSFER_OK) return push_failure(L, transfer);
    lua_pushinteger(L, transfer->status);
    push_headers(L, transfer);
    lua_pushlstring(L, transfer->body.size ? transfer->body.data : "", transfer->body.size);
    push_info(L, transfer);
    return 4;
}

/* sessions --------------------------------------------------------------------------------------- */

static int session_close(lua_State *L) {
    Session *self = class_check(L, 1, &session_class);
    Engine *engine = self->engine;
    self->open = 0;
    self->engine = NULL;
    if (engine) engine_free(engine);
    free_options(&self->options);
    return 0;
}

/* The engine of this process; what a parent left is abandoned. */
static Engine *own_engine(Session *self) {
    if (self->engine && engine_is_inherited(self->engine)) self->engine = NULL;
    return self->engine;
}

static int session_tostring(lua_State *L) {
    Session *self = class_check(L, 1, &session_class);
    Engine *engine = own_engine(self);
    if (!self->open) lua_pushliteral(L, "twilio.session (closed)");
    else lua_pushfstring(L, "twilio.session (%d in flight)", engine ? (int)engine_stats(engine).in_flight : 0);
    return 1;
}

static Session *check_open(lua_State *L) {
    Session *self = class_check(L, 1, &session_class);
    luaL_argcheck(L, self->open, 1, "session is closed");
    return self;
}

/* Its engine, made if there is none; NULL: errno says why. */
static Engine *open_engine(Session *self) {
    if (!own_engine(self)) self->engine = engine_new(&self->options);
    return self->engine;
}

static Session *check_stepped(lua_State *L) {
    Session *self = check_open(L);
    Engine *engine = own_engine(self);
    luaL_argcheck(L, !engine || !engine_is_threaded(engine), 1, "session is driven by its own thread");
    return self;
}

static int fail_to_start(lua_State *L) { return fail_unsent(L, lua_pushfstring(L, "can't start: %s", strerror(errno))); }

/* Pushes an exchange that is on its way and returns it; NULL: pushed nil, err. */
static Exchange *submit(lua_State *L, Session *self) {
    luaL_checktype(L, 2, LUA_TTABLE);
    Exchange *exchange = class_new(L, &exchange_class, sizeof *exchange);
    exchange->transfer = transfer_new();
    if (!exchange->transfer) luaL_error(L, "not enough memory");
    const char *trouble = read_request(L, 2, exchange->transfer);
    if (trouble) return fail_unsent(L, trouble), NULL;
    if (!open_engine(self)) return fail_to_start(L), NULL;
    engine_submit(self->engine, exchange->transfer);
    return exchange;
}

static void let_go(Exchange *exchange) {
    Transfer *transfer = exchange->transfer;
    exchange->transfer = NULL;
    if (!transfer) return;
    engine_cancel(transfer);
    transfer_release(transfer);
}

/* session:submit(request) -> exchange | nil, err
 * request: { method =, url =, headers = { name = value }, body =, timeout =, connect_timeout = (seconds,
 * each for the whole exchange), stall_timeout = (seconds without a byte moving), decompress = true,
 * stream = false (true: the response's body is for exchange:read) }
 * body: a string, or an array of strings and { file = path | open file, offset = 0, size = to its end },
 * which are read while the request is sent. Copies everything else and returns; nothing is sent yet. */
static int session_submit(lua_State *L) { return submit(L, check_open(L)) ? 1 : 2; }

/* session:perform(request) -> as exchange:result; blocks until it is done, and serves the others meanwhile */
static int session_perform(lua_State *L) {
    Session *self = check_stepped(L);
    Exchange *exchange = submit(L, self);
    if (!exchange) return 2;
    luaL_argcheck(L, !exchange->transfer->sink, 2, "perform can't stream"); /* nobody would read */
    while (!atomic_load(&exchange->transfer->done)) engine_step(self->engine, HUGE_VAL);
    int results = push_result(L, exchange->transfer);
    let_go(exchange); /* its memory serves the next one, long before this one is collected */
    return results;
}

/* session:step(seconds) -> how many exchanges are done or have more to read; waits no longer than until the
 * first. With none in flight it waits all the time, unless that is math.huge. */
static int session_step(lua_State *L) {
    Session *self = check_stepped(L);
    lua_Number seconds = luaL_optnumber(L, 2, 0);
    if (!open_engine(self)) return fail_to_start(L);
    lua_pushinteger(L, engine_step(self->engine, (double)seconds));
    return 1;
}

/* session:fileno() -> a descriptor that is readable when step(0) has something to do | nil, err */
static int session_fileno(lua_State *L) {
    Session *self = check_stepped(L);
    if (!open_engine(self)) return fail_to_start(L);
    lua_pushinteger(L, engine_fileno(self->engine));
    return 1;
}

/* session:start_thread() -> "unix:PATH" | nil, err
 * From now on a thread of this process runs the exchanges. To wait for one: connect to PATH, write
 * exchange:id() and a line feed, read one byte. The connection may then wait for the next one. Closing it
 * before cancels the exchange. */
static int session_start_thread(lua_State *L) {
    Session *self = check_open(L);
    const char *path = open_engine(self) ? engine_start_thread(self->engine) : NULL;
    if (!path) return fail_to_start(L);
    lua_pushstring(L, path);
    return 1;
}

/* session:stats() -> { opened =, reused =, in_flight =, done =, cancelled = } */
static int session_stats(lua_State *L) {
    Session *self = check_open(L);
    Engine *engine = own_engine(self);
    EngineStats stats = {0};
    if (engine) stats = engine_stats(engine);
    lua_createtable(L, 0, 5);
    set_integer(L, "opened", (int64_t)stats.opened);
    set_integer(L, "reused", (int64_t)stats.reused);
    set_integer(L, "in_flight", (int64_t)stats.in_flight);
    set_integer(L, "done", (int64_t)stats.done);
    set_integer(L, "cancelled", (int64_t)stats.cancelled);
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

/* exchanges -------------------------------------------------------------------------------------- */

static int exchange_close(lua_State *L) {
    let_go(class_check(L, 1, &exchange_class));
    return 0;
}

/* A parent's exchange is nobody's in a forked child: to it, cancelled. */
static int is_cancelled(const Transfer *transfer) {
    if (atomic_load(&transfer->done)) return 0;
    return atomic_load(&transfer->cancelled) || !transfer->engine || engine_is_inherited(transfer->engine);
}

static int exchange_tostring(lua_State *L) {
    Exchange *self = class_check(L, 1, &exchange_class);
    const char *state = "closed";
    if (self->transfer) state = atomic_load(&self->transfer->done) ? "done" : is_cancelled(self->transfer) ? "cancelled" : "running";
    lua_pushfstring(L, "twilio.exchange (%s)", state);
    return 1;
}

static Transfer *check_exchange(lua_State *L) {
    Exchange *self = class_check(L, 1, &exchange_class);
    luaL_argcheck(L, self->transfer, 1, "exchange is closed");
    return self->transfer;
}

/* exchange:finished() -> boolean */
static int exchange_finished(lua_State *L) {
    Transfer *transfer = check_exchange(L);
    lua_pushboolean(L, atomic_load(&transfer->done) || is_cancelled(transfer));
    return 1;
}

/* exchange:ready() -> boolean: is it finished, or has a stream something to read? What one waits for. */
static int exchange_ready(lua_State *L) {
    Transfer *transfer = check_exchange(L);
    lua_pushboolean(L, transfer_ready(transfer) || is_cancelled(transfer));
    return 1;
}

static Exchange *check_stream(lua_State *L) {
    Transfer *transfer = check_exchange(L);
    luaL_argcheck(L, transfer->sink == &stream_sink, 1, "exchange has no stream");
    return lua_touserdata(L, 1);
}

/* exchange:head() -> status, headers, from when a stream is ready for the first time; before, or without an
 * answer: nil */
static int exchange_head(lua_State *L) {
    Exchange *self = check_stream(L);
    self->begun = self->begun || transfer_ready(self->transfer);
    if (!self->begun || self->transfer->status == 0) return 0;
    lua_pushinteger(L, self->transfer->status);
    push_headers(L, self->transfer);
    return 2;
}

/* exchange:read() -> the bytes of a stream that have come, or nil if there are none. When it was finished
 * before and there are none, there never will be. */
static int exchange_read(lua_State *L) {
    Exchange *self = check_stream(L);
    int was_full;
    const Buf *taken = stream_take(self->transfer->sink_state, &was_full);
    if (was_full) engine_resume(self->transfer);
    if (taken->size == 0) return 0;
    self->begun = 1;
    lua_pushlstring(L, taken->data, taken->size);
    return 1;
}

/* exchange:result() -> status, headers (lower-case names, repeated ones joined by ", "), body, info
 *                    | nil, { kind =, message =, sent = true | false | "unknown", ambiguous =, curl_code = }
 * sent: has it left? ambiguous: it isn't safe to repeat, and may have been processed. Finished ones only. */
static int exchange_result(lua_State *L) {
    Transfer *transfer = check_exchange(L);
    if (is_cancelled(transfer)) {
        class_fail(L, "cancelled", "cancelled");
        set_sent(L, SENT_UNKNOWN);
        return 2;
    }
    luaL_argcheck(L, atomic_load(&transfer->done), 1, "exchange isn't finished");
    return push_result(L, transfer);
}

/* exchange:cancel(): at any time, as often as one likes */
static int exchange_cancel(lua_State *L) {
    engine_cancel(check_exchange(L));
    return 0;
}

/* exchange:id() -> integer, what the doorbell is asked for */
static int exchange_id(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)check_exchange(L)->id);
    return 1;
}

static const luaL_Reg exchange_methods[] = {
    {"finished", exchange_finished},
    {"ready", exchange_ready},
    {"head", exchange_head},
    {"read", exchange_read},
    {"result", exchange_result},
    {"cancel", exchange_cancel},
    {"id", exchange_id},
    {NULL, NULL},
};

Class exchange_class = {"twilio.exchange", exchange_methods, exchange_close, exchange_tostring, ""};

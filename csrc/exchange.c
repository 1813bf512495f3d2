/* exchange.c: see exchange.h. First the results, then the methods. */
#include "exchange.h"

#include "fields.h"
#include "stream.h"

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

static const char *const kinds[] = {
    [TRANSFER_NETWORK] = "network",     [TRANSFER_TIMEOUT] = "timeout",
    [TRANSFER_CANCELLED] = "cancelled", [TRANSFER_CONFIG] = "config",
    [TRANSFER_DECODE] = "decode",
};

static void set_sent(lua_State *L, TransferSent sent) {
    if (sent == SENT_UNKNOWN) fields_set_text(L, "sent", "unknown");
    else fields_set_boolean(L, "sent", sent == SENT_YES);
}

int exchange_fail_unsent(lua_State *L, const char *message) {
    class_fail(L, "config", "%s", message);
    set_sent(L, SENT_NO);
    return 2;
}

static int push_failure(lua_State *L, const Transfer *transfer) {
    class_fail(L, kinds[transfer->failure], "%s", transfer->message);
    set_sent(L, transfer->sent);
    if (transfer->ambiguous) fields_set_boolean(L, "ambiguous", 1);
    if (transfer->code < HANDLE_CANCELLED) fields_set_integer(L, "curl_code", transfer->code);
    return 2;
}

int exchange_push_result(lua_State *L, const Transfer *transfer) {
    if (transfer->failure != TRANSFER_OK) return push_failure(L, transfer);
    lua_pushinteger(L, transfer->status);
    push_headers(L, transfer);
    lua_pushlstring(L, transfer->body.size ? transfer->body.data : "", transfer->body.size);
    lua_pushboolean(L, transfer->reused);
    return 4;
}

void exchange_release(Exchange *exchange) {
    Transfer *transfer = exchange->transfer;
    exchange->transfer = NULL;
    if (!transfer) return;
    engine_cancel(transfer);
    transfer_release(transfer);
}

static int exchange_close(lua_State *L) {
    exchange_release(class_check(L, 1, &exchange_class));
    return 0;
}

/* A parent's exchange is nobody's in a forked child: to it, cancelled. */
static int is_cancelled(const Transfer *transfer) {
    if (transfer_is_done(transfer)) return 0;
    return transfer->is_cancelled || !transfer->engine || engine_is_inherited(transfer->engine);
}

static int exchange_tostring(lua_State *L) {
    Exchange *self = class_check(L, 1, &exchange_class);
    const char *state = "closed";
    if (self->transfer)
        state = transfer_is_done(self->transfer) ? "done"
                : is_cancelled(self->transfer)   ? "cancelled"
                                                 : "running";
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
    lua_pushboolean(L, transfer_is_done(transfer) || is_cancelled(transfer));
    return 1;
}

/* exchange:ready() -> boolean: is it finished, or has a stream something to read? What one waits
 * for. */
static int exchange_ready(lua_State *L) {
    Transfer *transfer = check_exchange(L);
    lua_pushboolean(L, transfer_is_ready(transfer) || is_cancelled(transfer));
    return 1;
}

static const Transfer *check_done(lua_State *L, const Transfer *transfer) {
    luaL_argcheck(L, transfer_is_done(transfer), 1, "exchange isn't finished");
    return transfer;
}

static Exchange *check_stream(lua_State *L) {
    Transfer *transfer = check_exchange(L);
    luaL_argcheck(L, transfer->sink == &stream_sink, 1, "exchange has no stream");
    return lua_touserdata(L, 1);
}

/* exchange:head() -> status, headers, from when a stream is ready for the first time; before, or
 * without an answer: nil */
static int exchange_head(lua_State *L) {
    Exchange *self = check_stream(L);
    self->begun = self->begun || transfer_is_ready(self->transfer);
    if (!self->begun || self->transfer->status == 0) return 0;
    lua_pushinteger(L, self->transfer->status);
    push_headers(L, self->transfer);
    return 2;
}

/* exchange:read() -> the bytes of a stream that have come, or nil if there are none. When it was
 * finished before and there are none, there never will be. */
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

/* exchange:result() -> status, headers, body, reused | nil, err
 *
 *   headers    lower-case names; the values of repeated ones are joined by ", "
 *   reused     true if it went over an older connection
 *   err        kind, message, sent (true, false or "unknown": whether it left), ambiguous (it isn't
 *              safe to repeat and may have been processed), curl_code
 *
 * Finished ones only. */
static int exchange_result(lua_State *L) {
    Transfer *transfer = check_exchange(L);
    if (is_cancelled(transfer)) {
        class_fail(L, "cancelled", "cancelled");
        set_sent(L, atomic_load(&transfer->state) == TRANSFER_WITHDRAWN ? SENT_NO : SENT_UNKNOWN);
        return 2;
    }
    return exchange_push_result(L, check_done(L, transfer));
}

static const char *version_name(long version) {
    static const char *const names[] = {[CURL_HTTP_VERSION_1_0] = "1.0",
                                        [CURL_HTTP_VERSION_1_1] = "1.1",
                                        [CURL_HTTP_VERSION_2_0] = "2"};
    return version > 0 && version < (long)(sizeof names / sizeof *names) ? names[version] : "?";
}

/* exchange:info() -> table
 *
 *   http_version       "1.0", "1.1", "2" or "?"
 *   primary_ip         the server's, or ""
 *   seconds            in all
 *   connect_seconds    of them, until it was connected
 *   sent_bytes, received_bytes
 *
 * Finished ones only. */
static int exchange_info(lua_State *L) {
    const Transfer *transfer = check_done(L, check_exchange(L));
    lua_createtable(L, 0, 6);
    fields_set_text(L, "http_version", version_name(transfer->http_version));
    fields_set_text(L, "primary_ip", transfer->primary_ip);
    fields_set_number(L, "seconds", (lua_Number)transfer->microseconds / 1e6);
    fields_set_number(L, "connect_seconds", (lua_Number)transfer->connect_microseconds / 1e6);
    fields_set_integer(L, "sent_bytes", transfer->sent_bytes);
    fields_set_integer(L, "received_bytes", transfer->received_bytes);
    return 1;
}

/* exchange:cancel() -> boolean: true if it hadn't begun, so that nothing was sent. At any time, as
 * often as one likes. */
static int exchange_cancel(lua_State *L) {
    lua_pushboolean(L, engine_cancel(check_exchange(L)));
    return 1;
}

/* exchange:id() -> integer, the request of a waiter to the notifier */
static int exchange_id(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)check_exchange(L)->id);
    return 1;
}

static const luaL_Reg exchange_methods[] = {
    {"finished", exchange_finished}, {"ready", exchange_ready},   {"head", exchange_head},
    {"read", exchange_read},         {"result", exchange_result}, {"info", exchange_info},
    {"cancel", exchange_cancel},     {"id", exchange_id},         {NULL, NULL},
};

Class exchange_class = {"twilio.exchange", exchange_methods, exchange_close, exchange_tostring, ""};

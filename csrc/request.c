/* request.c: see request.h. */
#include "request.h"

#include "fields.h"
#include "body_parts.h"
#include "stream.h"

#include <fcntl.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

static const char *read_method(lua_State *L, const char *name, void *place) {
    size_t size;
    const char *method = fields_check_text(L, name, &size);
    return transfer_set_method(place, method, size);
}

static const char *read_url(lua_State *L, const char *name, void *place) {
    size_t size;
    const char *url = fields_check_text(L, name, &size);
    return transfer_set_url(place, url, size);
}

/* The number in the field `name` of the part on top of the stack, or another. */
static curl_off_t part_number(lua_State *L, const char *name, curl_off_t otherwise) {
    static const lua_Number most =
        4503599627370496.0; /* 2^52: beyond any file, and exact in a double */
    lua_getfield(L, -1, name);
    lua_Number number = lua_isnil(L, -1) ? (lua_Number)otherwise : fields_check_number(L, name, 0);
    lua_pop(L, 1);
    return (curl_off_t)(number < most ? number : most);
}

/* A descriptor of our own for the path or Lua's file in the field `file`; -1: there is none.
 * O_NONBLOCK: the open of a FIFO would wait for a writer; parts_add_file refuses it then. Regular
 * files don't know the flag. */
static int open_part(lua_State *L) {
    size_t size;
    lua_getfield(L, -1, "file");
    FILE *file = compat_tofile(L, -1);
    if (!file && lua_type(L, -1) != LUA_TSTRING)
        fields_wrong_type(L, "file", "a path or an open file");
    const char *path = file ? NULL : lua_tolstring(L, -1, &size);
    int fd = -1;
    if (file) {
        fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
    } else if (path && strlen(path) == size) { /* cut by a NUL, it would name another file */
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    }
    lua_pop(L, 1);
    return fd;
}

static const char *read_part(lua_State *L, Parts *parts) {
    size_t size;
    if (lua_type(L, -1) == LUA_TSTRING) {
        const char *text = lua_tolstring(L, -1, &size);
        return parts_add_text(parts, text, size);
    }
    if (!lua_istable(L, -1)) fields_wrong_type(L, "a part of the body", "a string or a table");
    curl_off_t offset = part_number(L, "offset", 0), length = part_number(L, "size", -1);
    int fd = open_part(L);
    return fd < 0 ? "a file of the body can't be opened"
                  : parts_add_file(parts, fd, offset, length);
}

static const char *read_parts(lua_State *L, Transfer *transfer) {
    const char *message = NULL;
    Parts *parts = parts_new();
    if (!parts) return no_memory;
    transfer->source = &parts_source; /* owned by the transfer before anything can throw */
    transfer->source_state = parts;
    for (int i = 1; lua_rawgeti(L, -1, i), !lua_isnil(L, -1); i++) {
        const char *reason = read_part(L, parts);
        if (reason) message = reason;
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    transfer->content_size = parts_size(parts);
    return message;
}

static const char *read_body(lua_State *L, const char *name, void *place) {
    size_t size;
    if (lua_istable(L, -1)) return read_parts(L, place);
    const char *body = fields_check_text(L, name, &size);
    return transfer_set_body(place, body, size);
}

static const char *read_stream(lua_State *L, const char *name, void *place) {
    Transfer *transfer = place;
    int wanted;
    fields_read_flag(L, name, &wanted);
    if (!wanted) return NULL;
    transfer->sink_state = stream_new();
    if (!transfer->sink_state) return no_memory;
    transfer->sink = &stream_sink;
    return NULL;
}

static const char *read_headers(lua_State *L, const char *name, void *place) {
    const char *message = NULL;
    if (!lua_istable(L, -1)) fields_wrong_type(L, name, "a table");
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        size_t name_size, value_size;
        if (lua_type(L, -2) != LUA_TSTRING) luaL_error(L, "a header's name must be a string");
        if (!lua_isstring(L, -1)) fields_wrong_type(L, "a header's value", "a string or a number");
        const char *header = lua_tolstring(L, -2, &name_size),
                   *value = lua_tolstring(L, -1, &value_size);
        const char *reason = transfer_add_header(place, header, name_size, value, value_size);
        if (reason) message = reason;
    }
    return message;
}

/* Whole seconds, as curl counts them. */
static const char *read_stall(lua_State *L, const char *name, void *place) {
    *(long *)place = fields_clamp(ceil(fields_check_number(L, name, 0)));
    return NULL;
}

/* A deadline that has passed already is still one: 0 would be none to curl. */
static const char *read_seconds(lua_State *L, const char *name, void *place) {
    if (lua_type(L, -1) != LUA_TNUMBER) fields_wrong_type(L, name, "a number");
    lua_Number milliseconds = lua_tonumber(L, -1) * 1000;
    *(long *)place = milliseconds >= 1 ? fields_clamp(milliseconds) : 1;
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
    {"decompress", fields_read_flag, offsetof(Transfer, decompress)},
    {"stream", read_stream, 0},
    {NULL, NULL, 0},
};

const char *request_read(lua_State *L, int index, Transfer *transfer) {
    const char *message = fields_read_own(L, index, request_fields, transfer);
    if (message) return message;
    luaL_argcheck(L, transfer->method, index, "method is missing");
    luaL_argcheck(L, transfer->url, index, "url is missing");
    int has_body = transfer->content || transfer->source;
    return strcmp(transfer->method, "HEAD") == 0 && has_body ? "a HEAD request has no body" : NULL;
}

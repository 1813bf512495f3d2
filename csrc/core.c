/* core.c: luaopen_twilio_core, its only exported symbol: the functions that every call needs. It
 * needs no library but libc; crypto.c and http.c need OpenSSL and libcurl. */
#include "ascii.h"
#include "base64.h"
#include "class.h"
#include "compat.h"
#include "credentials.h"
#include "form.h"
#include "form_table.h"
#include "cjson_fix.h"
#include "interrupt.h"
#include "system.h"

#include <stdint.h>
#include <string.h>

/* --- forms --- */

enum { BRIEF = 1024 };

/* Returns what `size` bytes may come to, with a separator, after `before` others. */
static size_t most_encoded(lua_State *L, size_t before, size_t size) {
    if (size >= ((size_t)PTRDIFF_MAX - before) / 3) luaL_error(L, "too large");
    return before + 3 * size + 1;
}

/* Room for so many bytes: `brief` if they fit, else memory that Lua frees. */
static char *room_for(lua_State *L, size_t size, char brief[BRIEF]) {
    return size <= BRIEF ? brief : lua_newuserdatauv(L, size, 0);
}

/* Element i of the array at 1, a string. It stays alive in the array, so nothing is left on the
 * stack. */
static const char *check_element(lua_State *L, int i, size_t *size) {
    lua_rawgeti(L, 1, i);
    if (lua_type(L, -1) != LUA_TSTRING) {
        luaL_argerror(
            L, 1,
            lua_pushfstring(L, "element %d must be a string, got a %s", i, luaL_typename(L, -1)));
    }
    const char *text = lua_tolstring(L, -1, size);
    lua_pop(L, 1);
    return text;
}

/* The most that the array's pairs can come to, encoded. Allocates nothing: no finalizer runs. */
static size_t measure_pairs(lua_State *L, int *count) {
    size_t most = 0, size;
    *count = (int)lua_rawlen(L, 1);
    luaL_argcheck(L, *count % 2 == 0, 1, "a name without a value");
    for (int i = 1; i <= *count; i++) {
        check_element(L, i, &size);
        most = most_encoded(L, most, size);
    }
    return most;
}

/* core.form_encode({ name, value, name, value, ... } [, "%20"]) -> "name=value&..."
 *
 * All are strings. A space becomes "+", or "%20" when asked for (query strings). */
static int form_encode_pairs(lua_State *L) {
    static const char *const spaces[] = {"%20", "+", NULL}; /* in FormSpace's order */
    luaL_checktype(L, 1, LUA_TTABLE);
    FormSpace space = (FormSpace)luaL_checkoption(L, 2, "+", spaces);
    lua_settop(L, 2);
    int count;
    size_t size, room = measure_pairs(L, &count);
    char brief[BRIEF], *out = room_for(L, room, brief);
    /* Making room may run finalizers, which may change the array: measure again until it fits.
     * Nothing is allocated between the last measurement and the end of writing. */
    for (size_t most; out != brief && (most = measure_pairs(L, &count)) > room;) {
        lua_settop(L, 2);
        room = most;
        out = room_for(L, room, brief);
    }
    char *end = out;
    for (int i = 1; i <= count; i++) {
        const char *text = check_element(L, i, &size);
        if (i > 1) *end++ = i % 2 ? '&' : '=';
        end += form_encode(end, text, size, space);
    }
    lua_pushlstring(L, out, (size_t)(end - out));
    return 1;
}

/* core.form_decode(text) -> { name = value | { value, value, ... } }
 *
 * An array only where a name is repeated. Never fails: what isn't valid stands for itself. */
static int form_decode_table(lua_State *L) {
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    FormReader reader = form_read(text, size, lua_newuserdatauv(L, size, 0));
    FormPair pair;
    lua_newtable(L);
    int table = lua_gettop(L);
    while (form_next(&reader, &pair)) form_table_add(L, table, &pair);
    return 1;
}

/* core.form_value(text, name) -> the value of the first pair of that name, or nil; true if another
 * pair of the name has a different value. Makes no table of the rest, which a stranger wrote. */
static int form_value(lua_State *L) {
    size_t size, name_size, value_size;
    const char *text = luaL_checklstring(L, 1, &size), *value = NULL;
    const char *name = luaL_checklstring(L, 2, &name_size);
    char brief[BRIEF], *out = room_for(L, size, brief);
    FormReader reader = form_read(text, size, out);
    FormPair pair;
    lua_pushnil(L);
    for (; form_next(&reader, &pair); reader.out = out) { /* each pair in the last one's place */
        if (pair.name_size != name_size || memcmp(pair.name, name, name_size) != 0) continue;
        const char *found = pair.name + name_size;
        if (!value) {
            lua_pushlstring(L, found, pair.value_size);
            value = lua_tolstring(L, -1, &value_size);
        } else if (pair.value_size != value_size || memcmp(found, value, value_size) != 0) {
            lua_pushboolean(L, 1);
            return 2;
        }
    }
    return 1;
}

/* core.percent_encode(text) -> text fit for a path segment or a query's value */
static int percent_encode(lua_State *L) {
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    char brief[BRIEF], *out = room_for(L, most_encoded(L, 0, size), brief);
    lua_pushlstring(L, out, form_encode(out, text, size, FORM_SPACE_PERCENT));
    return 1;
}

/* --- base64 --- */

static int encode_by(lua_State *L, size_t (*encode)(char *, const void *, size_t)) {
    size_t size;
    const char *bytes = luaL_checklstring(L, 1, &size);
    char *out = lua_newuserdatauv(L, 4 * ((size + 2) / 3) + 1, 0);
    lua_pushlstring(L, out, encode(out, bytes, size));
    return 1;
}

/* core.base64_encode(bytes) -> text, standard alphabet, padded */
static int encode_base64(lua_State *L) { return encode_by(L, base64_encode); }

/* core.base64url_encode(bytes) -> text, the alphabet for URLs, without padding */
static int encode_base64url(lua_State *L) { return encode_by(L, base64url_encode); }

/* core.base64_decode(text) -> bytes | nil, { kind = "decode", message = } for what isn't base64 to
 * the letter */
static int decode_base64(lua_State *L) {
    size_t size, out_size;
    const char *text = luaL_checklstring(L, 1, &size);
    unsigned char *out = lua_newuserdatauv(L, size / 4 * 3 + 1, 0);
    if (!base64_decode(out, &out_size, text, size)) return class_fail(L, "decode", "not base64");
    lua_pushlstring(L, (const char *)out, out_size);
    return 1;
}

/* --- letters and their order, whatever the locale --- */

static int convert(lua_State *L, char (*with)(char)) {
    size_t size, i = 0;
    const char *text = luaL_checklstring(L, 1, &size);
    while (i < size && with(text[i]) == text[i]) i++;
    lua_settop(L, 1);
    if (i == size) return 1; /* nothing to change */
    char brief[BRIEF], *out = room_for(L, size, brief);
    for (i = 0; i < size; i++) out[i] = with(text[i]);
    lua_pushlstring(L, out, size);
    return 1;
}

/* core.lower(text) -> text with a to z for A to Z; core.upper(text): the other way round. In some
 * locales string.lower changes other bytes too, and makes another letter of "I". */
static int lower(lua_State *L) { return convert(L, ascii_lower); }
static int upper(lua_State *L) { return convert(L, ascii_upper); }

/* core.less(a, b) -> true if the bytes of text a come before those of b, for table.sort: "<" goes
 * by the locale's alphabet. */
static int less(lua_State *L) {
    size_t a_size, b_size;
    const char *a = luaL_checklstring(L, 1, &a_size), *b = luaL_checklstring(L, 2, &b_size);
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    lua_pushboolean(L, order < 0 || (order == 0 && a_size < b_size));
    return 1;
}

/* core.is_yieldable() -> boolean, or nil in Lua 5.1, which can't tell
 *
 * coroutine.isyieldable says the same, but nginx's Lua module takes it away. */
static int is_yieldable(lua_State *L) {
    int answer = compat_isyieldable(L);
    if (answer < 0) lua_pushnil(L);
    else lua_pushboolean(L, answer);
    return 1;
}

/* core.global(name) -> a global that not each Lua has (ngx, jit, os, io, debug), or nil.
 *
 * A program may have made the read of an undeclared global an error (pl.strict and its like), and a
 * sandboxed Lua lacks parts of the standard library. So such globals are read without metamethods.
 * nginx without OpenResty's LuaJIT gives each request a table of globals before the others, which
 * is why tables behind one another are followed. */
static int find_global(lua_State *L) {
    const char *name = luaL_checkstring(L, 1);
    lua_pushglobaltable(L);
    while (lua_istable(L, -1)) {
        lua_pushstring(L, name);
        lua_rawget(L, -2);
        if (!lua_isnil(L, -1)) return 1;
        lua_pop(L, 1);
        if (!lua_getmetatable(L, -1)) break;
        lua_pushliteral(L, "__index");
        lua_rawget(L, -2);
    }
    lua_pushnil(L);
    return 1;
}

/* --- the module --- */

static const luaL_Reg functions[] = {
    {"form_encode", form_encode_pairs},
    {"form_decode", form_decode_table},
    {"form_value", form_value},
    {"percent_encode", percent_encode},
    {"base64_encode", encode_base64},
    {"base64url_encode", encode_base64url},
    {"base64_decode", decode_base64},
    {"global", find_global},
    {"json_decode", json_decode},
    {"json_load", json_load},
    {"lower", lower},
    {"upper", upper},
    {"less", less},
    {"is_yieldable", is_yieldable},
    {"credentials", credentials_new},
    {"now", system_now},
    {"time", system_time},
    {"sleep", system_sleep},
    {"descriptor_limit", system_descriptor_limit},
    {"descriptors_left", system_descriptors_left},
    {"keep_spare", system_keep_spare},
    {"free_spare", system_free_spare},
    {"file_size", system_file_size},
    {"write_private_file", system_write_private_file},
    {"make_private", system_make_private},
    {"platform", system_platform},
    {"catch_interrupts", interrupt_catch},
    {"release_interrupts", interrupt_release},
    {"interrupted", interrupt_noted},
    {NULL, NULL},
};

__attribute__((visibility("default"))) int luaopen_twilio_core(lua_State *L);

int luaopen_twilio_core(lua_State *L) {
    class_register(L, &credentials_class);
    luaL_newlib(L, functions);
    lua_pushliteral(L, TW_VERSION); /* lua/twilio/util/version.lua, by the Makefile */
    lua_setfield(L, -2, "version");
    return 1;
}

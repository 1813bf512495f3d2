/* plain_request.c: see plain_request.h. */
#include "plain_request.h"

enum { LONGEST_NAME = 64, LONGEST_HEADER = 8 * 1024, LONGEST_TARGET = 64 * 1024, MOST_SLOTS = 16 };

static int is_text(lua_State *L, int index) { return lua_type(L, index) == LUA_TSTRING; }

/* A path and query, each byte neither a space, nor an ASCII control character, nor '#', whatever
 * the locale. */
static int is_target(lua_State *L, int index) {
    size_t size;
    const char *text = is_text(L, index) ? lua_tolstring(L, index, &size) : NULL;
    if (!text || size == 0 || size > LONGEST_TARGET || text[0] != '/') return 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte <= ' ' || byte == '#' || byte == 0x7f) return 0;
    }
    return 1;
}

static int is_body(lua_State *L, int index, int plan) {
    if (!is_text(L, index)) return 0;
    lua_rawgeti(L, plan, PLAN_MOST);
    size_t size = lua_rawlen(L, index);
    int fits = size > 0 && (lua_Number)size <= lua_tonumber(L, -1);
    lua_pop(L, 1);
    return fits;
}

/* Is the value at `index` the plan's at `place`? false there stands for nil. */
static int is_planned(lua_State *L, int index, int plan, int place) {
    lua_rawgeti(L, plan, place);
    int same = lua_isnil(L, index) ? !lua_toboolean(L, -1) : lua_rawequal(L, index, -1);
    lua_pop(L, 1);
    return same;
}

/* The slot of the header whose name is at `index`; 0: it doesn't count. */
static int slot_of(lua_State *L, int index, int slots) {
    char lower[LONGEST_NAME];
    size_t size;
    const char *name = lua_tolstring(L, index, &size);
    lua_pushvalue(L, index);
    lua_rawget(L, slots);
    if (lua_isnil(L, -1) && size <= sizeof lower) {
        for (size_t i = 0; i < size; i++)
            lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] + ('a' - 'A') : name[i]);
        lua_pop(L, 1);
        lua_pushlstring(L, lower, size);
        lua_rawget(L, slots);
    }
    int slot = (int)lua_tointeger(L, -1);
    lua_pop(L, 1);
    return slot > 0 && slot < MOST_SLOTS ? slot : 0;
}

/* Returns 1 if a request with this header remains plain. */
static int takes_header(lua_State *L, int slot, int value, int plan) {
    if (!is_text(L, value) || lua_rawlen(L, value) > LONGEST_HEADER) return 0;
    if (slot >= SLOT_KEPT) return is_planned(L, value, plan, PLAN_KEPT + slot);
    if (slot != SLOT_TYPE) return 1;
    lua_rawgeti(L, plan, PLAN_FORMS);
    lua_pushvalue(L, value);
    lua_rawget(L, -2);
    int is_form = lua_toboolean(L, -1);
    lua_pop(L, 2);
    return is_form;
}

/* Reads the headers at `headers`; leaves signature and token at `signature` and `signature` + 1. */
static int read_headers(lua_State *L, int headers, int plan, int signature) {
    unsigned seen = 0;
    lua_rawgeti(L, plan, PLAN_SLOTS);
    int slots = lua_gettop(L), name = slots + 1, value = slots + 2;
    for (lua_pushnil(L); lua_next(L, headers); lua_settop(L, name)) {
        int slot = is_text(L, name) ? slot_of(L, name, slots) : 0;
        if (!slot) continue;
        if (seen & 1u << slot || !takes_header(L, slot, value, plan)) return 0;
        seen |= 1u << slot;
        if (slot == SLOT_SIGNATURE || slot == SLOT_TOKEN) {
            lua_pushvalue(L, value);
            lua_replace(L, slot == SLOT_SIGNATURE ? signature : signature + 1);
        }
    }
    lua_rawgeti(L, plan, PLAN_MASK);
    lua_Integer mask = lua_tointeger(L, -1);
    return seen & 1u << SLOT_SIGNATURE && (lua_Integer)(seen >> SLOT_KEPT) == mask;
}

int plain_request_push(lua_State *L, int request, int plan) {
    luaL_checkstack(L, 16, NULL);
    if (!lua_istable(L, request) || !lua_istable(L, plan)) return 0;
    int top = lua_gettop(L), url = top + 1, body = top + 2, signature = top + 3;
    lua_rawgeti(L, plan, PLAN_PREFIX);
    if (!is_text(L, url)) return 0; /* there has been no request before */
    lua_getfield(L, request, "body");
    lua_pushnil(L); /* the signature */
    lua_pushnil(L); /* the token */
    lua_getfield(L, request, "url");
    lua_getfield(L, request, "scheme");
    lua_getfield(L, request, "headers");
    int target = top + 5, scheme = top + 6, headers = top + 7;
    if (!is_target(L, target) || !is_body(L, body, plan) || !lua_istable(L, headers)) return 0;
    if (!is_planned(L, scheme, plan, PLAN_SCHEME)) return 0;
    if (!read_headers(L, headers, plan, signature)) return 0;
    lua_pushvalue(L, url);
    lua_pushvalue(L, target);
    lua_concat(L, 2);
    lua_replace(L, url);
    lua_settop(L, signature + 1);
    return 1;
}

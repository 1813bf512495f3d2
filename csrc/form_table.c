/* form_table.c: see form_table.h. */
#include "form_table.h"

#include <stdint.h>
#include <string.h>

/* Adds the value on top of the stack under the name below it to the table at `index`; a repeated
 * name's values become an array, in order. Pops both. */
static void add(lua_State *L, int index) {
    lua_pushvalue(L, -2);
    lua_rawget(L, index);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_rawset(L, index);
        return;
    }
    if (!lua_istable(L, -1)) { /* the second value */
        lua_createtable(L, 2, 0);
        lua_insert(L, -2);
        lua_rawseti(L, -2, 1);
        lua_pushvalue(L, -3);
        lua_pushvalue(L, -2);
        lua_rawset(L, index);
    }
    lua_insert(L, -2);
    lua_rawseti(L, -2, (int)lua_rawlen(L, -2) + 1);
    lua_pop(L, 2);
}

void form_table_add(lua_State *L, int index, const FormPair *pair) {
    lua_pushlstring(L, pair->name, pair->name_size);
    lua_pushlstring(L, pair->name + pair->name_size, pair->value_size);
    add(L, index);
}

/* --- names --- */

/* Most names are shorter than a call of memcmp takes. */
static inline int is_same(const char *a, const char *b, size_t size) {
    for (; size >= sizeof(uint64_t); size -= sizeof(uint64_t)) {
        uint64_t x, y;
        memcpy(&x, a, sizeof x);
        memcpy(&y, b, sizeof y);
        if (x != y) return 0;
        a += sizeof x;
        b += sizeof y;
    }
    while (size > 0 && a[size - 1] == b[size - 1]) size--;
    return size == 0;
}

/* Pushes the array of the strings. */
static void push_strings(lua_State *L, FormNames *names) {
    if (names->strings) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, names->strings);
        return;
    }
    lua_newtable(L);
    lua_pushvalue(L, -1);
    names->strings = luaL_ref(L, LUA_REGISTRYINDEX);
}

/* Pushes a name whose place in the form is `i`. A finalizer may put another form's names there
 * while the string is made, but never one into the array without the other. */
static inline void push_name(lua_State *L, FormNames *names, int strings, size_t i,
                             const char *text, size_t size) {
    if (i >= FORM_NAMES_MOST || size > FORM_NAMES_LONGEST) {
        lua_pushlstring(L, text, size);
    } else if (names->known[i].size == size && size && is_same(names->known[i].text, text, size)) {
        lua_rawgeti(L, strings, (int)i + 1);
    } else {
        lua_pushlstring(L, text, size);
        lua_pushvalue(L, -1);
        lua_rawseti(L, strings, (int)i + 1);
        names->known[i].text = lua_tolstring(L, -1, NULL);
        names->known[i].size = size;
    }
}

void form_names_free(lua_State *L, FormNames *names) {
    if (names->strings) luaL_unref(L, LUA_REGISTRYINDEX, names->strings);
    memset(names, 0, sizeof *names);
}

/* --- tables --- */

void form_table_push(lua_State *L, const char *text, const FormPair *pairs, size_t count,
                     int repeated, FormNames *names) {
    luaL_checkstack(L, 8, NULL);
    push_strings(L, names);
    lua_createtable(L, 0, (int)count);
    int table = lua_gettop(L);
    for (size_t i = 0; i < count; i++) {
        push_name(L, names, table - 1, i, text, pairs[i].name_size);
        text += pairs[i].name_size;
        lua_pushlstring(L, text, pairs[i].value_size);
        text += pairs[i].value_size;
        if (repeated) add(L, table);
        else lua_rawset(L, table);
    }
    lua_remove(L, table - 1);
}

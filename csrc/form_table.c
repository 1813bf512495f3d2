/* form_table.c: see form_table.h. */
#include "form_table.h"

#include <string.h>

/* Names kept: as many as Twilio sends, and as long. */
enum { MOST_NAMES = 50, LONGEST_NAME = 40 };

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

/* Pushes the array of the last form's names. */
static void push_names(lua_State *L) {
    static const char key[] = "twilio.form_table";
    lua_getfield(L, LUA_REGISTRYINDEX, key);
    if (lua_istable(L, -1)) return;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, key);
}

/* Pushes the name of pair `i`, from 1. */
static void push_name(lua_State *L, int names, int i, const char *name, size_t size) {
    if (i > MOST_NAMES || size > LONGEST_NAME) {
        lua_pushlstring(L, name, size);
        return;
    }
    size_t known_size;
    lua_rawgeti(L, names, i);
    const char *known = lua_tolstring(L, -1, &known_size);
    if (known && known_size == size && memcmp(known, name, size) == 0) return;
    lua_pop(L, 1);
    lua_pushlstring(L, name, size);
    lua_pushvalue(L, -1);
    lua_rawseti(L, names, i);
}

void form_table_push(lua_State *L, const char *text, const FormPair *pairs, size_t count,
                     int repeated) {
    luaL_checkstack(L, 8, NULL);
    lua_createtable(L, 0, (int)count);
    int table = lua_gettop(L);
    push_names(L);
    for (size_t i = 0; i < count; i++) {
        push_name(L, table + 1, (int)i + 1, text, pairs[i].name_size);
        text += pairs[i].name_size;
        lua_pushlstring(L, text, pairs[i].value_size);
        text += pairs[i].value_size;
        if (repeated) add(L, table);
        else lua_rawset(L, table);
    }
    lua_pop(L, 1);
}

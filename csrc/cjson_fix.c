/* cjson_fix.c: see cjson_fix.h. */
#include "cjson_fix.h"

enum { MAX_DEPTH = 1000 }; /* a table that holds itself has no end; cjson nests half as deep */

/* The new value is on top of the stack, below it the old one and its key. Fields that are there may
 * be set during a walk. */
static void replace(lua_State *L, int table) {
    lua_pushvalue(L, -3);
    lua_insert(L, -2);
    lua_rawset(L, table);
}

static void repair_table(lua_State *L, int keep_nulls, int depth) {
    int table = lua_gettop(L);
    if (depth > MAX_DEPTH) luaL_error(L, "a table is nested too deeply, or contains itself");
    luaL_checkstack(L, 8, "JSON");
    for (lua_pushnil(L); lua_next(L, table); lua_settop(L, table + 1)) {
        switch (lua_type(L, -1)) {
        case LUA_TTABLE: repair_table(L, keep_nulls, depth + 1); break;
        case LUA_TLIGHTUSERDATA: /* cjson's null is the only one there is */
            if (keep_nulls) break;
            lua_pushnil(L);
            replace(L, table);
            break;
        case LUA_TNUMBER:
            if (compat_push_integer(L)) replace(L, table);
            break;
        default: break;
        }
    }
}

int json_repair(lua_State *L) {
    luaL_checkany(L, 1);
    int keep_nulls = lua_toboolean(L, 2);
    lua_settop(L, 1);
    if (lua_istable(L, 1)) repair_table(L, keep_nulls, 1);
    else if (lua_type(L, 1) == LUA_TNUMBER) compat_push_integer(L);
    return 1; /* the top: the table, or the better number, or what was given */
}

/* compat.h: lets the rest be written for Lua 5.4.
 *
 * Small shims for 5.3, 5.1 and LuaJIT, no more than is used. Nothing else in csrc/ may ask which
 * Lua it is compiled for. */
#ifndef TWILIO_COMPAT_H
#define TWILIO_COMPAT_H

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>

#if LUA_VERSION_NUM < 504
#define lua_newuserdatauv(L, size, uservalues) lua_newuserdata(L, size)
#endif

#if LUA_VERSION_NUM < 502
/* Lua 5.1 and LuaJIT load modules from one folder: a module that was built for either must load in
 * the other. So nothing that only LuaJIT has may be linked to. */
#undef lua_rawlen
#define lua_pushglobaltable(L) lua_pushvalue(L, LUA_GLOBALSINDEX)
#define lua_rawlen(L, index) lua_objlen(L, index)
#undef luaL_newlib
#define luaL_newlib(L, list) (lua_newtable(L), luaL_setfuncs(L, list, 0))
#define luaL_setfuncs compat_setfuncs
#define luaL_testudata compat_testudata

static inline void compat_setfuncs(lua_State *L, const luaL_Reg *list, int upvalues) {
    (void)upvalues; /* none is ever given */
    for (; list->name; list++) {
        lua_pushcfunction(L, list->func);
        lua_setfield(L, -2, list->name);
    }
}

static inline void *compat_testudata(lua_State *L, int index, const char *name) {
    void *object = lua_touserdata(L, index);
    if (!object || !lua_getmetatable(L, index)) return NULL;
    luaL_getmetatable(L, name);
    if (!lua_rawequal(L, -1, -2)) object = NULL;
    lua_pop(L, 2);
    return object;
}

/* NULL in Lua 5.1. */
LUA_API __attribute__((weak)) int(lua_isyieldable)(lua_State *L);
#endif

#if LUA_VERSION_NUM >= 503
#define COMPAT_HAS_INTEGERS 1
#else
#define COMPAT_HAS_INTEGERS 0
#endif

/* Returns 1 if the running code may yield, 0 if not, -1 where Lua can't tell (5.1). */
static inline int compat_isyieldable(lua_State *L) {
#if LUA_VERSION_NUM < 502
    if (!lua_isyieldable) return -1;
#endif
    return lua_isyieldable(L);
}

/* The open file at `index` that io.open made, or NULL. */
static inline FILE *compat_tofile(lua_State *L, int index) {
#if LUA_VERSION_NUM >= 502
    luaL_Stream *stream = luaL_testudata(L, index, LUA_FILEHANDLE);
    return stream && stream->closef ? stream->f : NULL;
#else
    FILE **stream = luaL_testudata(L, index, LUA_FILEHANDLE); /* its first member, also in LuaJIT */
    return stream ? *stream : NULL;
#endif
}

/* Pushes the integer that the float at the top is; 0: it is none, or an integer already, or Lua has
 * no integers. */
static inline int compat_push_integer(lua_State *L) {
#if LUA_VERSION_NUM >= 503
    lua_Number number = lua_tonumber(L, -1);
    /* The bounds are powers of two, which a float holds exactly; NaN is within none. */
    if (lua_isinteger(L, -1) || !(number >= (lua_Number)LUA_MININTEGER)) return 0;
    if (!(number < -(lua_Number)LUA_MININTEGER)) return 0;
    lua_Integer integer = (lua_Integer)number;
    if ((lua_Number)integer != number) return 0;
    lua_pushinteger(L, integer);
    return 1;
#else
    (void)L;
    return 0;
#endif
}

/* Pushes the integer that the digits of a text are, with a minus sign or without; 0: it is none, or
 * Lua can't hold it as an integer. */
static inline int compat_push_integer_of(lua_State *L, const char *text, size_t size) {
#if LUA_VERSION_NUM >= 503
    lua_Unsigned value = 0, most = (lua_Unsigned)LUA_MAXINTEGER + (*text == '-');
    size_t first = *text == '-';
    if (size == first) return 0;
    for (size_t i = first; i < size; i++) {
        unsigned digit = (unsigned)(text[i] - '0');
        if (digit > 9 || value > (most - digit) / 10) return 0;
        value = value * 10 + digit;
    }
    lua_pushinteger(L, (lua_Integer)(first ? 0 - value : value));
    return 1;
#else
    (void)L, (void)text, (void)size;
    return 0;
#endif
}

#endif

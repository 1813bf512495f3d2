/* class.c: see class.h. */
#include "class.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The name holds the class's address: two builds of this module in one Lua state must not take each
 * other's objects for their own. Locked, for states in other threads load the same class. */
static void name_key(Class *class) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    if (!class->key[0])
        snprintf(class->key, sizeof class->key, "%s %p", class->name, (void *)class);
    pthread_mutex_unlock(&lock);
}

static void set_function(lua_State *L, const char *name, lua_CFunction function) {
    lua_pushcfunction(L, function);
    lua_setfield(L, -2, name);
}

void class_register(lua_State *L, Class *class) {
    name_key(class);
    luaL_newmetatable(L, class->key);
    lua_newtable(L);
    luaL_setfuncs(L, class->methods, 0);
    set_function(L, "close", class->close);
    lua_setfield(L, -2, "__index");
    set_function(L, "__gc", class->close);
    set_function(L, "__close", class->close);
    set_function(L, "__tostring", class->tostring);
    lua_pushstring(L, class->name);
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L,
                    0); /* getmetatable(object): no way to its __gc or to other objects' methods */
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
}

void *class_new(lua_State *L, const Class *class, size_t size) {
    void *object = lua_newuserdatauv(L, size, 0);
    memset(object, 0, size);
    luaL_getmetatable(L, class->key);
    lua_setmetatable(L, -2);
    return object;
}

void *class_check(lua_State *L, int index, const Class *class) {
    void *object = luaL_testudata(L, index, class->key);
    if (!object) {
        const char *message =
            lua_pushfstring(L, "%s expected, got %s", class->name, luaL_typename(L, index));
        luaL_argerror(L, index, message);
    }
    return object;
}

int class_fail(lua_State *L, const char *kind, const char *format, ...) {
    va_list arguments;
    lua_pushnil(L);
    lua_newtable(L);
    lua_pushstring(L, kind);
    lua_setfield(L, -2, "kind");
    va_start(arguments, format);
    lua_pushvfstring(L, format, arguments);
    va_end(arguments);
    lua_setfield(L, -2, "message");
    return 2;
}

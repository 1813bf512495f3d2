/* fields.c: see fields.h. */
#include "fields.h"

#include <limits.h>
#include <string.h>

const char *fields_text(lua_State *L, int index, const char *name, size_t *size) {
    lua_getfield(L, index, name);
    int type = lua_type(L, -1);
    if (type != LUA_TSTRING && type != LUA_TNIL) {
        luaL_argerror(
            L, index,
            lua_pushfstring(L, "%s must be a string, got a %s", name, luaL_typename(L, -1)));
    }
    return lua_tolstring(L, -1, size);
}

void fields_copy(lua_State *L, int index, const char *name, Buf *to) {
    size_t size;
    const char *text = fields_text(L, index, name, &size);
    if (text) {
        buf_reserve(to, size); /* the whole at once: no copies left behind */
        buf_append(to, text, size);
    }
    if (to->failed) luaL_error(L, "not enough memory");
    lua_pop(L, 1);
}

void fields_wrong_type(lua_State *L, const char *name, const char *expected) {
    luaL_error(L, "%s must be %s, got %s", name, expected, luaL_typename(L, -1));
}

const char *fields_check_text(lua_State *L, const char *name, size_t *size) {
    if (lua_type(L, -1) != LUA_TSTRING) fields_wrong_type(L, name, "a string");
    return lua_tolstring(L, -1, size);
}

lua_Number fields_check_number(lua_State *L, const char *name, lua_Number least) {
    if (lua_type(L, -1) != LUA_TNUMBER) fields_wrong_type(L, name, "a number");
    lua_Number value = lua_tonumber(L, -1);
    if (!(value >= least)) luaL_error(L, "%s must be at least %d", name, (int)least);
    return value;
}

const char *fields_read_own(lua_State *L, int index, const Field *fields, void *object) {
    const char *message = NULL;
    luaL_checktype(L, index, LUA_TTABLE);
    for (const Field *field = fields; field->name; field++) {
        lua_getfield(L, index, field->name);
        const char *reason =
            lua_isnil(L, -1) ? NULL : field->read(L, field->name, (char *)object + field->offset);
        if (reason) message = reason;
        lua_pop(L, 1);
    }
    return message;
}

const char *fields_read(lua_State *L, int index, const Field *fields, void *object) {
    luaL_checktype(L, index, LUA_TTABLE);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        const char *name =
            lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : luaL_typename(L, -2);
        const Field *field = fields;
        while (field->name && strcmp(field->name, name) != 0) field++;
        if (!field->name) luaL_error(L, "unknown option '%s'", name);
    }
    return fields_read_own(L, index, fields, object);
}

const char *fields_read_flag(lua_State *L, const char *name, void *place) {
    if (!lua_isboolean(L, -1)) fields_wrong_type(L, name, "a boolean");
    *(int *)place = lua_toboolean(L, -1);
    return NULL;
}

long fields_clamp(lua_Number value) { return value < INT_MAX ? (long)value : INT_MAX; }

void fields_set_number(lua_State *L, const char *name, lua_Number value) {
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name);
}

void fields_set_integer(lua_State *L, const char *name, int64_t value) {
    lua_pushinteger(L, (lua_Integer)value);
    lua_setfield(L, -2, name);
}

void fields_set_text(lua_State *L, const char *name, const char *value) {
    lua_pushstring(L, value);
    lua_setfield(L, -2, name);
}

void fields_set_boolean(lua_State *L, const char *name, int value) {
    lua_pushboolean(L, value);
    lua_setfield(L, -2, name);
}

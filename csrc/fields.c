/* fields.c: see fields.h. */
#include "fields.h"

const char *fields_text(lua_State *L, int index, const char *name, size_t *size) {
    lua_getfield(L, index, name);
    int type = lua_type(L, -1);
    if (type != LUA_TSTRING && type != LUA_TNIL) {
        luaL_argerror(L, index, lua_pushfstring(L, "%s must be a string, got a %s", name, luaL_typename(L, -1)));
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

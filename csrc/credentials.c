/* credentials.c: see credentials.h. */
#include "credentials.h"

#include "base64.h"
#include "buf.h"
#include "fields.h"

#include <string.h>

typedef struct Credentials {
    Buf pair; /* "username:password", what Basic encodes */
    size_t name_size;
    int open;
} Credentials;

static int credentials_close(lua_State *L) {
    Credentials *self = class_check(L, 1, &credentials_class);
    self->open = 0;
    buf_cleanse(&self->pair);
    return 0;
}

/* Enough of the name to tell two accounts apart in a log, and no more. */
static int credentials_tostring(lua_State *L) {
    Credentials *self = class_check(L, 1, &credentials_class);
    enum { SHOWN = 6 };
    if (!self->open) {
        lua_pushliteral(L, "twilio.credentials (closed)");
        return 1;
    }
    size_t size = self->name_size > 2 * SHOWN ? SHOWN : 0;
    lua_pushlstring(L, size ? self->pair.data : "", size);
    lua_pushfstring(L, "twilio.credentials (%s...)", lua_tostring(L, -1));
    return 1;
}

static Credentials *check_open(lua_State *L) {
    Credentials *self = class_check(L, 1, &credentials_class);
    luaL_argcheck(L, self->open, 1, "credentials are closed");
    return self;
}

/* credentials:basic() -> "Basic ...", the Authorization header's value */
static int credentials_basic(lua_State *L) {
    Credentials *self = check_open(L);
    luaL_argcheck(L, self->name_size, 1, "the credentials have no user name");
    char brief[256];
    size_t most = 6 + 4 * ((self->pair.size + 2) / 3);
    char *header = most <= sizeof brief ? brief : lua_newuserdatauv(L, most, 0);
    memcpy(header, "Basic ", 6);
    lua_pushlstring(L, header, 6 + base64_encode(header + 6, self->pair.data, self->pair.size));
    cleanse(header, most); /* the copy in Lua is the only one left */
    return 1;
}

static const luaL_Reg methods[] = {
    {"basic", credentials_basic},
    {NULL, NULL},
};

Class credentials_class = {"twilio.credentials", methods, credentials_close, credentials_tostring,
                           ""};

int credentials_new(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    Credentials *self = class_new(L, &credentials_class, sizeof *self);
    self->open = 1;
    size_t password_size;
    const char *name = fields_text(L, 1, "username", &self->name_size),
               *password = fields_text(L, 1, "password", &password_size);
    luaL_argcheck(L, !name || !memchr(name, ':', self->name_size), 1,
                  "a user name can't hold a colon"); /* the Basic header would be read otherwise */
    if (!name) self->name_size = 0;
    if (!password) password_size = 0;
    buf_reserve(&self->pair,
                self->name_size + 1 + password_size); /* the whole at once: no copies left behind */
    buf_append(&self->pair, name, self->name_size);
    buf_append(&self->pair, ":", 1);
    buf_append(&self->pair, password, password_size);
    if (self->pair.failed) return luaL_error(L, "not enough memory");
    lua_settop(L, 2);
    return 1;
}

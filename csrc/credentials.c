/* credentials.c: see credentials.h. */
#include "credentials.h"

#include "base64.h"
#include "buf.h"
#include "fields.h"

#include <string.h>

typedef struct Credentials {
    Buf username, password;
    int open;
} Credentials;

static int credentials_close(lua_State *L) {
    Credentials *self = class_check(L, 1, &credentials_class);
    self->open = 0;
    buf_cleanse(&self->username);
    buf_cleanse(&self->password);
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
    size_t size = self->username.size > 2 * SHOWN ? SHOWN : 0;
    lua_pushlstring(L, size ? self->username.data : "", size);
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
    luaL_argcheck(L, self->username.size, 1, "the credentials have no user name");
    size_t size = self->username.size + 1 + self->password.size;
    char *header = lua_newuserdatauv(L, 6 + 4 * ((size + 2) / 3), 0);
    Buf pair = {0};
    if (!buf_reserve(&pair, size)) return luaL_error(L, "not enough memory");
    buf_append(&pair, self->username.data, self->username.size);
    buf_append(&pair, ":", 1);
    buf_append(&pair, self->password.data, self->password.size);
    memcpy(header, "Basic ", 6);
    size_t length = 6 + base64_encode(header + 6, pair.data, pair.size);
    buf_cleanse(&pair);
    lua_pushlstring(L, header, length);
    return 1;
}

static const luaL_Reg methods[] = {
    {"basic", credentials_basic},
    {NULL, NULL},
};

Class credentials_class = {"twilio.credentials", methods, credentials_close, credentials_tostring, ""};

int credentials_new(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    Credentials *self = class_new(L, &credentials_class, sizeof *self);
    self->open = 1;
    fields_copy(L, 1, "username", &self->username);
    fields_copy(L, 1, "password", &self->password);
    luaL_argcheck(L, !self->username.size || !memchr(self->username.data, ':', self->username.size), 1,
                  "a user name can't hold a colon"); /* the Basic header would be read otherwise */
    lua_settop(L, 2);
    return 1;
}

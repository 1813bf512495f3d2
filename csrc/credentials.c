/* credentials.c: see credentials.h. */
#include "credentials.h"

#include "buf.h"
#include "digest.h"

#include <string.h>

typedef struct Credentials {
    Buf username, password;
    EVP_PKEY *key; /* RSA; with its private half or without */
    int can_sign;  /* with it */
    int open;
} Credentials;

static int credentials_close(lua_State *L) {
    Credentials *self = class_check(L, 1, &credentials_class);
    EVP_PKEY *key = self->key;
    self->open = 0;
    self->key = NULL;
    EVP_PKEY_free(key); /* cleanses; takes NULL */
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

/* algorithms ------------------------------------------------------------------------------------- */

typedef struct Algorithm {
    const char *name;
    const char *hash; /* HMAC with this one; NULL: RSA with SHA-256 */
    int pss;
} Algorithm;

static const Algorithm algorithms[] = {
    {"HS256", "SHA256", 0}, {"HS384", "SHA384", 0}, {"HS512", "SHA512", 0},
    {"RS256", NULL, 0},     {"PS256", NULL, 1},     {NULL, NULL, 0},
};

/* The algorithm named by argument 2, which these credentials have a secret for. */
static const Algorithm *check_algorithm(lua_State *L, const Credentials *self) {
    const char *name = luaL_checkstring(L, 2);
    const Algorithm *algorithm = algorithms;
    while (algorithm->name && strcmp(algorithm->name, name) != 0) algorithm++;
    if (!algorithm->name) luaL_argerror(L, 2, lua_pushfstring(L, "unknown algorithm '%s'", name));
    luaL_argcheck(L, !algorithm->hash || self->password.size, 2, "the credentials have no password");
    luaL_argcheck(L, algorithm->hash || self->key, 2, "the credentials have no RSA key");
    return algorithm;
}

static int fail(lua_State *L, const char *what) {
    char reason[120];
    digest_error(reason, sizeof reason);
    return class_fail(L, "config", "%s: %s", what, reason);
}

/* methods ---------------------------------------------------------------------------------------- */

/* credentials:basic() -> "Basic ...", the Authorization header's value */
static int credentials_basic(lua_State *L) {
    Credentials *self = check_open(L);
    luaL_argcheck(L, self->username.size, 1, "the credentials have no user name");
    size_t size = self->username.size + 1 + self->password.size;
    char *header = lua_newuserdatauv(L, 6 + 4 * ((size + 2) / 3) + 1, 0);
    Buf pair = {0};
    if (!buf_reserve(&pair, size)) return luaL_error(L, "not enough memory");
    buf_append(&pair, self->username.data, self->username.size);
    buf_append(&pair, ":", 1);
    buf_append(&pair, self->password.data, self->password.size);
    memcpy(header, "Basic ", 6);
    size_t length = 6 + digest_base64(header + 6, pair.data, pair.size);
    buf_cleanse(&pair);
    lua_pushlstring(L, header, length);
    return 1;
}

static int sign_rsa(lua_State *L, Credentials *self, const Algorithm *algorithm, const char *data, size_t size) {
    size_t signature_size = (size_t)EVP_PKEY_size(self->key);
    luaL_argcheck(L, self->can_sign, 2, "a public key can't sign");
    unsigned char *signature = lua_newuserdatauv(L, signature_size, 0);
    if (!digest_rsa_sign(self->key, algorithm->pss, data, size, signature, &signature_size)) return fail(L, "can't sign");
    lua_pushlstring(L, (const char *)signature, signature_size);
    return 1;
}

static size_t hmac(const Credentials *self, const Algorithm *algorithm, const char *data, size_t size, unsigned char *digest) {
    return digest_hmac(algorithm->hash, self->password.data, self->password.size, data, size, digest);
}

/* credentials:sign(algorithm, data) -> the raw signature | nil, { kind = "config", message = }
 * algorithm: HS256, HS384, HS512 with the password, RS256, PS256 with the private key */
static int credentials_sign(lua_State *L) {
    Credentials *self = check_open(L);
    const Algorithm *algorithm = check_algorithm(L, self);
    size_t size;
    const char *data = luaL_checklstring(L, 3, &size);
    if (!algorithm->hash) return sign_rsa(L, self, algorithm, data, size);
    unsigned char digest[DIGEST_MAX_SIZE];
    size_t digest_size = hmac(self, algorithm, data, size, digest);
    if (!digest_size) return fail(L, "can't sign");
    lua_pushlstring(L, (const char *)digest, digest_size);
    return 1;
}

/* credentials:verify(algorithm, data, signature) -> boolean; in a time that doesn't tell how near it was */
static int credentials_verify(lua_State *L) {
    Credentials *self = check_open(L);
    const Algorithm *algorithm = check_algorithm(L, self);
    size_t size, signature_size;
    const char *data = luaL_checklstring(L, 3, &size);
    const char *signature = luaL_checklstring(L, 4, &signature_size);
    int ok;
    if (algorithm->hash) {
        unsigned char digest[DIGEST_MAX_SIZE];
        size_t digest_size = hmac(self, algorithm, data, size, digest);
        ok = digest_size && digest_equal(digest, digest_size, signature, signature_size);
    } else {
        ok = digest_rsa_verify(self->key, algorithm->pss, data, size, signature, signature_size);
    }
    lua_pushboolean(L, ok);
    return 1;
}

static const luaL_Reg methods[] = {
    {"basic", credentials_basic},
    {"sign", credentials_sign},
    {"verify", credentials_verify},
    {NULL, NULL},
};

Class credentials_class = {"twilio.credentials", methods, credentials_close, credentials_tostring, ""};

/* construction ----------------------------------------------------------------------------------- */

/* The text field `name` of argument 1 on the stack, or NULL. */
static const char *text_field(lua_State *L, const char *name, size_t *size) {
    lua_getfield(L, 1, name);
    int type = lua_type(L, -1);
    if (type != LUA_TSTRING && type != LUA_TNIL) {
        luaL_argerror(L, 1, lua_pushfstring(L, "%s must be a string, got a %s", name, luaL_typename(L, -1)));
    }
    return lua_tolstring(L, -1, size);
}

static void copy_field(lua_State *L, Buf *to, const char *name) {
    size_t size;
    const char *text = text_field(L, name, &size);
    if (text) {
        buf_reserve(to, size); /* the whole at once: no copies left behind */
        buf_append(to, text, size);
    }
    if (to->failed) luaL_error(L, "not enough memory");
    lua_pop(L, 1);
}

/* Takes the private key, or else the public one; what is wrong with it, or NULL. */
static const char *read_keys(lua_State *L, Credentials *self) {
    size_t private_size, public_size;
    const char *private_pem = text_field(L, "private_key", &private_size);
    const char *public_pem = text_field(L, "public_key", &public_size);
    if (private_pem) {
        self->key = digest_private_key(private_pem, private_size);
        self->can_sign = 1;
        return self->key ? NULL : "private_key isn't an RSA key in PEM";
    }
    if (!public_pem) return NULL;
    self->key = digest_public_key(public_pem, public_size);
    return self->key ? NULL : "public_key isn't an RSA key in PEM";
}

int credentials_new(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    Credentials *self = class_new(L, &credentials_class, sizeof *self);
    self->open = 1;
    copy_field(L, &self->username, "username");
    copy_field(L, &self->password, "password");
    luaL_argcheck(L, !self->username.size || !memchr(self->username.data, ':', self->username.size), 1,
                  "a user name can't hold a colon"); /* the Basic header would be read otherwise */
    const char *bad = read_keys(L, self);
    if (bad) return fail(L, bad);
    lua_settop(L, 2);
    return 1;
}

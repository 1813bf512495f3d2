/* signer.c: see signer.h. */
#include "signer.h"

#include "buf.h"
#include "digest.h"
#include "fields.h"

#include <string.h>

typedef struct Signer {
    Buf secret;
    EVP_PKEY *key; /* RSA; with its private half or without */
    int can_sign;  /* with it */
    int open;
} Signer;

static int signer_close(lua_State *L) {
    Signer *self = class_check(L, 1, &signer_class);
    EVP_PKEY *key = self->key;
    self->open = 0;
    self->key = NULL;
    EVP_PKEY_free(key); /* cleanses; takes NULL */
    buf_cleanse(&self->secret);
    return 0;
}

static int signer_tostring(lua_State *L) {
    Signer *self = class_check(L, 1, &signer_class);
    const char *state = !self->open ? "closed" : self->key ? "RSA" : "HMAC";
    lua_pushfstring(L, "twilio.signer (%s)", state);
    return 1;
}

static Signer *check_open(lua_State *L) {
    Signer *self = class_check(L, 1, &signer_class);
    luaL_argcheck(L, self->open, 1, "signer is closed");
    return self;
}

/* --- algorithms --- */

typedef struct Algorithm {
    const char *name;
    const char *hash; /* HMAC with this one; NULL: RSA with SHA-256 */
    int pss;
} Algorithm;

static const Algorithm algorithms[] = {
    {"HS256", "SHA256", 0}, {"HS384", "SHA384", 0}, {"HS512", "SHA512", 0},
    {"RS256", NULL, 0},     {"PS256", NULL, 1},     {NULL, NULL, 0},
};

/* The algorithm named by argument 2, which this signer has a key for. */
static const Algorithm *check_algorithm(lua_State *L, const Signer *self) {
    const char *name = luaL_checkstring(L, 2);
    const Algorithm *algorithm = algorithms;
    while (algorithm->name && strcmp(algorithm->name, name) != 0) algorithm++;
    /* Without the text, which is a secret if the arguments are in the wrong order. */
    luaL_argcheck(L, algorithm->name, 2, "unknown algorithm");
    luaL_argcheck(L, !algorithm->hash || self->secret.size, 2, "the signer has no secret");
    luaL_argcheck(L, algorithm->hash || self->key, 2, "the signer has no RSA key");
    return algorithm;
}

static int fail(lua_State *L, const char *what) {
    char reason[120];
    digest_error(reason, sizeof reason);
    return class_fail(L, "config", "%s: %s", what, reason);
}

static int sign_rsa(lua_State *L, Signer *self, const Algorithm *algorithm, const char *data,
                    size_t size) {
    size_t signature_size = (size_t)EVP_PKEY_size(self->key);
    luaL_argcheck(L, self->can_sign, 2, "a public key can't sign");
    unsigned char *signature = lua_newuserdatauv(L, signature_size, 0);
    if (!digest_rsa_sign(self->key, algorithm->pss, data, size, signature, &signature_size))
        return fail(L, "can't sign");
    lua_pushlstring(L, (const char *)signature, signature_size);
    return 1;
}

static size_t hmac(const Signer *self, const Algorithm *algorithm, const char *data, size_t size,
                   unsigned char *digest) {
    return digest_hmac(algorithm->hash, self->secret.data, self->secret.size, data, size, digest);
}

/* signer:sign(algorithm, data) -> the raw signature | nil, { kind = "config", message = }
 * algorithm: HS256, HS384, HS512 with the secret, RS256, PS256 with the private key */
static int signer_sign(lua_State *L) {
    Signer *self = check_open(L);
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

/* signer:verify(algorithm, data, signature) -> boolean; in a time that doesn't tell how near it was
 *    | nil, { kind = "config", message = }: it can't be told, as there is no memory */
static int signer_verify(lua_State *L) {
    Signer *self = check_open(L);
    const Algorithm *algorithm = check_algorithm(L, self);
    size_t size, signature_size;
    const char *data = luaL_checklstring(L, 3, &size);
    const char *signature = luaL_checklstring(L, 4, &signature_size);
    int ok;
    if (algorithm->hash) {
        unsigned char digest[DIGEST_MAX_SIZE];
        size_t digest_size = hmac(self, algorithm, data, size, digest);
        if (!digest_size) return fail(L, "can't verify");
        ok = digest_equal(digest, digest_size, signature, signature_size);
        cleanse(digest, sizeof digest); /* what would have been accepted */
    } else {
        ok = digest_rsa_verify(self->key, algorithm->pss, data, size, signature, signature_size);
        if (ok < 0) return fail(L, "can't verify");
    }
    lua_pushboolean(L, ok);
    return 1;
}

static const luaL_Reg methods[] = {
    {"sign", signer_sign},
    {"verify", signer_verify},
    {NULL, NULL},
};

Class signer_class = {"twilio.signer", methods, signer_close, signer_tostring, ""};

/* Takes the private key, or else the public one; what is wrong with it, or NULL. */
static const char *read_keys(lua_State *L, Signer *self) {
    size_t private_size, public_size;
    const char *private_pem = fields_text(L, 1, "private_key", &private_size);
    const char *public_pem = fields_text(L, 1, "public_key", &public_size);
    if (private_pem) {
        self->key = digest_private_key(private_pem, private_size);
        self->can_sign = 1;
        return self->key ? NULL : "private_key isn't an RSA key in PEM";
    }
    if (!public_pem) return NULL;
    self->key = digest_public_key(public_pem, public_size);
    return self->key ? NULL : "public_key isn't an RSA key in PEM";
}

int signer_new(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    Signer *self = class_new(L, &signer_class, sizeof *self);
    self->open = 1;
    fields_copy(L, 1, "secret", &self->secret);
    const char *bad = read_keys(L, self);
    if (bad) return fail(L, bad);
    lua_settop(L, 2);
    return 1;
}

/* crypto.c: luaopen_twilio_core_crypto, its only exported symbol: the part of the module that needs
 * OpenSSL's libcrypto.
 *
 * Loaded by core.c when first asked for. */
#include "class.h"
#include "digest.h"
#include "signer.h"
#include "validator.h"

#include <openssl/crypto.h>

/* core.sha256_hex(text) -> 64 lower-case hex digits */
static int sha256_hex(lua_State *L) {
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    unsigned char digest[DIGEST_SHA256_SIZE];
    char hex[2 * DIGEST_SHA256_SIZE];
    if (!digest_sha256(text, size, digest)) return luaL_error(L, "SHA-256 isn't available");
    digest_hex(hex, digest, sizeof digest);
    lua_pushlstring(L, hex, sizeof hex);
    return 1;
}

/* core.equal(a, b) -> boolean, in a time that depends on the lengths only */
static int equal(lua_State *L) {
    size_t a_size, b_size;
    const char *a = luaL_checklstring(L, 1, &a_size), *b = luaL_checklstring(L, 2, &b_size);
    lua_pushboolean(L, digest_equal(a, a_size, b, b_size));
    return 1;
}

/* core.hmac(hash, key, text) -> the digest's bytes; hash: "SHA1", "SHA256", "SHA384" or "SHA512" */
static int hmac(lua_State *L) {
    size_t key_size, size;
    const char *hash = luaL_checkstring(L, 1), *key = luaL_checklstring(L, 2, &key_size);
    const char *text = luaL_checklstring(L, 3, &size);
    unsigned char digest[DIGEST_MAX_SIZE];
    size_t digest_size = digest_hmac(hash, key, key_size, text, size, digest);
    if (!digest_size) return luaL_argerror(L, 1, "no hash function that OpenSSL has");
    lua_pushlstring(L, (const char *)digest, digest_size);
    return 1;
}

static const luaL_Reg functions[] = {
    {"sha256_hex", sha256_hex},   {"equal", equal}, {"hmac", hmac}, {"signer", signer_new},
    {"validator", validator_new}, {NULL, NULL},
};

__attribute__((visibility("default"))) int luaopen_twilio_core_crypto(lua_State *L);

int luaopen_twilio_core_crypto(lua_State *L) {
    class_register(L, &signer_class);
    class_register(L, &validator_class);
    luaL_newlib(L, functions);
    lua_pushstring(L, OpenSSL_version(OPENSSL_VERSION));
    lua_setfield(L, -2, "openssl_version");
    return 1;
}

/* core.c: luaopen_twilio_core, the module's only exported symbol.
 *
 * Builds on everything in csrc/. Two static tables: the classes, and the functions of the module. */
#include "class.h"
#include "system.h"

#include <curl/curl.h>
#include <openssl/crypto.h>

static const luaL_Reg functions[] = {
    {"now", system_now},
    {"platform", system_platform},
    {"sleep", system_sleep},
    {NULL, NULL},
};

static Class *const classes[] = {
    NULL,
};

static void set_version(lua_State *L, const char *field, const char *version) {
    lua_pushstring(L, version);
    lua_setfield(L, -2, field);
}

__attribute__((visibility("default"))) int luaopen_twilio_core(lua_State *L);

int luaopen_twilio_core(lua_State *L) {
    for (Class *const *class = classes; *class; class++) class_register(L, *class);
    luaL_newlib(L, functions);
    lua_newtable(L);
    set_version(L, "core", "0.1.0");
    set_version(L, "curl", curl_version_info(CURLVERSION_NOW)->version);
    set_version(L, "openssl", OpenSSL_version(OPENSSL_VERSION));
    lua_setfield(L, -2, "version");
    return 1;
}

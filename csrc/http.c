/* http.c: luaopen_twilio_core_http, its only exported symbol: the part of the module that needs
 * libcurl.
 *
 * Loaded by core.c when first asked for. */
#include "class.h"
#include "exchange.h"
#include "session.h"

#include <curl/curl.h>

static const luaL_Reg functions[] = {
    {"session", session_new},
    {NULL, NULL},
};

__attribute__((visibility("default"))) int luaopen_twilio_core_http(lua_State *L);

int luaopen_twilio_core_http(lua_State *L) {
    class_register(L, &session_class);
    class_register(L, &exchange_class);
    luaL_newlib(L, functions);
    session_push_options(L);
    lua_setfield(L, -2, "session_options");
    lua_pushstring(L, curl_version_info(CURLVERSION_NOW)->version);
    lua_setfield(L, -2, "curl_version");
    return 1;
}

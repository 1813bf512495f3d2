/* cjson_fix.h: what lua-cjson decodes, put right in place: null members are absent (unless they are
 * asked for), and 1 is an integer where Lua has them, not 1.0.
 *
 * Decodes nothing itself. In C because it goes through every member of every answer: in Lua that
 * takes as long as the decoding. */
#ifndef TWILIO_CJSON_FIX_H
#define TWILIO_CJSON_FIX_H

#include "compat.h"

/* core.json_repair(value [, keep_nulls]) -> value. Of a table of cjson's making, changed in place,
 * or of any other value of it. */
int json_repair(lua_State *L);

#endif

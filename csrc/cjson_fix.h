/* cjson_fix.h: JSON decoded by lua-cjson, with everything that it can't tell put right.
 *
 * A null member is absent, 1 is an integer where Lua has them, an integer keeps its digits, and
 * metatables say what a table alone can't: that it is an array, which members were null, and which
 * numbers are to be written with other digits than Lua would (lua/twilio/json.lua, which reads
 * them). In C because it goes through every member of every answer: in Lua that takes as long as
 * the decoding. */
#ifndef TWILIO_CJSON_FIX_H
#define TWILIO_CJSON_FIX_H

#include "compat.h"

/* core.json_decode(text, keep_nulls, decode, marks, mend) -> value | nil, message
 *
 * decode: cjson.decode. keep_nulls: null members stay. mend: the text that failed, tried again with
 * what cjson may not take (lone surrogates, and decimals in a locale that it didn't expect)
 * replaced; nil and no message if there is none of it. marks, an array:
 *   1 the metatable of arrays
 *   2 true if cjson itself sets that
 *   3 mark(is_array, nulls, numerals) -> a metatable. nulls: a set of names or places, or nil;
 *     numerals: key -> text, or nil
 *   4, 5 of the function: metatables of the nulls that it has met */
int json_decode(lua_State *L);

/* core.json_load(f, argument) -> f(argument). cjson aborts the process where it is loaded, or its
 * `new` called, while the locale's decimal point has several bytes (Persian): f runs in the C
 * locale then. */
int json_load(lua_State *L);

#endif

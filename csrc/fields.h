/* fields.h: text out of a table of options, on its way into C memory.
 *
 * Builds on the Lua API and buf. Shared by the userdata that hold secrets. */
#ifndef TWILIO_FIELDS_H
#define TWILIO_FIELDS_H

#include "buf.h"
#include "compat.h"

/* The text field `name` of the table at `index`, pushed; NULL if it is nil. Any other type is an argument error. */
const char *fields_text(lua_State *L, int index, const char *name, size_t *size);

/* Copies it, if it is there. */
void fields_copy(lua_State *L, int index, const char *name, Buf *to);

#endif

/* fields.h: Lua's tables of named values, on their way into C and out of it.
 *
 * Shared by the userdata; knows nothing of what the fields mean. */
#ifndef TWILIO_FIELDS_H
#define TWILIO_FIELDS_H

#include "buf.h"
#include "compat.h"

#include <stdint.h>

/* --- one field --- */

/* The text field `name` of the table at `index`, pushed, and its *size; NULL if it is nil. Any
 * other type is an argument error. */
const char *fields_text(lua_State *L, int index, const char *name, size_t *size);

/* Appends it to a buffer, if it is there. */
void fields_copy(lua_State *L, int index, const char *name, Buf *to);

/* --- a whole table, by its description --- */

/* A field's reader takes the value on top of the stack and writes it to `place`; wrong types raise,
 * with the field's name. A value of the right type that can't be used is no error of the program:
 * the reader returns why, a static text. */
typedef const char *FieldReader(lua_State *L, const char *name, void *place);

typedef struct Field {
    const char *name; /* NULL: the last */
    FieldReader *read;
    size_t offset; /* of its place in the struct */
} Field;

/* Reads each field of the table at `index` into the struct `object`; an unknown one raises. NULL,
 * or why one can't be used. */
const char *fields_read(lua_State *L, int index, const Field *fields, void *object);

/* The same, but the others in the table are for others. */
const char *fields_read_own(lua_State *L, int index, const Field *fields, void *object);

/* For readers: the value on top of the stack, or an error that names the field. expected: "a
 * string"; least: the smallest number that will do. */
void fields_wrong_type(lua_State *L, const char *name, const char *expected);
const char *fields_check_text(lua_State *L, const char *name, size_t *size);
lua_Number fields_check_number(lua_State *L, const char *name, lua_Number least);
long fields_clamp(lua_Number value); /* to what fits into an int */

/* A boolean, into an int. */
const char *fields_read_flag(lua_State *L, const char *name, void *place);

/* --- the other way: into the table on top of the stack --- */

void fields_set_number(lua_State *L, const char *name, lua_Number value);
void fields_set_integer(lua_State *L, const char *name, int64_t value);
void fields_set_text(lua_State *L, const char *name, const char *value);
void fields_set_boolean(lua_State *L, const char *name, int value);

#endif

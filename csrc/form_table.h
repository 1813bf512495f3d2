/* form_table.h: a form's parameters as a Lua table.
 *
 * name -> text, or an array of texts, in the form's order, where the name is repeated. */
#ifndef TWILIO_FORM_TABLE_H
#define TWILIO_FORM_TABLE_H

#include "compat.h"
#include "form.h"

/* Adds a pair to the table at `index`. */
void form_table_add(lua_State *L, int index, const FormPair *pair);

/* Pushes the table of `count` pairs. `text` is name value name value ..., as the pairs have their
 * sizes; it must outlive what finalizers do. `repeated`: may a name be there twice?
 *
 * The names of the last form are kept in the registry, by their places: Twilio sends the same ones
 * again and again, and making a string that is there already costs more than comparing it. */
void form_table_push(lua_State *L, const char *text, const FormPair *pairs, size_t count,
                     int repeated);

#endif

/* form_table.h: a form's parameters as a Lua table.
 *
 * name -> text, or an array of texts, in the form's order, where the name is repeated. */
#ifndef TWILIO_FORM_TABLE_H
#define TWILIO_FORM_TABLE_H

#include "compat.h"
#include "form.h"

/* Adds a pair to the table at `index`. */
void form_table_add(lua_State *L, int index, const FormPair *pair);

/* The names of the last form, by their places: Twilio sends the same ones again and again, and
 * hashing a name takes longer than seeing that it is the one. All zero: none. */
enum { FORM_NAMES_MOST = 50, FORM_NAMES_LONGEST = 40 };

typedef struct FormNames {
    int strings; /* reference of the array that keeps them alive */
    struct {
        const char *text;
        size_t size;
    } known[FORM_NAMES_MOST];
} FormNames;

void form_names_free(lua_State *L, FormNames *names);

/* Pushes the table of `count` pairs. `text` is name value name value ..., as the pairs have their
 * sizes; it must outlive what finalizers do. `repeated`: may a name be there twice? */
void form_table_push(lua_State *L, const char *text, const FormPair *pairs, size_t count,
                     int repeated, FormNames *names);

#endif

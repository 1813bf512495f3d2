/* cjson_text.h: JSON text, looked at before lua-cjson decodes it, and made fit for it.
 *
 * Some values are the same to cjson: Debian's 2.1.0 makes one kind of table of [] and of {}, every
 * number passes through a double or a 64-bit integer, numbers with a point depend on the locale,
 * and a lone surrogate is an error. Nearly always the text has only one kind of empty value, or the
 * kind can be told by the member's name, and no long number. If not, an escaped copy is decoded,
 * and cjson_fix.c puts the values right. An array that begins with null is the escape:
 *
 *   []                     [null]
 *   18446744073709551616   [null,"18446744073709551616"]
 *   [null, ...             [null,null, ...               (it was there: one null more)
 *   \ud83d, alone          \ufffd
 *
 * Both are linear. Checking the text is left to cjson: what isn't JSON stays as it is. */
#ifndef TWILIO_CJSON_TEXT_H
#define TWILIO_CJSON_TEXT_H

#include "compat.h"

typedef enum Empties { /* an empty table that cjson made was */
                       EMPTY_IS_OBJECT,
                       EMPTY_IS_ARRAY,
                       EMPTY_BY_NAME,    /* what the name of its member says */
                       EMPTY_IS_ESCAPED, /* an object, in a text in which arrays, nulls and numbers
                                            are escaped */
} Empties;

enum { MOST_EMPTY_NAMES = 16 };

typedef struct EmptyName {
    const char *text; /* in the JSON text; NULL: the elements of arrays */
    size_t size;
    int is_array;
} EmptyName;

typedef struct EmptyNames {
    int count;
    EmptyName names[MOST_EMPTY_NAMES];
} EmptyNames;

/* Tells how the text is to be decoded. With `arrays_told` cjson itself marks arrays. Fills in the
 * names for EMPTY_BY_NAME; they point into the text. */
Empties cjson_text_look(EmptyNames *names, const char *text, size_t size, int arrays_told);

/* Returns true if the empty member of that name is an array; NULL: an element of an array. */
int cjson_text_is_array(const EmptyNames *names, const char *name, size_t size);

/* Kinds of values to escape besides empty arrays and long integers. */
enum { ESCAPE_DECIMALS = 1, ESCAPE_SURROGATES = 2, ESCAPE_NUMBERS = 4 /* all of them */ };

enum { CJSON_TEXT_DEPTH = 500 }; /* json.lua's limit; a number that is escaped stands one deeper */

/* Pushes the escaped copy; `was_any`: there was any of what `what` names. 0: the text is nested too
 * deeply, nothing is pushed. */
int cjson_text_escape(lua_State *L, const char *text, size_t size, int what, int *was_any);

#endif

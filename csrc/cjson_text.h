/* cjson_text.h: JSON text beside what lua-cjson made of it: the ends of its tokens, the names of
 * members, and copies that cjson takes where it refuses the text itself.
 *
 * Checking the text is left to cjson. Nothing here reads beyond the end of a text that is none. */
#ifndef TWILIO_CJSON_TEXT_H
#define TWILIO_CJSON_TEXT_H

#include "compat.h"

/* Returns the first place from p on that is no white space. (Between tokens, cjson takes no other
 * byte as low.) */
static inline const char *cjson_text_skip_blanks(const char *p, const char *end) {
    while (p < end && (unsigned char)*p <= ' ') p++;
    return p;
}

/* Returns the place after the string whose opening quote is at p. */
const char *cjson_text_after_string(const char *p, const char *end);

/* Returns the place after the array or the object whose bracket is at p. */
const char *cjson_text_after_table(const char *p, const char *end);

/* Returns the place after the number at p; the same place: there is none. */
const char *cjson_text_after_number(const char *p, const char *end, int *is_whole);

/* Pushes the string between two quotes, as cjson decodes it; half of a pair of surrogates is
 * U+FFFD. */
void cjson_text_push_string(lua_State *L, const char *text, size_t size);

/* Kinds of values that cjson may not take: half of a pair of surrogates, which becomes U+FFFD;
 * numbers with a point, or all numbers, which become null, where the locale's point isn't the one
 * that cjson expects. */
enum { COPY_SURROGATES = 1, COPY_DECIMALS = 2, COPY_NUMBERS = 4 };

/* Pushes a copy without what `kinds` names. Returns false if there is none of it in the text. */
int cjson_text_copy(lua_State *L, const char *text, size_t size, int kinds);

#endif

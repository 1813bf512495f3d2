/* cjson_text.h: JSON text as lua-cjson reads it: the ends of its tokens, the names of members, and
 * what cjson may not take.
 *
 * Checking the text is left to cjson. Nothing here reads beyond the end of a text that is none. */
#ifndef TWILIO_CJSON_TEXT_H
#define TWILIO_CJSON_TEXT_H

#include "compat.h"

/* Returns the first place from p on that is no white space. Any other byte as low is an error that
 * cjson is to see: it must not go with a member that is left out. */
static inline const char *cjson_text_skip_blanks(const char *p, const char *end) {
    while (p < end && (unsigned char)*p <= ' ' &&
           (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
        p++;
    return p;
}

/* Returns the place after the string whose opening quote is at p. */
const char *cjson_text_after_string(const char *p, const char *end);

/* Returns the place after the number at p; the same place: there is none. */
const char *cjson_text_after_number(const char *p, const char *end, int *is_whole);

/* Pushes the string between two quotes, as cjson decodes it; half of a pair of surrogates is
 * U+FFFD. */
void cjson_text_push_string(lua_State *L, const char *text, size_t size);

/* Returns the first place from p on of an escape \uXXXX that is half of a pair of surrogates alone,
 * or NULL. */
const char *cjson_text_lone_surrogate(const char *p, const char *end);

/* Returns true if JSON allows the number between two places: cjson takes others, too. */
int cjson_text_is_number(const char *p, const char *after);

#endif

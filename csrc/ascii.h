/* ascii.h: the letters A to Z, the same in every locale.
 *
 * The C library's tolower and strncasecmp do what the program's locale says: in Turkish "I" and "i"
 * are two letters, and "TRANSFER-ENCODING" isn't "transfer-encoding". */
#ifndef TWILIO_ASCII_H
#define TWILIO_ASCII_H

#include <stddef.h>

static inline char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c; }
static inline char ascii_upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c + 'A' - 'a') : c; }

/* Returns true if `size` bytes are the same but for the case of letters. Looks no further than the
 * first that aren't. */
static inline int ascii_same(const char *a, const char *b, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (ascii_lower(a[i]) != ascii_lower(b[i])) return 0;
    return 1;
}

#endif

/* base64.h: base64, standard alphabet, padded, in both directions.
 *
 * Written here, not taken from libcrypto, so that a plain API call, which needs no more
 * cryptography than one Basic header, doesn't load that library: it is several times larger than
 * all of ours. */
#ifndef TWILIO_BASE64_H
#define TWILIO_BASE64_H

#include <stddef.h>

/* Writes 4 * ((size + 2) / 3) bytes; returns how many. */
size_t base64_encode(char *out, const void *in, size_t size);

/* The same in the alphabet for URLs, without padding. `out` has room for the padded text. */
size_t base64url_encode(char *out, const void *in, size_t size);

/* Writes at most size / 4 * 3 bytes; *out_size: how many. Returns 0 for what isn't base64 to the
 * letter: whole groups, padding only at the end, and no bits that the bytes don't need, so that a
 * text has one form only. */
int base64_decode(unsigned char *out, size_t *out_size, const char *in, size_t size);

#endif

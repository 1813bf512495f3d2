/* form.h: percent-encoding, and application/x-www-form-urlencoded in both directions.
 *
 * It stands on the hot path: every request's body is written and every webhook's is read here.
 * Encoding leaves A-Z a-z 0-9 - . _ ~ alone and writes the rest as %XX in capitals. Decoding never
 * fails: what isn't a valid %XX stands for itself, as in browsers. */
#ifndef TWILIO_FORM_H
#define TWILIO_FORM_H

#include <stddef.h>

typedef enum FormSpace { FORM_SPACE_PERCENT, FORM_SPACE_PLUS } FormSpace;

/* Writes at most 3 * size bytes to `out`; returns how many. */
size_t form_encode(char *out, const char *in, size_t size, FormSpace space);

typedef struct FormPair {
    const char *name; /* decoded; not zero-terminated */
    size_t name_size;
    size_t value_size; /* the value follows the name, with nothing between them */
} FormPair;

typedef struct FormReader {
    const char *in, *end; /* what is left to read */
    char *out;            /* where the next pair will be decoded */
    const char *block;    /* the bytes looked at together, */
    unsigned stops;       /* and those of them, a bit each, that are left to look at closer */
} FormReader;

/* Reads the `size` bytes of `in`. The pairs are decoded into `out`, one after the other; it has
 * room for as many. */
FormReader form_read(const char *in, size_t size, char *out);

/* The next pair, or 0 at the end. "a" is a pair with an empty value; empty pieces ("&&") are
 * none. */
int form_next(FormReader *reader, FormPair *pair);

/* The next pairs, `most` of them; fewer only at the end. Returns how many. */
size_t form_read_pairs(FormReader *reader, FormPair *pairs, size_t most);

#endif

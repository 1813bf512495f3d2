/* buf.h: a growing run of bytes in C memory.
 *
 * Running out of memory (or past the limit) is remembered in `failed` and makes later appends do
 * nothing: append freely, look once. */
#ifndef TWILIO_BUF_H
#define TWILIO_BUF_H

#include <stddef.h>

typedef struct Buf {
    char *data; /* not zero-terminated; NULL while empty */
    size_t size, capacity;
    size_t limit; /* most bytes it may hold; 0: as many as there is memory for */
    int failed;
} Buf; /* all zero is an empty buffer */

void buf_append(Buf *buf, const void *bytes, size_t size);

/* Room for `size` more bytes after the last; NULL if there is none. The caller then adds to
 * buf->size what it has written. */
char *buf_reserve(Buf *buf, size_t size);

void buf_clear(Buf *buf);   /* empty again; keeps the memory */
void buf_free(Buf *buf);    /* empty, memory given back; may be used again */
void buf_cleanse(Buf *buf); /* the same, after overwriting what may be secret */

extern const char no_memory[]; /* the reason of functions that fail without it */

void cleanse(void *bytes, size_t size); /* overwrites memory that is freed next; NULL is allowed */

#endif

/* buf.c: see buf.h. */
#include "buf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

const char no_memory[] = "no memory";

static int grow(Buf *buf, size_t needed) {
    size_t capacity = buf->capacity ? buf->capacity : 256;
    while (capacity < needed) {
        if (capacity > SIZE_MAX / 2) return 0;
        capacity *= 2;
    }
    char *data = realloc(buf->data, capacity);
    if (!data) return 0;
    buf->data = data;
    buf->capacity = capacity;
    return 1;
}

char *buf_reserve(Buf *buf, size_t size) {
    size_t most = buf->limit ? buf->limit : SIZE_MAX;
    if (buf->failed || buf->size > most || size > most - buf->size) {
        buf->failed = 1;
        return NULL;
    }
    size_t needed = buf->size + size;
    if ((!buf->data || needed > buf->capacity) && !grow(buf, needed)) {
        buf->failed = 1;
        return NULL;
    }
    return buf->data + buf->size;
}

void buf_append(Buf *buf, const void *bytes, size_t size) {
    char *end = buf_reserve(buf, size);
    if (!end || size == 0) return;
    memcpy(end, bytes, size);
    buf->size += size;
}

void buf_clear(Buf *buf) {
    buf->size = 0;
    buf->failed = 0;
}

void buf_free(Buf *buf) {
    free(buf->data);
    buf->data = NULL;
    buf->size = buf->capacity = 0;
    buf->failed = 0;
}

/* A plain memset before free is removed by the optimiser, one through a pointer that may change
 * isn't. */
void cleanse(void *bytes, size_t size) {
    static void *(*const volatile wipe)(void *, int, size_t) = memset;
    if (bytes && size) wipe(bytes, 0, size);
}

/* realloc may have left older copies: reserve enough at once for what is secret. */
void buf_cleanse(Buf *buf) {
    cleanse(buf->data, buf->capacity);
    buf_free(buf);
}

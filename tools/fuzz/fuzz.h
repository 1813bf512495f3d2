/* fuzz.h: what the drivers in C share. */
#ifndef TWILIO_FUZZ_H
#define TWILIO_FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process: a finding. */
static inline void check(int condition) {
    if (!condition) abort();
}

/* The bytes in memory of exactly their size, so that a byte read beyond them is noticed. */
static inline char *copy_of(const void *bytes, size_t size) {
    char *copy = malloc(size ? size : 1);
    check(copy != NULL);
    if (size) memcpy(copy, bytes, size);
    return copy;
}

#endif

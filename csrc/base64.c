/* base64.c: see base64.h. */
#include "base64.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode_group(char *out, uint32_t bits) {
    for (int i = 0; i < 4; i++) out[i] = alphabet[bits >> (18 - 6 * i) & 63];
}

size_t base64_encode(char *out, const void *in, size_t size) {
    const unsigned char *from = in;
    char *to = out;
    for (; size >= 3; from += 3, size -= 3, to += 4)
        encode_group(to, (uint32_t)(from[0] << 16 | from[1] << 8 | from[2]));
    if (size == 0) return (size_t)(to - out);
    encode_group(to, (uint32_t)(from[0] << 16 | (size == 2 ? from[1] << 8 : 0)));
    to[3] = '=';
    if (size == 1) to[2] = '=';
    return (size_t)(to + 4 - out);
}

size_t base64url_encode(char *out, const void *in, size_t size) {
    size_t written = base64_encode(out, in, size);
    while (written > 0 && out[written - 1] == '=') written--;
    for (size_t i = 0; i < written; i++) {
        if (out[i] == '+') out[i] = '-';
        else if (out[i] == '/') out[i] = '_';
    }
    return written;
}

static size_t padding_of(const char *in, size_t size) {
    if (size < 4 || in[size - 1] != '=') return 0;
    return in[size - 2] == '=' ? 2 : 1;
}

/* The first `count` characters of a group as 24 bits; -1 if one isn't of the alphabet. */
static int32_t read_group(const char *in, size_t count) {
    int32_t bits = 0;
    for (size_t i = 0; i < 4; i++) {
        const char *place = i < count ? memchr(alphabet, in[i], sizeof alphabet - 1) : alphabet;
        if (!place) return -1;
        bits = bits << 6 | (int32_t)(place - alphabet);
    }
    return bits;
}

static void write_bytes(unsigned char *out, int32_t bits, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = (unsigned char)(bits >> (16 - 8 * i) & 255);
}

int base64_decode(unsigned char *out, size_t *out_size, const char *in, size_t size) {
    static const int32_t unneeded[] = {0, 0xffff, 0xff, 0}; /* bits beyond so many bytes */
    size_t padding = padding_of(in, size);
    *out_size = size / 4 * 3 - padding;
    if (size % 4 != 0) return 0;
    for (size_t left = *out_size; left > 0; in += 4) {
        size_t bytes = left < 3 ? left : 3;
        int32_t bits = read_group(in, bytes + 1);
        if (bits < 0 || bits & unneeded[bytes]) return 0;
        write_bytes(out, bits, bytes);
        out += bytes;
        left -= bytes;
    }
    return 1;
}

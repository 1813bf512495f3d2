/* form.c: see form.h. */
#include "form.h"

#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { STEP = 16 };

/* 1 for the bytes that encoding leaves alone. */
/* clang-format off */
static const unsigned char unreserved[256] = {
    ['-'] = 1, ['.'] = 1, ['_'] = 1, ['~'] = 1,
    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1,
    ['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1,
    ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1, ['G'] = 1, ['H'] = 1, ['I'] = 1,
    ['J'] = 1, ['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1, ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1,
    ['S'] = 1, ['T'] = 1, ['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1,
    ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1,
    ['j'] = 1, ['k'] = 1, ['l'] = 1, ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1,
    ['s'] = 1, ['t'] = 1, ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1,
};
/* clang-format on */

/* A hex digit's value + 1; 0 for what is none. */
static const unsigned char hex_value[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
    ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

size_t form_encode(char *out, const char *in, size_t size, FormSpace space) {
    static const char digits[] = "0123456789ABCDEF";
    char *start = out;
    for (const char *end = in + size; in < end; in++) {
        unsigned char byte = (unsigned char)*in;
        if (unreserved[byte]) {
            *out++ = *in;
        } else if (byte == ' ' && space == FORM_SPACE_PLUS) {
            *out++ = '+';
        } else {
            *out++ = '%';
            *out++ = digits[byte >> 4];
            *out++ = digits[byte & 15];
        }
    }
    return (size_t)(out - start);
}

/* The byte that "%XX" at `in` stands for, or -1. */
static int percent_value(const char *in, const char *end) {
    if (end - in < 3) return -1;
    int high = hex_value[(unsigned char)in[1]], low = hex_value[(unsigned char)in[2]];
    return high && low ? (high - 1) * 16 + low - 1 : -1;
}

/* A bit for each of the (at most STEP) bytes at `in` that may mean something: for every '%', '+',
 * '&' and '=', and for some others, which do no harm. */
static inline unsigned find_stops(const char *in, size_t size) {
    unsigned stops = 0;
#ifdef __SSE2__
    if (size >= STEP) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)in);
        __m128i found = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(',')),
                                     _mm_cmpeq_epi8(bytes, _mm_set1_epi8('=')));
        return (unsigned)_mm_movemask_epi8(found);
    }
#else
    if (size > STEP) size = STEP;
#endif
    for (size_t i = 0; i < size; i++) stops |= (unsigned)(in[i] < ',' || in[i] == '=') << i;
    return stops;
}

/* The next byte that may mean something, or the end. */
static inline const char *next_stop(FormReader *reader) {
    while (!reader->stops) {
        if (reader->end - reader->block <= STEP) return reader->end;
        reader->block += STEP;
        reader->stops = find_stops(reader->block, (size_t)(reader->end - reader->block));
    }
    const char *stop = reader->block + __builtin_ctz(reader->stops);
    reader->stops &= reader->stops - 1;
    return stop;
}

/* In steps that compile to one move each, for the pieces are short; not at the very end, where a
 * step would read beyond it. */
static inline void copy_until(FormReader *reader, const char *to) {
    size_t size = (size_t)(to - reader->in);
    if (reader->end - to < STEP) {
        memcpy(reader->out, reader->in, size);
    } else {
        for (size_t done = 0; done < size; done += STEP)
            memcpy(reader->out + done, reader->in + done, STEP);
    }
    reader->out += size;
    reader->in = to;
}

/* Decodes up to '&', `stop` or the end, where it leaves reader->in; returns how many bytes. */
static inline __attribute__((always_inline)) size_t decode(FormReader *reader, char stop) {
    char *start = reader->out;
    for (;;) {
        copy_until(reader, next_stop(reader));
        if (reader->in == reader->end) break;
        char byte = *reader->in;
        if (byte == '&' || byte == stop) break;
        int value = byte == '%' ? percent_value(reader->in, reader->end) : -1;
        *reader->out++ = value >= 0 ? (char)value : byte == '+' ? ' ' : byte;
        reader->in += value >= 0 ? 3 : 1;
    }
    return (size_t)(reader->out - start);
}

FormReader form_read(const char *in, size_t size, char *out) {
    return (FormReader){in, in + size, out, in, find_stops(in, size)};
}

static inline int skip(FormReader *reader, char byte) {
    if (reader->in == reader->end || *reader->in != byte) return 0;
    reader->in++;
    return 1;
}

size_t form_read_pairs(FormReader *reader, FormPair *pairs, size_t most) {
    FormReader r = *reader; /* a copy that lives in registers */
    size_t count = 0;
    for (int more = 1; more && count < most;) {
        FormPair *pair = &pairs[count];
        pair->name = r.out;
        pair->name_size = decode(&r, '=');
        int equals = skip(&r, '=');
        pair->value_size = equals ? decode(&r, '&') : 0;
        more = skip(&r, '&');
        count += equals || pair->name_size > 0;
    }
    *reader = r;
    return count;
}

int form_next(FormReader *reader, FormPair *pair) { return form_read_pairs(reader, pair, 1) == 1; }

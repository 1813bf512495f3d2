/* form.c: see form.h. */
#include "form.h"

#include <string.h>

/* 1 for the bytes that encoding leaves alone. */
static const unsigned char unreserved[256] = {
    ['-'] = 1, ['.'] = 1, ['_'] = 1, ['~'] = 1,
    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1,
    ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1, ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1,
    ['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1, ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1,
    ['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1,
    ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1,
    ['k'] = 1, ['l'] = 1, ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1,
    ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1,
};

/* 1 for the bytes that mean something in a form. */
static const unsigned char special[256] = {['%'] = 1, ['+'] = 1, ['='] = 1, ['&'] = 1};

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

/* Decodes up to '&', `stop` or the end, where it leaves reader->in; returns how many bytes. */
static size_t decode(FormReader *reader, char stop) {
    const char *in = reader->in, *end = reader->end;
    char *out = reader->out, *start = out;
    for (;;) {
        while (in < end && !special[(unsigned char)*in]) *out++ = *in++;
        if (in == end || *in == '&' || *in == stop) break;
        int value = *in == '%' ? percent_value(in, end) : -1;
        *out++ = value >= 0 ? (char)value : *in == '+' ? ' ' : *in;
        in += value >= 0 ? 3 : 1;
    }
    reader->in = in;
    reader->out = out;
    return (size_t)(out - start);
}

int form_next(FormReader *reader, FormPair *pair) {
    while (reader->in < reader->end && *reader->in == '&') reader->in++;
    if (reader->in == reader->end) return 0;
    pair->name = reader->out;
    pair->name_size = decode(reader, '=');
    if (reader->in < reader->end && *reader->in == '=') reader->in++;
    pair->value = reader->out;
    pair->value_size = decode(reader, '&');
    return 1;
}

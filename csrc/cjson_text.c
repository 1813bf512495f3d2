/* cjson_text.c: see cjson_text.h. */
#include "cjson_text.h"

#include <string.h>

static int is_digit(char c) { return c >= '0' && c <= '9'; }

static const char *skip_digits(const char *p, const char *end) {
    while (p < end && is_digit(*p)) p++;
    return p;
}

/* --- tokens --- */

const char *cjson_text_after_string(const char *p, const char *end) {
    for (p++; p < end; p++) {
        const char *quote = memchr(p, '"', (size_t)(end - p));
        if (!quote) return end;
        const char *last = quote;
        while (last[-1] == '\\') last--; /* no further than to the opening quote */
        if ((quote - last) % 2 == 0) return quote + 1;
        p = quote;
    }
    return end;
}

static int is_of_number(char c) {
    return is_digit(c) || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
}

const char *cjson_text_after_number(const char *p, const char *end, int *is_whole) {
    const char *after = skip_digits(p < end && *p == '-' ? p + 1 : p, end);
    *is_whole = 1;
    for (; after < end && is_of_number(*after); after++) *is_whole = 0;
    return after;
}

/* --- strings --- */

/* The code unit of the escape \uXXXX at p, or -1. */
static int code_unit(const char *p, const char *end) {
    int unit = 0;
    if (end - p < 6 || p[0] != '\\' || p[1] != 'u') return -1;
    for (int i = 2; i < 6; i++) {
        int c = p[i] | 0x20;
        if (!is_digit(p[i]) && (c < 'a' || c > 'f')) return -1;
        unit = unit * 16 + (is_digit(p[i]) ? p[i] - '0' : c - 'a' + 10);
    }
    return unit;
}

enum { REPLACEMENT = 0xFFFD };

/* The code point of the escape \uXXXX at p, or of two that are a pair; -1: there is none. */
static long code_point(const char *p, const char *end, int *size) {
    int unit = code_unit(p, end);
    *size = 6;
    if (unit < 0xD800 || unit > 0xDFFF) return unit;
    int low = unit < 0xDC00 ? code_unit(p + 6, end) : -1;
    if (low < 0xDC00 || low > 0xDFFF) return REPLACEMENT;
    *size = 12;
    return 0x10000 + (unit - 0xD800) * 0x400L + (low - 0xDC00);
}

static void add_utf8(luaL_Buffer *out, long code) {
    char bytes[4];
    size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size; i-- > 1; code >>= 6) bytes[i] = (char)(0x80 | (code & 0x3F));
    bytes[0] = (char)(first[size] | code);
    luaL_addlstring(out, bytes, size);
}

static void push_unescaped(lua_State *L, const char *p, const char *end) {
    static const char letters[] = "bfnrt", controls[] = "\b\f\n\r\t";
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    while (p < end) {
        const char *escape = memchr(p, '\\', (size_t)(end - p));
        luaL_addlstring(&out, p, (size_t)((escape ? escape : end) - p));
        if (!escape || end - escape < 2) break;
        int size;
        long code = code_point(escape, end, &size);
        const char *letter = escape[1] ? strchr(letters, escape[1]) : NULL;
        if (code >= 0) add_utf8(&out, code);
        else luaL_addchar(&out, letter ? controls[letter - letters] : escape[1]);
        p = escape + (code >= 0 ? size : 2);
    }
    luaL_pushresult(&out);
}

void cjson_text_push_string(lua_State *L, const char *text, size_t size) {
    if (memchr(text, '\\', size)) push_unescaped(L, text, text + size);
    else lua_pushlstring(L, text, size);
}

/* --- what cjson may not take --- */

const char *cjson_text_lone_surrogate(const char *p, const char *end) {
    while ((p = memchr(p, '\\', (size_t)(end - p))) && end - p >= 2) {
        int size;
        long code = code_point(p, end, &size);
        /* The replacement itself needs none. */
        if (code == REPLACEMENT && code_unit(p, end) != REPLACEMENT) return p;
        p += code >= 0 ? size : 2;
    }
    return NULL;
}

int cjson_text_is_number(const char *p, const char *after) {
    const char *digits = p + (*p == '-');
    p = skip_digits(digits, after);
    if (p == digits || (*digits == '0' && p - digits > 1)) return 0;
    if (p < after && *p == '.') {
        digits = ++p;
        p = skip_digits(p, after);
        if (p == digits) return 0;
    }
    if (p < after && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < after && (*p == '+' || *p == '-')) p++;
        digits = p;
        p = skip_digits(p, after);
        if (p == digits) return 0;
    }
    return p == after;
}

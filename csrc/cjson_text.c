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

const char *cjson_text_after_table(const char *p, const char *end) {
    size_t depth = 0;
    while (p < end) {
        if (*p == '"') {
            p = cjson_text_after_string(p, end);
            continue;
        }
        depth += *p == '[' || *p == '{';
        if ((*p == ']' || *p == '}') && --depth == 0) return p + 1;
        p++;
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

/* --- the copy --- */

typedef struct Copy {
    luaL_Buffer out;
    const char *from, *end; /* the text that isn't copied yet */
    int kinds, was_any;
} Copy;

/* Writes `text` in the place of what stands between two places. */
static void put(Copy *copy, const char *first, const char *after, const char *text) {
    luaL_addlstring(&copy->out, copy->from, (size_t)(first - copy->from));
    luaL_addstring(&copy->out, text);
    copy->from = after;
    copy->was_any = 1;
}

static const char *copy_string(Copy *copy, const char *p) {
    const char *after = cjson_text_after_string(p, copy->end);
    if (!(copy->kinds & COPY_SURROGATES)) return after;
    while ((p = memchr(p, '\\', (size_t)(after - p))) && after - p >= 2) {
        int size;
        long code = code_point(p, after, &size);
        /* The replacement itself needs none. */
        if (code == REPLACEMENT && code_unit(p, after) != REPLACEMENT)
            put(copy, p, p + 6, "\\ufffd");
        p += code >= 0 ? size : 2;
    }
    return after;
}

/* Only what JSON allows becomes null: cjson wouldn't check it. */
static int is_valid_number(const char *p, const char *after) {
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

static const char *copy_number(Copy *copy, const char *p) {
    int is_whole;
    const char *after = cjson_text_after_number(p, copy->end, &is_whole);
    int has_point = !is_whole && memchr(p, '.', (size_t)(after - p)) != NULL;
    int is_wanted = copy->kinds & (has_point ? COPY_DECIMALS | COPY_NUMBERS : COPY_NUMBERS);
    if (is_wanted && is_valid_number(p, after)) put(copy, p, after, "null");
    return after;
}

int cjson_text_copy(lua_State *L, const char *text, size_t size, int kinds) {
    Copy copy = {.from = text, .end = text + size, .kinds = kinds};
    luaL_buffinit(L, &copy.out);
    for (const char *p = text; p < copy.end;) {
        if (*p == '"') p = copy_string(&copy, p);
        else if (*p == '-' || is_digit(*p)) p = copy_number(&copy, p);
        else p++;
    }
    int was_any = copy.was_any;
    put(&copy, copy.end, copy.end, "");
    luaL_pushresult(&copy.out);
    return was_any;
}

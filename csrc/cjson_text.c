/* cjson_text.c: see cjson_text.h. */
#include "cjson_text.h"

#include <string.h>

enum { LONG_NUMBER = 16 }; /* digits; a double holds every integer of 15 */

static int is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
static int is_digit(char c) { return c >= '0' && c <= '9'; }

static const char *skip_blanks(const char *p, const char *end) {
    while (p < end && is_blank(*p)) p++;
    return p;
}

static const char *skip_digits(const char *p, const char *end) {
    while (p < end && is_digit(*p)) p++;
    return p;
}

/* --- a look at the text --- */

/* So many digits in a row cover a place that is a multiple of their number. In a string they cost a
 * copy, and harm nothing. */
static int has_long_number(const char *text, const char *end) {
    for (const char *p = text + LONG_NUMBER - 1; p < end; p += LONG_NUMBER) {
        if (!is_digit(*p)) continue;
        const char *first = p;
        while (first > text && is_digit(first[-1])) first--;
        p = skip_digits(p, end) - 1;
        if (p - first >= LONG_NUMBER - 1) return 1;
        p -= (p - text + 1) % LONG_NUMBER; /* back to a multiple */
    }
    return 0;
}

/* Returns the next place from p on where `open` is followed by `close`, or NULL. */
static const char *next_empty(const char *p, const char *end, char open, char close) {
    while ((p = memchr(p, open, (size_t)(end - p)))) {
        const char *next = skip_blanks(p + 1, end);
        if (next < end && *next == close) return p;
        p++;
    }
    return NULL;
}

/* Reads the name of the member whose value begins at p; none for an element of an array. 0: can't
 * be told without reading the text from its beginning. */
static int read_name(EmptyName *name, const char *text, const char *p) {
    *name = (EmptyName){0};
    while (p > text && is_blank(p[-1])) p--;
    if (p > text && (p[-1] == ',' || p[-1] == '[')) return 1;
    if (p == text || *--p != ':') return 0;
    while (p > text && is_blank(p[-1])) p--;
    if (p == text || *--p != '"') return 0;
    const char *last = p;
    while (p > text && p[-1] != '"' && p[-1] != '\\') p--;
    if (p < text + 2 || p[-1] != '"' || p[-2] == '\\') return 0;
    name->text = p;
    name->size = (size_t)(last - p);
    return 1;
}

static const EmptyName *find_name(const EmptyNames *names, const char *text, size_t size) {
    for (int i = 0; i < names->count; i++) {
        const EmptyName *name = &names->names[i];
        if (name->size == size && !name->text == !text &&
            (!text || memcmp(name->text, text, size) == 0))
            return name;
    }
    return NULL;
}

int cjson_text_is_array(const EmptyNames *names, const char *name, size_t size) {
    const EmptyName *found = find_name(names, name, size);
    return found && found->is_array;
}

/* Notes the names of members that are empty, the first at p. 0: a name can't be told, has both
 * kinds, or is one too many. Text in a string that looks like a member adds a name, which either no
 * member has, or one of the same kind. */
static int note_empties(EmptyNames *names, const char *text, const char *p, const char *end,
                        int is_array) {
    for (; p; p = next_empty(p + 1, end, is_array ? '[' : '{', is_array ? ']' : '}')) {
        EmptyName name;
        if (!read_name(&name, text, p)) return 0;
        const EmptyName *found = find_name(names, name.text, name.size);
        if (found && found->is_array != is_array) return 0;
        if (found) continue;
        if (names->count == MOST_EMPTY_NAMES) return 0;
        name.is_array = is_array;
        names->names[names->count++] = name;
    }
    return 1;
}

Empties cjson_text_look(EmptyNames *names, const char *text, size_t size, int arrays_told) {
    const char *end = text + size;
    names->count = 0;
    if (size >= LONG_NUMBER && has_long_number(text, end)) return EMPTY_IS_ESCAPED;
    const char *array = arrays_told ? NULL : next_empty(text, end, '[', ']');
    if (!array) return EMPTY_IS_OBJECT;
    const char *object = next_empty(text, end, '{', '}');
    if (!object) return EMPTY_IS_ARRAY;
    int is_told =
        note_empties(names, text, array, end, 1) && note_empties(names, text, object, end, 0);
    return is_told ? EMPTY_BY_NAME : EMPTY_IS_ESCAPED;
}

/* --- the copy --- */

typedef struct Copy {
    luaL_Buffer out;
    const char *from, *end; /* the text that isn't copied yet */
    int what, was_any;
    size_t depth, deepest;
} Copy;

/* Writes `text` in the place of what stands between two places. */
static void put(Copy *copy, const char *first, const char *after, const char *text) {
    luaL_addlstring(&copy->out, copy->from, (size_t)(first - copy->from));
    luaL_addstring(&copy->out, text);
    copy->from = after;
}

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

/* p is at a backslash in a string. Returns the place after the escape. */
static const char *copy_escape(Copy *copy, const char *p) {
    if (!(copy->what & ESCAPE_SURROGATES) || copy->end - p < 6 || p[1] != 'u') return p + 2;
    int unit = code_unit(p, copy->end);
    if (unit < 0xD800 || unit > 0xDFFF) return p + 2;
    int low = unit < 0xDC00 ? code_unit(p + 6, copy->end) : -1;
    if (low >= 0xDC00 && low <= 0xDFFF) return p + 12;
    put(copy, p, p + 6, "\\ufffd");
    copy->was_any = 1;
    return p + 6;
}

static const char *copy_string(Copy *copy, const char *p) {
    for (p++; p < copy->end && *p != '"';) p = *p == '\\' ? copy_escape(copy, p) : p + 1;
    return p < copy->end ? p + 1 : copy->end;
}

static void enter(Copy *copy) {
    if (++copy->depth > copy->deepest) copy->deepest = copy->depth;
}

static const char *copy_bracket(Copy *copy, const char *p) {
    const char *next = skip_blanks(p + 1, copy->end);
    enter(copy);
    if (next >= copy->end) return next;
    if (*next == ']') put(copy, p + 1, next, "null");
    if (*next == 'n') put(copy, p + 1, next, "null,");
    return next;
}

/* p is at a digit or a minus sign. Only what JSON allows is escaped: in a string cjson wouldn't
 * check it. */
static const char *copy_number(Copy *copy, const char *p) {
    const char *end = copy->end, *digits = p + (*p == '-'), *after = skip_digits(digits, end);
    int is_valid = after - digits == 1 || (after > digits && *digits != '0');
    int is_long = after - digits >= LONG_NUMBER, has_point = 0;
    if (after < end && *after == '.') {
        const char *fraction = after + 1;
        after = skip_digits(fraction, end);
        is_valid = is_valid && after > fraction;
        is_long = 0;
        has_point = 1;
    }
    if (after < end && (*after == 'e' || *after == 'E')) {
        const char *exponent = after + 1;
        if (exponent < end && (*exponent == '+' || *exponent == '-')) exponent++;
        after = skip_digits(exponent, end);
        is_valid = is_valid && after > exponent;
        is_long = 0;
    }
    int is_wanted = copy->what & (has_point ? ESCAPE_DECIMALS | ESCAPE_NUMBERS : ESCAPE_NUMBERS);
    if (is_valid && (is_long || is_wanted)) {
        put(copy, p, p, "[null,\"");
        put(copy, after, after, "\"]");
        copy->was_any = copy->was_any || is_wanted;
    }
    return after > p ? after : p + 1;
}

int cjson_text_escape(lua_State *L, const char *text, size_t size, int what, int *was_any) {
    Copy copy = {.from = text, .end = text + size, .what = what};
    luaL_buffinit(L, &copy.out);
    for (const char *p = text; p < copy.end;) {
        char c = *p;
        if (c == '"') p = copy_string(&copy, p);
        else if (c == '[') p = copy_bracket(&copy, p);
        else if (c == '-' || is_digit(c)) p = copy_number(&copy, p);
        else {
            if (c == '{') enter(&copy);
            if ((c == '}' || c == ']') && copy.depth > 0) copy.depth--;
            p++;
        }
    }
    put(&copy, copy.end, copy.end, "");
    luaL_pushresult(&copy.out);
    *was_any = copy.was_any;
    if (copy.deepest <= CJSON_TEXT_DEPTH) return 1;
    lua_pop(L, 1);
    return 0;
}

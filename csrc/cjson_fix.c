/* cjson_fix.c: see cjson_fix.h.
 *
 * The text is read once more beside the tables that cjson has made of it. A string, true or false
 * costs the way to its end and nothing in Lua; what cjson can't tell is looked up in the table by
 * its name and put right. Of a name that stands twice in an object cjson has kept the last value: a
 * value is only touched if it has the type that the text says, and a table takes its metatable from
 * the last text that was read beside it. */
#include "cjson_fix.h"

#include "cjson_text.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 1000 }; /* cjson nests at most as deep */
enum { LONG_NUMBER = 16 }; /* characters; a double holds every integer of 15 digits */
enum { KEEP_NULLS = 2, DECODE, MARKS, ARRAY, NAMES }; /* places on the stack */
enum { MARK_ARRAY = 1, MARK_TOLD, MARK_SHAPE, MARK_EXTEND, MARK_MARK, MARK_NAMES, MARK_CACHE };

/* The names that were looked up last: Lua makes a hash of a name each time it is pushed. The table
 * at NAMES holds the strings. */
enum { MOST_NAMES = 64, LONGEST_NAME = 40 };

typedef struct Name {
    const char *text; /* Lua's string */
    size_t size;
} Name;

typedef struct Reader {
    const char *end;
    Name *names;
    int keep_nulls, arrays_told;
    int numbers_are_null; /* cjson has decoded a copy: cjson_text.h */
} Reader;

/* cjson's null is the only one there is. */
static int is_null(lua_State *L, int index) { return lua_type(L, index) == LUA_TLIGHTUSERDATA; }

static void push_name(lua_State *L, const Reader *reader, const char *text, size_t size) {
    if (size - 1 >= LONGEST_NAME) { /* or none */
        cjson_text_push_string(L, text, size);
        return;
    }
    unsigned sum = (unsigned)size + 5u * (unsigned char)text[0] +
                   3u * (unsigned char)text[size / 2] + (unsigned char)text[size - 1];
    Name *name = &reader->names[sum % MOST_NAMES];
    if (name->size == size && memcmp(name->text, text, size) == 0) {
        lua_rawgeti(L, NAMES, (int)(sum % MOST_NAMES) + 1);
        return;
    }
    cjson_text_push_string(L, text, size);
    if (memchr(text, '\\', size)) return;
    lua_pushvalue(L, -1);
    lua_rawseti(L, NAMES, (int)(sum % MOST_NAMES) + 1);
    *name = (Name){lua_tostring(L, -1), size};
}

/* Pushes the table of names, and returns what belongs to it. */
static Name *names_of(lua_State *L) {
    lua_rawgeti(L, MARKS, MARK_CACHE);
    Name *names = lua_touserdata(L, -1);
    lua_pop(L, 1);
    if (!names) {
        names = lua_newuserdatauv(L, MOST_NAMES * sizeof *names, 0);
        memset(names, 0, MOST_NAMES * sizeof *names);
        lua_createtable(L, MOST_NAMES, 0);
        lua_rawseti(L, MARKS, MARK_NAMES);
        lua_rawseti(L, MARKS, MARK_CACHE);
    }
    lua_rawgeti(L, MARKS, MARK_NAMES);
    return names;
}

/* --- numbers --- */

/* The value of a decimal number, in any locale: strtod wants the locale's own point. */
static lua_Number decimal(lua_State *L, const char *text, size_t size) {
    const char *point = localeconv()->decimal_point, *dot = memchr(text, '.', size);
    if (!dot || strcmp(point, ".") == 0) return strtod(text, NULL);
    lua_pushlstring(L, text, (size_t)(dot - text));
    lua_pushstring(L, point);
    lua_pushstring(L, dot + 1);
    lua_concat(L, 3);
    lua_Number value = strtod(lua_tostring(L, -1), NULL);
    lua_pop(L, 1);
    return value;
}

static int is_exact(const char *text, size_t size, lua_Number value) {
    char digits[400]; /* the longest that is finite has 309 */
    if (size >= sizeof digits || !isfinite(value)) return 0;
    snprintf(digits, sizeof digits, "%.0f", value);
    return strcmp(digits, text) == 0;
}

/* Replaces the text of a number at the top by its value, and pushes the digits to write again, or
 * nil if the value alone says them. A whole number that neither an integer nor a double can hold
 * stays a text. */
static void read_number(lua_State *L, int is_whole) {
    size_t size;
    const char *text = lua_tolstring(L, -1, &size);
    lua_Number value = decimal(L, text, size);
    if (is_whole && compat_push_integer_of(L, text, size)) {
        lua_replace(L, -2);
        lua_pushnil(L);
    } else if (is_whole && !is_exact(text, size, value)) {
        lua_pushvalue(L, -1);
    } else {
        lua_pushnumber(L, value);
        if (compat_push_integer(L)) lua_remove(L, -2);
        lua_insert(L, -2);
        int is_told = isfinite(value) && !(is_whole && size >= LONG_NUMBER);
        if (is_told) lua_pushnil(L);
        else if (is_whole) lua_pushvalue(L, -1);
        else lua_pushstring(L, value > 0 ? "1e999" : "-1e999");
        lua_remove(L, -2); /* the text */
    }
}

/* --- one table --- */

enum { NULLS = 1, NUMERALS, KEY, VALUE }; /* places above the table's own */

typedef struct Table {
    int place; /* on the stack */
    int is_array, has_nulls, has_numerals;
    int has_read;     /* a number was read from the text: so are those after it, of the same name */
    int index;        /* of the element in hand */
    const char *name; /* of the member in hand, and the place after its closing quote */
    const char *after_name;
} Table;

/* Pushes the key of what is in hand, and its value. */
static void push_member(lua_State *L, const Reader *reader, const Table *table) {
    if (table->is_array) {
        lua_pushinteger(L, table->index);
        lua_rawgeti(L, table->place, table->index);
    } else {
        push_name(L, reader, table->name, (size_t)(table->after_name - 1 - table->name));
        lua_pushvalue(L, -1);
        lua_rawget(L, table->place);
    }
}

/* The nulls of an array are a set of places, those of an object a shape: moves on to the one that
 * has the name in hand more. */
static void add_null(lua_State *L, Table *table) {
    int nulls = table->place + NULLS;
    if (!table->has_nulls) {
        if (table->is_array) lua_newtable(L);
        else lua_rawgeti(L, MARKS, MARK_SHAPE);
        lua_replace(L, nulls);
        table->has_nulls = 1;
    }
    lua_pushvalue(L, table->place + KEY);
    if (table->is_array) {
        lua_pushboolean(L, 1);
        lua_rawset(L, nulls);
        return;
    }
    lua_rawget(L, nulls);
    if (lua_isnil(L, -1)) {
        lua_rawgeti(L, MARKS, MARK_EXTEND);
        lua_pushvalue(L, nulls);
        lua_pushvalue(L, table->place + KEY);
        lua_call(L, 2, 1);
        lua_replace(L, -2);
    }
    lua_replace(L, nulls);
}

static void fix_null(lua_State *L, const Reader *reader, Table *table) {
    push_member(L, reader, table);
    int is_left = is_null(L, -1);
    /* No value: it was put right beside another text of the same name. */
    if (is_left || lua_isnil(L, -1)) {
        lua_settop(L, table->place + KEY);
        add_null(L, table);
        lua_pushnil(L);
        lua_rawset(L, table->place);
    } else {
        lua_settop(L, table->place + NUMERALS);
    }
}

static void add_numeral(lua_State *L, Table *table) {
    if (!table->has_numerals) {
        lua_newtable(L);
        lua_replace(L, table->place + NUMERALS);
        table->has_numerals = 1;
    }
    lua_pushvalue(L, table->place + KEY);
    lua_insert(L, -2);
    lua_rawset(L, table->place + NUMERALS);
}

/* Returns true if the text at the top is the one that a number was too long for. */
static int is_long_number(lua_State *L, const Table *table) {
    if (!table->has_numerals || lua_type(L, -1) != LUA_TSTRING) return 0;
    lua_pushvalue(L, table->place + KEY);
    lua_rawget(L, table->place + NUMERALS);
    int is_same = lua_rawequal(L, -1, -2);
    lua_pop(L, 1);
    return is_same;
}

/* Returns true if the number is what cjson has made of it. An exponent can be beyond a double. */
static int is_right(const Reader *reader, const Table *table, const char *text, size_t size,
                    int is_whole) {
    if (reader->numbers_are_null || table->has_read || size >= LONG_NUMBER) return 0;
    return !COMPAT_HAS_INTEGERS && (is_whole || !memchr(text, 'e', size)) &&
           (is_whole || !memchr(text, 'E', size));
}

/* The commonest case, by a shorter way. */
static void fix_integer(lua_State *L, const Reader *reader, const Table *table, const char *text,
                        size_t size) {
    if (table->is_array) {
        lua_rawgeti(L, table->place, table->index);
        if (lua_type(L, -1) == LUA_TNUMBER && compat_push_integer_of(L, text, size))
            lua_rawseti(L, table->place, table->index);
    } else {
        push_member(L, reader, table);
        if (lua_type(L, -1) == LUA_TNUMBER && compat_push_integer_of(L, text, size)) {
            lua_replace(L, table->place + VALUE);
            lua_rawset(L, table->place);
        }
    }
    lua_settop(L, table->place + NUMERALS);
}

static void fix_number(lua_State *L, const Reader *reader, Table *table, const char *text,
                       size_t size, int is_whole) {
    if (is_right(reader, table, text, size, is_whole)) return;
    if (COMPAT_HAS_INTEGERS && is_whole && size < LONG_NUMBER && !table->has_read &&
        !reader->numbers_are_null) {
        fix_integer(L, reader, table, text, size);
        return;
    }
    push_member(L, reader, table);
    int is_number = lua_type(L, -1) == LUA_TNUMBER;
    int is_told = is_number && (!is_whole || size < LONG_NUMBER) && !table->has_read &&
                  isfinite(lua_tonumber(L, -1)); /* cjson's value is the text's */
    if (is_told) {
        if (compat_push_integer(L)) {
            lua_replace(L, table->place + VALUE);
            lua_rawset(L, table->place);
        }
    } else if (is_number || (reader->numbers_are_null && is_null(L, -1)) ||
               is_long_number(L, table)) {
        table->has_read = 1;
        lua_settop(L, table->place + KEY);
        lua_pushlstring(L, text, size);
        read_number(L, is_whole);
        if (!lua_isnil(L, -1)) add_numeral(L, table);
        lua_settop(L, table->place + VALUE);
        lua_rawset(L, table->place);
    }
    lua_settop(L, table->place + NUMERALS);
}

/* Gives the table the metatable that says what it is. Most objects need none. */
static void mark(lua_State *L, const Reader *reader, const Table *table) {
    if (!table->has_nulls && !table->has_numerals) {
        if (table->is_array ? reader->arrays_told : !lua_getmetatable(L, table->place)) return;
        if (table->is_array) lua_pushvalue(L, ARRAY);
        else lua_pushnil(L);
        lua_setmetatable(L, table->place);
        return;
    }
    if (!table->is_array && !table->has_numerals) {
        lua_rawgeti(L, table->place + NULLS, 1);
        if (lua_istable(L, -1)) {
            lua_setmetatable(L, table->place);
            return;
        }
    }
    lua_rawgeti(L, MARKS, MARK_MARK);
    lua_pushboolean(L, table->is_array);
    lua_pushvalue(L, table->place + NULLS);
    lua_pushvalue(L, table->place + NUMERALS);
    lua_call(L, 3, 1);
    lua_setmetatable(L, table->place);
}

/* --- the whole --- */

static const char *fix_table(lua_State *L, const Reader *reader, const char *p, int depth);

/* Puts the value in hand right, which the text at p says. Returns the place after it; the same
 * place: it says none. */
static const char *fix_member(lua_State *L, const Reader *reader, Table *table, const char *p,
                              int depth) {
    const char *after;
    int is_whole;
    switch (*p) {
    case '"': return cjson_text_after_string(p, reader->end);
    case 't': return p + 4;
    case 'f': return p + 5;
    case 'n':
        if (!reader->keep_nulls) fix_null(L, reader, table);
        return p + 4;
    case '[':
    case '{':
        push_member(L, reader, table);
        after = lua_istable(L, -1) ? fix_table(L, reader, p, depth + 1)
                                   : cjson_text_after_table(p, reader->end);
        lua_settop(L, table->place + NUMERALS);
        return after;
    default:
        after = cjson_text_after_number(p, reader->end, &is_whole);
        if (after > p) fix_number(L, reader, table, p, (size_t)(after - p), is_whole);
        return after;
    }
}

/* Reads the name at p. Returns the place of the value, or NULL: there is no name. */
static const char *read_name(const Reader *reader, Table *table, const char *p) {
    if (*p != '"') return NULL;
    table->name = p + 1;
    table->after_name = cjson_text_after_string(p, reader->end);
    p = cjson_text_skip_blanks(table->after_name, reader->end);
    if (p == reader->end || *p != ':') return NULL;
    p = cjson_text_skip_blanks(p + 1, reader->end);
    return p < reader->end ? p : NULL;
}

/* The table is at the top, its text at p. Returns the place after it. */
static const char *fix_table(lua_State *L, const Reader *reader, const char *p, int depth) {
    const char *end = reader->end;
    Table table = {.place = lua_gettop(L), .is_array = *p == '['};
    if (depth > MAX_DEPTH) luaL_error(L, "a table is nested too deeply");
    if (depth % 8 == 1) luaL_checkstack(L, 8 * VALUE + 12, "JSON"); /* for this and seven below */
    lua_settop(L, table.place + NUMERALS); /* no nulls, no numerals yet */
    p = cjson_text_skip_blanks(p + 1, end);
    while (p < end && *p != ']' && *p != '}') {
        table.index++;
        const char *value = table.is_array ? p : read_name(reader, &table, p);
        p = value ? fix_member(L, reader, &table, value, depth) : NULL;
        if (!p || p == value) return end; /* cjson takes what is no JSON */
        p = cjson_text_skip_blanks(p, end);
        if (p < end && *p == ',') p = cjson_text_skip_blanks(p + 1, end);
    }
    mark(L, reader, &table);
    lua_settop(L, table.place);
    return p < end ? p + 1 : end;
}

/* The decoded value is at the top, its text at p. */
static void fix_value(lua_State *L, const Reader *reader, const char *p) {
    p = cjson_text_skip_blanks(p, reader->end);
    if (lua_istable(L, -1)) {
        fix_table(L, reader, p, 1);
        return;
    }
    int is_whole;
    const char *after = cjson_text_after_number(p, reader->end, &is_whole);
    if (after == p || (lua_type(L, -1) != LUA_TNUMBER && !is_null(L, -1))) return;
    lua_pushlstring(L, p, (size_t)(after - p));
    read_number(L, is_whole);
    lua_pop(L, 1);
}

/* Returns true if cjson reads numbers as they are written, in the locale of the moment. It learnt
 * the decimal point when it was loaded; if that has become a comma since, it reads [1,5] as [1.5].
 */
static int reads_numbers(lua_State *L) {
    if (strcmp(localeconv()->decimal_point, ".") == 0) return 1;
    lua_pushvalue(L, DECODE);
    lua_pushliteral(L, "[0.5,1]");
    int is_right = lua_pcall(L, 1, 1, 0) == 0 && lua_istable(L, -1) && lua_rawlen(L, -1) == 2;
    lua_pop(L, 1);
    return is_right;
}

/* Pushes cjson's function and what it is to decode. Returns false if there is nothing to mend. */
static int push_call(lua_State *L, Reader *reader, const char *text, size_t size, int mend) {
    int kinds = mend ? COPY_SURROGATES | COPY_DECIMALS : 0;
    if (!reads_numbers(L)) kinds |= COPY_NUMBERS;
    reader->numbers_are_null = kinds != 0;
    lua_pushvalue(L, DECODE);
    if (kinds && text) return cjson_text_copy(L, text, size, kinds) || !mend;
    lua_pushvalue(L, 1); /* if it is no text, cjson says so */
    return !mend;
}

int json_decode(lua_State *L) {
    Reader reader = {0};
    size_t size = 0;
    int mend = lua_toboolean(L, 5);
    luaL_checkany(L, 1);
    luaL_checktype(L, MARKS, LUA_TTABLE);
    reader.keep_nulls = lua_toboolean(L, KEEP_NULLS);
    lua_rawgeti(L, MARKS, MARK_TOLD);
    reader.arrays_told = lua_toboolean(L, -1);
    lua_settop(L, MARKS);
    lua_rawgeti(L, MARKS, MARK_ARRAY); /* at ARRAY */
    reader.names = names_of(L);        /* and their table at NAMES */
    const char *text = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &size) : NULL;
    if (!push_call(L, &reader, text, size, mend)) return 0;
    if (lua_pcall(L, 1, 1, 0) != 0) {
        lua_pushnil(L);
        lua_insert(L, -2);
        return 2;
    }
    reader.end = text + size;
    if (text) fix_value(L, &reader, text);
    return 1;
}

int json_load(lua_State *L) {
    locale_t plain = (locale_t)0, before = (locale_t)0;
    lua_settop(L, 2);
    if (strlen(localeconv()->decimal_point) != 1) plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (plain) before = uselocale(plain);
    int status = lua_pcall(L, 1, 1, 0);
    if (plain) {
        uselocale(before);
        freelocale(plain);
    }
    return status == 0 ? 1 : lua_error(L);
}

/* cjson_fix.c: see cjson_fix.h.
 *
 * cjson_scan.c has read the text, and lists what is to be looked at in the tables that cjson has
 * made. A value is only touched if it has the type that the text says: cjson has kept the last of
 * several members of one name, and a table takes its metatable from the last text beside it. */
#include "cjson_fix.h"

#include "cjson_scan.h"
#include "cjson_text.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KEEP_NULLS = 2, DECODE, MARKS, ARRAY }; /* places on the stack */
enum { MARK_ARRAY = 1, MARK_TOLD, MARK_MARK, MARK_SHAPES, MARK_KEYS };

typedef struct Reader {
    const Scan *scan;
    int numbers_are_null; /* in the text that cjson has decoded */
} Reader;

/* cjson's null is the only one there is. */
static int is_null(lua_State *L, int index) { return lua_type(L, index) == LUA_TLIGHTUSERDATA; }

/* --- shapes --- */

/* Objects of one resource mostly have the same members null: those that were met last share their
 * metatable. A key is the names, each with its closing quote; MARK_KEYS has the strings and the
 * metatables. */
enum { MOST_SHAPES = 64, LONGEST_KEY = 1000 };

typedef struct Shape {
    uint32_t sum;
    size_t size;
    const char *key; /* Lua's string */
} Shape;

/* Pushes the table of keys, and returns what belongs to it. */
static Shape *push_shapes(lua_State *L) {
    lua_rawgeti(L, MARKS, MARK_SHAPES);
    Shape *shapes = lua_touserdata(L, -1);
    lua_pop(L, 1);
    if (!shapes) {
        shapes = lua_newuserdatauv(L, MOST_SHAPES * sizeof *shapes, 0);
        memset(shapes, 0, MOST_SHAPES * sizeof *shapes);
        lua_createtable(L, 2 * MOST_SHAPES, 0);
        lua_rawseti(L, MARKS, MARK_KEYS);
        lua_rawseti(L, MARKS, MARK_SHAPES);
    }
    lua_rawgeti(L, MARKS, MARK_KEYS);
    return shapes;
}

static uint32_t sum_of(const Fix *names, size_t count, size_t *size) {
    uint32_t sum = (uint32_t)count;
    *size = 0;
    for (size_t i = 0; i < count; i++) {
        const char *text = names[i].text;
        size_t length = names[i].size; /* a quote stands behind it */
        sum = (sum ^ (uint32_t)(length + (size_t)256 * (unsigned char)text[0])) * 0x9E3779B1u;
        sum ^= (unsigned char)text[length / 2];
        *size += length + 1;
    }
    return sum ^ sum >> 16;
}

static int is_same(const Shape *shape, const Fix *names, size_t count) {
    const char *key = shape->key;
    for (size_t i = 0; i < count; i++) {
        if (memcmp(key, names[i].text, names[i].size + 1) != 0) return 0;
        key += names[i].size + 1;
    }
    return 1;
}

/* Pushes the metatable of an object with these nulls, and numerals at `numerals`. */
static void push_marks(lua_State *L, const Fix *names, size_t count, int numerals) {
    lua_rawgeti(L, MARKS, MARK_MARK);
    lua_pushboolean(L, 0);
    lua_createtable(L, 0, (int)count);
    for (size_t i = 0; i < count; i++) {
        lua_pushlstring(L, names[i].text, names[i].size);
        lua_pushboolean(L, 1);
        lua_rawset(L, -3);
    }
    lua_pushvalue(L, numerals);
    lua_call(L, 3, 1);
}

static void push_key(lua_State *L, const Fix *names, size_t count) {
    luaL_Buffer key;
    luaL_buffinit(L, &key);
    for (size_t i = 0; i < count; i++) luaL_addlstring(&key, names[i].text, names[i].size + 1);
    luaL_pushresult(&key);
}

/* The same by what was met before. A finalizer may put another shape there while this one is made,
 * but never a key without its metatable. */
static void push_shape(lua_State *L, const Fix *names, size_t count, int numerals) {
    size_t size;
    uint32_t sum = sum_of(names, count, &size);
    int slot = (int)(sum % MOST_SHAPES);
    Shape *shape = &push_shapes(L)[slot]; /* and the table of keys */
    if (shape->sum == sum && shape->size == size && is_same(shape, names, count)) {
        lua_rawgeti(L, -1, 2 * slot + 2);
    } else {
        push_marks(L, names, count, numerals);
        if (size <= LONGEST_KEY) {
            push_key(L, names, count);
            const char *key = lua_tostring(L, -1);
            lua_pushvalue(L, -2);
            lua_rawseti(L, -4, 2 * slot + 2);
            lua_rawseti(L, -3, 2 * slot + 1);
            *shape = (Shape){sum, size, key};
        }
    }
    lua_remove(L, -2);
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
        int is_told = isfinite(value) && !(is_whole && size >= SCAN_NUMBER);
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
    int has_read;        /* a number was read from the text: so are those after it, of one name */
    const Fix *left_out; /* names of the nulls that aren't in the table */
    size_t left_out_count;
} Table;

/* Pushes the key of what is to be looked at, and its value. */
static void push_member(lua_State *L, const Table *table, const Fix *fix) {
    if (table->is_array) {
        lua_pushinteger(L, fix->size);
        lua_rawgeti(L, table->place, (int)fix->size);
    } else {
        cjson_text_push_string(L, fix->text, fix->size);
        lua_pushvalue(L, -1);
        lua_rawget(L, table->place);
    }
}

static void fix_null(lua_State *L, Table *table, const Fix *fix) {
    push_member(L, table, fix);
    int is_left = is_null(L, -1);
    /* No value: it was put right beside another text of the same name. */
    if (is_left || lua_isnil(L, -1)) {
        if (!table->has_nulls) {
            lua_newtable(L);
            lua_replace(L, table->place + NULLS);
            table->has_nulls = 1;
        }
        lua_settop(L, table->place + KEY);
        lua_pushvalue(L, -1);
        lua_pushboolean(L, 1);
        lua_rawset(L, table->place + NULLS);
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
    int is_number = lua_rawequal(L, -1, -2);
    lua_pop(L, 1);
    return is_number;
}

/* Returns the place where the number is written. */
static const char *number_of(const Reader *reader, const Table *table, const Fix *fix) {
    if (table->is_array) return fix->text;
    const char *end = reader->scan->end, *p = fix->text + fix->size + 1; /* behind the quote */
    p = cjson_text_skip_blanks(p, end);
    return cjson_text_skip_blanks(p + 1, end); /* behind the colon */
}

static void fix_number(lua_State *L, const Reader *reader, Table *table, const Fix *fix) {
    int is_whole;
    const char *text = number_of(reader, table, fix);
    size_t size = (size_t)(cjson_text_after_number(text, reader->scan->end, &is_whole) - text);
    push_member(L, table, fix);
    int is_number = lua_type(L, -1) == LUA_TNUMBER;
    int is_told = is_number && (!is_whole || size < SCAN_NUMBER) && !table->has_read &&
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
    int numerals = table->place + NUMERALS;
    if (table->left_out_count) {
        (table->has_numerals ? push_marks : push_shape)(L, table->left_out, table->left_out_count,
                                                        numerals);
    } else if (table->has_nulls || table->has_numerals) {
        lua_rawgeti(L, MARKS, MARK_MARK);
        lua_pushboolean(L, table->is_array);
        lua_pushvalue(L, table->place + NULLS);
        lua_pushvalue(L, numerals);
        lua_call(L, 3, 1);
    } else if (!table->is_array) {
        if (!lua_getmetatable(L, table->place)) return;
        lua_pushnil(L); /* that of another text, of the same name */
    } else if (reader->scan->arrays_told) {
        return;
    } else {
        lua_pushvalue(L, ARRAY);
    }
    lua_setmetatable(L, table->place);
}

/* --- the whole --- */

/* Returns what follows the fixes of a table, of which the first is given. */
static const Fix *skip_table(const Fix *fix) {
    for (size_t depth = 1; depth > 0; fix++) {
        if (fix->kind == FIX_OBJECT || fix->kind == FIX_ARRAY) depth++;
        else if (fix->kind == FIX_END) depth--;
    }
    return fix;
}

/* The table is at the top, `fix` says what it is. Returns what follows its fixes. */
static const Fix *fix_table(lua_State *L, const Reader *reader, const Fix *fix, int depth) {
    Table table = {.place = lua_gettop(L), .is_array = fix->kind == FIX_ARRAY};
    if (depth % 8 == 1) luaL_checkstack(L, 8 * VALUE + 12, "JSON"); /* for this and seven below */
    lua_settop(L, table.place + NUMERALS);                          /* no nulls, no numerals yet */
    for (fix++; fix->kind != FIX_END;) {
        switch (fix->kind) {
        case FIX_NULL: fix_null(L, &table, fix++); break;
        case FIX_NUMBER: fix_number(L, reader, &table, fix++); break;
        case FIX_NULLS:
            table.left_out = fix + 1;
            table.left_out_count = fix->size;
            fix += 1 + fix->size;
            break;
        default:
            push_member(L, &table, fix);
            fix = lua_istable(L, -1) ? fix_table(L, reader, fix, depth + 1) : skip_table(fix + 1);
            lua_settop(L, table.place + NUMERALS);
        }
    }
    mark(L, reader, &table);
    lua_settop(L, table.place);
    return fix + 1;
}

/* The decoded value is at the top. */
static void fix_value(lua_State *L, const Reader *reader) {
    const Fix *fix = reader->scan->fixes.items;
    if (reader->scan->fixes.count == 0) return;
    if (lua_istable(L, -1) && fix->kind != FIX_NUMBER) {
        fix_table(L, reader, fix, 1);
    } else if (fix->kind == FIX_NUMBER && (lua_type(L, -1) == LUA_TNUMBER || is_null(L, -1))) {
        int is_whole;
        const char *after = cjson_text_after_number(fix->text, reader->scan->end, &is_whole);
        lua_pushlstring(L, fix->text, (size_t)(after - fix->text));
        read_number(L, is_whole);
        lua_pop(L, 1);
    }
}

/* Calls cjson's decode with the text at the top. Returns true if the value is there then, else the
 * message is. A lack of memory says nothing about the text, and is raised. */
static int call_decode(lua_State *L) {
    int status = lua_pcall(L, 1, 1, 0);
    if (status == LUA_ERRMEM) lua_error(L);
    return status == 0;
}

/* Returns true if cjson reads numbers as they are written, in the locale of the moment. It learnt
 * the decimal point when it was loaded; if that has become a comma since, it reads [1,5] as [1.5].
 */
static int reads_numbers(lua_State *L) {
    if (strcmp(localeconv()->decimal_point, ".") == 0) return 1;
    lua_pushvalue(L, DECODE);
    lua_pushliteral(L, "[0.5,1]");
    int is_right = call_decode(L) && lua_istable(L, -1) && lua_rawlen(L, -1) == 2;
    lua_pop(L, 1);
    return is_right;
}

/* Lets cjson decode what a scan has made of the text, or else the text: only of that are the places
 * in a message. Returns true if the value is at the top, else the message is. */
static int decode(lua_State *L, Scan *scan) {
    lua_pushvalue(L, DECODE);
    if (scan && cjson_scan_push(L, scan)) {
        if (call_decode(L)) return 1;
        lua_pop(L, 1);
        lua_pushvalue(L, DECODE);
    }
    lua_pushvalue(L, 1); /* if it is no text, cjson says so */
    return call_decode(L);
}

int json_decode(lua_State *L) {
    Scan scan;
    size_t size;
    int mend = lua_toboolean(L, 5);
    luaL_checkany(L, 1);
    luaL_checktype(L, MARKS, LUA_TTABLE);
    lua_rawgeti(L, MARKS, MARK_TOLD);
    scan.arrays_told = lua_toboolean(L, -1);
    scan.keeps_nulls = lua_toboolean(L, KEEP_NULLS);
    scan.kinds = mend ? MEND_SURROGATES | MEND_DECIMALS : 0;
    if (!reads_numbers(L)) scan.kinds |= MEND_NUMBERS;
    lua_settop(L, MARKS);
    lua_rawgeti(L, MARKS, MARK_ARRAY); /* at ARRAY */
    const char *text = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &size) : NULL;
    int is_scanned = text && cjson_scan(L, &scan, text, size);
    if (mend && !(is_scanned && scan.was_mended)) return 0;
    if (!decode(L, is_scanned ? &scan : NULL)) {
        lua_pushnil(L);
        lua_insert(L, -2);
        return 2;
    }
    Reader reader = {&scan, scan.kinds != 0};
    if (is_scanned) fix_value(L, &reader);
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

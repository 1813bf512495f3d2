/* cjson_fix.c: see cjson_fix.h. */
#include "cjson_fix.h"

#include "cjson_text.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 1000 }; /* a table that holds itself has no end; cjson nests half as deep */
enum { KEEP_NULLS = 2, DECODE, MARKS, ARRAY }; /* places on the stack */
enum { MARK_ARRAY = 1, MARK_TOLD, MARK_SHAPE, MARK_EXTEND, MARK_MARK, MARK_DECODE }; /* in marks */

typedef struct Fix {
    int keep_nulls, arrays_told;
    Empties empties;
    EmptyNames names; /* for EMPTY_BY_NAME */
} Fix;

static void fix_table(lua_State *L, const Fix *fix, int depth);

static int is_null(lua_State *L, int index) {
    return lua_type(L, index) == LUA_TLIGHTUSERDATA && !lua_touserdata(L, index);
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

/* Replaces the text of a number at the top by its value, and pushes the text again, or nil if the
 * value alone says it. A whole number that neither an integer nor a double can hold stays a text.
 */
static void read_number(lua_State *L) {
    size_t size;
    const char *text = lua_tolstring(L, -1, &size);
    int is_whole = strspn(text, "-0123456789") == size;
    if (is_whole && compat_push_integer_of(L, text, size)) {
        lua_replace(L, -2);
        lua_pushnil(L);
        return;
    }
    lua_Number value = decimal(L, text, size);
    if (is_whole && !is_exact(text, size, value)) {
        lua_pushvalue(L, -1);
        return;
    }
    lua_pushnumber(L, value);
    if (compat_push_integer(L)) lua_replace(L, -2);
    lua_insert(L, -2);
    int says_it = isfinite(value) && !(is_whole && size > 15);
    if (!says_it) return;
    lua_pop(L, 1);
    lua_pushnil(L);
}

/* --- what cjson_text.c escaped --- */

typedef enum Escape { NOT_ESCAPED, ESCAPED_EMPTY, ESCAPED_NUMBER } Escape;

/* Takes the first null out of the array at the top. */
static void shift(lua_State *L) {
    int count = (int)lua_rawlen(L, -1);
    for (int i = 1; i <= count; i++) {
        if (i < count) lua_rawgeti(L, -1, i + 1);
        else lua_pushnil(L);
        lua_rawseti(L, -2, i);
    }
}

/* Puts the table at the top right, or the number that it stands for in its place, with its text or
 * nil above. */
static Escape unescape(lua_State *L) {
    lua_rawgeti(L, -1, 1);
    int is_escape = is_null(L, -1);
    lua_pop(L, 1);
    if (!is_escape) return NOT_ESCAPED;
    lua_rawgeti(L, -1, 2);
    if (lua_type(L, -1) == LUA_TSTRING) {
        lua_replace(L, -2);
        read_number(L);
        return ESCAPED_NUMBER;
    }
    int is_empty = lua_isnil(L, -1);
    lua_pop(L, 1);
    shift(L);
    return is_empty ? ESCAPED_EMPTY : NOT_ESCAPED;
}

/* --- one table --- */

enum { NULLS = 1, NUMERALS, KEY, VALUE }; /* places above the table's own during its walk */

typedef struct Table {
    int place; /* on the stack */
    int is_array, has_nulls, has_numerals;
} Table;

static void mark_array(lua_State *L, int table) {
    lua_pushvalue(L, ARRAY);
    lua_setmetatable(L, table);
}

/* Sets the member in hand to the value at the top. Fields that are there may be set during a
 * walk. */
static void set_member(lua_State *L, const Table *table) {
    lua_pushvalue(L, table->place + KEY);
    lua_insert(L, -2);
    lua_rawset(L, table->place);
}

/* Adds the text at the top, if it isn't nil, to the table's numerals. */
static void add_numeral(lua_State *L, Table *table) {
    if (lua_isnil(L, -1)) return;
    if (!table->has_numerals) {
        lua_newtable(L);
        lua_replace(L, table->place + NUMERALS);
        table->has_numerals = 1;
    }
    lua_pushvalue(L, table->place + KEY);
    lua_insert(L, -2);
    lua_rawset(L, table->place + NUMERALS);
}

/* The nulls of an array are a set of places. */
static void add_null_place(lua_State *L, Table *table) {
    if (!table->has_nulls) {
        lua_newtable(L);
        lua_replace(L, table->place + NULLS);
    }
    lua_pushvalue(L, table->place + KEY);
    lua_pushboolean(L, 1);
    lua_rawset(L, table->place + NULLS);
}

/* The nulls of an object are a shape: moves on to the one that has one name more. */
static void add_null_name(lua_State *L, Table *table) {
    if (!table->has_nulls) {
        lua_rawgeti(L, MARKS, MARK_SHAPE);
        lua_replace(L, table->place + NULLS);
    }
    lua_pushvalue(L, table->place + KEY);
    lua_rawget(L, table->place + NULLS);
    if (lua_isnil(L, -1)) {
        lua_rawgeti(L, MARKS, MARK_EXTEND);
        lua_pushvalue(L, table->place + NULLS);
        lua_pushvalue(L, table->place + KEY);
        lua_call(L, 2, 1);
    }
    lua_replace(L, table->place + NULLS);
}

static void fix_null(lua_State *L, Table *table) {
    if (table->is_array) add_null_place(L, table);
    else add_null_name(L, table);
    table->has_nulls = 1;
    lua_pushvalue(L, table->place + KEY);
    lua_pushnil(L);
    lua_rawset(L, table->place);
}

static void fix_number(lua_State *L, Table *table) {
    lua_Number value = lua_tonumber(L, -1);
    if (compat_push_integer(L)) set_member(L, table);
    else if (!isfinite(value)) { /* 1e999 */ lua_pushstring(L, value > 0 ? "1e999" : "-1e999");
        add_numeral(L, table);
    }
}

static void fix_member(lua_State *L, const Fix *fix, Table *table, int depth) {
    switch (fix->empties == EMPTY_IS_ESCAPED ? unescape(L) : NOT_ESCAPED) {
    case ESCAPED_NUMBER:
        add_numeral(L, table);
        lua_settop(L, table->place + VALUE);
        set_member(L, table);
        break;
    case ESCAPED_EMPTY: mark_array(L, table->place + VALUE); break;
    default: fix_table(L, fix, depth + 1);
    }
}

/* Returns true if the empty table at the top, the value of the key below it, was an array. */
static int was_array(lua_State *L, const Fix *fix, int depth) {
    if (fix->empties != EMPTY_BY_NAME || depth == 1) return fix->empties == EMPTY_IS_ARRAY;
    size_t size = 0;
    const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tolstring(L, -2, &size) : NULL;
    return cjson_text_is_array(&fix->names, name, size);
}

/* Gives the table the metatable that says what it is. Most need none. */
static void mark(lua_State *L, const Fix *fix, const Table *table) {
    if (!table->has_nulls && !table->has_numerals) {
        if (table->is_array && !fix->arrays_told) mark_array(L, table->place);
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

/* The table is at the top. */
static void fix_table(lua_State *L, const Fix *fix, int depth) {
    Table table = {.place = lua_gettop(L)};
    if (depth > MAX_DEPTH) luaL_error(L, "a table is nested too deeply, or contains itself");
    if (depth % 8 == 1) luaL_checkstack(L, 8 * VALUE + 12, "JSON"); /* for this and seven below */
    lua_settop(L, table.place + KEY); /* no nulls, no numerals, no key yet */
    int has_member = lua_next(L, table.place);
    if (!has_member) lua_settop(L, table.place);
    table.is_array = has_member ? lua_type(L, -2) == LUA_TNUMBER : was_array(L, fix, depth);
    for (; has_member; has_member = lua_next(L, table.place)) {
        switch (lua_type(L, -1)) {
        case LUA_TTABLE: fix_member(L, fix, &table, depth); break;
        case LUA_TNUMBER: fix_number(L, &table); break;
        case LUA_TLIGHTUSERDATA: /* cjson's null is the only one there is */
            if (!fix->keep_nulls) fix_null(L, &table);
            break;
        default: break;
        }
        lua_settop(L, table.place + KEY);
    }
    mark(L, fix, &table);
    lua_settop(L, table.place);
}

/* --- the whole --- */

/* The decoded value is at the top. */
static void fix_value(lua_State *L, const Fix *fix) {
    if (lua_type(L, -1) == LUA_TNUMBER && compat_push_integer(L)) lua_replace(L, -2);
    if (!lua_istable(L, -1)) return;
    switch (fix->empties == EMPTY_IS_ESCAPED ? unescape(L) : NOT_ESCAPED) {
    case ESCAPED_NUMBER: lua_pop(L, 1); break;
    case ESCAPED_EMPTY: mark_array(L, lua_gettop(L)); break;
    default: fix_table(L, fix, 1);
    }
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

/* Pushes cjson's function and what it is to decode. 0: there is nothing to mend. */
static int push_call(lua_State *L, Fix *fix, int mend) {
    size_t size = 0;
    const char *text = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &size) : NULL;
    int what = mend ? ESCAPE_DECIMALS | ESCAPE_SURROGATES : 0;
    if (!reads_numbers(L)) what |= ESCAPE_NUMBERS;
    if (text) {
        fix->empties =
            what ? EMPTY_IS_ESCAPED : cjson_text_look(&fix->names, text, size, fix->arrays_told);
    }
    if (fix->empties == EMPTY_IS_ESCAPED) {
        int was_any;
        lua_rawgeti(L, MARKS, MARK_DECODE);
        if (cjson_text_escape(L, text, size, what, &was_any)) return was_any || !mend;
        lua_pop(L, 1);
    }
    lua_pushvalue(L, DECODE);
    lua_pushvalue(L, 1); /* if it is no text, or nested too deeply, cjson says so */
    return !mend;
}

int json_decode(lua_State *L) {
    Fix fix = {.empties = EMPTY_IS_OBJECT};
    int mend = lua_toboolean(L, 5);
    luaL_checkany(L, 1);
    luaL_checktype(L, MARKS, LUA_TTABLE);
    fix.keep_nulls = lua_toboolean(L, KEEP_NULLS);
    lua_rawgeti(L, MARKS, MARK_TOLD);
    fix.arrays_told = lua_toboolean(L, -1);
    lua_settop(L, MARKS);
    lua_rawgeti(L, MARKS, MARK_ARRAY); /* at ARRAY */
    if (!push_call(L, &fix, mend)) return 0;
    if (lua_pcall(L, 1, 1, 0) != 0) {
        lua_pushnil(L);
        lua_insert(L, -2);
        return 2;
    }
    fix_value(L, &fix);
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

/* cjson_scan.c: see cjson_scan.h.
 *
 * cjson keeps the last of several members of one name. An object that may have a name twice is
 * therefore scanned carefully, and with it the whole text: nothing is left out, and each table has
 * its fixes even if there are none. Names are compared with those before them where their bits
 * meet, so an object of more than MOST_NAMES counts as one that may. */
#include "cjson_scan.h"

#include "cjson_text.h"

#include <string.h>

enum { MOST_NAMES = 64 };

/* --- lists --- */

static void grow(lua_State *L, FixList *list) {
    size_t room = 2 * list->room;
    Fix *items = lua_newuserdatauv(L, room * sizeof *items, 0);
    memcpy(items, list->items, list->count * sizeof *items);
    lua_replace(L, list->place);
    list->items = items;
    list->room = room;
}

static inline void add(lua_State *L, FixList *list, FixKind kind, const char *text, size_t size) {
    if (list->count == list->room) grow(L, list);
    list->items[list->count++] = (Fix){text, (uint32_t)size, kind};
}

static void start(lua_State *L, FixList *list) {
    list->items = list->first;
    list->count = 0;
    list->room = SCAN_FIXES;
    lua_pushnil(L);
    list->place = lua_gettop(L);
}

/* --- the text that cjson decodes --- */

static void copy(Scan *scan, const char *to) {
    size_t size = (size_t)(to - scan->from);
    memcpy(scan->out + scan->out_size, scan->from, size);
    scan->out_size += size;
    scan->from = to;
    scan->was_changed = 1;
}

/* Writes `text` in the place of what stands between two places. */
static void put(Scan *scan, const char *first, const char *after, const char *text) {
    size_t size = strlen(text);
    copy(scan, first);
    scan->was_mended = 1;
    memcpy(scan->out + scan->out_size, text, size);
    scan->out_size += size;
    scan->from = after;
}

/* --- values --- */

static const char *scan_string(Scan *scan, const char *p) {
    const char *after = cjson_text_after_string(p, scan->end);
    if (!(scan->kinds & MEND_SURROGATES)) return after;
    while ((p = cjson_text_lone_surrogate(p, after))) {
        put(scan, p, p + 6, "\\ufffd");
        p += 6;
    }
    return after;
}

/* Returns true if the number is what cjson makes of it. An exponent can be beyond a double; where
 * Lua has integers, 1 and 1.0 are such. */
static int is_right(const char *p, const char *after, int is_whole) {
    size_t size = (size_t)(after - p);
    if (size >= SCAN_NUMBER) return 0;
    if (is_whole) return !COMPAT_HAS_INTEGERS;
    if (memchr(p, 'e', size) || memchr(p, 'E', size)) return 0;
    return !COMPAT_HAS_INTEGERS || (after[-1] >= '1' && after[-1] <= '9');
}

static const char *scan_number(lua_State *L, Scan *scan, const char *p, const char *key,
                               size_t key_size) {
    int is_whole, is_mended = 0;
    const char *after = cjson_text_after_number(p, scan->end, &is_whole);
    if (after == p) return NULL;
    if (scan->kinds & (MEND_DECIMALS | MEND_NUMBERS)) {
        int has_point = !is_whole && memchr(p, '.', (size_t)(after - p)) != NULL;
        is_mended = (scan->kinds & MEND_NUMBERS || has_point) && cjson_text_is_number(p, after);
        if (is_mended) put(scan, p, after, "null");
    }
    if (is_mended || scan->is_careful || !is_right(p, after, is_whole))
        add(L, &scan->fixes, FIX_NUMBER, key, key_size);
    return after;
}

static const char *scan_object(lua_State *L, Scan *scan, const char *p, int depth);
static const char *scan_array(lua_State *L, Scan *scan, const char *p, int depth);

/* Scans the value at p, which is no null. Returns the place after it, or NULL. */
static const char *scan_value(lua_State *L, Scan *scan, const char *p, const char *key,
                              size_t key_size, int depth) {
    size_t first = scan->fixes.count;
    int is_array = 0;
    switch (*p) {
    case '"': return scan_string(scan, p);
    case 't': return scan->end - p >= 4 ? p + 4 : NULL;
    case 'f': return scan->end - p >= 5 ? p + 5 : NULL;
    case '[': is_array = 1; /* fall through */
    case '{':
        if (depth == SCAN_DEPTH) return NULL;
        add(L, &scan->fixes, is_array ? FIX_ARRAY : FIX_OBJECT, key, key_size);
        p = (is_array ? scan_array : scan_object)(L, scan, p, depth + 1);
        /* A table without fixes is none. An array is to be marked. */
        if (scan->fixes.count > first + 1 || scan->is_careful || (is_array && !scan->arrays_told))
            add(L, &scan->fixes, FIX_END, NULL, 0);
        else scan->fixes.count = first;
        return p;
    default: return scan_number(L, scan, p, key, key_size);
    }
}

/* Returns true if null stands at p. */
static int is_null(const Scan *scan, const char *p) {
    return *p == 'n' && scan->end - p >= 4 && memcmp(p, "null", 4) == 0;
}

static const char *scan_array(lua_State *L, Scan *scan, const char *p, int depth) {
    size_t index = 0;
    p = cjson_text_skip_blanks(p + 1, scan->end);
    if (p < scan->end && *p == ']') return p + 1;
    while (p < scan->end) {
        index++;
        if (is_null(scan, p)) {
            if (!scan->keeps_nulls) add(L, &scan->fixes, FIX_NULL, p, index);
            p += 4;
        } else {
            p = scan_value(L, scan, p, p, index, depth);
        }
        if (!p) return NULL;
        p = cjson_text_skip_blanks(p, scan->end);
        if (p < scan->end && *p == ']') return p + 1;
        if (p == scan->end || *p != ',') return NULL;
        p = cjson_text_skip_blanks(p + 1, scan->end);
    }
    return NULL;
}

/* --- objects --- */

typedef struct Object {
    size_t names, nulls; /* where its own begin */
    uint64_t bits;       /* of its names */
    const char *kept;    /* the end of the last member that isn't left out, or its bracket's */
    int is_first, is_any_left_out;
} Object;

/* Notes a name. The scan becomes careful if the object has it already, or may have. */
static void note_name(lua_State *L, Scan *scan, Object *object, const char *name, size_t size) {
    if (scan->is_careful) return;
    unsigned sum = (unsigned)size;
    if (size)
        sum += 5u * (unsigned char)name[0] + 3u * (unsigned char)name[size / 2] +
               7u * (unsigned char)name[size - 1];
    uint64_t bit = (uint64_t)1 << sum % 64;
    size_t count = scan->names.count - object->names;
    int is_known = count == MOST_NAMES || (scan->has_escapes && memchr(name, '\\', size));
    for (size_t i = 0; !is_known && object->bits & bit && i < count; i++) {
        const Fix *other = &scan->names.items[object->names + i];
        is_known = other->size == size && memcmp(other->text, name, size) == 0;
    }
    object->bits |= bit;
    if (is_known) scan->is_careful = 1;
    else add(L, &scan->names, FIX_NAME, name, size);
}

/* Leaves out the members since the last that was kept. */
static void leave_out(Scan *scan, const Object *object, const char *to, int is_last) {
    copy(scan, object->kept);
    if (!is_last && !object->is_first) scan->out[scan->out_size++] = ',';
    scan->from = to;
}

static void end_object(lua_State *L, Scan *scan, const Object *object) {
    size_t count = scan->nulls.count - object->nulls;
    if (count) add(L, &scan->fixes, FIX_NULLS, NULL, count);
    for (size_t i = 0; i < count; i++) {
        const Fix *name = &scan->nulls.items[object->nulls + i];
        add(L, &scan->fixes, FIX_NAME, name->text, name->size);
    }
    scan->nulls.count = object->nulls;
    scan->names.count = object->names;
}

/* Scans the member whose name is at p. Returns the place after it, or NULL. */
static const char *scan_member(lua_State *L, Scan *scan, Object *object, const char *p, int depth) {
    if (*p != '"') return NULL;
    const char *name = p + 1, *after = scan_string(scan, p);
    size_t size = (size_t)(after - name) - 1;
    p = cjson_text_skip_blanks(after, scan->end);
    if (p == scan->end || *p != ':') return NULL;
    p = cjson_text_skip_blanks(p + 1, scan->end);
    if (p == scan->end) return NULL;
    note_name(L, scan, object, name, size);
    if (is_null(scan, p)) {
        if (!scan->keeps_nulls && !scan->is_careful) {
            add(L, &scan->nulls, FIX_NAME, name, size);
            object->is_any_left_out = 1;
            return p + 4;
        }
        if (!scan->keeps_nulls) add(L, &scan->fixes, FIX_NULL, name, size);
        return object->kept = p + 4;
    }
    if (object->is_any_left_out) leave_out(scan, object, name - 1, 0);
    object->is_any_left_out = object->is_first = 0;
    return object->kept = scan_value(L, scan, p, name, size, depth);
}

static const char *scan_object(lua_State *L, Scan *scan, const char *p, int depth) {
    Object object = {scan->names.count, scan->nulls.count, 0, p + 1, 1, 0};
    p = cjson_text_skip_blanks(p + 1, scan->end);
    if (p < scan->end && *p == '}') return p + 1;
    while (p < scan->end) {
        p = scan_member(L, scan, &object, p, depth);
        if (!p) return NULL;
        p = cjson_text_skip_blanks(p, scan->end);
        if (p == scan->end) return NULL;
        if (*p == '}') {
            if (object.is_any_left_out) leave_out(scan, &object, p, 1);
            end_object(L, scan, &object);
            return p + 1;
        }
        if (*p != ',') return NULL;
        p = cjson_text_skip_blanks(p + 1, scan->end);
    }
    return NULL;
}

/* --- the whole --- */

static int scan_text(lua_State *L, Scan *scan) {
    const char *p = cjson_text_skip_blanks(scan->text, scan->end);
    scan->fixes.count = scan->names.count = scan->nulls.count = scan->out_size = 0;
    scan->from = scan->text;
    scan->was_changed = scan->was_mended = 0;
    if (p == scan->end) return 0;
    return is_null(scan, p) || scan_value(L, scan, p, p, 0, 0);
}

int cjson_scan(lua_State *L, Scan *scan, const char *text, size_t size) {
    scan->text = text;
    scan->end = text + size;
    scan->has_escapes = memchr(text, '\\', size) != NULL;
    scan->is_careful = memchr(text, 0, size) != NULL; /* in a name, cjson refuses it */
    scan->out = scan->first;
    /* A number may become a longer null. */
    size_t room = (scan->kinds & (MEND_DECIMALS | MEND_NUMBERS)) ? 4 * size : size;
    if (room <= sizeof scan->first) lua_pushnil(L);
    else scan->out = lua_newuserdatauv(L, room, 0);
    scan->place = lua_gettop(L);
    start(L, &scan->fixes);
    start(L, &scan->names);
    start(L, &scan->nulls);
    if (size > UINT32_MAX) return 0; /* a fix holds no more */
    int was_careful = scan->is_careful;
    int is_json = scan_text(L, scan);
    if (is_json && scan->is_careful && !was_careful) is_json = scan_text(L, scan);
    return is_json;
}

int cjson_scan_push(lua_State *L, Scan *scan) {
    if (!scan->was_changed) return 0;
    copy(scan, scan->end);
    lua_pushlstring(L, scan->out, scan->out_size);
    return 1;
}

/* cjson_scan.h: reads a JSON text once, before lua-cjson decodes it.
 *
 * Makes the text that cjson is to decode, and the list of what is to be put right in the tables
 * that cjson makes of it (cjson_fix.h). Null members are left out of that text: cjson would make a
 * name and a value of each, which would be taken out of the table again.
 *
 * Checking the text is left to cjson: a text that is none is decoded as it is. */
#ifndef TWILIO_CJSON_SCAN_H
#define TWILIO_CJSON_SCAN_H

#include "compat.h"

#include <stdint.h>

typedef enum FixKind {
    FIX_OBJECT, /* a table, */
    FIX_ARRAY,  /* its fixes, */
    FIX_END,    /* and their end */
    FIX_NULL,   /* a member that may be null in the table */
    FIX_NULLS,  /* members that were left out: so many names follow */
    FIX_NAME,   /* one of them, as it is written */
    FIX_NUMBER  /* a number that cjson may have read otherwise */
} FixKind;

/* In an object, `text` is the member's name without its quotes, and `size` its bytes. In an array,
 * `text` is where the value is written, and `size` its place, from 1 on. FIX_NULLS: `size` names.
 */
typedef struct Fix {
    const char *text;
    uint32_t size;
    uint32_t kind;
} Fix;

/* Kinds of values that cjson may not take: half of a pair of surrogates, which becomes U+FFFD;
 * numbers with a point, or all numbers, which become null, where the locale's point isn't the one
 * that cjson expects. */
enum { MEND_SURROGATES = 1, MEND_DECIMALS = 2, MEND_NUMBERS = 4 };

enum { SCAN_DEPTH = 1000 }; /* cjson nests at most as deep */
enum { SCAN_NUMBER = 16 };  /* characters; a double holds every integer of 15 digits */
enum { SCAN_FIXES = 128, SCAN_TEXT = 2048 }; /* what needs no memory of Lua's */

/* A list that grows. */
typedef struct FixList {
    Fix *items;
    size_t count, room;
    int place; /* on Lua's stack, of its memory */
    Fix first[SCAN_FIXES];
} FixList;

/* One scan. It must stay where it is until its fixes are used. */
typedef struct Scan {
    const char *text, *end;
    int kinds;        /* of what is to be mended */
    int keeps_nulls;  /* null members stay in the text, and are no fixes */
    int arrays_told;  /* cjson marks arrays itself */
    int is_careful;   /* an object may have one name twice: nothing is left out */
    int has_escapes;  /* somewhere in the text */
    const char *from; /* what of the text is not in `out` yet */
    char *out;
    size_t out_size;
    int was_changed; /* cjson is to decode `out` and the rest of the text */
    int was_mended;  /* some of `kinds` was there */
    int place;       /* on Lua's stack, of the memory of `out` */
    FixList fixes;
    FixList names; /* of the objects that are open */
    FixList nulls; /* those of them that were left out */
    char first[SCAN_TEXT];
} Scan;

/* Scans a text, by the kinds, keeps_nulls and arrays_told given in `scan`. Pushes four values,
 * which hold the memory. Returns false if the text is no JSON. */
int cjson_scan(lua_State *L, Scan *scan, const char *text, size_t size);

/* Pushes the text that cjson is to decode, unless it is the one that was scanned: returns false
 * then. */
int cjson_scan_push(lua_State *L, Scan *scan);

#endif

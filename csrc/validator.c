/* validator.c: see validator.h.
 *
 * signature = base64(HMAC-SHA1(token, url .. for each name in byte order: name .. each distinct value,
 * sorted)). The part after the URL is built once a request and shared by all URLs and tokens tried. */
#include "validator.h"

#include "buf.h"
#include "digest.h"
#include "form.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* SPARE: bytes allocated behind the text and the tail, so that they can be read and copied in whole steps. */
enum { SIGNATURE_SIZE = 28, HEAD = 8, SPARE = 16, FEW = 50, KEEP = 64 * 1024 };

typedef struct SortKey {
    uint64_t head; /* the name's first bytes, as a number that sorts like them */
    const FormPair *pair;
} SortKey;

typedef struct Validator {
    HmacSha1 *keys; /* one a token */
    size_t key_count;
    Buf text;  /* name value name value ..., decoded; scratch space, kept for the next request like the others */
    Buf pairs; /* FormPair[], in the text's order */
    Buf order; /* SortKey[] */
    Buf tail;  /* the signed text after the URL */
    unsigned char last_order[FEW]; /* places of the last request's pairs, sorted */
    size_t last_count;
} Validator;

static int validator_close(lua_State *L) {
    Validator *self = class_check(L, 1, &validator_class);
    while (self->key_count > 0) hmac_sha1_cleanse(&self->keys[--self->key_count]);
    free(self->keys);
    self->keys = NULL;
    buf_free(&self->pairs);
    buf_free(&self->text);
    buf_free(&self->order);
    buf_free(&self->tail);
    return 0;
}

static int validator_tostring(lua_State *L) {
    Validator *self = class_check(L, 1, &validator_class);
    if (self->key_count) {
        lua_pushfstring(L, "twilio.validator (%d)", (int)self->key_count);
    } else {
        lua_pushliteral(L, "twilio.validator (closed)");
    }
    return 1;
}

static Validator *check_open(lua_State *L) {
    Validator *self = class_check(L, 1, &validator_class);
    luaL_argcheck(L, self->key_count > 0, 1, "validator is closed");
    return self;
}

/* parameters ------------------------------------------------------------------------------------- */

static size_t pair_count(const Validator *self) {
    return self->pairs.size / sizeof(FormPair);
}

/* Room for one more, which counts when the caller has added its size. */
static FormPair *new_pair(Validator *self) {
    Buf *pairs = &self->pairs;
    if (pairs->capacity - pairs->size < sizeof(FormPair) && !buf_reserve(pairs, sizeof(FormPair))) return NULL;
    return (FormPair *)(void *)(pairs->data + pairs->size);
}

static void collect_form(Validator *self, const char *body, size_t size) {
    char *out = buf_reserve(&self->text, size + SPARE);
    if (!out) return;
    FormReader reader = form_read(body, size, out);
    FormPair *pair;
    while ((pair = new_pair(self)) && form_next(&reader, pair)) self->pairs.size += sizeof *pair;
    self->text.size = (size_t)(reader.out - self->text.data);
}

/* The text of the value on top of the stack, or NULL if it can't be a parameter's. A number becomes a
 * string there. */
static const char *value_text(lua_State *L, size_t *size) {
    if (!lua_isboolean(L, -1)) return lua_tolstring(L, -1, size);
    const char *text = lua_toboolean(L, -1) ? "true" : "false";
    *size = strlen(text);
    return text;
}

/* Adds a parameter with the value on top of the stack and the name at `name`. */
static int collect_value(lua_State *L, Validator *self, int name) {
    FormPair pair = {NULL, 0, 0};
    const char *name_text = lua_tolstring(L, name, &pair.name_size);
    const char *text = value_text(L, &pair.value_size);
    if (!text) return 0;
    buf_append(&self->text, name_text, pair.name_size);
    buf_append(&self->text, text, pair.value_size);
    buf_append(&self->pairs, &pair, sizeof pair);
    return 1;
}

/* Adds one for every element of the array on top of the stack. */
static int collect_array(lua_State *L, Validator *self, int name) {
    size_t count = lua_rawlen(L, -1);
    int ok = 1;
    for (size_t i = 1; ok && i <= count; i++) {
        lua_rawgeti(L, -1, (int)i);
        ok = collect_value(L, self, name);
        lua_pop(L, 1);
    }
    return ok;
}

/* The text may have moved while it grew: now the names' places are known. */
static void locate_names(Validator *self) {
    FormPair *pair = (FormPair *)(void *)self->pairs.data, *end = pair + pair_count(self);
    if (!buf_reserve(&self->text, SPARE)) return;
    for (const char *text = self->text.data; pair < end; pair++) {
        pair->name = text;
        text += pair->name_size + pair->value_size;
    }
}

/* Adds all of the table at `index`; 0 and a message on the stack if something in it can't be a parameter. */
static int collect_table(lua_State *L, Validator *self, int index) {
    luaL_checkstack(L, 4, NULL);
    int name = lua_gettop(L) + 1;
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        if (lua_type(L, name) != LUA_TSTRING) {
            lua_pushfstring(L, "parameter names must be strings, got a %s", luaL_typename(L, name));
            return 0;
        }
        if (!(lua_istable(L, -1) ? collect_array : collect_value)(L, self, name)) {
            lua_pushfstring(L, "parameter '%s' must be text, a number, a boolean or an array of them", lua_tostring(L, name));
            return 0;
        }
    }
    locate_names(self);
    return 1;
}

/* sorting ---------------------------------------------------------------------------------------- */

/* Nearly all comparisons end at the heads; with a memcmp for each, sorting took longer than hashing.
 * Reads HEAD bytes in any case, which the text's SPARE allows. */
static uint64_t head_of(const FormPair *pair) {
    const unsigned char *p = (const unsigned char *)pair->name;
    uint64_t head = (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 | (uint64_t)p[2] << 40 | (uint64_t)p[3] << 32 |
                    (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 | (uint64_t)p[6] << 8 | (uint64_t)p[7];
    if (pair->name_size >= HEAD) return head;
    return pair->name_size ? head & UINT64_MAX << 8 * (HEAD - pair->name_size) : 0;
}

static int compare_bytes(const char *a, size_t a_size, const char *b, size_t b_size) {
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    return order ? order : (a_size > b_size) - (a_size < b_size);
}

static int compare_keys(const void *left, const void *right) {
    const SortKey *a = left, *b = right;
    if (a->head != b->head) return a->head < b->head ? -1 : 1;
    const FormPair *x = a->pair, *y = b->pair;
    int order = compare_bytes(x->name, x->name_size, y->name, y->name_size);
    return order ? order : compare_bytes(x->name + x->name_size, x->value_size, y->name + y->name_size, y->value_size);
}

/* Twilio's parameters are few: insertion beats qsort, which guards us from a forger's many. */
static void sort_keys(SortKey *keys, size_t count) {
    if (count > FEW) {
        qsort(keys, count, sizeof *keys, compare_keys);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        SortKey key = keys[i];
        size_t j = i;
        for (; j > 0 && compare_keys(&keys[j - 1], &key) > 0; j--) keys[j] = keys[j - 1];
        keys[j] = key;
    }
}

/* In fixed steps, which compile to one move each: the texts are short. Both sides have SPARE bytes. */
static char *copy_text(char *out, const char *in, size_t size) {
    for (size_t done = 0; done < size; done += SPARE) memcpy(out + done, in + done, SPARE);
    return out + size;
}

/* Twilio sends the same names in the same order again and again: the last request's order leaves the sort next
 * to nothing to do, and any other order is only as good as none. */
static void fill_keys(const Validator *self, SortKey *keys, const FormPair *pairs, size_t count) {
    int again = count == self->last_count;
    for (size_t i = 0; i < count; i++) {
        const FormPair *pair = &pairs[again ? self->last_order[i] : i];
        keys[i] = (SortKey){head_of(pair), pair};
    }
}

static void remember_order(Validator *self, const SortKey *keys, const FormPair *pairs, size_t count) {
    self->last_count = count <= FEW ? count : 0;
    for (size_t i = 0; i < self->last_count; i++) self->last_order[i] = (unsigned char)(keys[i].pair - pairs);
}

static void build_tail(Validator *self) {
    const FormPair *pairs = (const FormPair *)(const void *)self->pairs.data;
    size_t count = pair_count(self);
    SortKey *keys = (SortKey *)(void *)buf_reserve(&self->order, count * sizeof *keys);
    char *tail = buf_reserve(&self->tail, self->text.size + SPARE);
    if (!keys || !tail) return;
    fill_keys(self, keys, pairs, count);
    sort_keys(keys, count);
    remember_order(self, keys, pairs, count);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && compare_keys(&keys[i - 1], &keys[i]) == 0) continue; /* each distinct value once */
        tail = copy_text(tail, keys[i].pair->name, keys[i].pair->name_size + keys[i].pair->value_size);
    }
    self->tail.size = (size_t)(tail - self->tail.data);
}

/* Prepares the tail from the parameters at `index`; 0 and a message on the stack if it can't. */
static int prepare(lua_State *L, Validator *self, int index) {
    buf_clear(&self->pairs);
    buf_clear(&self->text);
    buf_clear(&self->order);
    buf_clear(&self->tail);
    if (lua_type(L, index) == LUA_TSTRING) {
        size_t size;
        const char *body = lua_tolstring(L, index, &size);
        collect_form(self, body, size);
    } else if (lua_istable(L, index)) {
        if (!collect_table(L, self, index)) return 0;
    } else if (!lua_isnoneornil(L, index)) {
        lua_pushfstring(L, "parameters must be a table or the raw body, got a %s", luaL_typename(L, index));
        return 0;
    }
    build_tail(self);
    if (self->text.failed || self->pairs.failed || self->order.failed || self->tail.failed) luaL_error(L, "not enough memory");
    return 1;
}

static void trim(Buf *buf) {
    if (buf->capacity > KEEP) buf_free(buf);
}

static void release(Validator *self) {
    trim(&self->pairs);
    trim(&self->text);
    trim(&self->order);
    trim(&self->tail);
}

/* methods ---------------------------------------------------------------------------------------- */

static void sign(const Validator *self, size_t key, const char *url, size_t url_size, char out[SIGNATURE_SIZE + 1]) {
    unsigned char digest[DIGEST_SHA1_SIZE];
    hmac_sha1(&self->keys[key], url, url_size, self->tail.data, self->tail.size, digest);
    digest_base64(out, digest, sizeof digest);
}

/* The number of the token (from 1) that makes this signature of `url`, or 0. */
static size_t match_url(const Validator *self, const char *url, size_t url_size, const char *signature, size_t size) {
    char expected[SIGNATURE_SIZE + 1];
    for (size_t i = 0; i < self->key_count; i++) {
        sign(self, i, url, url_size, expected);
        if (digest_equal(expected, SIGNATURE_SIZE, signature, size)) return i + 1;
    }
    return 0;
}

/* nil, and the message on top of the stack. The caller is Lua code that knows whose mistake it was. */
static int misuse(lua_State *L) {
    lua_pushnil(L);
    lua_insert(L, -2);
    return 2;
}

/* Is the value at `index` a string? If not, a message is on the stack. */
static int is_text(lua_State *L, int index, const char *what) {
    if (lua_type(L, index) == LUA_TSTRING) return 1;
    lua_pushfstring(L, "%s must be text, got a %s", what, luaL_typename(L, index));
    return 0;
}

/* Tries the URL at `index`, or each of the array there; returns its number and sets the token's, from 1;
 * or 0. An element that isn't text matches nothing. */
static size_t match_urls(lua_State *L, int index, const Validator *self, const char *signature, size_t size, size_t *token) {
    size_t url_size, count = lua_istable(L, index) ? lua_rawlen(L, index) : 0;
    const char *url = lua_tolstring(L, index, &url_size);
    if (url) return (*token = match_url(self, url, url_size, signature, size)) ? 1 : 0;
    for (size_t i = 1; i <= count; i++) {
        lua_rawgeti(L, index, (int)i);
        url = lua_tolstring(L, -1, &url_size);
        *token = url ? match_url(self, url, url_size, signature, size) : 0;
        lua_pop(L, 1);
        if (*token) return i;
    }
    return 0;
}

/* validator:match(urls, parameters, signature)
 * urls: a string, or an array of strings to be tried in order; parameters: nil, a table of text,
 * numbers, booleans or arrays of them, or the raw form body.
 * -> number of the URL, number of the token | false, how many parameters | nil, what's wrong with the arguments */
static int validator_match(lua_State *L) {
    Validator *self = check_open(L);
    size_t size, token = 0;
    lua_settop(L, 4);
    if (!lua_istable(L, 2) && !is_text(L, 2, "url")) return misuse(L);
    if (!is_text(L, 4, "signature") || !prepare(L, self, 3)) return misuse(L);
    const char *signature = lua_tolstring(L, 4, &size);
    size_t url = match_urls(L, 2, self, signature, size, &token);
    if (url) lua_pushinteger(L, (lua_Integer)url);
    else lua_pushboolean(L, 0);
    lua_pushinteger(L, (lua_Integer)(url ? token : pair_count(self)));
    release(self);
    return 2;
}

/* validator:sign(url, parameters) -> the signature by the first token | nil, what's wrong with the arguments */
static int validator_sign(lua_State *L) {
    Validator *self = check_open(L);
    char signature[SIGNATURE_SIZE + 1];
    size_t size;
    lua_settop(L, 3);
    if (!is_text(L, 2, "url") || !prepare(L, self, 3)) return misuse(L);
    const char *url = lua_tolstring(L, 2, &size);
    sign(self, 0, url, size, signature);
    release(self);
    lua_pushlstring(L, signature, SIGNATURE_SIZE);
    return 1;
}

static const luaL_Reg methods[] = {
    {"match", validator_match},
    {"sign", validator_sign},
    {NULL, NULL},
};

Class validator_class = {"twilio.validator", methods, validator_close, validator_tostring, ""};

/* construction ----------------------------------------------------------------------------------- */

static void add_key(lua_State *L, Validator *self) {
    size_t size;
    if (lua_type(L, -1) != LUA_TSTRING) luaL_argerror(L, 1, "auth tokens must be strings");
    const char *token = lua_tolstring(L, -1, &size);
    luaL_argcheck(L, size > 0, 1, "an auth token is empty"); /* anybody could sign with it */
    hmac_sha1_init(&self->keys[self->key_count++], token, size);
}

int validator_new(lua_State *L) {
    int list = lua_istable(L, 1);
    if (!list) luaL_checktype(L, 1, LUA_TSTRING);
    size_t count = list ? lua_rawlen(L, 1) : 1;
    luaL_argcheck(L, count > 0, 1, "no auth token");
    Validator *self = class_new(L, &validator_class, sizeof *self);
    self->keys = calloc(count, sizeof *self->keys);
    if (!self->keys) return luaL_error(L, "not enough memory");
    for (size_t i = 1; i <= count; i++) {
        if (list) lua_rawgeti(L, 1, (int)i);
        else lua_pushvalue(L, 1);
        add_key(L, self);
        lua_pop(L, 1);
    }
    return 1;
}

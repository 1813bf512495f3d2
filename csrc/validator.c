/* validator.c: see validator.h.
 *
 * signature = base64(HMAC-SHA1(token, url .. for each name in byte order: name .. each distinct value,
 * sorted)). The part after the URL is built once a request and shared by all URLs and tokens tried. */
#include "validator.h"

#include "buf.h"
#include "digest.h"
#include "form.h"

#include <stdlib.h>
#include <string.h>

enum { SIGNATURE_SIZE = 28, KEEP = 64 * 1024 };

typedef struct Validator {
    HmacSha1 *keys; /* one a token */
    size_t key_count;
    Buf pairs;   /* FormPair[]; scratch space, kept for the next request like the others */
    Buf decoded; /* the raw body's names and values, which the pairs point into */
    Buf tail;    /* the signed text after the URL */
} Validator;

static int validator_close(lua_State *L) {
    Validator *self = class_check(L, 1, &validator_class);
    size_t count = self->key_count;
    self->key_count = 0;
    for (size_t i = 0; i < count; i++) hmac_sha1_free(&self->keys[i]);
    free(self->keys);
    self->keys = NULL;
    buf_free(&self->pairs);
    buf_free(&self->decoded);
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

static void collect_form(Validator *self, const char *body, size_t size) {
    FormReader reader = {body, body + size, buf_reserve(&self->decoded, size)};
    FormPair pair;
    if (!reader.out) return;
    while (form_next(&reader, &pair)) buf_append(&self->pairs, &pair, sizeof pair);
}

/* The text of the value on top of the stack, or NULL if it can't be a parameter's value. Strings are
 * held by the caller's table; the text of a number is made here, and kept alive in the table at
 * `anchors`. The value is left on the stack. */
static const char *value_text(lua_State *L, int anchors, size_t *size) {
    if (lua_isboolean(L, -1)) {
        const char *text = lua_toboolean(L, -1) ? "true" : "false";
        *size = strlen(text);
        return text;
    }
    int number = lua_type(L, -1) == LUA_TNUMBER;
    const char *text = lua_tolstring(L, -1, size);
    if (number) {
        lua_pushvalue(L, -1);
        luaL_ref(L, anchors);
    }
    return text;
}

/* Adds the value on top of the stack; pair has the name already. */
static int collect_value(lua_State *L, Validator *self, FormPair *pair, int anchors) {
    pair->value = value_text(L, anchors, &pair->value_size);
    if (pair->value) buf_append(&self->pairs, pair, sizeof *pair);
    return pair->value != NULL;
}

/* Adds every element of the array on top of the stack. */
static int collect_array(lua_State *L, Validator *self, FormPair *pair, int anchors) {
    size_t count = lua_rawlen(L, -1);
    int ok = 1;
    for (size_t i = 1; ok && i <= count; i++) {
        lua_rawgeti(L, -1, (int)i);
        ok = collect_value(L, self, pair, anchors);
        lua_pop(L, 1);
    }
    return ok;
}

/* Adds all of the table at `index`; 0 and a message on the stack if something in it can't be a parameter. */
static int collect_table(lua_State *L, Validator *self, int index) {
    FormPair pair;
    luaL_checkstack(L, 6, NULL);
    lua_newtable(L);
    int anchors = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING) {
            lua_pushfstring(L, "parameter names must be strings, got a %s", luaL_typename(L, -2));
            return 0;
        }
        pair.name = lua_tolstring(L, -2, &pair.name_size);
        int ok = lua_istable(L, -1) ? collect_array(L, self, &pair, anchors) : collect_value(L, self, &pair, anchors);
        if (!ok) {
            lua_pushfstring(L, "parameter '%s' must be text, a number, a boolean or an array of them", pair.name);
            return 0;
        }
    }
    return anchors;
}

static int compare_bytes(const char *a, size_t a_size, const char *b, size_t b_size) {
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    return order ? order : (a_size > b_size) - (a_size < b_size);
}

static int compare_pairs(const void *left, const void *right) {
    const FormPair *a = left, *b = right;
    int order = compare_bytes(a->name, a->name_size, b->name, b->name_size);
    return order ? order : compare_bytes(a->value, a->value_size, b->value, b->value_size);
}

/* Twilio's parameters are few: insertion beats qsort, whose worst case guards us from the rest. */
static void sort_pairs(FormPair *pairs, size_t count) {
    if (count > 50) {
        qsort(pairs, count, sizeof *pairs, compare_pairs);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        FormPair pair = pairs[i];
        size_t j = i;
        for (; j > 0 && compare_pairs(&pairs[j - 1], &pair) > 0; j--) pairs[j] = pairs[j - 1];
        pairs[j] = pair;
    }
}

static void build_tail(Validator *self) {
    FormPair *pairs = (FormPair *)(void *)self->pairs.data;
    size_t count = pair_count(self);
    sort_pairs(pairs, count);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && compare_pairs(&pairs[i - 1], &pairs[i]) == 0) continue; /* each distinct value once */
        buf_append(&self->tail, pairs[i].name, pairs[i].name_size);
        buf_append(&self->tail, pairs[i].value, pairs[i].value_size);
    }
}

/* Prepares the tail from the parameters at `index`; 0 and a message on the stack if it can't. */
static int prepare(lua_State *L, Validator *self, int index) {
    buf_clear(&self->pairs);
    buf_clear(&self->decoded);
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
    if (self->pairs.failed || self->decoded.failed || self->tail.failed) luaL_error(L, "not enough memory");
    return 1;
}

static void trim(Buf *buf) {
    if (buf->capacity > KEEP) buf_free(buf);
}

static void release(Validator *self) {
    trim(&self->pairs);
    trim(&self->decoded);
    trim(&self->tail);
}

/* methods ---------------------------------------------------------------------------------------- */

static int sign(Validator *self, HmacSha1 *key, const char *url, size_t url_size, char out[SIGNATURE_SIZE + 1]) {
    unsigned char digest[DIGEST_SHA1_SIZE];
    if (!hmac_sha1(key, url, url_size, self->tail.data, self->tail.size, digest)) return 0;
    digest_base64(out, digest, sizeof digest);
    return 1;
}

/* The number of the token (from 1) that makes this signature of `url`, or 0. */
static size_t match_url(Validator *self, const char *url, size_t url_size, const char *signature, size_t size) {
    char expected[SIGNATURE_SIZE + 1];
    for (size_t i = 0; i < self->key_count; i++) {
        if (!sign(self, &self->keys[i], url, url_size, expected)) continue;
        if (digest_equal(expected, SIGNATURE_SIZE, signature, size)) return i + 1;
    }
    return 0;
}

/* validator:match(urls, parameters, signature)
 * urls: a string, or an array of strings to be tried in order; parameters: nil, a table of text,
 * numbers, booleans or arrays of them, or the raw form body.
 * -> number of the URL, number of the token | false, how many parameters | nil, what's wrong with the parameters */
static int validator_match(lua_State *L) {
    Validator *self = check_open(L);
    int list = lua_istable(L, 2);
    if (!list) luaL_checkstring(L, 2);
    size_t size, url_size;
    const char *signature = luaL_checklstring(L, 4, &size);
    if (!prepare(L, self, 3)) {
        lua_pushnil(L);
        lua_insert(L, -2);
        return 2;
    }
    size_t count = list ? lua_rawlen(L, 2) : 1, token = 0, i = 0;
    while (!token && i < count) {
        if (list) lua_rawgeti(L, 2, (int)++i);
        else lua_pushvalue(L, (int)++i + 1);
        const char *url = luaL_checklstring(L, -1, &url_size);
        token = match_url(self, url, url_size, signature, size);
        lua_pop(L, 1);
    }
    if (token) lua_pushinteger(L, (lua_Integer)i);
    else lua_pushboolean(L, 0);
    lua_pushinteger(L, (lua_Integer)(token ? token : pair_count(self)));
    release(self);
    return 2;
}

/* validator:sign(url, parameters) -> the signature by the first token | nil, what's wrong with the parameters */
static int validator_sign(lua_State *L) {
    Validator *self = check_open(L);
    size_t url_size;
    const char *url = luaL_checklstring(L, 2, &url_size);
    char signature[SIGNATURE_SIZE + 1];
    if (!prepare(L, self, 3)) {
        lua_pushnil(L);
        lua_insert(L, -2);
        return 2;
    }
    if (!sign(self, &self->keys[0], url, url_size, signature)) return luaL_error(L, "HMAC-SHA1 isn't available");
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
    HmacSha1 *key = &self->keys[self->key_count++];
    if (!hmac_sha1_init(key, token, size)) luaL_error(L, "HMAC-SHA1 isn't available");
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

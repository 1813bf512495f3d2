/* validator.c: see validator.h.
 *
 * signature = base64(HMAC(secret, url .. signed text)). The text (signed_text.h) is made once a
 * request, and shared by all URLs and secrets tried and by the table of its parameters.
 *
 * An allocation in Lua may run finalizers, and these may use or close the validator at hand, or
 * change the table being read. `turn` tells whether one has used it while the text was made;
 * nothing is allocated between then and the last use of the text. The table is made from a copy. */
#include "validator.h"

#include "base64.h"
#include "debug.h"
#include "digest.h"
#include "form_table.h"
#include "plain_request.h"
#include "signed_text.h"

#include <stdlib.h>
#include <string.h>

/* BRIEF: bytes of a form's copy that need no memory of their own, more than Twilio sends. */
enum { SIGNATURE_MOST = 44, BRIEF = 4096 };

typedef struct Validator {
    HmacKey *keys; /* one a secret */
    size_t key_count;
    SignedText signed_text; /* of the request at hand */
    FormNames names;        /* of the last form that became a table */
    unsigned turn;          /* counts the texts made and lost */
} Validator;

static int validator_close(lua_State *L) {
    Validator *self = class_check(L, 1, &validator_class);
    while (self->key_count > 0) hmac_key_cleanse(&self->keys[--self->key_count]);
    free(self->keys);
    self->keys = NULL;
    self->turn++; /* the text is gone for whoever is at it */
    signed_free(&self->signed_text);
    form_names_free(L, &self->names);
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

/* --- parameters --- */

/* The text of the value on top of the stack, or NULL if it can't be a parameter's. A number becomes
 * a string there. */
static const char *value_text(lua_State *L, size_t *size) {
    if (!lua_isboolean(L, -1)) return lua_tolstring(L, -1, size);
    const char *text = lua_toboolean(L, -1) ? "true" : "false";
    *size = strlen(text);
    return text;
}

/* Adds a parameter with the value on top of the stack and the name at `name`. */
static int add_value(lua_State *L, SignedText *text, int name) {
    size_t name_size, value_size;
    const char *value = value_text(L, &value_size);
    const char *name_text = lua_tolstring(L, name, &name_size);
    if (value) signed_add(text, name_text, name_size, value, value_size);
    return value != NULL;
}

/* Adds one for every element of the array on top of the stack. */
static int add_array(lua_State *L, SignedText *text, int name) {
    size_t count = lua_rawlen(L, -1);
    int ok = 1;
    for (size_t i = 1; ok && i <= count; i++) {
        lua_rawgeti(L, -1, (int)i);
        ok = add_value(L, text, name);
        lua_pop(L, 1);
    }
    return ok;
}

/* Adds all of the table at `index`; 0 and a message on the stack if something in it can't be a
 * parameter. */
static int add_table(lua_State *L, SignedText *text, int index) {
    luaL_checkstack(L, 4, NULL);
    int name = lua_gettop(L) + 1;
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        if (lua_type(L, name) != LUA_TSTRING) {
            lua_pushfstring(L, "parameter names must be strings, got a %s", luaL_typename(L, name));
            return 0;
        }
        if (!(lua_istable(L, -1) ? add_array : add_value)(L, text, name)) {
            lua_pushfstring(L,
                            "parameter '%s' must be text, a number, a boolean or an array of them",
                            lua_tostring(L, name));
            return 0;
        }
    }
    return 1;
}

/* Adds the parameters at `index`; 0 and a message on the stack if they can't be any. */
static int add_parameters(lua_State *L, SignedText *text, int index) {
    if (lua_type(L, index) == LUA_TSTRING) {
        size_t size;
        const char *form = lua_tolstring(L, index, &size);
        signed_add_form(text, form, size);
    } else if (lua_istable(L, index)) {
        return add_table(L, text, index);
    } else if (!lua_isnoneornil(L, index)) {
        lua_pushfstring(L, "parameters must be a table or the raw body, got a %s",
                        luaL_typename(L, index));
        return 0;
    }
    return 1;
}

/* Makes the signed text of the parameters at `index`; 0 and a message if they can't be any. */
static int prepare(lua_State *L, Validator *self, int index) {
    unsigned turn;
    do {
        turn = ++self->turn;
        signed_start(&self->signed_text);
        if (!add_parameters(L, &self->signed_text, index)) return 0;
    } while (turn != self->turn); /* a finalizer has put another request's text there */
    luaL_argcheck(L, self->key_count > 0, 1, "validator is closed");
    if (!signed_finish(&self->signed_text)) luaL_error(L, "not enough memory");
    return 1;
}

/* --- methods --- */

/* Returns the signature's size. */
static size_t sign(const Validator *self, size_t key, const char *url, size_t url_size,
                   char out[SIGNATURE_MOST + 1]) {
    const Buf *tail = &self->signed_text.tail;
    unsigned char digest[DIGEST_SHA256_SIZE];
    size_t size = hmac_key_digest(&self->keys[key], url, url_size, tail->data, tail->size, digest);
    return base64_encode(out, digest, size);
}

/* The number of the secret (from 1) that makes this signature of `url`, or 0. */
static size_t match_url(const Validator *self, const char *url, size_t url_size,
                        const char *signature, size_t size) {
    char expected[SIGNATURE_MOST + 1];
    for (size_t i = 0; i < self->key_count; i++) {
        size_t expected_size = sign(self, i, url, url_size, expected);
        if (digest_equal(expected, expected_size, signature, size)) return i + 1;
    }
    return 0;
}

/* nil, and the message on top of the stack. The caller is Lua code that knows whose mistake it
 * was. */
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

/* Tries the URL at `index`, or each of the array there; returns its number and sets the token's,
 * from 1; or 0. An element that isn't text matches nothing. */
static size_t match_urls(lua_State *L, int index, const Validator *self, const char *signature,
                         size_t size, size_t *token) {
    size_t url_size, count = lua_istable(L, index) ? lua_rawlen(L, index) : 0;
    const char *url = lua_tolstring(L, index, &url_size);
    if (url) return (*token = match_url(self, url, url_size, signature, size)) ? 1 : 0;
    for (size_t i = 1; i <= count; i++) {
        lua_rawgeti(L, index, (int)i);
        url = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &url_size) : NULL;
        *token = url ? match_url(self, url, url_size, signature, size) : 0;
        lua_pop(L, 1);
        if (*token) return i;
    }
    return 0;
}

/* Pushes the table of the form at `index`, whose text was prepared last. */
static void push_table(lua_State *L, Validator *self, int index) {
    _Alignas(FormPair) char brief[BRIEF];
    const SignedText *made = &self->signed_text;
    size_t pairs = made->pairs.size, text = made->text.size, count = signed_count(made);
    int repeated = made->repeated;
    unsigned turn = self->turn;
    int is_brief = pairs + text <= sizeof brief;
    char *copy = is_brief ? brief : lua_newuserdatauv(L, pairs + text, 0);
    /* cppcheck-suppress knownConditionTrueFalse ; it doesn't know that an allocation runs Lua */
    if (turn != self->turn) prepare(L, self, index); /* by a finalizer; a form is always one */
    TW_ASSERT(made->pairs.size == pairs && made->text.size == text);
    if (pairs) memcpy(copy, made->pairs.data, pairs);
    if (text) memcpy(copy + pairs, made->text.data, text);
    form_table_push(L, copy + pairs, (const FormPair *)(const void *)copy, count, repeated,
                    &self->names);
    if (!is_brief) lua_replace(L, -2); /* the copy */
}

/* validator:match(urls, parameters, signature [, decoded])
 * urls: a string, or an array of strings to be tried in order; parameters: nil, a table of text,
 * numbers, booleans or arrays of them, or the raw form body; decoded (boolean): is the table of a
 * raw form wanted?
 * -> number of the URL, number of the secret, is the URL all that was signed?, the table or nil
 *    | false, how many parameters | nil, what's wrong with the arguments
 * More than SIGNED_MOST parameters match nothing. */
static int validator_match(lua_State *L) {
    Validator *self = check_open(L);
    size_t size, token = 0;
    lua_settop(L, 5);
    if (!lua_istable(L, 2) && !is_text(L, 2, "url")) return misuse(L);
    if (!is_text(L, 4, "signature") || !prepare(L, self, 3)) return misuse(L);
    const char *signature = lua_tolstring(L, 4, &size);
    size_t count = signed_count(&self->signed_text);
    size_t url = count > SIGNED_MOST ? 0 : match_urls(L, 2, self, signature, size, &token);
    if (!url) {
        signed_trim(&self->signed_text);
        lua_pushboolean(L, 0);
        lua_pushinteger(L, (lua_Integer)count);
        return 2;
    }
    lua_pushinteger(L, (lua_Integer)url);
    lua_pushinteger(L, (lua_Integer)token);
    lua_pushboolean(L, self->signed_text.tail.size == 0);
    if (lua_toboolean(L, 5) && lua_type(L, 3) == LUA_TSTRING) push_table(L, self, 3);
    else lua_pushnil(L);
    signed_trim(&self->signed_text);
    return 4;
}

/* Sets `name` in the table on top of the stack to the value at `index`, unless that is nil. */
static void set_field(lua_State *L, const char *name, int index) {
    if (lua_isnil(L, index)) return;
    lua_pushvalue(L, index);
    lua_setfield(L, -2, name);
}

/* validator:verify(request, plan) -> the parameters, nil, what is beside them
 *    | nothing: the request isn't plain (plain_request.h), or its signature doesn't match
 * Does the work of webhook:verify in one step, for nearly all genuine requests. */
static int validator_verify(lua_State *L) {
    enum { PLAN = 3, URL, BODY, SIGNATURE, TOKEN, PARAMETERS, BESIDE };
    Validator *self = check_open(L);
    size_t url_size, signature_size;
    lua_settop(L, PLAN);
    if (!plain_request_push(L, 2, PLAN)) return 0;
    const char *url = lua_tolstring(L, URL, &url_size);
    const char *signature = lua_tolstring(L, SIGNATURE, &signature_size);
    prepare(L, self, BODY);
    int matches = signed_count(&self->signed_text) <= SIGNED_MOST &&
                  self->signed_text.tail.size > 0 && /* else there may be a hash to look at */
                  match_url(self, url, url_size, signature, signature_size);
    if (matches) push_table(L, self, BODY);
    signed_trim(&self->signed_text);
    if (!matches) return 0;
    lua_createtable(L, 0, 4);
    set_field(L, "url", URL);
    set_field(L, "raw_body", BODY);
    set_field(L, "idempotency_token", TOKEN);
    lua_pushliteral(L, "AccountSid");
    lua_rawget(L, PARAMETERS);
    if (lua_type(L, -1) == LUA_TSTRING) lua_setfield(L, BESIDE, "account_sid");
    lua_settop(L, BESIDE);
    lua_rawgeti(L, PLAN, PLAN_METATABLE);
    lua_setmetatable(L, BESIDE);
    lua_createtable(L, 0, 1);
    set_field(L, "__index", BESIDE);
    lua_setmetatable(L, PARAMETERS);
    lua_pushnil(L);
    lua_insert(L, BESIDE);
    return 3;
}

/* validator:sign(url, parameters) -> the signature by the first secret | nil, what's wrong with the
 * arguments */
static int validator_sign(lua_State *L) {
    Validator *self = check_open(L);
    char signature[SIGNATURE_MOST + 1];
    size_t size, signature_size = 0;
    lua_settop(L, 3);
    if (!is_text(L, 2, "url") || !prepare(L, self, 3)) return misuse(L);
    const char *url = lua_tolstring(L, 2, &size);
    int too_many = signed_count(&self->signed_text) > SIGNED_MOST;
    if (!too_many) signature_size = sign(self, 0, url, size, signature);
    signed_trim(&self->signed_text);
    if (too_many) lua_pushfstring(L, "there are more than %d parameters", (int)SIGNED_MOST);
    else lua_pushlstring(L, signature, signature_size);
    return too_many ? misuse(L) : 1;
}

static const luaL_Reg methods[] = {
    {"match", validator_match},
    {"verify", validator_verify},
    {"sign", validator_sign},
    {NULL, NULL},
};

Class validator_class = {"twilio.validator", methods, validator_close, validator_tostring, ""};

/* --- construction --- */

static void add_key(lua_State *L, Validator *self, HmacHash hash) {
    size_t size;
    if (lua_type(L, -1) != LUA_TSTRING) luaL_argerror(L, 1, "secrets must be strings");
    const char *secret = lua_tolstring(L, -1, &size);
    luaL_argcheck(L, size > 0, 1, "a secret is empty"); /* anybody could sign with it */
    hmac_key_init(&self->keys[self->key_count++], hash, secret, size);
}

int validator_new(lua_State *L) {
    static const char *const hashes[] = {"HMAC_SHA1", "HMAC_SHA256", NULL}; /* HmacHash's order */
    int list = lua_istable(L, 1);
    if (!list) luaL_checktype(L, 1, LUA_TSTRING);
    size_t count = list ? lua_rawlen(L, 1) : 1;
    luaL_argcheck(L, count > 0, 1, "no secret");
    HmacHash hash = (HmacHash)luaL_checkoption(L, 2, "HMAC_SHA1", hashes);
    Validator *self = class_new(L, &validator_class, sizeof *self);
    self->keys = calloc(count, sizeof *self->keys);
    if (!self->keys) return luaL_error(L, "not enough memory");
    for (size_t i = 1; i <= count; i++) {
        if (list) lua_rawgeti(L, 1, (int)i);
        else lua_pushvalue(L, 1);
        add_key(L, self, hash);
        lua_pop(L, 1);
    }
    return 1;
}

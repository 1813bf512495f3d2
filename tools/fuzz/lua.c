/* lua.c: libFuzzer's driver for what reads strangers' texts in Lua, and in C by way of Lua.
 *
 * The target is tools/fuzz/targets/NAME.lua, named by FUZZ_TARGET: its `run` gets each input, and
 * raises where an invariant doesn't hold. csrc/ is linked in, with ASan, UBSan and libFuzzer's
 * counters. A hook counts the steps from line to line of Lua, so that libFuzzer knows when an input
 * has gone a new way there, too.
 *
 * Some inputs are stretched: their middle is repeated until they have STRETCHED bytes, which takes a
 * parser whose time grows with the square of its input some minutes, and any other less than
 * MOST_SECONDS. */
#include "../../csrc/compat.h"

#include <lualib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int luaopen_twilio_core(lua_State *L);
int luaopen_twilio_core_crypto(lua_State *L);

enum { COUNTERS = 1 << 15, STRETCHED = 96 * 1024, SELDOM = 1024, MOST_SECONDS = 5 };

/* libFuzzer finds them by their section, and clears them before each input. */
__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t counters[COUNTERS];

static lua_State *L;
static int function;    /* the target's `run`, in the registry */
static int can_stretch; /* its time has to be linear */
static unsigned seen;   /* inputs */

static void count_line(lua_State *state, lua_Debug *line) {
    static uint64_t before;
    lua_getinfo(state, "S", line);
    uint64_t at = ((uint64_t)(uintptr_t)line->source + (uint64_t)line->currentline) *
                  UINT64_C(0x9E3779B97F4A7C15);
    at ^= at >> 32;
    counters[(at ^ before) % COUNTERS]++;
    before = at >> 1;
}

static int trace(lua_State *state) {
    luaL_traceback(state, state, luaL_tolstring(state, 1, NULL), 1);
    return 1;
}

static void check(int status) {
    if (status == LUA_OK) return;
    fprintf(stderr, "%s\n", lua_tostring(L, -1));
    abort();
}

static void run(const char *text, size_t size) {
    lua_settop(L, 0);
    lua_pushcfunction(L, trace);
    lua_rawgeti(L, LUA_REGISTRYINDEX, function);
    lua_pushlstring(L, text, size);
    check(lua_pcall(L, 1, 0, 1));
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* The input with its middle third again and again. */
static void run_stretched(const char *text, size_t size) {
    size_t third = size / 3, most = STRETCHED - 2 * size;
    char *long_text = malloc(STRETCHED);
    size_t length = third;
    memcpy(long_text, text, third);
    for (; length < most; length += third) memcpy(long_text + length, text + third, third);
    memcpy(long_text + length, text + 2 * third, size - 2 * third);
    length += size - 2 * third;
    double start = now();
    lua_sethook(L, NULL, 0, 0);
    run(long_text, length);
    lua_sethook(L, count_line, LUA_MASKLINE, 0);
    double spent = now() - start;
    free(long_text);
    if (spent > MOST_SECONDS) {
        fprintf(stderr, "%.1f seconds for %zu bytes of it\n", spent, length);
        abort();
    }
}

static uint32_t sum_of(const uint8_t *data, size_t size) {
    uint32_t sum = 2166136261u;
    for (size_t i = 0; i < size; i++) sum = (sum ^ data[i]) * 16777619u;
    return sum ^ sum >> 15;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    run((const char *)data, size);
    if (can_stretch && size >= 3 && size < STRETCHED / 8 && sum_of(data, size) % SELDOM == 0)
        run_stretched((const char *)data, size);
    if (++seen % 4096 == 0) lua_gc(L, LUA_GCCOLLECT, 0);
    return 0;
}

static void preload(const char *name, lua_CFunction open) {
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_pushcfunction(L, open);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

/* Runs in the root of the checkout. */
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    const char *name = getenv("FUZZ_TARGET");
    if (!name) {
        fprintf(stderr, "FUZZ_TARGET names the target: a file of tools/fuzz/targets\n");
        exit(2);
    }
    L = luaL_newstate();
    luaL_openlibs(L);
    preload("twilio.core", luaopen_twilio_core);
    preload("twilio.core.crypto", luaopen_twilio_core_crypto);
    lua_pushcfunction(L, trace);
    check(luaL_loadstring(L, "package.path = 'lua/?.lua;tools/fuzz/?.lua;' .. package.path\n"
                             "return require('targets.' .. ...)"));
    lua_pushstring(L, name);
    check(lua_pcall(L, 1, 1, 1));
    lua_getfield(L, -1, "is_linear");
    can_stretch = lua_toboolean(L, -1);
    lua_getfield(L, -2, "run");
    function = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_sethook(L, count_line, LUA_MASKLINE, 0);
    return 0;
}

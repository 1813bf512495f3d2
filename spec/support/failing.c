/* failing.c: memory that runs out, in Lua's allocator or in malloc, for specs.
 *
 * A Lua module, and preloaded at the same time, so that malloc and its like come through here, too:
 *
 *   failing.lua(n, count)          from now on the n-th allocation of Lua's fails, and those after
 *                                  it, `count` in all (Lua tries each twice)
 *   failing.c(n, count)            the same of csrc's, OpenSSL's and libcurl's
 *   failing.own(n, count)          the same without libcurl's
 *   failing.stop() -> number       how many are left before the n-th; 0 or less: it has failed
 *   failing.blocks() -> number     blocks of memory that csrc, OpenSSL and libcurl hold now
 *
 * lua-cjson ends the process when it gets no memory from C, so its own don't count. */
#include <dlfcn.h>
#include <lauxlib.h>
#include <lua.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void __libc_free(void *block);

/* --- in C --- */

static atomic_long c_left, c_failures; /* allocations before the first that fails; that fail */
static atomic_int c_is_on, c_is_own;   /* own: libcurl's don't count */

static __thread int is_inside; /* dladdr may allocate */

/* Callers by their address: dladdr is slow, and there are few. */
enum { CALLERS = 8192 };
static struct {
    _Atomic(void *) address;
    atomic_int is_ours;
} callers[CALLERS];

enum { CURL = 6 };

/* The number of the library that a caller is in; 0: it is another. */
static int is_ours(void *address) {
    static const char *const names[] = {"/core.so",  "/crypto.so", "/http.so",
                                        "libcrypto", "libssl",     "libcurl"};
    size_t slot = ((uintptr_t)address >> 2) % CALLERS;
    for (size_t i = 0; i < 8; i++, slot = (slot + 1) % CALLERS) {
        void *known = atomic_load(&callers[slot].address);
        if (known == address) return atomic_load(&callers[slot].is_ours);
        if (!known) break;
    }
    Dl_info info;
    int ours = 0;
    is_inside = 1;
    if (dladdr(address, &info) && info.dli_fname)
        for (int i = 0; i < (int)(sizeof names / sizeof *names); i++)
            if (strstr(info.dli_fname, names[i])) ours = i + 1;
    is_inside = 0;
    atomic_store(&callers[slot].is_ours, ours);
    atomic_store(&callers[slot].address, address);
    return ours;
}

/* Returns 1 if an allocation that `caller` asks for is to fail. */
static int fails(void *caller) {
    if (!atomic_load(&c_is_on) || is_inside) return 0;
    int ours = is_ours(caller);
    if (!ours || (ours == CURL && atomic_load(&c_is_own))) return 0;
    long left = atomic_fetch_sub(&c_left, 1);
    return left <= 1 && left > 1 - atomic_load(&c_failures);
}

/* Blocks of ours that are there: an open table of their addresses. */
enum { BLOCKS = 1 << 17 };
static void *blocks[BLOCKS];
static long block_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int is_counting;

#define GONE ((void *)1)

static size_t slot_of(const void *block) { return ((uintptr_t)block >> 4) * 2654435761u % BLOCKS; }

static void *note(void *block, void *caller) {
    if (!block || !atomic_load(&is_counting) || is_inside || !is_ours(caller)) return block;
    pthread_mutex_lock(&lock);
    size_t slot = slot_of(block);
    while (blocks[slot] && blocks[slot] != GONE) slot = (slot + 1) % BLOCKS;
    blocks[slot] = block;
    block_count++;
    pthread_mutex_unlock(&lock);
    return block;
}

static void forget(void *block) {
    if (!block || !atomic_load(&is_counting)) return;
    pthread_mutex_lock(&lock);
    for (size_t slot = slot_of(block); blocks[slot]; slot = (slot + 1) % BLOCKS)
        if (blocks[slot] == block) {
            blocks[slot] = GONE;
            block_count--;
            break;
        }
    pthread_mutex_unlock(&lock);
}

#define CALLER __builtin_return_address(0)

void *malloc(size_t size) { return fails(CALLER) ? NULL : note(__libc_malloc(size), CALLER); }

void *calloc(size_t count, size_t size) {
    return fails(CALLER) ? NULL : note(__libc_calloc(count, size), CALLER);
}

void *realloc(void *block, size_t size) {
    if (fails(CALLER)) return NULL;
    forget(block);
    return note(__libc_realloc(block, size), CALLER);
}

void free(void *block) {
    forget(block);
    __libc_free(block);
}

/* strdup of libc allocates in libc's own name. */
char *strdup(const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = fails(CALLER) ? NULL : note(__libc_malloc(size), CALLER);
    return copy ? memcpy(copy, text, size) : NULL;
}

/* --- in Lua --- */

static struct {
    lua_Alloc before;
    void *state;
    long left, failures;
    int is_on;
} lua;

static void *allocate(void *state, void *block, size_t before, size_t size) {
    (void)state;
    int grows = size > 0 && (!block || size > before);
    if (grows && lua.is_on && --lua.left <= 0 && lua.left > -lua.failures) return NULL;
    return lua.before(lua.state, block, before, size);
}

static int fail_in_lua(lua_State *L) {
    lua.left = (long)luaL_checknumber(L, 1);
    lua.failures = (long)luaL_optnumber(L, 2, 2);
    if (!lua.before) {
        lua.before = lua_getallocf(L, &lua.state);
        lua_setallocf(L, allocate, NULL);
    }
    lua.is_on = 1;
    return 0;
}

static int fail_in_c(lua_State *L) {
    atomic_store(&c_is_own, 0);
    atomic_store(&c_left, (long)luaL_checknumber(L, 1));
    atomic_store(&c_failures, (long)luaL_optnumber(L, 2, 1));
    atomic_store(&c_is_on, 1);
    return 0;
}

static int fail_in_own(lua_State *L) {
    fail_in_c(L);
    atomic_store(&c_is_own, 1);
    return 0;
}

static int stop(lua_State *L) {
    lua_Number left = (lua_Number)(atomic_load(&c_is_on) ? atomic_load(&c_left) : lua.left);
    lua.is_on = 0;
    atomic_store(&c_is_on, 0);
    lua_pushnumber(L, left);
    return 1;
}

static int count_blocks(lua_State *L) {
    atomic_store(&is_counting, 1);
    pthread_mutex_lock(&lock);
    lua_Number count = (lua_Number)block_count;
    pthread_mutex_unlock(&lock);
    lua_pushnumber(L, count);
    return 1;
}

int luaopen_failing(lua_State *L);

int luaopen_failing(lua_State *L) {
    static const struct {
        const char *name;
        lua_CFunction function;
    } functions[] = {{"lua", fail_in_lua}, {"c", fail_in_c},           {"own", fail_in_own},
                     {"stop", stop},       {"blocks", count_blocks}};
    lua_newtable(L);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        lua_pushcfunction(L, functions[i].function);
        lua_setfield(L, -2, functions[i].name);
    }
    return 1;
}

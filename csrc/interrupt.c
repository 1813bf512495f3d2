/* interrupt.c: see interrupt.h. */
#include "interrupt.h"

#include <signal.h>

static const int caught[] = {SIGINT, SIGTERM};
enum { COUNT = sizeof caught / sizeof *caught };

/* Handlers belong to the process, and so does what they leave behind. */
static volatile sig_atomic_t noted;
static struct sigaction before[COUNT];
static int is_catching;

static void note(int number) { noted = number; }

static void release(void) {
    for (int i = 0; is_catching && i < COUNT; i++) sigaction(caught[i], &before[i], NULL);
    is_catching = 0;
}

int interrupt_catch(lua_State *L) {
    (void)L;
    /* SA_RESETHAND gives the second signal its default action without a line of ours: it works
     * however busy or stuck the program is. SA_RESTART: no system call fails for the first. */
    struct sigaction action = {.sa_handler = note, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};
    release();
    sigemptyset(&action.sa_mask);
    noted = 0;
    for (int i = 0; i < COUNT; i++) {
        sigaction(caught[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN) sigaction(caught[i], &action, NULL);
    }
    is_catching = 1;
    return 0;
}

int interrupt_release(lua_State *L) {
    (void)L;
    release();
    return 0;
}

int interrupt_noted(lua_State *L) {
    if (noted) lua_pushinteger(L, noted);
    else lua_pushboolean(L, 0);
    return 1;
}

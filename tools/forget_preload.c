/* forget_preload.c: preloaded after a sanitizer's library, so that only the interpreter has that
 * one: what it starts (curl, nginx, timeout) hangs below it now and then, in the destructors and
 * locks of libraries that load others. Specs start interpreters by process.interpreter(). */

#include <stdlib.h>

__attribute__((constructor)) static void forget(void) {
    unsetenv("LD_PRELOAD");
}

/* interrupt.h: Ctrl-C as a question instead of an end: a program that sends finishes what is under
 * way. Plain Lua can't catch a signal. */
#ifndef TWILIO_INTERRUPT_H
#define TWILIO_INTERRUPT_H

#include "compat.h"

/* core.catch_interrupts(): from now on the first SIGINT or SIGTERM is noted, and the second of a
 * kind ends the process as usual, as may a program that doesn't look. A signal that the process
 * ignores (nohup) stays ignored. Called again it forgets what was noted. */
int interrupt_catch(lua_State *L);

/* core.release_interrupts(): the signals do again what they did before catch_interrupts. */
int interrupt_release(lua_State *L);

/* core.interrupted() -> the number of the signal that came since catch_interrupts, or false */
int interrupt_noted(lua_State *L);

#endif

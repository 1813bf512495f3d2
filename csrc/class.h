/* class.h: userdata classes, and how C tells Lua of the world's failures.
 *
 * Functions of csrc/ fail in one way. One that can fail for several reasons returns the reason as
 * `const char *`: NULL for success, or a text that nobody frees (a literal, or process_reason's,
 * which is good until the next failure); what it makes goes through a pointer. One that can fail
 * for a single reason, mostly want of memory, says so by its result: a pointer is NULL, a number is
 * 0. errno leaves a function only in process.h, whose functions stand for one system call each. The
 * codes of libcurl and OpenSSL stay what they are (handle.h, digest.h). A mistake of the program
 * raises.
 *
 * A class is one static Class; core.c registers it when the module is loaded. One function
 * destroys: it is `close`, `__gc` and `__close`, so it must bear being called twice, and on an
 * object that is still all zero. */
#ifndef TWILIO_CLASS_H
#define TWILIO_CLASS_H

#include "compat.h"

typedef struct Class {
    const char *name;        /* "twilio.session", for messages */
    const luaL_Reg *methods; /* without close and metamethods; ends with { NULL, NULL } */
    lua_CFunction close, tostring;
    char key[64]; /* leave empty: its metatable's name in the registry */
} Class;

void class_register(lua_State *L, Class *class);

/* A zeroed object of this class and of so many bytes, pushed: it can be collected from now on, so
 * make it first and then what it owns. */
void *class_new(lua_State *L, const Class *class, size_t size);

/* The object at `index`, or an argument error. */
void *class_check(lua_State *L, int index, const Class *class);

/* nil, { kind =, message = }: returns 2, so `return class_fail(...)`. The error table is on top of
 * the stack, for those who add fields to it. kind: util/error.lua has
 * them. The format is lua_pushfstring's. */
int class_fail(lua_State *L, const char *kind, const char *format, ...);

#endif

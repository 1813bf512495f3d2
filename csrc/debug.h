/* debug.h: assertions on the state machines of csrc/.
 *
 * TW_ASSERT holds what the tables in engine.c say. It is active in builds with TW_DEBUG (make
 * DEBUG=1, and each sanitizer build), and costs nothing in others. It never guards against a
 * caller's mistake. */
#ifndef TWILIO_DEBUG_H
#define TWILIO_DEBUG_H

#ifdef TW_DEBUG
#undef NDEBUG
#include <assert.h>
#define TW_ASSERT(condition) assert(condition)
#else
#define TW_ASSERT(condition) \
    ((void)sizeof((condition) ? 1 : 0)) /* checked by the compiler, never evaluated */
#endif

#endif

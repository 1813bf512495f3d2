/* exchange.h: the userdata that one request is, from session:submit until its result is read.
 *
 * Collected while it runs it is cancelled. */
#ifndef TWILIO_EXCHANGE_H
#define TWILIO_EXCHANGE_H

#include "class.h"
#include "engine.h"

extern Class exchange_class;

typedef struct Exchange {
    Transfer *transfer; /* NULL: closed */
    int begun;          /* of a stream: its head may be read */
} Exchange;

/* Gives its memory back, long before it is collected; what is still running is cancelled. */
void exchange_release(Exchange *exchange);

/* Pushes the results of a transfer that is done, as exchange:result returns it; how many values. */
int exchange_push_result(lua_State *L, const Transfer *transfer);

/* nil, err for what was never sent; 2. */
int exchange_fail_unsent(lua_State *L, const char *message);

#endif

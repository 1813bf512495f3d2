/* plain_request.h: a webhook request that looks like the one before it.
 *
 * Nearly all do: a form, to the same server, under the same headers about its address. The Lua code
 * that knows the rules finds out once that a request is such a one, and the URL that Twilio has
 * called; the plan that it leaves says by what to know the next one. A request that differs in
 * anything is no plain one, and is left to that code: nothing is refused here. */
#ifndef TWILIO_PLAIN_REQUEST_H
#define TWILIO_PLAIN_REQUEST_H

#include "compat.h"

/* The places of a plan (lua/twilio/webhook/plan.lua). */
enum {
    PLAN_SLOTS = 1,     /* how a header's name is written, or its lower case -> its slot */
    PLAN_FORMS = 2,     /* content types of forms -> true */
    PLAN_MOST = 3,      /* bytes of a body */
    PLAN_METATABLE = 4, /* of what is beside the parameters */
    PLAN_PREFIX = 5,    /* what comes before the target in the URL */
    PLAN_SCHEME = 6,    /* of the request, or false */
    PLAN_MASK = 7,      /* a bit for each slot from SLOT_KEPT on whose header is there, */
    PLAN_KEPT = 10      /* and at PLAN_KEPT + slot its value */
};

/* The slots of headers; from SLOT_KEPT on, those that stay the same from request to request: about
 * the address, and which secret signs. */
enum { SLOT_SIGNATURE = 1, SLOT_TYPE = 2, SLOT_TOKEN = 3, SLOT_KEPT = 4 };

/* If the request at `request` is a plain one by the plan at `plan`, pushes the URL, the body, the
 * signature, and the idempotency token or nil. 0 if it isn't; the stack is higher then. */
int plain_request_push(lua_State *L, int request, int plan);

#endif

/* request.h: a Lua table -> a transfer's inputs.
 *
 * Sends nothing. */
#ifndef TWILIO_REQUEST_H
#define TWILIO_REQUEST_H

#include "compat.h"
#include "transfer.h"

/* Copies the request in the table at `index` (its fields: session:submit in session.c) into a new
 * transfer. A mistake of the program raises; NULL, or why it can't be sent. */
const char *request_read(lua_State *L, int index, Transfer *transfer);

#endif

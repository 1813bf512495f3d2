/* credentials.h: the userdata that holds secrets, and signs with them.
 *
 * Builds on class, digest and buf. The secrets stay in C memory, are overwritten on close, and never
 * come out but as a Basic header or a signature. Knows nothing of requests or tokens. */
#ifndef TWILIO_CREDENTIALS_H
#define TWILIO_CREDENTIALS_H

#include "class.h"

extern Class credentials_class;

/* core.credentials { username = text, password = text, private_key = PEM, public_key = PEM }
 * Every field is optional; what a method needs and hasn't got is an argument error there.
 * -> object | nil, { kind = "config", message = } for a key that isn't one. */
int credentials_new(lua_State *L);

#endif

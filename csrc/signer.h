/* signer.h: the userdata that holds a key and signs with it.
 *
 * The key stays in C memory, is overwritten on close, and never comes out but as a signature. Knows
 * nothing of tokens. */
#ifndef TWILIO_SIGNER_H
#define TWILIO_SIGNER_H

#include "class.h"

extern Class signer_class;

/* core.signer { secret = text, private_key = PEM, public_key = PEM } Every field is optional; what
 * a method needs and hasn't got is an argument error there. -> object | nil, { kind = "config",
 * message = } for a key that isn't one. */
int signer_new(lua_State *L);

#endif

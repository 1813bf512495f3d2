/* validator.h: the userdata that recomputes webhook signatures.
 *
 * Knows how Twilio builds the signed text from a URL and parameters; which URLs are worth trying,
 * and what a request is, is Lua's business (lua/twilio/webhook). */
#ifndef TWILIO_VALIDATOR_H
#define TWILIO_VALIDATOR_H

#include "class.h"

extern Class validator_class;

/* core.validator(tokens): one auth token or an array of them. */
int validator_new(lua_State *L);

#endif

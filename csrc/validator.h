/* validator.h: the userdata that recomputes webhook signatures.
 *
 * Knows how Twilio builds the signed text from a URL and parameters; which URLs are worth trying,
 * and what a request is, is Lua's business (lua/twilio/webhook). */
#ifndef TWILIO_VALIDATOR_H
#define TWILIO_VALIDATOR_H

#include "class.h"

extern Class validator_class;

/* core.validator(secrets [, algorithm]): one secret (an auth token, a SharedKey's) or an array of
 * them; "HMAC_SHA1", the default, or "HMAC_SHA256". */
int validator_new(lua_State *L);

#endif

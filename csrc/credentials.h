/* credentials.h: the userdata that holds a user name and a password for Basic authentication.
 *
 * The password stays in C memory, is overwritten on close, and never comes out but as a Basic
 * header. Knows nothing of requests; what signs is in signer.h. */
#ifndef TWILIO_CREDENTIALS_H
#define TWILIO_CREDENTIALS_H

#include "class.h"

extern Class credentials_class;

/* core.credentials { username = text, password = text } -> object; both are optional */
int credentials_new(lua_State *L);

#endif

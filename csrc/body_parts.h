/* body_parts.h: a request's body made of texts and pieces of files, one after the other.
 *
 * Files are read while the request is sent, by offset, so that nobody's place in them moves. Builds
 * on the system and on transfer's idea of a source. Knows nothing of Lua, curl, or what the parts
 * mean. */
#ifndef TWILIO_BODY_PARTS_H
#define TWILIO_BODY_PARTS_H

#include "transfer.h"

typedef struct Parts Parts;

extern const TransferSource parts_source; /* its state is Parts */

Parts *parts_new(void); /* NULL without memory */
curl_off_t parts_size(const Parts *parts);

/* Each returns NULL, or why it can't be. Texts are copied. The descriptor is owned
 * from now on, also after a failure. size < 0: to the file's end. */
const char *parts_add_text(Parts *parts, const char *bytes, size_t size);
const char *parts_add_file(Parts *parts, int fd, curl_off_t offset, curl_off_t size);

#endif

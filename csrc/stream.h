/* stream.h: a response's body on its way to a reader, through a bounded buffer.
 *
 * The engine writes, whoever downloads reads, perhaps in another thread. When the buffer is full
 * the transfer pauses: a slow reader slows the server down and costs no memory. Knows nothing of
 * Lua, of curl, or of how either side waits. */
#ifndef TWILIO_STREAM_H
#define TWILIO_STREAM_H

#include "transfer.h"

typedef struct Stream Stream;

extern const TransferSink stream_sink; /* its state is a Stream */

Stream *stream_new(void); /* NULL without memory */

/* Returns the bytes since the last call; the reader's until the next one. *was_full: the transfer
 * waits to be resumed. */
const Buf *stream_take(Stream *stream, int *was_full);

#endif

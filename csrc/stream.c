/* stream.c: see stream.h. Two buffers: the writer fills one while the reader holds the other. */
#include "stream.h"

#include <pthread.h>
#include <stdlib.h>

enum { FULL = 256 * 1024 };

struct Stream {
    pthread_mutex_t lock; /* of these two */
    Buf written;
    int full;
    Buf taken; /* the reader's */
};

Stream *stream_new(void) {
    Stream *stream = calloc(1, sizeof *stream);
    if (stream) pthread_mutex_init(&stream->lock, NULL);
    return stream;
}

static void stream_free(void *state) {
    Stream *stream = state;
    pthread_mutex_destroy(&stream->lock);
    buf_free(&stream->written);
    buf_free(&stream->taken);
    free(stream);
}

static SinkAnswer stream_write(void *state, const char *bytes, size_t size) {
    Stream *stream = state;
    pthread_mutex_lock(&stream->lock);
    stream->full = stream->written.size && stream->written.size + size > FULL;
    if (!stream->full) buf_append(&stream->written, bytes, size);
    SinkAnswer answer = stream->full             ? SINK_FULL
                        : stream->written.failed ? SINK_BROKEN
                                                 : SINK_TAKEN;
    pthread_mutex_unlock(&stream->lock);
    return answer;
}

static int stream_holds(void *state) {
    Stream *stream = state;
    pthread_mutex_lock(&stream->lock);
    int holds = stream->written.size > 0;
    pthread_mutex_unlock(&stream->lock);
    return holds;
}

const Buf *stream_take(Stream *stream, int *was_full) {
    buf_clear(&stream->taken);
    pthread_mutex_lock(&stream->lock);
    Buf taken = stream->written;
    stream->written = stream->taken;
    *was_full = stream->full;
    stream->full = 0;
    pthread_mutex_unlock(&stream->lock);
    stream->taken = taken;
    return &stream->taken;
}

const TransferSink stream_sink = {stream_write, stream_holds, stream_free};

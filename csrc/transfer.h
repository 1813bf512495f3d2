/* transfer.h: one HTTP exchange as data: its inputs, copied; its results; and where it stands.
 *
 * Knows nothing of Lua, and of libcurl only its types. handle.h carries it out, engine.h runs many.
 * The fields are grouped by who may touch them; the tables in engine.c say when. */
#ifndef TWILIO_TRANSFER_H
#define TWILIO_TRANSFER_H

#include "buf.h"

#include <curl/curl.h>
#include <stdatomic.h>
#include <stdint.h>

typedef enum TransferState {
    TRANSFER_QUEUED,    /* submitted, or not even that */
    TRANSFER_RUNNING,   /* libcurl has it */
    TRANSFER_WITHDRAWN, /* cancelled before it ran: nothing of it was sent */
    TRANSFER_DONE,      /* its results may be read */
} TransferState;

typedef enum TransferFailure {
    TRANSFER_OK,
    TRANSFER_NETWORK,
    TRANSFER_TIMEOUT,
    TRANSFER_CANCELLED,
    TRANSFER_CONFIG,
    TRANSFER_DECODE, /* a response came that can't be used: too large, or badly compressed */
} TransferFailure;

typedef enum TransferSent { SENT_NO, SENT_YES, SENT_UNKNOWN } TransferSent;

#define SOURCE_BROKEN ((size_t)CURL_READFUNC_ABORT)

/* The source of a body that isn't in memory. read: fewer bytes than there is room for don't mean
 * the end, 0 does; or SOURCE_BROKEN. */
typedef struct TransferSource {
    size_t (*read)(void *state, char *out, size_t room);
    void (*free)(void *state);
} TransferSource;

/* FULL: nothing was taken, and the exchange pauses until engine_resume. BROKEN: there is no memory
 * for it, and the exchange fails. */
typedef enum SinkAnswer { SINK_TAKEN, SINK_FULL, SINK_BROKEN } SinkAnswer;

/* The destination of a response's body. holds: returns 1 if there is something for its reader; from
 * any thread. */
typedef struct TransferSink {
    SinkAnswer (*write)(void *state, const char *bytes, size_t size);
    int (*holds)(void *state);
    void (*free)(void *state);
} TransferSink;

typedef struct Transfer {
    /* any thread */
    atomic_int references;
    atomic_int state; /* TransferState */

    /* the owner's until engine_submit, and constant from then on */
    char *method, *url;
    struct curl_slist *headers;
    char *content; /* the body; NULL if there is none or it comes from a source */
    const TransferSource *source;
    void *source_state;
    curl_off_t content_size;
    const TransferSink *sink; /* NULL: into `body` */
    void *sink_state;
    long timeout_ms, connect_timeout_ms; /* 0: libcurl's own */
    long stall_timeout; /* seconds without a byte moving, after which it fails; 0: never */
    int decompress;
    uint64_t id;
    void *engine;

    /* the owner's alone */
    int is_cancelled; /* asked for by engine_cancel */

    /* under the mailbox's lock */
    unsigned mail; /* what the engine is asked to do with it */
    struct Transfer *next_mail;

    /* the curl thread's; the owner's once the state is DONE, or, for status and headers_in, once
     * the sink holds something */
    TransferFailure failure;
    TransferSent sent;
    int ambiguous; /* failed, not idempotent, and perhaps processed */
    int code;      /* libcurl's; 0 for a cancelled one */
    char message[CURL_ERROR_SIZE];
    long status;
    Buf headers_in; /* lines "lower-case-name:value\n" */
    Buf body;
    int reused;
    long connections, http_version;
    curl_off_t microseconds, connect_microseconds, sent_bytes, received_bytes;
    char primary_ip[64];

    /* the curl thread's alone */
    struct Transfer *next, *previous; /* in the engine's table of running ones */
    struct Handle *handle;            /* NULL: none, or detached */
    void *waiter;
    int64_t expires,
        deadline; /* when its time is over; when the engine ends it if libcurl hasn't */
    void (*on_taken)(struct Transfer *transfer); /* its sink has taken something */
    int lines;
    int has_head; /* the header block of the final response has ended */
    int in_body, too_large, source_broken;
    int no_memory;     /* too large for that, not for a limit */
    int attempts;      /* how often a connection stood ready and the request was about to leave */
    int is_stale;      /* stopped before it left: the connection was dead, or held bytes that nobody
                          asked for */
    int is_fresh;      /* must open a connection of its own: begun again after a stale one */
    int was_sent;      /* left on a connection before the present one, in part at least */
    int no_descriptor; /* errno, if none was left for a socket */
} Transfer;

/* One reference; NULL without memory. */
Transfer *transfer_new(void);
void transfer_release(Transfer *transfer);

/* Each copies so many bytes, and returns NULL or why it can't be. Once a transfer, but for headers.
 */
const char *transfer_set_method(Transfer *transfer, const char *method, size_t size);
const char *transfer_set_url(Transfer *transfer, const char *url, size_t size);
const char *transfer_add_header(Transfer *transfer, const char *name, size_t name_size,
                                const char *value, size_t value_size);
const char *transfer_set_body(Transfer *transfer, const char *bytes, size_t size);

/* Appends a whole line, "Name: value", as libcurl takes it. */
const char *transfer_append_header(Transfer *transfer, const char *line);

/* Takes in one line of a response's header block, without its line end. */
void transfer_take_line(Transfer *transfer, const char *line, size_t size);

int transfer_is_idempotent(const Transfer *transfer);
int transfer_is_done(const Transfer *transfer);

/* Returns 1 if it is done, or its sink holds something: status and headers_in may be read then.
 * From any thread. */
int transfer_is_ready(const Transfer *transfer);

typedef struct TransferHeader {
    const char *name, *value; /* not zero-terminated */
    size_t name_size, value_size;
} TransferHeader;

/* Reads the next header from *position on (start with 0); 0 at the end. */
int transfer_header(const Transfer *transfer, size_t *position, TransferHeader *header);

#endif

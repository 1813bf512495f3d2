/* transfer.h: one HTTP exchange on one curl easy handle.
 *
 * A Transfer is the exchange: its inputs, copied; its results; and what became of it. A Wire is an easy
 * handle with a session's options, prepared once and used for one transfer after the other.
 * Builds on libcurl and buf. Knows nothing of Lua, of threads, or of who runs the handle. */
#ifndef TWILIO_TRANSFER_H
#define TWILIO_TRANSFER_H

#include "buf.h"
#include "connection.h"

#include <curl/curl.h>
#include <stdatomic.h>
#include <stdint.h>

#if LIBCURL_VERSION_NUM < 0x075000
#error "libcurl 7.80 or newer is needed: PREREQFUNCTION tells whether a request can have been sent"
#endif

typedef enum TransferFailure {
    TRANSFER_OK,
    TRANSFER_NETWORK,
    TRANSFER_TIMEOUT,
    TRANSFER_CANCELLED,
    TRANSFER_CONFIG,
    TRANSFER_DECODE, /* an answer came that can't be used: too large, or badly compressed */
} TransferFailure;

enum { TRANSFER_CANCEL = 10000 };

typedef enum TransferPhase { PHASE_QUEUED, PHASE_BEGUN, PHASE_WITHDRAWN } TransferPhase;

typedef enum TransferSent { SENT_NO, SENT_YES, SENT_UNKNOWN } TransferSent;

#define SOURCE_BROKEN ((size_t)CURL_READFUNC_ABORT)

/* Where a body that isn't in memory comes from. read: fewer bytes than there is room for are no end, 0 is;
 * or SOURCE_BROKEN. */
typedef struct TransferSource {
    size_t (*read)(void *state, char *out, size_t room);
    void (*free)(void *state);
} TransferSource;

/* FULL: nothing was taken, and the exchange pauses until engine_resume. BROKEN: it fails. */
typedef enum SinkAnswer { SINK_TAKEN, SINK_FULL, SINK_BROKEN } SinkAnswer;

/* Where a response's body goes. holds: is there something for its reader? From any thread. */
typedef struct TransferSink {
    SinkAnswer (*write)(void *state, const char *bytes, size_t size);
    int (*holds)(void *state);
    void (*free)(void *state);
} TransferSink;

typedef struct Transfer {
    atomic_int references;
    atomic_int done;      /* read everything below "results" only when this is set */
    atomic_int cancelled; /* asked for; set by engine.c */
    atomic_int phase;     /* TransferPhase: who is first, the engine that begins it or the owner who cancels it */
    uint64_t id;          /* given by engine.c */

    /* inputs */
    char *method, *url;
    struct curl_slist *headers;
    char *content; /* the body, NULL if there is none or it comes from a source */
    const TransferSource *source;
    void *source_state;
    curl_off_t content_size;
    const TransferSink *sink; /* NULL: into `body` */
    void *sink_state;
    long timeout_ms, connect_timeout_ms; /* 0: curl's own */
    long stall_timeout;                  /* seconds without a byte moving, after which it fails; 0: never */
    int decompress;
    int is_fresh; /* must open a connection of its own; set by engine.c after a stale one */

    /* results */
    TransferFailure failure;
    TransferSent sent;
    int ambiguous; /* failed, not idempotent, and perhaps processed */
    int code; /* curl's, or TRANSFER_CANCEL */
    char message[CURL_ERROR_SIZE];
    long status;
    Buf headers_in; /* lines "lower-case-name:value\n" */
    Buf body;
    int lines;
    int has_head; /* the header block of the final response has ended */
    int in_body, too_large, source_broken;
    int attempts;      /* how often a connection stood ready and the request was about to leave */
    int is_stale;      /* ended by us before it left: the connection was dead, or held bytes that nobody asked for */
    int was_sent;      /* left on a connection before the present one, in part at least */
    int no_descriptor; /* errno, if none was left for a socket */
    int reused;
    long connections, http_version;
    curl_off_t microseconds, connect_microseconds, sent_bytes, received_bytes;
    char primary_ip[64];

    /* engine.c's: places in its lists, and whom to tell when the sink has taken something */
    struct Transfer *next, *previous, *next_cancelled, *next_resumed;
    atomic_int resuming;
    void (*taken)(struct Transfer *transfer);
    struct Wire *wire;
    void *engine, *waiter;
    int64_t expires, deadline; /* when its time is over; when the engine ends it if curl hasn't */
} Transfer;

/* A session's options for every exchange. Strings: NULL is curl's own. */
typedef struct WireOptions {
    char *ca_file, *ca_path, *proxy, *no_proxy, *client_cert, *client_key;
    struct curl_slist *resolve;
    int http2, keepalive;
    long idle_timeout; /* seconds after which an unused connection isn't used again */
    size_t max_response_bytes;
} WireOptions;

typedef struct Wire {
    CURL *easy;
    CURLU *url;         /* the last one, taken apart; curl would do that for each request */
    char *url_text;
    Transfer *transfer; /* NULL: free */
    Connections *connections;
    struct Wire *next;
    size_t max_response_bytes;
    int decompress;
    char message[CURL_ERROR_SIZE];
} Wire;

/* --- making a transfer; none of these runs curl's machinery. All copy. 0, or why it can't be (static text) --- */

Transfer *transfer_new(void); /* one reference; NULL without memory */
void transfer_release(Transfer *transfer);
const char *transfer_set_method(Transfer *transfer, const char *method, size_t size);
const char *transfer_set_url(Transfer *transfer, const char *url, size_t size);
const char *transfer_add_header(Transfer *transfer, const char *name, size_t name_size, const char *value, size_t value_size);
const char *transfer_set_body(Transfer *transfer, const char *bytes, size_t size);

/* --- running it --- */

/* NULL without memory, or if curl refuses an option. `connections` are the engine's: curl opens and closes its
 * sockets through the engine. */
Wire *wire_new(const WireOptions *options, CURLSH *share, Connections *connections);
void wire_free(Wire *wire);
CURLcode wire_begin(Wire *wire, Transfer *transfer); /* then give wire->easy to curl */

/* Writes what became of it, and parts it from its wire if it has one: it may have ended before. The code
 * is curl's, or TRANSFER_CANCEL. */
void transfer_end(Transfer *transfer, int code);

/* --- reading it --- */

/* Has it ended, or does its sink hold something? Then status and headers_in may be read. From any thread. */
int transfer_ready(const Transfer *transfer);

typedef struct TransferHeader {
    const char *name, *value; /* not zero-terminated */
    size_t name_size, value_size;
} TransferHeader;

/* The next header from *position on (start with 0); 0 at the end. */
int transfer_header(const Transfer *transfer, size_t *position, TransferHeader *header);

#endif

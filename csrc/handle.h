/* handle.h: carries out a transfer on a curl easy handle.
 *
 * All that sets or reads an easy handle stands in handle.c. A Handle has a session's options,
 * prepared once, and serves one transfer after the other. Its callbacks fill C buffers and nothing
 * else. Knows nothing of Lua, of threads, or of who runs the easy handle. */
#ifndef TWILIO_HANDLE_H
#define TWILIO_HANDLE_H

#include "connection.h"
#include "transfer.h"

#if LIBCURL_VERSION_NUM < 0x075000
#error "libcurl 7.80 or newer is needed: PREREQFUNCTION tells whether a request can have been sent"
#endif

/* The code of an exchange that was cancelled; all others are libcurl's. */
enum { HANDLE_CANCELLED = 10000 };

/* A session's options for every exchange. Strings: NULL is libcurl's own. */
typedef struct HandleOptions {
    char *ca_file, *ca_path, *proxy, *no_proxy, *client_cert, *client_key;
    struct curl_slist *resolve;
    int http2, keepalive;
    long idle_timeout; /* seconds after which an unused connection isn't used again */
    size_t max_response_bytes;
} HandleOptions;

typedef struct Handle {
    CURL *easy;
    CURLU *url; /* the last one, taken apart; libcurl would do that for each request */
    char *url_text;
    Transfer *transfer; /* NULL: free */
    Connections *connections;
    struct Handle *next; /* the engine's list of free ones */
    size_t max_response_bytes;
    int decompress;
    char message[CURL_ERROR_SIZE];
} Handle;

/* NULL without memory, or if libcurl refuses an option. share: the cache of TLS sessions;
 * connections: the engine's, whose sockets libcurl opens and closes through the engine. */
Handle *handle_new(const HandleOptions *options, CURLSH *share, Connections *connections);
void handle_free(Handle *handle);

/* Attaches a transfer; then give handle->easy to a multi handle. */
CURLcode handle_begin(Handle *handle, Transfer *transfer);

/* Writes what became of a transfer, and detaches it from its handle if it has one: it may have
 * ended before it ran. code: libcurl's, or HANDLE_CANCELLED. */
void handle_end(Transfer *transfer, int code);

#endif

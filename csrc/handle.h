/* handle.h: carries out a transfer on a curl easy handle.
 *
 * All that sets or reads an easy handle stands in handle.c. A Handle has a session's options,
 * prepared once, and serves one transfer after the other. Its callbacks fill C buffers and nothing
 * else. Knows nothing of Lua, of threads, or of who runs the easy handle. */
#ifndef TWILIO_HANDLE_H
#define TWILIO_HANDLE_H

#include "connection.h"
#include "transfer.h"

/* Changes between versions of libcurl, as LIBCURL_VERSION_NUM counts them (0xMMmmpp). A check is on
 * LIBCURL_VERSION_NUM if the header decides; if the loaded library does, it is on version_num of
 * curl_version_info, which may be newer.
 *
 *   7.80.0  PREREQFUNCTION: the last moment to stop a request; the oldest that works
 *   7.85.0  PROTOCOLS_STR takes the place of the bit set PROTOCOLS
 *   7.87.0  QUICK_EXIT: a handle's end doesn't wait for its name lookup
 *   7.87.0  TLS sockets are written to without SIGPIPE
 *   8.5.0   HTTP/2 and HTTP/1.1 towards one host: replies no longer go to the wrong request
 *   8.6.0   CURLE_TOO_LARGE for a header line beyond libcurl's limit (before: OUT_OF_MEMORY)
 *   8.x     a pooled connection on which bytes wait isn't used again (seen with 8.14; 7.88 uses it)
 *   8.x     a timer may be due behind a finished transfer (seen with 8.14)
 *   8.22.0  a pooled connection is looked at once a second at most: connection.h looks each time
 *
 * The header API of 7.83 (curl_easy_header) is not used: the callback gets the lines on all. */
#define TW_CURL_OLDEST 0x075000
#define TW_CURL_PROTOCOLS_BY_NAME 0x075500
#define TW_CURL_QUICK_EXIT 0x075700
#define TW_CURL_NO_SIGPIPE 0x075700
#define TW_CURL_SAFE_HTTP2 0x080500

#if LIBCURL_VERSION_NUM < TW_CURL_OLDEST
#error "libcurl 7.80 or newer is needed: PREREQFUNCTION tells whether a request can have been sent"
#endif

/* The codes of an exchange that was cancelled, and of one that libcurl had no memory to go on with;
 * all others are libcurl's. */
enum { HANDLE_CANCELLED = 10000, HANDLE_NO_MEMORY };

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
 * ended before it ran. code: libcurl's, or one of the above. */
void handle_end(Transfer *transfer, int code);

#endif

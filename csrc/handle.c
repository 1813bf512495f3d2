/* handle.c: see handle.h. First libcurl's callbacks, then the handle and its options, then the
 * outcome. */
#include "handle.h"

#include "ascii.h"
#include "debug.h"
#include "process.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_HEADER_LINES = 1000 };
enum { CODE_TOO_LARGE = 100 }; /* CURLE_TOO_LARGE, from libcurl 8.6 on */

/* --- libcurl's callbacks --- */

static long sent_so_far(CURL *easy) {
    long bytes = 0;
    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &bytes);
    return bytes;
}

/* The connection stands and the request is about to leave; this is the last moment to stop it.
 *
 * When a reused connection dies without an answer curl sends the request again by itself, though
 * the server may have read all of it: a second message. No option turns that off, but the second
 * sending comes through here. A connection that is found dead or dirty ends the exchange too; the
 * engine begins it again on a fresh one. */
static int on_prereq(void *state, char *remote_ip, char *local_ip, int remote_port,
                     int local_port) {
    Handle *handle = state;
    Transfer *transfer = handle->transfer;
    (void)local_ip;
    if (transfer->attempts > 0 && sent_so_far(handle->easy)) transfer->was_sent = 1;
    if (transfer->was_sent && !transfer_is_idempotent(transfer)) {
        transfer->attempts++;
        return CURL_PREREQFUNC_ABORT;
    }
    Connection *connection =
        connections_find(handle->connections, remote_ip, remote_port, local_port);
    if (connection && !connection_is_usable(connection, handle->easy)) {
        transfer->is_stale = 1;
        return CURL_PREREQFUNC_ABORT;
    }
    if (connection) connection_use(connection, handle->easy);
    transfer->attempts++;
    return CURL_PREREQFUNC_OK;
}

static size_t on_read(char *out, size_t size, size_t count, void *state) {
    Transfer *transfer = ((Handle *)state)->transfer;
    size_t got = transfer->source->read(transfer->source_state, out, size * count);
    transfer->source_broken = got == SOURCE_BROKEN;
    return got;
}

/* curl rewinds a source only to send its request a second time. */
static int on_seek(void *state, curl_off_t offset, int origin) {
    (void)state, (void)offset, (void)origin;
    return CURL_SEEKFUNC_FAIL;
}

/* A part of the response of so many bytes doesn't fit. */
static void take_no_more(Transfer *transfer, const Buf *part, size_t size) {
    transfer->too_large = 1;
    transfer->no_memory = !part->limit || size <= part->limit - part->size;
}

static size_t on_header(char *line, size_t one, size_t size, void *state) {
    Transfer *transfer = ((Handle *)state)->transfer;
    size_t kept = size * one;
    /* Cut off by the end of the connection, which newer libcurls hand on. */
    if (kept && line[kept - 1] != '\n') return kept;
    while (kept && (line[kept - 1] == '\r' || line[kept - 1] == '\n')) kept--;
    if (!transfer->in_body) transfer_take_line(transfer, line, kept);
    if (transfer->headers_in.failed) take_no_more(transfer, &transfer->headers_in, kept + 1);
    if (++transfer->lines > MAX_HEADER_LINES) transfer->too_large = 1;
    return transfer->too_large ? 0 : size * one;
}

static int announced_too_large(const Handle *handle) {
    curl_off_t announced = -1;
    curl_easy_getinfo(handle->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
    return announced > 0 && handle->max_response_bytes &&
           (uint64_t)announced > handle->max_response_bytes;
}

static int keep_body(Transfer *transfer, const char *bytes, size_t size) {
    if (!transfer->too_large) buf_append(&transfer->body, bytes, size);
    if (transfer->body.failed) take_no_more(transfer, &transfer->body, size);
    return !transfer->too_large;
}

static size_t pass_on(Transfer *transfer, const char *bytes, size_t size) {
    SinkAnswer answer = transfer->sink->write(transfer->sink_state, bytes, size);
    if (answer == SINK_FULL) return CURL_WRITEFUNC_PAUSE;
    if (answer == SINK_BROKEN) {
        transfer->no_memory = 1;
        return 0;
    }
    if (transfer->on_taken) transfer->on_taken(transfer);
    return size;
}

/* The status is known by now, and a sink's reader wants it before the first byte. */
static void enter_body(Handle *handle, Transfer *transfer) {
    transfer->in_body = 1;
    curl_easy_getinfo(handle->easy, CURLINFO_RESPONSE_CODE, &transfer->status);
    if (!transfer->sink) transfer->too_large = announced_too_large(handle);
}

static size_t on_body(char *bytes, size_t one, size_t size, void *state) {
    Handle *handle = state;
    Transfer *transfer = handle->transfer;
    if (!transfer->in_body) enter_body(handle, transfer);
    if (transfer->sink) return pass_on(transfer, bytes, size * one);
    return keep_body(transfer, bytes, size * one) ? size * one : 0;
}

/* --- the handle and its options --- */

/* libcurl 7.85 replaced the bit set by text; asking for the old one warns there. */
static CURLcode limit_protocols(CURL *easy) {
#if LIBCURL_VERSION_NUM >= TW_CURL_PROTOCOLS_BY_NAME
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

/* Without it a handle's end waits for the name lookup that it gave up, and everything else waits
 * too. */
static CURLcode leave_resolver(CURL *easy) {
#if LIBCURL_VERSION_NUM >= TW_CURL_QUICK_EXIT
    return curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#else
    (void)easy;
    return CURLE_OK;
#endif
}

#define SET(option, value) (code = code ? code : curl_easy_setopt(easy, option, value))

static CURLcode set_callbacks(CURL *easy, Handle *handle) {
    CURLcode code = CURLE_OK;
    SET(CURLOPT_PRIVATE, (void *)handle);
    SET(CURLOPT_ERRORBUFFER, handle->message);
    SET(CURLOPT_PREREQFUNCTION, on_prereq);
    SET(CURLOPT_PREREQDATA, (void *)handle);
    SET(CURLOPT_READFUNCTION, on_read);
    SET(CURLOPT_READDATA, (void *)handle);
    SET(CURLOPT_SEEKFUNCTION, on_seek);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, (void *)handle);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, (void *)handle);
    return code;
}

/* Certificates are always verified: that is curl's default, and no option leads to it. */
static CURLcode set_tls(CURL *easy, const HandleOptions *options) {
    CURLcode code = CURLE_OK;
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (options->ca_file) SET(CURLOPT_CAINFO, options->ca_file);
    if (options->ca_path) SET(CURLOPT_CAPATH, options->ca_path);
    if (options->client_cert) SET(CURLOPT_SSLCERT, options->client_cert);
    if (options->client_key) SET(CURLOPT_SSLKEY, options->client_key);
    if (options->ca_file)
        curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, options->ca_file); /* not every libcurl can */
    if (options->ca_path) curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, options->ca_path);
    return code;
}

static CURLcode set_network(CURL *easy, const HandleOptions *options) {
    CURLcode code = limit_protocols(easy);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_UPLOAD_BUFFERSIZE,
        16384L); /* made anew for each exchange: 64 KiB are a quarter of its time in malloc */
    SET(CURLOPT_MAXAGE_CONN, options->idle_timeout);
    SET(CURLOPT_FORBID_REUSE, options->keepalive ? 0L : 1L);
    SET(CURLOPT_HTTP_VERSION,
        (long)(options->http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    SET(CURLOPT_PIPEWAIT, options->http2 ? 1L : 0L);
    SET(CURLOPT_PATH_AS_IS, 1L); /* what was signed is what is sent */
    SET(CURLOPT_ACCEPT_ENCODING, "gzip");
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (options->proxy) SET(CURLOPT_PROXY, options->proxy);
    if (options->no_proxy) SET(CURLOPT_NOPROXY, options->no_proxy);
    if (options->resolve) SET(CURLOPT_RESOLVE, options->resolve);
    return code ? code : leave_resolver(easy);
}

Handle *handle_new(const HandleOptions *options, CURLSH *share, Connections *connections) {
    Handle *handle = calloc(1, sizeof *handle);
    CURL *easy = handle ? curl_easy_init() : NULL;
    CURLcode code = easy ? set_callbacks(easy, handle) : CURLE_OUT_OF_MEMORY;
    if (!code) code = set_tls(easy, options);
    if (!code) code = set_network(easy, options);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_SHARE, share);
    if (handle) handle->easy = easy;
    if (handle && !(handle->url = curl_url())) code = CURLE_OUT_OF_MEMORY;
    if (!code) {
        handle->max_response_bytes = options->max_response_bytes;
        handle->connections = connections;
        handle->decompress = 1;
        return handle;
    }
    if (handle) handle_free(handle);
    return NULL;
}

void handle_free(Handle *handle) {
    curl_easy_cleanup(handle->easy);
    curl_url_cleanup(handle->url);
    free(handle->url_text);
    free(handle);
}

/* Keeps curl from adding a Content-Type that nobody named, and from waiting for "100 Continue",
 * which it does for a body of 1 MiB or more. */
static CURLcode add_own_headers(Transfer *transfer) {
    enum { SURELY_SMALL = 256 * 1024 };
    const char *message =
        transfer->content_size > SURELY_SMALL ? transfer_append_header(transfer, "Expect:") : NULL;
    for (const struct curl_slist *header = transfer->headers; header; header = header->next)
        if (ascii_same(header->data, "content-type:", 13))
            return message ? CURLE_OUT_OF_MEMORY : CURLE_OK;
    if (!message) message = transfer_append_header(transfer, "Content-Type:");
    return message ? CURLE_OUT_OF_MEMORY : CURLE_OK;
}

/* curl knows three shapes of a request; any other method is one of them under its own name. */
static CURLcode set_method(CURL *easy, Transfer *transfer) {
    const char *method = transfer->method, *natural;
    int carries = transfer->content || transfer->source || !strcmp(method, "POST") ||
                  !strcmp(method, "PUT") || !strcmp(method, "PATCH");
    CURLcode code = carries ? add_own_headers(transfer) : CURLE_OK;
    if (carries) {
        const char *content = transfer->source ? NULL : transfer->content ? transfer->content : "";
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, transfer->content_size);
        SET(CURLOPT_POSTFIELDS,
            content); /* unlike a source's it leaves together with the headers; NULL: on_read */
        natural = "POST";
    } else if (!strcmp(method, "HEAD")) {
        SET(CURLOPT_NOBODY, 1L);
        natural = "HEAD";
    } else {
        SET(CURLOPT_HTTPGET, 1L);
        natural = "GET";
    }
    SET(CURLOPT_CUSTOMREQUEST, strcmp(method, natural) ? method : NULL);
    return code;
}

static CURLcode set_decompress(Handle *handle, int decompress) {
    if (handle->decompress == decompress) return CURLE_OK;
    handle->decompress = decompress;
    return curl_easy_setopt(handle->easy, CURLOPT_ACCEPT_ENCODING, decompress ? "gzip" : NULL);
}

/* Most requests go where the last one went. The text goes to curl too, or it would put one together
 * again. */
static CURLcode set_url(Handle *handle, const char *url) {
    CURL *easy = handle->easy;
    CURLcode code = CURLE_OK;
    if (handle->url_text && strcmp(handle->url_text, url) == 0) return CURLE_OK;
    free(handle->url_text);
    handle->url_text = NULL;
    CURLUcode reason = curl_url_set(handle->url, CURLUPART_URL, url, CURLU_PATH_AS_IS);
    if (reason) return reason == CURLUE_OUT_OF_MEMORY ? CURLE_OUT_OF_MEMORY : CURLE_URL_MALFORMAT;
    SET(CURLOPT_URL, url);
    SET(CURLOPT_CURLU, handle->url);
    if (!code) handle->url_text = strdup(url);
    return code;
}

CURLcode handle_begin(Handle *handle, Transfer *transfer) {
    CURL *easy = handle->easy;
    handle->transfer = transfer;
    handle->message[0] = '\0';
    transfer->handle = handle;
    transfer->body.limit = handle->max_response_bytes;
    CURLcode code = set_method(easy, transfer);
    if (!code) code = set_url(handle, transfer->url);
    SET(CURLOPT_HTTPHEADER, transfer->headers);
    SET(CURLOPT_TIMEOUT_MS, transfer->timeout_ms);
    SET(CURLOPT_CONNECTTIMEOUT_MS, transfer->connect_timeout_ms);
    SET(CURLOPT_LOW_SPEED_LIMIT, transfer->stall_timeout ? 1L : 0L);
    SET(CURLOPT_LOW_SPEED_TIME, transfer->stall_timeout);
    /* A source can't be read again after a dead connection. */
    SET(CURLOPT_FRESH_CONNECT, transfer->source || transfer->is_fresh ? 1L : 0L);
    return code ? code : set_decompress(handle, transfer->decompress);
}

/* --- the outcome --- */

static const char lost[] = "connection lost after the request was sent; it may have been processed";
static const char cut_off[] = "the connection ended inside the response's header block";
static const char bad_proxy[] =
    "the proxy's URL can't be used"; /* curl's own texts show it, with its password */
/* libcurl's text shows the path, which may be a key in the wrong place. */
static const char bad_key[] = "the client certificate or its key can't be used";
static const char no_tls[] = "libcurl finds no memory: if there is enough, another OpenSSL in this "
                             "program has taken the place of its own";

static const char no_thread[] = "no thread can be started to look a name up (see ulimit -u, a "
                                "service's TasksMax, a container's pids limit)";

/* A certificate doesn't become right by trying again, whatever happened on an earlier
 * connection. */
enum { TRANSFER_CERTIFICATE = TRANSFER_DECODE + 1 };

static const struct {
    int code;
    int failure;         /* TransferFailure, or the above */
    const char *message; /* NULL: curl's own */
} outcomes[] = {
    {CURLE_OK, TRANSFER_OK, ""},
    {HANDLE_CANCELLED, TRANSFER_CANCELLED, "cancelled"},
    {HANDLE_NO_MEMORY, TRANSFER_CONFIG, no_memory},
    {CURLE_OPERATION_TIMEDOUT, TRANSFER_TIMEOUT, NULL},
    {CURLE_SEND_FAIL_REWIND, TRANSFER_NETWORK, lost},
    {CURLE_ABORTED_BY_CALLBACK, TRANSFER_NETWORK, lost},
    {CURLE_WRITE_ERROR, TRANSFER_DECODE, NULL},
    {CURLE_BAD_CONTENT_ENCODING, TRANSFER_DECODE, NULL},
    {CURLE_UNSUPPORTED_PROTOCOL, TRANSFER_CONFIG, NULL},
    {CURLE_URL_MALFORMAT, TRANSFER_CONFIG, NULL},
    {CURLE_BAD_FUNCTION_ARGUMENT, TRANSFER_CONFIG, NULL},
    {CURLE_FAILED_INIT, TRANSFER_CONFIG, NULL},
    {CURLE_NOT_BUILT_IN, TRANSFER_CONFIG, NULL},
    {CURLE_SSL_CIPHER, TRANSFER_CONFIG, NULL},
    {CURLE_SSL_ENGINE_NOTFOUND, TRANSFER_CONFIG, NULL},
    {CURLE_SSL_ENGINE_SETFAILED, TRANSFER_CONFIG, NULL},
    {CURLE_SSL_ENGINE_INITFAILED, TRANSFER_CONFIG, NULL},
    {CURLE_OUT_OF_MEMORY, TRANSFER_CONFIG, no_tls},
    {CURLE_SSL_CERTPROBLEM, TRANSFER_CERTIFICATE, bad_key},
    {CURLE_SSL_CLIENTCERT, TRANSFER_CERTIFICATE, "the server wants a client certificate"},
    {CURLE_SSL_CACERT_BADFILE, TRANSFER_CERTIFICATE, NULL},
    {CURLE_PEER_FAILED_VERIFICATION, TRANSFER_CERTIFICATE, NULL},
    {CURLE_SSL_ISSUER_ERROR, TRANSFER_CERTIFICATE, NULL},
    {CURLE_SSL_CRL_BADFILE, TRANSFER_CERTIFICATE, NULL},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, TRANSFER_CERTIFICATE, NULL},
    {CURLE_SSL_INVALIDCERTSTATUS, TRANSFER_CERTIFICATE, NULL},
};

/* libcurl opens a file of certificates or keys for a connection, and doesn't say why it could not.
 * It has closed the connection's sockets (of IPv4 and IPv6) by now. */
static int lacks_descriptors(const Transfer *transfer, int code) {
    if (transfer->attempts) return 0;
    if (transfer->no_descriptor) return 1;
    int is_of_file = code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_CRL_BADFILE ||
                     code == CURLE_SSL_CERTPROBLEM;
    return is_of_file && process_lacks_descriptors(3);
}

static void put_text(char *place, size_t room, const char *text) {
    size_t size = strlen(text) < room ? strlen(text) : room - 1;
    memcpy(place, text, size);
    place[size] = '\0';
}

static void explain(Transfer *transfer, int code) {
    const char *own = transfer->handle ? transfer->handle->message : "", *message = NULL;
    int failure = TRANSFER_NETWORK;
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
        if (outcomes[i].code != code) continue;
        failure = outcomes[i].failure;
        message = outcomes[i].message;
    }
    /* The same codes, once a connection stood, tell of a peer that speaks no HTTP, and the like. */
    if (failure == TRANSFER_CONFIG && transfer->attempts) failure = TRANSFER_NETWORK;
    transfer->failure =
        failure == TRANSFER_CERTIFICATE ? TRANSFER_CONFIG : (TransferFailure)failure;
    /* To curl a header line beyond its own limit is a lack of memory; newer ones have a code for
     * it. */
    if (transfer->attempts && (code == CURLE_OUT_OF_MEMORY || code == CODE_TOO_LARGE)) {
        transfer->failure = TRANSFER_DECODE;
        message = "a header of the response is longer than libcurl's limit";
    }
    if (strstr(own, "Unsupported proxy")) {
        transfer->failure = TRANSFER_CONFIG;
        message = bad_proxy;
    }
    if (code == CURLE_COULDNT_RESOLVE_PROXY && !message)
        message = "the proxy's host name can't be resolved";
    if (lacks_descriptors(transfer, code)) {
        transfer->failure = TRANSFER_CONFIG;
        message = "no descriptor is left for a connection (see ulimit -n, worker_rlimit_nofile)";
    }
    if (strstr(own, "thread failed to start")) { /* libcurl's for a name lookup */
        transfer->failure = TRANSFER_CONFIG;
        message = no_thread;
    }
    if (transfer->too_large) message = "the response is larger than the limit";
    if (transfer->no_memory) message = no_memory;
    if (transfer->source_broken) {
        transfer->failure = TRANSFER_CONFIG;
        message = "a file of the body can't be read to its end";
    }
    if (!message) message = *own ? own : curl_easy_strerror((CURLcode)code);
    put_text(transfer->message, sizeof transfer->message, message);
}

/* Reads the results that libcurl keeps. If no connection stood ready it has none, and may still
 * show those of the exchange before. */
static void collect(Transfer *transfer) {
    CURL *easy = transfer->handle->easy;
    const char *ip = NULL;
    curl_off_t downloaded = 0;
    long header_bytes = 0;
    if (transfer->attempts == 0) return;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &transfer->status);
    curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &transfer->http_version);
    curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &transfer->connections);
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &transfer->microseconds);
    curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &transfer->connect_microseconds);
    curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &transfer->sent_bytes);
    curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &downloaded);
    curl_easy_getinfo(easy, CURLINFO_HEADER_SIZE, &header_bytes);
    curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &ip);
    transfer->received_bytes = downloaded + header_bytes;
    transfer->reused = transfer->connections == 0;
    if (ip) put_text(transfer->primary_ip, sizeof transfer->primary_ip, ip);
}

static TransferSent what_was_sent(const Transfer *transfer) {
    if (transfer->attempts == 0)
        return transfer->was_sent ? SENT_UNKNOWN : SENT_NO; /* no connection stood ready */
    if (transfer->headers_in.size || transfer->in_body) return SENT_YES;
    if (transfer->was_sent || transfer->attempts > 1 || sent_so_far(transfer->handle->easy) == 0)
        return SENT_UNKNOWN; /* curl counts anew */
    return transfer->sent_bytes >= transfer->content_size ? SENT_YES : SENT_UNKNOWN;
}

static void detach(Transfer *transfer) {
    Handle *handle = transfer->handle;
    if (!handle) return;
    handle->transfer = NULL;
    transfer->handle = NULL;
}

/* curl takes the end of the connection for the end of the header block. But the rest of a block
 * could have said anything, and the status line alone promises nothing; nor does a 1xx that no
 * response follows. */
static int is_cut_off(const Transfer *transfer) {
    return !transfer->has_head || transfer->status < 200;
}

void handle_end(Transfer *transfer, int code) {
    if (transfer->handle) collect(transfer);
    int is_broken = code == CURLE_OK && is_cut_off(transfer);
    if (is_broken) code = CURLE_GOT_NOTHING;
    transfer->code = code;
    explain(transfer, code);
    if (is_broken) put_text(transfer->message, sizeof transfer->message, cut_off);
    transfer->sent = code ? what_was_sent(transfer) : SENT_YES;
    transfer->ambiguous = code && transfer->sent != SENT_NO && !transfer_is_idempotent(transfer);
    detach(transfer);
}

/* transfer.c: see transfer.h. First the inputs, then curl's callbacks, the wire, and the outcome. */
#include "transfer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_HEADER_BYTES = 256 * 1024, MAX_HEADER_LINES = 1000, MAX_METHOD = 32 };
enum { CODE_TOO_LARGE = 100 }; /* CURLE_TOO_LARGE, from libcurl 8.6 on */

/* --- inputs --- */

static char *copy(const char *bytes, size_t size) {
    char *text = malloc(size + 1);
    if (!text) return NULL;
    if (size) memcpy(text, bytes, size);
    text[size] = '\0';
    return text;
}

static const char *const no_memory = "no memory";

Transfer *transfer_new(void) {
    Transfer *transfer = calloc(1, sizeof *transfer);
    if (!transfer) return NULL;
    atomic_init(&transfer->references, 1);
    transfer->headers_in.limit = MAX_HEADER_BYTES;
    transfer->decompress = 1;
    return transfer;
}

void transfer_release(Transfer *transfer) {
    if (atomic_fetch_sub(&transfer->references, 1) != 1) return;
    if (transfer->source && transfer->source->free) transfer->source->free(transfer->source_state);
    if (transfer->sink && transfer->sink->free) transfer->sink->free(transfer->sink_state);
    for (struct curl_slist *header = transfer->headers; header; header = header->next)
        cleanse(header->data, strlen(header->data)); /* credentials */
    curl_slist_free_all(transfer->headers);
    buf_free(&transfer->headers_in);
    buf_free(&transfer->body);
    if (transfer->content) cleanse(transfer->content, (size_t)transfer->content_size);
    free(transfer->content);
    free(transfer->method);
    free(transfer->url);
    free(transfer);
}

const char *transfer_set_method(Transfer *transfer, const char *method, size_t size) {
    if (size == 0 || size > MAX_METHOD) return "method must be a word in capitals";
    for (size_t i = 0; i < size; i++)
        if (method[i] < 'A' || method[i] > 'Z') return "method must be a word in capitals";
    transfer->method = copy(method, size);
    return transfer->method ? NULL : no_memory;
}

const char *transfer_set_url(Transfer *transfer, const char *url, size_t size) {
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)url[i] <= ' ' || url[i] == 0x7f) return "url holds a space, a line break or a control character";
    if (strncasecmp(url, "https://", 8) != 0 && strncasecmp(url, "http://", 7) != 0)
        return "url must begin with https:// or http://";
    transfer->url = copy(url, size);
    return transfer->url ? NULL : no_memory;
}

/* A second Content-Length would let one request pass for two. */
static const char *const own_headers[] = {"content-length", "transfer-encoding", "expect"};

static int is_one_of(const char *name, size_t size, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strlen(names[i]) == size && strncasecmp(name, names[i], size) == 0) return 1;
    return 0;
}

static int is_token_byte(char byte) {
    static const char others[] = "!#$%&'*+.^_`|~";
    if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '-' || (byte >= '0' && byte <= '9')) return 1;
    return memchr(others, byte, sizeof others - 1) != NULL;
}

static int is_token(const char *name, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (!is_token_byte(name[i])) return 0;
    return size > 0;
}

static int holds(const char *bytes, size_t size, char byte) { return size && memchr(bytes, byte, size); }

static const char *check_header(const char *name, size_t name_size, const char *value, size_t value_size) {
    if (!is_token(name, name_size)) return "a header's name is empty or holds a character that can't stand there";
    if (holds(value, value_size, '\r') || holds(value, value_size, '\n') || holds(value, value_size, '\0'))
        return "a header's value holds a line break or NUL";
    if (is_one_of(name, name_size, own_headers, sizeof own_headers / sizeof *own_headers))
        return "Content-Length, Transfer-Encoding and Expect are written by the engine";
    return NULL;
}

static const char *append_header(Transfer *transfer, const char *line) {
    struct curl_slist *longer = curl_slist_append(transfer->headers, line);
    if (!longer) return no_memory;
    transfer->headers = longer;
    return NULL;
}

/* "Name: value"; to curl "Name:" would mean not to send it, and "Name;" is the way to send it empty. */
const char *transfer_add_header(Transfer *transfer, const char *name, size_t name_size, const char *value, size_t value_size) {
    char brief[256], *line = brief;
    const char *trouble = check_header(name, name_size, value, value_size);
    if (trouble) return trouble;
    if (name_size + value_size + 3 > sizeof brief) line = malloc(name_size + value_size + 3);
    if (!line) return no_memory;
    memcpy(line, name, name_size);
    memcpy(line + name_size, value_size ? ": " : ";", 2);
    if (value_size) memcpy(line + name_size + 2, value, value_size);
    line[name_size + 2 + value_size] = '\0';
    trouble = append_header(transfer, line);
    cleanse(line, name_size + value_size + 2);
    if (line != brief) free(line);
    return trouble;
}

const char *transfer_set_body(Transfer *transfer, const char *bytes, size_t size) {
    transfer->content = copy(bytes, size);
    transfer->content_size = (curl_off_t)size;
    return transfer->content ? NULL : no_memory;
}

/* --- curl's callbacks: they fill C buffers and nothing else --- */

static const char *const idempotent[] = {"get", "head", "put", "delete", "options", "trace"};

static int is_idempotent(const Transfer *transfer) {
    return is_one_of(transfer->method, strlen(transfer->method), idempotent, sizeof idempotent / sizeof *idempotent);
}

static long sent_so_far(CURL *easy) {
    long bytes = 0;
    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &bytes);
    return bytes;
}

/* The connection stands and the request is about to leave; this is the last moment to stop it.
 *
 * When a reused connection dies without an answer curl sends the request again by itself, though the server may
 * have read all of it: a second message. No option turns that off, but the second sending comes through here.
 * A connection that is found dead or dirty ends the exchange too; the engine begins it again on a fresh one. */
static int on_prereq(void *state, char *remote_ip, char *local_ip, int remote_port, int local_port) {
    Wire *wire = state;
    Transfer *transfer = wire->transfer;
    (void)local_ip;
    if (transfer->attempts > 0 && sent_so_far(wire->easy)) transfer->was_sent = 1;
    if (transfer->was_sent && !is_idempotent(transfer)) {
        transfer->attempts++;
        return CURL_PREREQFUNC_ABORT;
    }
    Connection *connection = connections_find(wire->connections, remote_ip, remote_port, local_port);
    if (connection && !connection_is_usable(connection, wire->easy)) {
        transfer->is_stale = 1;
        return CURL_PREREQFUNC_ABORT;
    }
    if (connection) connection_use(connection, wire->easy);
    transfer->attempts++;
    return CURL_PREREQFUNC_OK;
}

static size_t on_read(char *out, size_t size, size_t count, void *state) {
    Transfer *transfer = ((Wire *)state)->transfer;
    size_t got = transfer->source->read(transfer->source_state, out, size * count);
    transfer->source_broken = got == SOURCE_BROKEN;
    return got;
}

/* curl rewinds a source only to send its request a second time. */
static int on_seek(void *state, curl_off_t offset, int origin) {
    (void)state, (void)offset, (void)origin;
    return CURL_SEEKFUNC_FAIL;
}

static char lower(char byte) { return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte; }

/* Appends "name:value\n" whole or not at all: who reads the lines relies on their ends. */
static void append_field(Transfer *transfer, const char *line, size_t name_size, size_t size) {
    const char *value = line + name_size + 1, *end = line + size;
    while (value < end && (*value == ' ' || *value == '\t')) value++;
    while (value < end && (end[-1] == ' ' || end[-1] == '\t')) end--;
    size_t value_size = (size_t)(end - value);
    char *out = buf_reserve(&transfer->headers_in, name_size + 1 + value_size + 1);
    if (!out) return;
    for (size_t i = 0; i < name_size; i++) *out++ = lower(line[i]);
    *out++ = ':';
    memcpy(out, value, value_size);
    out[value_size] = '\n';
    transfer->headers_in.size += name_size + 1 + value_size + 1;
}

/* Puts a folded line in the place of the last line's end. */
static void continue_field(Transfer *transfer, const char *line, size_t size) {
    Buf *headers = &transfer->headers_in;
    char *out = headers->size ? buf_reserve(headers, size) : NULL;
    if (!out) return;
    memcpy(out - 1, line, size);
    out[size - 1] = '\n';
    headers->size += size;
}

/* A header block ends with an empty line. After a 1xx response the real one follows; after the end of the
 * real one, only trailers, which are not wanted. */
static void take_line(Transfer *transfer, const char *line, size_t size) {
    int is_status_line = size >= 5 && memcmp(line, "HTTP/", 5) == 0;
    const char *colon = memchr(line, ':', size);
    if (is_status_line) {
        buf_clear(&transfer->headers_in);
        transfer->has_head = 0;
    } else if (transfer->has_head) {
        return;
    } else if (size == 0) {
        transfer->has_head = 1;
    } else if (*line == ' ' || *line == '\t') {
        continue_field(transfer, line, size);
    } else if (colon && colon > line) {
        append_field(transfer, line, (size_t)(colon - line), size);
    }
}

static size_t on_header(char *line, size_t one, size_t size, void *state) {
    Transfer *transfer = ((Wire *)state)->transfer;
    size_t kept = size * one;
    while (kept && (line[kept - 1] == '\r' || line[kept - 1] == '\n')) kept--;
    if (!transfer->in_body) take_line(transfer, line, kept);
    transfer->too_large = transfer->headers_in.failed || ++transfer->lines > MAX_HEADER_LINES;
    return transfer->too_large ? 0 : size * one;
}

static int announced_too_large(const Wire *wire) {
    curl_off_t announced = -1;
    curl_easy_getinfo(wire->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
    return announced > 0 && wire->max_response_bytes && (uint64_t)announced > wire->max_response_bytes;
}

static int keep_body(Transfer *transfer, const char *bytes, size_t size) {
    if (!transfer->too_large) buf_append(&transfer->body, bytes, size);
    if (transfer->body.failed) transfer->too_large = 1;
    return !transfer->too_large;
}

static size_t pass_on(Transfer *transfer, const char *bytes, size_t size) {
    SinkAnswer answer = transfer->sink->write(transfer->sink_state, bytes, size);
    if (answer == SINK_FULL) return CURL_WRITEFUNC_PAUSE;
    if (answer == SINK_BROKEN) return 0;
    if (transfer->taken) transfer->taken(transfer);
    return size;
}

/* The status is known by now, and a sink's reader wants it before the first byte. */
static void enter_body(Wire *wire, Transfer *transfer) {
    transfer->in_body = 1;
    curl_easy_getinfo(wire->easy, CURLINFO_RESPONSE_CODE, &transfer->status);
    if (!transfer->sink) transfer->too_large = announced_too_large(wire);
}

static size_t on_body(char *bytes, size_t one, size_t size, void *state) {
    Wire *wire = state;
    Transfer *transfer = wire->transfer;
    if (!transfer->in_body) enter_body(wire, transfer);
    if (transfer->sink) return pass_on(transfer, bytes, size * one);
    return keep_body(transfer, bytes, size * one) ? size * one : 0;
}

/* --- the wire --- */

/* libcurl 7.85 replaced the bit set by text; asking for the old one warns there. */
static CURLcode limit_protocols(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

/* Without it a handle's end waits for the name lookup that it gave up, and everything else waits too. */
static CURLcode leave_resolver(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075700
    return curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#else
    (void)easy;
    return CURLE_OK;
#endif
}

#define SET(option, value) (code = code ? code : curl_easy_setopt(easy, option, value))

static CURLcode set_callbacks(CURL *easy, Wire *wire) {
    CURLcode code = CURLE_OK;
    SET(CURLOPT_PRIVATE, (void *)wire);
    SET(CURLOPT_ERRORBUFFER, wire->message);
    SET(CURLOPT_PREREQFUNCTION, on_prereq);
    SET(CURLOPT_PREREQDATA, (void *)wire);
    SET(CURLOPT_READFUNCTION, on_read);
    SET(CURLOPT_READDATA, (void *)wire);
    SET(CURLOPT_SEEKFUNCTION, on_seek);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, (void *)wire);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, (void *)wire);
    return code;
}

/* Certificates are always verified: that is curl's default, and no option leads to it. */
static CURLcode set_tls(CURL *easy, const WireOptions *options) {
    CURLcode code = CURLE_OK;
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (options->ca_file) SET(CURLOPT_CAINFO, options->ca_file);
    if (options->ca_path) SET(CURLOPT_CAPATH, options->ca_path);
    if (options->client_cert) SET(CURLOPT_SSLCERT, options->client_cert);
    if (options->client_key) SET(CURLOPT_SSLKEY, options->client_key);
    if (options->ca_file) curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, options->ca_file); /* not every libcurl can */
    if (options->ca_path) curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, options->ca_path);
    return code;
}

static CURLcode set_network(CURL *easy, const WireOptions *options) {
    CURLcode code = limit_protocols(easy);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_UPLOAD_BUFFERSIZE, 16384L); /* made anew for each exchange: 64 KiB are a quarter of its time in malloc */
    SET(CURLOPT_MAXAGE_CONN, options->idle_timeout);
    SET(CURLOPT_FORBID_REUSE, options->keepalive ? 0L : 1L);
    SET(CURLOPT_HTTP_VERSION, (long)(options->http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    SET(CURLOPT_PIPEWAIT, options->http2 ? 1L : 0L);
    SET(CURLOPT_PATH_AS_IS, 1L); /* what was signed is what is sent */
    SET(CURLOPT_ACCEPT_ENCODING, "gzip");
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (options->proxy) SET(CURLOPT_PROXY, options->proxy);
    if (options->no_proxy) SET(CURLOPT_NOPROXY, options->no_proxy);
    if (options->resolve) SET(CURLOPT_RESOLVE, options->resolve);
    return code ? code : leave_resolver(easy);
}

Wire *wire_new(const WireOptions *options, CURLSH *share, Connections *connections) {
    Wire *wire = calloc(1, sizeof *wire);
    CURL *easy = wire ? curl_easy_init() : NULL;
    CURLcode code = easy ? set_callbacks(easy, wire) : CURLE_OUT_OF_MEMORY;
    if (!code) code = set_tls(easy, options);
    if (!code) code = set_network(easy, options);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_SHARE, share);
    if (wire) wire->easy = easy;
    if (wire && !(wire->url = curl_url())) code = CURLE_OUT_OF_MEMORY;
    if (!code) {
        wire->max_response_bytes = options->max_response_bytes;
        wire->connections = connections;
        wire->decompress = 1;
        return wire;
    }
    if (wire) wire_free(wire);
    return NULL;
}

void wire_free(Wire *wire) {
    curl_easy_cleanup(wire->easy);
    curl_url_cleanup(wire->url);
    free(wire->url_text);
    free(wire);
}

/* Keeps curl from adding a Content-Type that nobody named, and from waiting for "100 Continue", which it
 * does for a body of 1 MiB or more. */
static CURLcode add_own_headers(Transfer *transfer) {
    enum { SURELY_SMALL = 256 * 1024 };
    const char *trouble = transfer->content_size > SURELY_SMALL ? append_header(transfer, "Expect:") : NULL;
    for (const struct curl_slist *header = transfer->headers; header; header = header->next)
        if (strncasecmp(header->data, "content-type:", 13) == 0) return trouble ? CURLE_OUT_OF_MEMORY : CURLE_OK;
    if (!trouble) trouble = append_header(transfer, "Content-Type:");
    return trouble ? CURLE_OUT_OF_MEMORY : CURLE_OK;
}

/* curl knows three shapes of a request; any other method is one of them under its own name. */
static CURLcode set_method(CURL *easy, Transfer *transfer) {
    const char *method = transfer->method, *natural;
    int carries = transfer->content || transfer->source || !strcmp(method, "POST") || !strcmp(method, "PUT") || !strcmp(method, "PATCH");
    CURLcode code = carries ? add_own_headers(transfer) : CURLE_OK;
    if (carries) {
        const char *content = transfer->source ? NULL : transfer->content ? transfer->content : "";
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, transfer->content_size);
        SET(CURLOPT_POSTFIELDS, content); /* unlike a source's it leaves together with the headers; NULL: on_read */
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

static CURLcode set_decompress(Wire *wire, int decompress) {
    if (wire->decompress == decompress) return CURLE_OK;
    wire->decompress = decompress;
    return curl_easy_setopt(wire->easy, CURLOPT_ACCEPT_ENCODING, decompress ? "gzip" : NULL);
}

/* Most requests go where the last one went. The text goes to curl too, or it would put one together again. */
static CURLcode set_url(Wire *wire, const char *url) {
    CURL *easy = wire->easy;
    CURLcode code = CURLE_OK;
    if (wire->url_text && strcmp(wire->url_text, url) == 0) return CURLE_OK;
    free(wire->url_text);
    wire->url_text = NULL;
    if (curl_url_set(wire->url, CURLUPART_URL, url, CURLU_PATH_AS_IS) != CURLUE_OK) return CURLE_URL_MALFORMAT;
    SET(CURLOPT_URL, url);
    SET(CURLOPT_CURLU, wire->url);
    if (!code) wire->url_text = copy(url, strlen(url));
    return code;
}

CURLcode wire_begin(Wire *wire, Transfer *transfer) {
    CURL *easy = wire->easy;
    wire->transfer = transfer;
    wire->message[0] = '\0';
    transfer->wire = wire;
    transfer->body.limit = wire->max_response_bytes;
    CURLcode code = set_method(easy, transfer);
    if (!code) code = set_url(wire, transfer->url);
    SET(CURLOPT_HTTPHEADER, transfer->headers);
    SET(CURLOPT_TIMEOUT_MS, transfer->timeout_ms);
    SET(CURLOPT_CONNECTTIMEOUT_MS, transfer->connect_timeout_ms);
    SET(CURLOPT_LOW_SPEED_LIMIT, transfer->stall_timeout ? 1L : 0L);
    SET(CURLOPT_LOW_SPEED_TIME, transfer->stall_timeout);
    /* A source can't be read again after a dead connection. */
    SET(CURLOPT_FRESH_CONNECT, transfer->source || transfer->is_fresh ? 1L : 0L);
    return code ? code : set_decompress(wire, transfer->decompress);
}

/* --- the outcome --- */

static const char lost[] = "connection lost after the request was sent; it may have been processed";
static const char cut_off[] = "the connection ended inside the response's header block";
static const char bad_proxy[] = "the proxy's URL can't be used"; /* curl's own texts show it, with its password */
static const char no_tls[] = "libcurl finds no memory: if there is enough, another OpenSSL in this program has taken the place of its own";

static const struct {
    int code;
    TransferFailure failure;
    const char *message; /* NULL: curl's own */
} outcomes[] = {
    {CURLE_OK, TRANSFER_OK, ""},
    {TRANSFER_CANCEL, TRANSFER_CANCELLED, "cancelled"},
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
    {CURLE_SSL_CERTPROBLEM, TRANSFER_CONFIG, NULL},
    {CURLE_SSL_CIPHER, TRANSFER_CONFIG, NULL},
    {CURLE_SSL_CACERT_BADFILE, TRANSFER_CONFIG, NULL},
    {CURLE_PEER_FAILED_VERIFICATION, TRANSFER_CONFIG, NULL}, /* a certificate doesn't become right by trying again */
    {CURLE_SSL_ISSUER_ERROR, TRANSFER_CONFIG, NULL},
    {CURLE_SSL_CRL_BADFILE, TRANSFER_CONFIG, NULL},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, TRANSFER_CONFIG, NULL},
    {CURLE_SSL_INVALIDCERTSTATUS, TRANSFER_CONFIG, NULL},
    {CURLE_OUT_OF_MEMORY, TRANSFER_CONFIG, no_tls},
};

static void put_text(char *place, size_t room, const char *text) {
    size_t size = strlen(text) < room ? strlen(text) : room - 1;
    memcpy(place, text, size);
    place[size] = '\0';
}

static void explain(Transfer *transfer, int code) {
    const char *own = transfer->wire ? transfer->wire->message : "", *message = NULL;
    transfer->failure = TRANSFER_NETWORK;
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
        if (outcomes[i].code != code) continue;
        transfer->failure = outcomes[i].failure;
        message = outcomes[i].message;
    }
    /* The same codes, once a connection stood, tell of a peer that speaks no HTTP, and the like. */
    if (transfer->failure == TRANSFER_CONFIG && transfer->attempts) transfer->failure = TRANSFER_NETWORK;
    /* To curl a header line beyond its own limit is a lack of memory; newer ones have a code for it. */
    if (transfer->attempts && (code == CURLE_OUT_OF_MEMORY || code == CODE_TOO_LARGE)) {
        transfer->failure = TRANSFER_DECODE;
        message = "a header of the response is longer than libcurl's limit";
    }
    if (strstr(own, "Unsupported proxy")) {
        transfer->failure = TRANSFER_CONFIG;
        message = bad_proxy;
    }
    if (code == CURLE_COULDNT_RESOLVE_PROXY && !message) message = "the proxy's host name can't be resolved";
    if (transfer->no_descriptor && !transfer->attempts) {
        transfer->failure = TRANSFER_CONFIG;
        message = "no descriptor is left for a connection (see ulimit -n, worker_rlimit_nofile)";
    }
    if (transfer->too_large) message = "the response is larger than the limit";
    if (transfer->source_broken) {
        transfer->failure = TRANSFER_CONFIG;
        message = "a file of the body can't be read to its end";
    }
    if (!message) message = *own ? own : curl_easy_strerror((CURLcode)code);
    put_text(transfer->message, sizeof transfer->message, message);
}

/* Where no connection stood ready there is nothing to tell, and what curl tells may be of the exchange before. */
static void collect(Transfer *transfer) {
    CURL *easy = transfer->wire->easy;
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
    if (transfer->attempts == 0) return transfer->was_sent ? SENT_UNKNOWN : SENT_NO; /* no connection stood ready */
    if (transfer->headers_in.size || transfer->in_body) return SENT_YES;
    if (transfer->was_sent || transfer->attempts > 1 || sent_so_far(transfer->wire->easy) == 0) return SENT_UNKNOWN; /* curl counts anew */
    return transfer->sent_bytes >= transfer->content_size ? SENT_YES : SENT_UNKNOWN;
}

static void part(Transfer *transfer) {
    Wire *wire = transfer->wire;
    if (!wire) return;
    wire->transfer = NULL;
    transfer->wire = NULL;
}

/* curl takes the end of the connection for the end of the header block. But the rest of a block could have said
 * anything, and the status line alone promises nothing; nor does a 1xx that no response follows. */
static int is_cut_off(const Transfer *transfer) { return !transfer->has_head || transfer->status < 200; }

void transfer_end(Transfer *transfer, int code) {
    if (transfer->wire) collect(transfer);
    int is_broken = code == CURLE_OK && is_cut_off(transfer);
    if (is_broken) code = CURLE_GOT_NOTHING;
    transfer->code = code;
    explain(transfer, code);
    if (is_broken) put_text(transfer->message, sizeof transfer->message, cut_off);
    transfer->sent = code ? what_was_sent(transfer) : SENT_YES;
    transfer->ambiguous = code && transfer->sent != SENT_NO && !is_idempotent(transfer);
    part(transfer);
}

/* --- reading it --- */

int transfer_ready(const Transfer *transfer) {
    return atomic_load(&transfer->done) || (transfer->sink && transfer->sink->holds(transfer->sink_state));
}

int transfer_header(const Transfer *transfer, size_t *position, TransferHeader *header) {
    const Buf *headers = &transfer->headers_in;
    if (*position >= headers->size) return 0;
    const char *line = headers->data + *position;
    const char *end = memchr(line, '\n', headers->size - *position), *colon = memchr(line, ':', (size_t)(end - line));
    *header = (TransferHeader){line, colon + 1, (size_t)(colon - line), (size_t)(end - colon - 1)};
    *position += (size_t)(end - line) + 1;
    return 1;
}

/* transfer.c: see transfer.h. */
#include "transfer.h"

#include "ascii.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_HEADER_BYTES = 256 * 1024, MAX_METHOD = 32 };

/* --- inputs --- */

static char *copy(const char *bytes, size_t size) {
    char *text = malloc(size + 1);
    if (!text) return NULL;
    if (size) memcpy(text, bytes, size);
    text[size] = '\0';
    return text;
}

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

static int starts_with(const char *text, size_t size, const char *start) {
    return size >= strlen(start) && ascii_same(text, start, strlen(start));
}

const char *transfer_set_url(Transfer *transfer, const char *url, size_t size) {
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)url[i] <= ' ' || url[i] == 0x7f)
            return "url holds a space, a line break or a control character";
    if (!starts_with(url, size, "https://") && !starts_with(url, size, "http://"))
        return "url must begin with https:// or http://";
    transfer->url = copy(url, size);
    return transfer->url ? NULL : no_memory;
}

/* A second Content-Length would let one request pass for two. */
static const char *const own_headers[] = {"content-length", "transfer-encoding", "expect"};

static int is_one_of(const char *name, size_t size, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strlen(names[i]) == size && ascii_same(name, names[i], size)) return 1;
    return 0;
}

static int is_token_byte(char byte) {
    static const char others[] = "!#$%&'*+.^_`|~";
    if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '-' ||
        (byte >= '0' && byte <= '9'))
        return 1;
    return memchr(others, byte, sizeof others - 1) != NULL;
}

static int is_token(const char *name, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (!is_token_byte(name[i])) return 0;
    return size > 0;
}

static int holds(const char *bytes, size_t size, char byte) {
    return size && memchr(bytes, byte, size);
}

static const char *check_header(const char *name, size_t name_size, const char *value,
                                size_t value_size) {
    if (!is_token(name, name_size))
        return "a header's name is empty or holds a character that can't stand there";
    if (holds(value, value_size, '\r') || holds(value, value_size, '\n') ||
        holds(value, value_size, '\0'))
        return "a header's value holds a line break or NUL";
    if (is_one_of(name, name_size, own_headers, sizeof own_headers / sizeof *own_headers))
        return "Content-Length, Transfer-Encoding and Expect are written by the engine";
    return NULL;
}

const char *transfer_append_header(Transfer *transfer, const char *line) {
    struct curl_slist *longer = curl_slist_append(transfer->headers, line);
    if (!longer) return no_memory;
    transfer->headers = longer;
    return NULL;
}

/* "Name: value"; to curl "Name:" would mean not to send it, and "Name;" is the way to send it
 * empty. */
const char *transfer_add_header(Transfer *transfer, const char *name, size_t name_size,
                                const char *value, size_t value_size) {
    char brief[256], *line = brief;
    const char *message = check_header(name, name_size, value, value_size);
    if (message) return message;
    if (name_size + value_size + 3 > sizeof brief) line = malloc(name_size + value_size + 3);
    if (!line) return no_memory;
    memcpy(line, name, name_size);
    memcpy(line + name_size, value_size ? ": " : ";", 2);
    if (value_size) memcpy(line + name_size + 2, value, value_size);
    line[name_size + 2 + value_size] = '\0';
    message = transfer_append_header(transfer, line);
    cleanse(line, name_size + value_size + 2);
    if (line != brief) free(line);
    return message;
}

const char *transfer_set_body(Transfer *transfer, const char *bytes, size_t size) {
    transfer->content = copy(bytes, size);
    transfer->content_size = (curl_off_t)size;
    return transfer->content ? NULL : no_memory;
}

/* --- the response's header block --- */

static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

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

/* A header block ends with an empty line. After a 1xx response the real one follows; after the end
 * of the real one, only trailers, which are not wanted. */
void transfer_take_line(Transfer *transfer, const char *line, size_t size) {
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

/* --- questions --- */

static const char *const idempotent[] = {"get", "head", "put", "delete", "options", "trace"};

int transfer_is_idempotent(const Transfer *transfer) {
    return is_one_of(transfer->method, strlen(transfer->method), idempotent,
                     sizeof idempotent / sizeof *idempotent);
}

int transfer_is_done(const Transfer *transfer) {
    return atomic_load(&transfer->state) == TRANSFER_DONE;
}

int transfer_is_ready(const Transfer *transfer) {
    return transfer_is_done(transfer) ||
           (transfer->sink && transfer->sink->holds(transfer->sink_state));
}

int transfer_header(const Transfer *transfer, size_t *position, TransferHeader *header) {
    const Buf *headers = &transfer->headers_in;
    if (*position >= headers->size) return 0;
    const char *line = headers->data + *position;
    const char *end = memchr(line, '\n', headers->size - *position),
               *colon = memchr(line, ':', (size_t)(end - line));
    *header = (TransferHeader){line, colon + 1, (size_t)(colon - line), (size_t)(end - colon - 1)};
    *position += (size_t)(end - line) + 1;
    return 1;
}

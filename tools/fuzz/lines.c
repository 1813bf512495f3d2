/* lines.c: libFuzzer's driver for the lines of HTTP in C: what a server's header block becomes, and
 * what may become a line of a request.
 *
 * A header block is read back as pairs that hold no line end, whatever the lines are; a method, a
 * URL and a header are refused, or can neither end a line nor begin another one. Every line gets
 * memory of exactly its size. */
#include "../../csrc/transfer.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int holds(const char *text, size_t size, char byte) {
    return size && memchr(text, byte, size) != NULL;
}

/* Gives each line of the input, less a CR at its end, to `take`. */
static void each_line(Transfer *transfer, const char *text, size_t size,
                      void (*take)(Transfer *transfer, const char *line, size_t size)) {
    const char *end = text + size;
    while (text < end) {
        const char *feed = memchr(text, '\n', (size_t)(end - text)), *stop = feed ? feed : end;
        size_t length = (size_t)(stop - text);
        if (length && stop[-1] == '\r') length--;
        char *line = copy_of(text, length);
        take(transfer, line, length);
        free(line);
        text = feed ? feed + 1 : end;
    }
}

static void response_headers(const char *text, size_t size) {
    Transfer *transfer = transfer_new();
    TransferHeader header;
    size_t position = 0, before = 0, sum = 0;
    check(transfer != NULL);
    each_line(transfer, text, size, transfer_take_line);
    while (transfer_header(transfer, &position, &header)) {
        check(position > before && position <= transfer->headers_in.size);
        check(header.name_size > 0 && !holds(header.name, header.name_size, '\n'));
        check(!holds(header.name, header.name_size, ':'));
        check(!holds(header.value, header.value_size, '\n'));
        for (size_t i = 0; i < header.name_size; i++)
            check(header.name[i] < 'A' || header.name[i] > 'Z');
        sum += header.name_size + header.value_size + 2;
        before = position;
    }
    check(sum == transfer->headers_in.size);
    transfer_release(transfer);
}

static void request_header(Transfer *transfer, const char *line, size_t size) {
    const char *colon = size ? memchr(line, ':', size) : NULL;
    size_t name_size = colon ? (size_t)(colon - line) : size;
    size_t value_size = colon ? size - name_size - 1 : 0;
    const struct curl_slist *last = transfer->headers;
    const char *message =
        transfer_add_header(transfer, line, name_size, colon ? colon + 1 : "", value_size);
    int was_empty = transfer->headers == NULL;
    while (last && last->next) last = last->next;
    check(!message || was_empty || !last || !last->next);
}

static void request(const char *text, size_t size) {
    Transfer *transfer = transfer_new();
    check(transfer != NULL);
    each_line(transfer, text, size, request_header);
    for (const struct curl_slist *header = transfer->headers; header; header = header->next) {
        size_t length = strlen(header->data);
        check(!holds(header->data, length, '\n') && !holds(header->data, length, '\r'));
        check(strchr(header->data, ':') || header->data[length - 1] == ';');
        check(strncasecmp(header->data, "Content-Length", 14) != 0 ||
              (header->data[14] != ':' && header->data[14] != ';'));
        check(strncasecmp(header->data, "Transfer-Encoding", 17) != 0 ||
              (header->data[17] != ':' && header->data[17] != ';'));
    }
    if (!transfer_set_url(transfer, text, size)) {
        check(strlen(transfer->url) == size && strncasecmp(transfer->url, "http", 4) == 0);
        for (size_t i = 0; i < size; i++) check((unsigned char)transfer->url[i] > ' ');
    }
    if (!transfer_set_method(transfer, text, size)) {
        check(strlen(transfer->method) == size);
        transfer_is_idempotent(transfer);
    }
    check(!transfer_set_body(transfer, text, size));
    transfer_release(transfer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = copy_of(data, size);
    response_headers(text, size);
    request(text, size);
    free(text);
    return 0;
}

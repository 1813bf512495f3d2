/* body_parts.c: see body_parts.h. */
#include "body_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Part {
    struct Part *next;
    int fd; /* -1: a text */
    curl_off_t offset, left;
    char text[];
} Part;

struct Parts {
    Part *first, **end, *current;
    curl_off_t size;
};

#define MOST_BYTES ((curl_off_t)1 << 60) /* of a body: so that sums can't overflow */

Parts *parts_new(void) {
    Parts *parts = calloc(1, sizeof *parts);
    if (parts) parts->end = &parts->first;
    return parts;
}

curl_off_t parts_size(const Parts *parts) { return parts->size; }

static void parts_free(void *state) {
    Parts *parts = state;
    for (Part *part = parts->first, *next; part; part = next) {
        next = part->next;
        if (part->fd >= 0) close(part->fd);
        free(part);
    }
    free(parts);
}

static Part *add(Parts *parts, size_t text_size) {
    Part *part = calloc(1, sizeof *part + text_size);
    if (!part) return NULL;
    if (!parts->first) parts->current = part;
    *parts->end = part;
    parts->end = &part->next;
    return part;
}

const char *parts_add_text(Parts *parts, const char *bytes, size_t size) {
    Part *part = add(parts, size);
    if (!part) return no_memory;
    memcpy(part->text, bytes, size);
    part->fd = -1;
    part->left = (curl_off_t)size;
    parts->size += part->left;
    return NULL;
}

const char *parts_add_file(Parts *parts, int fd, curl_off_t offset, curl_off_t size) {
    struct stat status;
    Part *part = add(parts, 0);
    if (!part) return close(fd), no_memory;
    part->fd = fd;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        return "a part of the body is no regular file, so its size isn't known";
    curl_off_t rest = (curl_off_t)status.st_size - offset;
    if (size < 0) size = rest;
    if (offset < 0 || size < 0 || size > rest)
        return "a file of the body is shorter than its offset and size say";
    if (size > MOST_BYTES - parts->size) return "the body is too large";
    part->offset = offset;
    part->left = size;
    parts->size += size;
    return NULL;
}

/* A file that has become shorter meanwhile fails: its size is announced already. */
static size_t read_part(Part *part, char *out, size_t room) {
    size_t size = (curl_off_t)room < part->left ? room : (size_t)part->left;
    ssize_t count = (ssize_t)size;
    if (part->fd < 0) memcpy(out, part->text + part->offset, size);
    else do
            count = pread(part->fd, out, size, (off_t)part->offset);
        while (count < 0 && errno == EINTR);
    if (count <= 0) return SOURCE_BROKEN;
    part->offset += count;
    part->left -= count;
    return (size_t)count;
}

static size_t parts_read(void *state, char *out, size_t room) {
    Parts *parts = state;
    while (parts->current && parts->current->left == 0) parts->current = parts->current->next;
    return parts->current ? read_part(parts->current, out, room) : 0;
}

const TransferSource parts_source = {parts_read, parts_free};

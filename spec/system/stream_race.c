/* stream_race.c: reads streams of a threaded engine, for ThreadSanitizer and valgrind to look at. See
 * stream_race_spec.lua.
 *
 *   stream_race URL ROUNDS        URL answers with SIZE bytes */
#include "engine.h"
#include "stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { AT_ONCE = 8, SIZE = 3000000 };

static int connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path + strlen("unix:"));
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) exit(2);
    return fd;
}

static Transfer *submit(Engine *engine, const char *url) {
    Transfer *transfer = transfer_new();
    transfer_set_method(transfer, "GET", 3);
    transfer_set_url(transfer, url, strlen(url));
    transfer->sink = &stream_sink;
    transfer->sink_state = stream_new();
    transfer->timeout_ms = 60000;
    engine_submit(engine, transfer);
    return transfer;
}

static void wait_for(Transfer *transfer, int waiter) {
    char text[24];
    snprintf(text, sizeof text, "%llu\n", (unsigned long long)transfer->id);
    if (write(waiter, text, strlen(text)) < 0 || read(waiter, text, 1) != 1) exit(3);
    if (!transfer_is_ready(transfer)) exit(4);
}

/* Everything that has come; 0 when there will be no more. Looks at the head as Lua does. */
static int read_some(Transfer *transfer, size_t *total) {
    int was_full, over = transfer_is_done(transfer);
    const Buf *taken = stream_take(transfer->sink_state, &was_full);
    if (was_full) engine_resume(transfer);
    *total += taken->size;
    if (taken->size && (transfer->status != 200 || transfer->headers_in.size == 0)) exit(5);
    return taken->size > 0 || !over;
}

static void read_all(Engine *engine, const char *url, int waiter, int leave_early) {
    Transfer *transfer = submit(engine, url);
    size_t total = 0;
    while (read_some(transfer, &total)) {
        if (leave_early && total > SIZE / 4) break;
        wait_for(transfer, waiter);
    }
    if (leave_early) engine_cancel(transfer);
    else if (total != SIZE || transfer->failure != TRANSFER_OK) exit(6);
    transfer_release(transfer);
}

static void round_of(const char *url) {
    EngineOptions options = {.handle = {.keepalive = 1, .idle_timeout = 50, .proxy = ""}};
    Engine *engine;
    const char *path;
    if (engine_new(&options, &engine) || engine_start_thread(engine, &path)) exit(2);
    int waiter = connect_to(path);
    Transfer *left = submit(engine, url); /* full, and nobody reads it */
    for (int i = 0; i < AT_ONCE; i++) read_all(engine, url, waiter, i % 3 == 2);
    engine_free(engine);
    transfer_release(left);
    close(waiter);
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    for (int i = 0; i < atoi(arguments[2]); i++) round_of(arguments[1]);
    puts("all read");
    return 0;
}

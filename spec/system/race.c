/* race.c: drives threaded engines hard, for ThreadSanitizer and valgrind to look at: two at a time,
 * each with an owner's thread of its own, as in a program with several Lua states. See race_spec.lua.
 *
 *   race URL CA_FILE ROUNDS
 *
 * Built with -DPLANTED it also reads a result before its time: the control that a race would be found. */
#include "engine.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { AT_ONCE = 32, OWNERS = 2 };

typedef struct Call {
    Transfer *transfer;
    int waiter;
} Call;

typedef struct Owner {
    pthread_t thread;
    const EngineOptions *options;
    const char *url;
    int rounds;
} Owner;

static atomic_int answered, given_up, early;

static int connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path + strlen("unix:"));
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) exit(2);
    return fd;
}

static const char *path_of(Engine *engine) {
    const char *path;
    if (engine_start_thread(engine, &path)) exit(2);
    return path;
}

static Transfer *make_transfer(const char *url) {
    Transfer *transfer = transfer_new();
    transfer_set_method(transfer, "POST", 4);
    transfer_set_url(transfer, url, strlen(url));
    transfer_add_header(transfer, "X-A", 3, "b", 1);
    transfer_set_body(transfer, "body", 4);
    transfer->timeout_ms = 20000;
    return transfer;
}

static void begin(Engine *engine, const char *url, Call *call) {
    char number[24];
    call->transfer = make_transfer(url);
    engine_submit(engine, call->transfer);
    snprintf(number, sizeof number, "%llu\n", (unsigned long long)call->transfer->id);
    if (write(call->waiter, number, strlen(number)) < 0) exit(2);
#ifdef PLANTED
    while (atomic_load_explicit(&call->transfer->state, memory_order_relaxed) != TRANSFER_DONE) early += call->transfer->attempts;
#endif
}

static void wait_for(Call *call) {
    char byte;
    if (read(call->waiter, &byte, 1) != 1 || !transfer_is_done(call->transfer)) exit(3);
    if (call->transfer->failure == TRANSFER_OK && call->transfer->status == 200 && call->transfer->body.size) answered++;
    else given_up++;
}

/* Each in a way of its own: waited for, cancelled, hung up on, let go. */
static void end(Engine *engine, Call *call, int way) {
    if (way == 1) engine_cancel(call->transfer);
    if (way == 2) {
        close(call->waiter);
        call->waiter = connect_to(path_of(engine));
        given_up++;
    } else wait_for(call);
    if (way == 3) engine_cancel(call->transfer);
    transfer_release(call->transfer);
}

static void round_of(Engine *engine, const char *url, Call *calls) {
    for (int i = 0; i < AT_ONCE; i++) begin(engine, url, &calls[i]);
    engine_stats(engine);
    for (int i = 0; i < AT_ONCE; i++) end(engine, &calls[i], rand() % 8);
}

static void life_of_an_engine(const EngineOptions *options, const char *url) {
    Engine *engine;
    Call calls[AT_ONCE];
    if (engine_new(options, &engine)) exit(2);
    const char *path = path_of(engine);
    for (int i = 0; i < AT_ONCE; i++) calls[i].waiter = connect_to(path);
    for (int i = 0; i < 4; i++) round_of(engine, url, calls);
    Transfer *unfinished = make_transfer(url);
    engine_submit(engine, unfinished);
    engine_free(engine);
    transfer_release(unfinished);
    for (int i = 0; i < AT_ONCE; i++) close(calls[i].waiter);
}

static void *own_engines(void *state) {
    Owner *owner = state;
    for (int i = 0; i < owner->rounds; i++) life_of_an_engine(owner->options, owner->url);
    return NULL;
}

int main(int count, char **arguments) {
    EngineOptions options = {.handle = {.keepalive = 1, .idle_timeout = 50, .max_response_bytes = 1 << 20, .proxy = ""}};
    Owner owners[OWNERS];
    if (count != 4) return 2;
    options.handle.ca_file = arguments[2];
    for (int i = 0; i < OWNERS; i++) {
        owners[i] = (Owner){.options = &options, .url = arguments[1], .rounds = atoi(arguments[3])};
        if (pthread_create(&owners[i].thread, NULL, own_engines, &owners[i])) return 2;
    }
    for (int i = 0; i < OWNERS; i++) pthread_join(owners[i].thread, NULL);
    printf("%d answered, %d given up\n", answered, given_up);
    return answered > 0 ? 0 : 4;
}

/* curl.c: the yardstick of bench/map/run.lua: the same POSTs by a bare curl_multi loop, so many in flight.
 *
 *   map URL CA_FILE COUNT IN_FLIGHT BODY        prints the seconds that COUNT requests took, once all connections are there
 *
 * Each answer's body is collected, as any client must, and thrown away. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    CURL *easy;
    char bytes[1 << 14];
    size_t size;
} Call;

static size_t take(char *data, size_t one, size_t size, void *to) {
    Call *call = to;
    (void)one;
    if (size > sizeof call->bytes - call->size) return 0;
    memcpy(call->bytes + call->size, data, size);
    call->size += size;
    return size;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void prepare(Call *call, char **argv, struct curl_slist *headers) {
    call->easy = curl_easy_init();
    curl_easy_setopt(call->easy, CURLOPT_URL, argv[1]);
    curl_easy_setopt(call->easy, CURLOPT_CAINFO, argv[2]);
    curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(call->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(call->easy, CURLOPT_USERPWD, "AC:token");
    curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS, argv[5]);
    curl_easy_setopt(call->easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(call->easy, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(call->easy, CURLOPT_PRIVATE, call);
    curl_easy_setopt(call->easy, CURLOPT_NOSIGNAL, 1L);
}

static Call *finish(CURLM *multi, const CURLMsg *message) {
    Call *call;
    long status = 0;
    CURLcode code = message->data.result;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
    curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK || status != 201) {
        fprintf(stderr, "POST failed: %s, status %ld\n", curl_easy_strerror(code), status);
        exit(1);
    }
    curl_multi_remove_handle(multi, call->easy);
    call->size = 0;
    return call;
}

static void run(CURLM *multi, Call *calls, int in_flight, int count) {
    int started = 0, done = 0, running, left;
    for (; started < in_flight && started < count; started++) curl_multi_add_handle(multi, calls[started].easy);
    while (done < count) {
        curl_multi_perform(multi, &running);
        for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)); done++) {
            Call *call = finish(multi, message);
            if (started == count) continue;
            curl_multi_add_handle(multi, call->easy);
            started++;
        }
        if (done < count) curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
}

int main(int argc, char **argv) {
    if (argc != 6) return 2;
    int count = atoi(argv[3]), in_flight = atoi(argv[4]);
    struct curl_slist *headers = NULL;
    curl_global_init(CURL_GLOBAL_ALL);
    headers = curl_slist_append(headers, "Accept: application/json");
    headers = curl_slist_append(headers, "Accept-Charset: utf-8");
    CURLM *multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 1024L);
    Call *calls = calloc((size_t)in_flight, sizeof *calls);
    if (!multi || !calls) return 1;
    for (int i = 0; i < in_flight; i++) prepare(&calls[i], argv, headers);
    run(multi, calls, in_flight, 4 * in_flight);
    double start = now();
    run(multi, calls, in_flight, count);
    printf("%.6f\n", now() - start);
    for (int i = 0; i < in_flight; i++) curl_easy_cleanup(calls[i].easy);
    curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
    free(calls);
    return 0;
}

/* curl.c: the yardstick of bench/post/run.lua: the same POSTs with bare libcurl, one easy handle in a loop.
 *
 *   post URL CA_FILE COUNT BODY [HEADER ...]     prints the seconds that COUNT requests took, after some that aren't counted
 *
 * Each answer's body is collected, as any client must, and thrown away. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WARM = 200 };

typedef struct {
    char bytes[1 << 16];
    size_t size;
} Answer;

static size_t take(char *data, size_t one, size_t size, void *to) {
    Answer *answer = to;
    (void)one;
    if (size > sizeof answer->bytes - answer->size) return 0;
    memcpy(answer->bytes + answer->size, data, size);
    answer->size += size;
    return size;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void post(CURL *easy, Answer *answer) {
    long status = 0;
    answer->size = 0;
    CURLcode code = curl_easy_perform(easy);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK || status != 201) {
        fprintf(stderr, "POST failed: %s, status %ld\n", curl_easy_strerror(code), status);
        exit(1);
    }
}

int main(int argc, char **argv) {
    static Answer answer;
    if (argc < 5) return 2;
    int count = atoi(argv[3]);
    struct curl_slist *headers = NULL;
    curl_global_init(CURL_GLOBAL_ALL);
    CURL *easy = curl_easy_init();
    for (int i = 5; i < argc; i++) headers = curl_slist_append(headers, argv[i]);
    curl_easy_setopt(easy, CURLOPT_URL, argv[1]);
    curl_easy_setopt(easy, CURLOPT_CAINFO, argv[2]);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, argv[4]);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    for (int i = 0; i < WARM; i++) post(easy, &answer);
    double start = now();
    for (int i = 0; i < count; i++) post(easy, &answer);
    printf("%.6f\n", now() - start);
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
    return 0;
}

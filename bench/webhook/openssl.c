/* openssl.c: how long OpenSSL alone takes for the HMAC-SHA1 of a webhook, with its key kept: the floor
 * that bench/webhook/run.lua is compared with.
 *
 *    webhook <key> <calls>   reads the signed bytes from stdin; prints nanoseconds a call and the HMAC in hex
 *
 * HMAC_CTX is deprecated but the fastest of OpenSSL's own ways to keep a key (EVP_MAC takes a tenth longer). */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(int argc, char **argv) {
    static unsigned char text[65536];
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int digest_size = 0;
    if (argc != 3) return 2;
    size_t size = fread(text, 1, sizeof text, stdin);
    long calls = atol(argv[2]);
    HMAC_CTX *hmac = HMAC_CTX_new();
    HMAC_Init_ex(hmac, argv[1], (int)strlen(argv[1]), EVP_sha1(), NULL);
    double start = now();
    for (long i = 0; i < calls; i++) {
        HMAC_Init_ex(hmac, NULL, 0, NULL, NULL);
        HMAC_Update(hmac, text, size);
        HMAC_Final(hmac, digest, &digest_size);
    }
    printf("%.1f ", (now() - start) / (double)calls);
    for (unsigned int i = 0; i < digest_size; i++) printf("%02x", digest[i]);
    printf("\n");
    HMAC_CTX_free(hmac);
    return 0;
}

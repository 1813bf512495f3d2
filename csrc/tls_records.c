/* tls_records.c: see tls_records.h.
 *
 * SSL_peek processes the session's own records and stops at data. libcurl's SSL reads through a BIO
 * of libcurl's, which works only while libcurl itself calls it; so for the peek the SSL reads from
 * the socket and writes into memory, and gets its own BIOs back afterwards. Whatever it wanted to
 * write (an alert, an answer to a key update) is reason enough to give the connection up.
 *
 * This module isn't linked to libssl: libcurl may use another TLS library, or an OpenSSL that is
 * linked into it. The functions are looked up in the OpenSSL that libcurl itself loads. */
#include "tls_records.h"

#include <dlfcn.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

/* The functions that are called, by their names in OpenSSL 1.1.1 and newer. */
/* clang-format off */
#define FUNCTIONS(F) \
    F(SSL_peek) F(SSL_has_pending) F(SSL_get_error) F(SSL_get0_alpn_selected) \
    F(SSL_get_rbio) F(SSL_get_wbio) F(SSL_set0_rbio) F(SSL_set0_wbio) \
    F(SSL_get_SSL_CTX) F(SSL_CTX_sess_get_new_cb) F(SSL_CTX_sess_set_new_cb) \
    F(BIO_new_socket) F(BIO_new) F(BIO_s_mem) F(BIO_free) F(BIO_up_ref) F(BIO_ctrl) \
    F(ERR_clear_error) F(OpenSSL_version)
/* clang-format on */

/* NOLINTNEXTLINE(bugprone-macro-parentheses): a name that is declared can't stand in them */
#define POINTER(name) __typeof__(&name) name##_;
static struct {
    int is_there;
    FUNCTIONS(POINTER)
} openssl;

#define CALL(name) (openssl.name##_)

/* One function of the library that `libcurl` has loaded, and that libcurl's own calls reach; NULL
 * if these are two: a program may bring an OpenSSL that stands before libcurl's. */
static void *find(void *libcurl, const char *name) {
    void *own = dlsym(libcurl, name), *global = dlsym(RTLD_DEFAULT, name);
    return own == global ? own : NULL;
}

static int find_functions(void *libcurl) {
#define FIND(name)                                                \
    {                                                             \
        void *found = find(libcurl, #name);                       \
        if (!found) return 0;                                     \
        memcpy(&openssl.name##_, &found, sizeof openssl.name##_); \
    }
    FUNCTIONS(FIND)
    return 1;
}

/* libcurl says "OpenSSL/3.0.17", OpenSSL says "OpenSSL 3.0.17 1 Jul 2025". */
static int is_curls_version(const char *version) {
    static const char name[] = "OpenSSL";
    const char *ours = curl_version_info(CURLVERSION_NOW)->ssl_version;
    size_t size = sizeof name - 1;
    if (!ours || strncmp(ours, name, size) != 0 || strncmp(version, name, size) != 0 ||
        !ours[size] || !version[size])
        return 0;
    ours += size + 1, version += size + 1;
    size = strlen(ours);
    return size > 0 && strncmp(ours, version, size) == 0 &&
           (version[size] == ' ' || version[size] == '\0');
}

static void find_openssl(void) {
    CURL *(*function)(void) = curl_easy_init;
    void *address;
    Dl_info where;
    memcpy(&address, &function, sizeof address);
    if (!dladdr(address, &where) || !where.dli_fname) return;
    void *libcurl = dlopen(where.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    if (!libcurl) return;
    openssl.is_there =
        find_functions(libcurl) && is_curls_version(CALL(OpenSSL_version)(OPENSSL_VERSION));
    dlclose(libcurl); /* it stays loaded: we are linked to it */
}

static int socket_has_bytes(int fd) {
    char byte;
    return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != -1;
}

/* Reads records until the socket is empty. 1: none was data, an end or an error, and none is
 * incomplete. */
static int drain(SSL *ssl, int fd, BIO *out) {
    enum { MANY = 16 }; /* tickets and key updates in a row; more are no service */
    for (int i = 0; i < MANY; i++) {
        char byte;
        int got = CALL(SSL_peek)(ssl, &byte, 1);
        if (got > 0 || CALL(SSL_get_error)(ssl, got) != SSL_ERROR_WANT_READ) return 0;
        if (CALL(BIO_ctrl)(out, BIO_CTRL_PENDING, 0, NULL) > 0) return 0;
        if (!socket_has_bytes(fd)) return !CALL(SSL_has_pending)(ssl);
    }
    return 0;
}

/* Peeks with BIOs of ours in the place of libcurl's. A ticket isn't kept: libcurl's function for
 * new ones works only within libcurl's own calls. */
static int only_own_records(SSL *ssl, int fd) {
    SSL_CTX *context = CALL(SSL_get_SSL_CTX)(ssl);
    int (*on_session)(SSL *, SSL_SESSION *) = CALL(SSL_CTX_sess_get_new_cb)(context);
    BIO *curls_in = CALL(SSL_get_rbio)(ssl), *curls_out = CALL(SSL_get_wbio)(ssl);
    BIO *in = CALL(BIO_new_socket)(fd, BIO_NOCLOSE), *out = CALL(BIO_new)(CALL(BIO_s_mem)());
    int is_own = 0;
    if (in && out && curls_in && curls_out) {
        CALL(BIO_up_ref)(curls_in);
        CALL(BIO_up_ref)(curls_out);
        CALL(BIO_up_ref)(out); /* one is the SSL's, one ours */
        CALL(SSL_set0_rbio)(ssl, in);
        CALL(SSL_set0_wbio)(ssl, out);
        CALL(SSL_CTX_sess_set_new_cb)(context, NULL);
        is_own = drain(ssl, fd, out);
        CALL(SSL_CTX_sess_set_new_cb)(context, on_session);
        CALL(SSL_set0_rbio)(ssl, curls_in);
        CALL(SSL_set0_wbio)(ssl, curls_out);
        in = NULL; /* freed by its replacement */
    }
    CALL(BIO_free)(in);
    CALL(BIO_free)(out);
    CALL(ERR_clear_error)();
    return is_own;
}

static int speaks_http2(const SSL *ssl) {
    const unsigned char *name = NULL;
    unsigned size = 0;
    CALL(SSL_get0_alpn_selected)(ssl, &name, &size);
    return size == 2 && memcmp(name, "h2", 2) == 0;
}

int tls_records_are_own(CURL *easy, int fd, int has_bytes, int is_tunnel) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const struct curl_tlssessioninfo *session = NULL;
    pthread_once(&once, find_openssl);
    curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &session);
    SSL *ssl = session ? session->internals : NULL;
    if (!ssl || session->backend != CURLSSLBACKEND_OPENSSL || !openssl.is_there) return !has_bytes;
    if (speaks_http2(ssl)) return 1;
    if (!has_bytes && !CALL(SSL_has_pending)(ssl)) return 1;
    return !is_tunnel && only_own_records(ssl, fd);
}

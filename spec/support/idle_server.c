/* idle_server.c: an HTTP server that misbehaves on idle connections, over TCP or TLS. See idle_server.lua.
 *
 *   idle_server PLAIN|TLS1.2|TLS1.3 CERTIFICATE KEY
 *
 * Prints its port and serves until its standard input ends. One thread a connection. The first word of a request's
 * path names what the server does after the answer, while the client thinks the connection idle; the second is a
 * time in milliseconds before it does so:
 *
 *   /keep/0 nothing          /close/N close           /reset/N reset            /shutdown/N end of the stream only
 *   /stray/N some bytes      /second/N a whole answer that nobody asked for     /408/N an answer 408, then close
 *   /joined/0 a second answer in the same write as the first
 *   /ticket/N a TLS session ticket                    /update/N a key update    /update_both/N one that wants another
 *   /partial/N three bytes that are no whole TLS record                          /random/N close after 0 to N ms
 *
 * A request's body is a number; the answer repeats it. /report/0 answers with: connections, requests, and how many
 * numbers came more than once. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_NUMBERS = 1000000, ROOM = 16384 };

static SSL_CTX *context; /* NULL: plain TCP */
static unsigned char *seen;
static int connections, requests, repeated;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

typedef struct Peer {
    int fd;
    SSL *ssl;
    unsigned seed;
    int tells; /* when it has done what the last request asked for */
} Peer;

static int put(Peer *peer, const char *text) {
    int size = (int)strlen(text);
    return peer->ssl ? SSL_write(peer->ssl, text, size) : (int)send(peer->fd, text, (size_t)size, MSG_NOSIGNAL);
}

static int get(Peer *peer, char *out, int room) {
    return peer->ssl ? SSL_read(peer->ssl, out, room) : (int)recv(peer->fd, out, (size_t)room, 0);
}

/* Waits while the connection is idle; 0: it isn't any more. */
static int is_idle_for(Peer *peer, int ms) {
    struct pollfd poll_fd = {.fd = peer->fd, .events = POLLIN};
    return poll(&poll_fd, 1, ms) == 0;
}

/* Reads one request, whose body is shorter than the room. 0: the connection has ended. */
static int read_request(Peer *peer, char *text) {
    int size = 0;
    text[0] = '\0';
    for (;;) {
        char *end = strstr(text, "\r\n\r\n");
        if (end) {
            char *length = strstr(text, "Content-Length: ");
            if (size >= (int)(end + 4 - text) + (length ? atoi(length + 16) : 0)) return 1;
        }
        int got = size < ROOM - 1 ? get(peer, text + size, ROOM - 1 - size) : 0;
        if (got <= 0) return 0;
        size += got;
        text[size] = '\0';
    }
}

static void count(int number) {
    pthread_mutex_lock(&lock);
    requests++;
    if (number > 0 && number < MOST_NUMBERS && seen[number]++) repeated++;
    pthread_mutex_unlock(&lock);
}

static void write_answer(char *out, const char *status, const char *body) {
    sprintf(out, "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", status, (int)strlen(body), body);
}

static void reset(Peer *peer) {
    struct linger linger = {1, 0};
    setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

/* Tells the spec that an idle connection is as it was asked for: the next request may come. */
static void tell(void) {
    if (write(STDOUT_FILENO, "done\n", 5) < 0) exit(3);
}

/* Does on the idle connection what was asked for; 0: and then hangs up. */
static int misbehave(Peer *peer, const char *what, int ms) {
    char text[256];
    if (!is_idle_for(peer, strcmp(what, "random") == 0 ? (int)(rand_r(&peer->seed) % (unsigned)(ms + 1)) : ms)) return 1;
    if (!strcmp(what, "close") || !strcmp(what, "random")) return 0;
    if (!strcmp(what, "reset")) return reset(peer), 0;
    if (!strcmp(what, "shutdown")) {
        if (peer->ssl) SSL_shutdown(peer->ssl);
        else shutdown(peer->fd, SHUT_WR);
    } else if (!strcmp(what, "stray")) {
        put(peer, "\r\nwhat nobody asked for");
    } else if (!strcmp(what, "second")) {
        write_answer(text, "200 OK", "wrong");
        put(peer, text);
    } else if (!strcmp(what, "408")) {
        put(peer, "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        return 0;
    } else if (!strcmp(what, "partial")) {
        if (send(peer->fd, "\x17\x03\x03", 3, MSG_NOSIGNAL) < 0) return 0;
    } else if (peer->ssl && !strcmp(what, "ticket")) {
        SSL_new_session_ticket(peer->ssl);
        SSL_do_handshake(peer->ssl);
    } else if (peer->ssl && !strncmp(what, "update", 6)) {
        SSL_key_update(peer->ssl, strcmp(what, "update") ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED);
        SSL_do_handshake(peer->ssl);
    }
    return 1;
}

static int serve_one(Peer *peer, char *text) {
    char what[32] = "", body[256] = "", answer[1024];
    int ms = 0;
    if (!read_request(peer, text)) return 0;
    sscanf(text, "%*s /%31[a-z_0-9]/%d", what, &ms);
    sscanf(strstr(text, "\r\n\r\n") + 4, "%200s", body);
    if (!strcmp(what, "report")) sprintf(body, "%d %d %d", connections, requests, repeated);
    else count(atoi(body));
    write_answer(answer, "200 OK", body);
    if (!strcmp(what, "joined")) write_answer(answer + strlen(answer), "200 OK", "wrong");
    peer->tells = strcmp(what, "keep") && strcmp(what, "random") && strcmp(what, "report");
    if (put(peer, answer) <= 0 || !misbehave(peer, what, ms)) return 0;
    if (peer->tells) tell();
    peer->tells = 0;
    return 1;
}

static void *serve(void *state) {
    Peer *peer = state;
    char *text = malloc(ROOM);
    if (peer->ssl) SSL_set_fd(peer->ssl, peer->fd);
    if (!peer->ssl || SSL_accept(peer->ssl) == 1)
        while (serve_one(peer, text)) {}
    if (peer->ssl) SSL_free(peer->ssl);
    close(peer->fd);
    if (peer->tells) tell();
    free(text);
    free(peer);
    return NULL;
}

static void *accept_all(void *state) {
    int listening = *(int *)state;
    for (;;) {
        int fd = accept(listening, NULL, NULL);
        pthread_t thread;
        Peer *peer = fd >= 0 ? calloc(1, sizeof *peer) : NULL;
        if (!peer) continue;
        peer->fd = fd;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        peer->seed = (unsigned)++connections;
        peer->ssl = context ? SSL_new(context) : NULL;
        if (pthread_create(&thread, NULL, serve, peer) == 0) pthread_detach(thread);
    }
    return NULL;
}

static void make_context(const char *version, const char *certificate, const char *key) {
    int number = strcmp(version, "TLS1.2") == 0 ? TLS1_2_VERSION : TLS1_3_VERSION;
    context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_min_proto_version(context, number);
    SSL_CTX_set_max_proto_version(context, number);
    if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1 || SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        exit(2);
}

int main(int count_of_arguments, char **arguments) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    pthread_t thread;
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    if (count_of_arguments != 4) return 2;
    signal(SIGPIPE, SIG_IGN);
    seen = calloc(MOST_NUMBERS, 1);
    if (strcmp(arguments[1], "PLAIN") != 0) make_context(arguments[1], arguments[2], arguments[3]);
    if (bind(listening, (struct sockaddr *)&address, sizeof address) != 0 || listen(listening, 1024) != 0) return 2;
    getsockname(listening, (struct sockaddr *)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    pthread_create(&thread, NULL, accept_all, &listening);
    while (getchar() != EOF) {}
    return 0;
}

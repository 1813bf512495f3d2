/* connection.h: the open sockets of an engine, and a last look at one before a request leaves on
 * it.
 *
 * libcurl looks at a pooled connection when it takes it out of the pool, since 8.22 at most once a
 * second, and it takes waiting bytes for a sign of life. Both are wrong for requests that send
 * messages: a POST that goes into a closed connection has an unknown fate, and bytes that nobody
 * asked for would become the answer to the next request. libcurl tells its pre-request hook the
 * addresses of the connection, not its socket, so the sockets are kept here and found by their
 * addresses. One thread uses a Connections: the one that runs curl. */
#ifndef TWILIO_CONNECTION_H
#define TWILIO_CONNECTION_H

#include <curl/curl.h>
#include <stdatomic.h>

typedef struct Connection Connection;

enum { CONNECTION_BUCKETS = 256 };

typedef struct Connections {
    Connection *named[CONNECTION_BUCKETS]; /* by local port */
    Connection *unnamed;                   /* opened, addresses not asked for yet */
    atomic_size_t count;                   /* open sockets; may be read by other threads */
} Connections;                             /* all zero: none */

/* Called when curl opens and closes a socket. Out of memory, a socket isn't kept and never
 * checked. */
void connections_opened(Connections *connections, int fd);
void connections_closed(Connections *connections, int fd);
void connections_free(Connections *connections); /* forgets all; closes none */

/* The connection with these addresses, or NULL. remote_ip: as libcurl tells it, without brackets.
 */
Connection *connections_find(Connections *connections, const char *remote_ip, int remote_port,
                             int local_port);

/* Notes that a request leaves on it. easy: the handle whose request it is, here and below. */
void connection_use(Connection *connection, CURL *easy);

/* Returns 0 if an earlier request used this connection, and its peer has closed it since or has
 * sent bytes other than TLS records of the session itself (a ticket, a key update). */
int connection_is_usable(const Connection *connection, CURL *easy);

#endif

/* connection.c: see connection.h. */
#include "connection.h"

#include "tls_records.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct Connection {
    Connection *next;
    int fd;
    int local_port, remote_port;
    int is_used;
    int is_tunnel; /* through a proxy's CONNECT: its TLS may lie inside another TLS */
    char remote_ip[INET6_ADDRSTRLEN];
};

void connections_opened(Connections *connections, int fd) {
    Connection *connection = fd >= 0 ? calloc(1, sizeof *connection) : NULL;
    if (!connection) return;
    connections->count++;
    connection->fd = fd;
    connection->next = connections->unnamed;
    connections->unnamed = connection;
}

/* Takes the connection of a descriptor out of a list; NULL if it isn't there. */
static Connection *detach(Connection **place, int fd) {
    while (*place && (*place)->fd != fd) place = &(*place)->next;
    Connection *found = *place;
    if (found) *place = found->next;
    return found;
}

static int port_of(const struct sockaddr_storage *address) {
    if (address->ss_family == AF_INET)
        return ntohs(((const struct sockaddr_in *)address)->sin_port);
    if (address->ss_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
    return 0;
}

static Connection **bucket_of(Connections *connections, int local_port) {
    return &connections->named[(unsigned)local_port % CONNECTION_BUCKETS];
}

void connections_closed(Connections *connections, int fd) {
    struct sockaddr_storage local = {0};
    socklen_t size = sizeof local;
    Connection *found = NULL;
    if (getsockname(fd, (struct sockaddr *)&local, &size) == 0)
        found = detach(bucket_of(connections, port_of(&local)), fd);
    if (!found) found = detach(&connections->unnamed, fd);
    for (int i = 0; !found && i < CONNECTION_BUCKETS; i++)
        found = detach(&connections->named[i], fd);
    if (found) connections->count--;
    free(found);
}

static void free_list(Connection *list) {
    for (Connection *next; list; list = next) {
        next = list->next;
        free(list);
    }
}

void connections_free(Connections *connections) {
    for (int i = 0; i < CONNECTION_BUCKETS; i++) free_list(connections->named[i]);
    free_list(connections->unnamed);
    memset(connections->named, 0, sizeof connections->named);
    connections->unnamed = NULL;
    connections->count = 0;
}

/* Asks the system for the addresses of a connection; 0: it isn't connected yet. */
static int ask_addresses(Connection *connection) {
    struct sockaddr_storage local = {0}, remote = {0};
    socklen_t local_size = sizeof local, remote_size = sizeof remote;
    if (getpeername(connection->fd, (struct sockaddr *)&remote, &remote_size) != 0) return 0;
    if (getsockname(connection->fd, (struct sockaddr *)&local, &local_size) != 0) return 0;
    const void *ip = remote.ss_family == AF_INET6
                         ? (const void *)&((struct sockaddr_in6 *)&remote)->sin6_addr
                         : (const void *)&((struct sockaddr_in *)&remote)->sin_addr;
    connection->local_port = port_of(&local);
    connection->remote_port = port_of(&remote);
    return inet_ntop(remote.ss_family, ip, connection->remote_ip, sizeof connection->remote_ip) !=
           NULL;
}

/* Moves what is connected by now from the unnamed ones to its bucket. */
static void name_connected(Connections *connections) {
    for (Connection **place = &connections->unnamed; *place;) {
        Connection *connection = *place;
        if (!ask_addresses(connection)) {
            place = &connection->next;
            continue;
        }
        Connection **bucket = bucket_of(connections, connection->local_port);
        *place = connection->next;
        connection->next = *bucket;
        *bucket = connection;
    }
}

static Connection *find_named(Connections *connections, const char *remote_ip, int remote_port,
                              int local_port) {
    Connection *connection = *bucket_of(connections, local_port);
    while (connection &&
           (connection->local_port != local_port || connection->remote_port != remote_port ||
            strcmp(connection->remote_ip, remote_ip) != 0))
        connection = connection->next;
    return connection;
}

Connection *connections_find(Connections *connections, const char *remote_ip, int remote_port,
                             int local_port) {
    Connection *found = find_named(connections, remote_ip, remote_port, local_port);
    if (found) return found;
    name_connected(connections);
    return find_named(connections, remote_ip, remote_port, local_port);
}

void connection_use(Connection *connection, CURL *easy) {
    long status = 0;
    if (connection->is_used) return;
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &status);
    connection->is_tunnel = status != 0;
    connection->is_used = 1;
}

int connection_is_usable(const Connection *connection, CURL *easy) {
    char byte;
    if (!connection->is_used) return 1;
    ssize_t got = recv(connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got == 0) return 0;                                                             /* closed */
    if (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) return 0; /* reset */
    return tls_records_are_own(easy, connection->fd, got > 0, connection->is_tunnel);
}

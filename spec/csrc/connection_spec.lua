-- connection_spec.lua: the open sockets of an engine, found by their addresses, and the last look
-- at one before a request leaves on it. (TLS: tls_records_spec.lua; every way to go stale:
-- spec/regress/stale_connection_spec.lua.)

local c_program = require "support.c_program"
local fault = require "support.fault"

local http = require("support.session").new {}

-- Two ends of a connection on loopback, of which `ours` is known to the Connections.
local function prints(body)
   return c_program.output { flags = "-lcurl -ldl", text = ([[
#include "connection.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
static Connections connections;
static int ours, theirs, local_port, remote_port;
static int port_of(int fd) {
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    getsockname(fd, (struct sockaddr *)&address, &size);
    return ntohs(address.sin_port);
}
static void connect_both(int tell) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listening, (struct sockaddr *)&address, size) || listen(listening, 1)) _exit(2);
    getsockname(listening, (struct sockaddr *)&address, &size);
    ours = socket(AF_INET, SOCK_STREAM, 0);
    if (tell) connections_opened(&connections, ours); /* before it is connected, as libcurl does */
    if (connect(ours, (struct sockaddr *)&address, size)) _exit(2);
    theirs = accept(listening, NULL, NULL);
    close(listening);
    local_port = port_of(ours);
    remote_port = ntohs(address.sin_port);
}
static Connection *find(void) { return connections_find(&connections, "127.0.0.1", remote_port, local_port); }
int main(void) {
    CURL *easy = curl_easy_init();
    %s
    connections_free(&connections);
    printf("%%d\n", (int)connections.count);
    curl_easy_cleanup(easy);
    return 0;
}
]]):format(body) }
end

describe("a connection", function()
   it("is found by its addresses, and by no others, until it is closed", function()
      assert.equal("1 1 0 0 0\n0 0\n0", prints [[
    connect_both(1);
    printf("%d %d %d %d %d\n", (int)connections.count, find() != NULL,
        connections_find(&connections, "127.0.0.2", remote_port, local_port) != NULL,
        connections_find(&connections, "127.0.0.1", remote_port + 1, local_port) != NULL,
        connections_find(&connections, "127.0.0.1", remote_port, local_port ^ 256) != NULL);
    connections_closed(&connections, ours);
    close(ours);
    printf("%d %d\n", (int)connections.count, find() != NULL);
]])
   end)

   it("is told from another with the same ports' bucket, and each is closed by itself", function()
      assert.equal("300 300\n299 0 1\n0", prints [[
    int first = 0, first_local = 0, first_remote = 0, found = 0;
    for (int i = 0; i < 300; i++) {
        connect_both(1);
        found += find() != NULL;
        if (i == 0) first = ours, first_local = local_port, first_remote = remote_port;
    }
    printf("%d %d\n", (int)connections.count, found);
    connections_closed(&connections, first);
    printf("%d %d %d\n", (int)connections.count,
        connections_find(&connections, "127.0.0.1", first_remote, first_local) != NULL, find() != NULL);
]])
   end)

   it("that was closed before it was connected is forgotten too", function()
      assert.equal("1\n0\n0\n0", prints [[
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    connections_opened(&connections, fd);
    printf("%d\n", (int)connections.count);
    connections_closed(&connections, fd);
    printf("%d\n", (int)connections.count);
    connections_closed(&connections, fd); /* unknown by now */
    connections_opened(&connections, -1); /* none was opened */
    printf("%d\n", (int)connections.count);
]])
   end)

   it("is usable while it is quiet, and no more once its peer has closed it or sent something", function()
      assert.equal("1 1 0\n1 0\n0", prints [[
    connect_both(1);
    Connection *connection = find();
    int unused = connection_is_usable(connection, easy);
    connection_use(connection, easy);
    int quiet = connection_is_usable(connection, easy);
    if (write(theirs, "x", 1) != 1) return 2;
    printf("%d %d %d\n", unused, quiet, connection_is_usable(connection, easy));
    connect_both(1);
    connection = find();
    connection_use(connection, easy);
    quiet = connection_is_usable(connection, easy);
    close(theirs);
    usleep(10000);
    printf("%d %d\n", quiet, connection_is_usable(connection, easy));
]])
   end)

   it("that no request has used isn't looked at: what came first may be its server's greeting", function()
      assert.equal("1\n0", prints [[
    connect_both(1);
    if (write(theirs, "x", 1) != 1) return 2;
    printf("%d\n", connection_is_usable(find(), easy));
]])
   end)
end)

describe("an engine", function()
   setup(http.start)
   teardown(http.stop)
   before_each(http.open)
   after_each(http.close)

   it("notices before use that the server has closed a connection", function()
      local f = fault.start [[ local _, _, body = read_request() note("got " .. body)
      send "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" close() note "closed" ]]
      assert.equal(200, (http.post(f.url, "first")))
      f:await "closed"
      local status, _, _, reused = http.post(f.url, "second")
      assert.same({ 200, false }, { status, reused })
      f:stop()
   end)
end)

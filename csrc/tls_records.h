/* tls_records.h: tells a TLS session's own records from data, on a connection where nobody expects
 * any.
 *
 * A server may send session tickets and key updates while a connection is idle. They are as
 * encrypted as data is, so only the TLS library can tell them apart. */
#ifndef TWILIO_TLS_RECORDS_H
#define TWILIO_TLS_RECORDS_H

#include <curl/curl.h>

/* Returns 1 if what waits on the handle's connection is none of the peer's data and no end of its
 * stream. fd: the connection's socket; has_bytes: it holds some; is_tunnel: the TLS may run inside
 * another TLS, whose bytes can't be read past libcurl. Bytes count as data if libcurl doesn't use
 * an OpenSSL that we can call: the cost is a handshake more. Over HTTP/2 a server may send frames
 * at any time, and libcurl reads them. */
int tls_records_are_own(CURL *easy, int fd, int has_bytes, int is_tunnel);

#endif

/* session.h: the Lua face of the engine: core.session.
 *
 * The engine is made on first use, and made again in a forked child: a session made before nginx
 * forks its workers serves each of them. Nothing of Lua goes below here. */
#ifndef TWILIO_SESSION_H
#define TWILIO_SESSION_H

#include "class.h"

extern Class session_class;

/* core.session { option = value, ... } -> session | nil, err
 *
 *   ca_file, ca_path          certificates to trust instead of the system's (PEM file, folder)
 *   proxy, no_proxy           as libcurl takes them; else the environment's, "" for none
 *   client_cert, client_key   paths of PEM files
 *   resolve                   array of "host:port:address" that need no name server
 *   http_version              "1.1", or "2" from libcurl 8.5 on
 *   max_response_bytes        default 64 MiB, after decompression
 *   idle_timeout              seconds an unused connection stays good; default 50
 *   max_connections, max_connections_per_host    default 0: no limit
 *   keepalive                 default true */
int session_new(lua_State *L);

/* Pushes an array of the names of these options. */
void session_push_options(lua_State *L);

#endif

/* system.h: what Lua's standard library lacks and a network client needs: a monotonic clock, a
 * sleep shorter than a second, files that nobody else may read, and the platform's name. */
#ifndef TWILIO_SYSTEM_H
#define TWILIO_SYSTEM_H

#include "compat.h"

/* core.now() -> seconds (number) on a clock that never jumps; only differences mean anything. */
int system_now(lua_State *L);

/* core.time() -> epoch seconds (integer), as os.time(), which a sandboxed Lua may lack */
int system_time(lua_State *L);

/* core.sleep(seconds): blocks the process for that long; an interrupting signal doesn't shorten
 * it. */
int system_sleep(lua_State *L);

/* core.descriptor_limit() -> how many descriptors this process may have (RLIMIT_NOFILE; math.huge
 * without a limit) */
int system_descriptor_limit(lua_State *L);

/* core.descriptors_left() -> about how many descriptors this process can still open: those from the
 * lowest free number up to its limit, less any that are open beyond; 0: none at all */
int system_descriptors_left(lua_State *L);

/* core.keep_spare() -> boolean: true if this process has a descriptor in reserve now, false if none
 * was left for it. core.free_spare() -> boolean: true if there was one. It is given up, so that a
 * file can be opened however many are in use: that of a module, see util/lazy.lua. */
int system_keep_spare(lua_State *L);
int system_free_spare(lua_State *L);

/* core.file_size(path) -> bytes (number) | nil, message. Only regular files have one; the file
 * isn't opened, as the open of a FIFO would wait for its writer. */
int system_file_size(lua_State *L);

/* core.write_private_file(path, text) -> true | nil, message. Puts a file with this text in the
 * place of what is there, in one step; only its owner may read it, from its making on. */
int system_write_private_file(lua_State *L);

/* core.make_private(path) -> true: a regular file, which now only its owner may read and write |
 * false: there is no file | nil, message. Doesn't follow a symbolic link in the last segment. */
int system_make_private(lua_State *L);

/* core.platform() -> "linux x86_64": operating system and machine, lower case. */
int system_platform(lua_State *L);

#endif

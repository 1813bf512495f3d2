/* system.c: see system.h. */
#include "system.h"

#include "ascii.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

int system_now(lua_State *L) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    lua_pushnumber(L, (lua_Number)now.tv_sec + (lua_Number)now.tv_nsec / 1e9);
    return 1;
}

int system_time(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)time(NULL));
    return 1;
}

int system_sleep(lua_State *L) {
    lua_Number seconds = luaL_checknumber(L, 1);
    /* !(x > 0) also catches NaN; a day is more than any wait of ours, and keeps the cast in
     * range. */
    if (!(seconds > 0)) return 0;
    if (seconds > 86400) seconds = 86400;
    struct timespec left;
    left.tv_sec = (time_t)seconds;
    left.tv_nsec = (long)((seconds - (lua_Number)left.tv_sec) * 1e9);
    while (nanosleep(&left, &left) == -1 && errno == EINTR) {}
    return 0;
}

static lua_Number descriptor_limit(void) {
    struct rlimit limit;
    int is_limited = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
    return is_limited ? (lua_Number)limit.rlim_cur : (lua_Number)HUGE_VAL;
}

int system_descriptor_limit(lua_State *L) {
    lua_pushnumber(L, descriptor_limit());
    return 1;
}

/* A descriptor of no use, on the lowest free number; needs no file. -1 with errno. */
static int open_dummy(void) {
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd >= 0) fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}

int system_descriptors_left(lua_State *L) {
    int lowest_free = open_dummy();
    if (lowest_free >= 0) close(lowest_free);
    lua_pushnumber(L, lowest_free >= 0 ? descriptor_limit() - (lua_Number)lowest_free : 0);
    return 1;
}

/* One for the whole process; -1: none. States in several threads may take it at once. */
static atomic_int spare = -1;

int system_keep_spare(lua_State *L) {
    int none = -1, is_kept = atomic_load(&spare) >= 0;
    if (!is_kept) {
        int opened = open_dummy();
        is_kept = opened >= 0;
        if (is_kept && !atomic_compare_exchange_strong(&spare, &none, opened)) close(opened);
    }
    lua_pushboolean(L, is_kept);
    return 1;
}

int system_free_spare(lua_State *L) {
    int fd = atomic_exchange(&spare, -1);
    if (fd >= 0) close(fd);
    lua_pushboolean(L, fd >= 0);
    return 1;
}

int system_file_size(lua_State *L) {
    size_t size;
    struct stat status;
    const char *path = luaL_checklstring(L, 1, &size), *message = NULL;
    if (strlen(path) != size) message = "its path holds a NUL";
    else if (stat(path, &status) != 0) message = strerror(errno);
    else if (!S_ISREG(status.st_mode)) message = "it is no regular file and has no known size";
    if (!message) {
        lua_pushinteger(L, (lua_Integer)status.st_size);
        return 1;
    }
    lua_pushnil(L);
    lua_pushstring(L, message);
    return 2;
}

/* Writes all of a text, onto the disk. Returns NULL, or why it can't. */
static const char *write_all(int fd, const char *text, size_t size) {
    while (size > 0) {
        ssize_t written = write(fd, text, size);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return strerror(errno);
        text += written;
        size -= (size_t)written;
    }
    return fsync(fd) == 0 ? NULL : strerror(errno);
}

int system_write_private_file(lua_State *L) {
    size_t path_size, size;
    const char *path = luaL_checklstring(L, 1, &path_size), *text = luaL_checklstring(L, 2, &size);
    luaL_argcheck(L, strlen(path) == path_size, 1, "the path holds a NUL");
    const char *new_path = lua_pushfstring(L, "%s.new", path);
    unlink(new_path); /* a leftover, or a link that somebody put there */
    int fd =
        open(new_path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    const char *message = fd < 0 ? strerror(errno) : NULL;
    /* fchmod gives back what a strict umask took. */
    if (!message && fchmod(fd, S_IRUSR | S_IWUSR) != 0) message = strerror(errno);
    if (!message) message = write_all(fd, text, size);
    if (fd >= 0 && close(fd) != 0 && !message) message = strerror(errno);
    if (!message && rename(new_path, path) != 0) message = strerror(errno);
    if (!message) {
        lua_pushboolean(L, 1);
        return 1;
    }
    if (fd >= 0) unlink(new_path);
    lua_pushnil(L);
    lua_pushfstring(L, "%s: %s", path, message);
    return 2;
}

int system_make_private(lua_State *L) {
    size_t size;
    const char *path = luaL_checklstring(L, 1, &size), *message = NULL;
    luaL_argcheck(L, strlen(path) == size, 1, "the path holds a NUL");
    /* O_NONBLOCK: the open of a FIFO would wait for its writer. */
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int saved = errno, is_absent = fd < 0 && saved == ENOENT;
    struct stat status;
    if (fd < 0) message = saved == ELOOP ? "it is a symbolic link" : strerror(saved);
    else if (fstat(fd, &status) != 0) message = strerror(errno);
    else if (!S_ISREG(status.st_mode)) message = "it is no regular file";
    else if ((status.st_mode & 0777) != 0600 && fchmod(fd, 0600) != 0) message = strerror(errno);
    if (fd >= 0) close(fd);
    if (!message || is_absent) {
        lua_pushboolean(L, !is_absent);
        return 1;
    }
    lua_pushnil(L);
    lua_pushstring(L, message);
    return 2;
}

static void push_lower(lua_State *L, const char *text) {
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    for (; *text; text++) luaL_addchar(&buffer, ascii_lower(*text));
    luaL_pushresult(&buffer);
}

int system_platform(lua_State *L) {
    struct utsname name;
    if (uname(&name) == -1) {
        lua_pushliteral(L, "unknown");
        return 1;
    }
    push_lower(L, name.sysname);
    lua_pushliteral(L, " ");
    push_lower(L, name.machine);
    lua_concat(L, 3);
    return 1;
}

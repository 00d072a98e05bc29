/* Files, folders and links. Nothing here waits for a device: that is reader.c. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host.h"

const char *host_text(JSContext *ctx, JSValueConst value)
{
    size_t length;
    const char *text = JS_ToCStringLen(ctx, &length, value);

    if (text && strlen(text) != length) {
        JS_FreeCString(ctx, text);
        JS_ThrowTypeError(ctx, "a NUL character inside a path or argument");
        return NULL;
    }
    return text;
}

/* O_NONBLOCK: a FIFO in the place of a file must not stop the boot. */
HOST_FUNCTION(host_open_to_read)
{
    const char *path = host_text(ctx, argv[0]);
    int fd;

    if (!path)
        return JS_EXCEPTION;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    JS_FreeCString(ctx, path);
    return host_result(ctx, fd, errno);
}

/* openToWrite(path, fresh): fresh files only where nothing is yet (no link is followed); else as a shell's `>`. */
HOST_FUNCTION(host_open_to_write)
{
    const char *path = host_text(ctx, argv[0]);
    int fd, how = JS_ToBool(ctx, argv[1]) ? O_EXCL | O_NOFOLLOW : O_TRUNC;

    if (!path)
        return JS_EXCEPTION;
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | how, 0644);
    JS_FreeCString(ctx, path);
    return host_result(ctx, fd, errno);
}

/* read(fd, mostBytes): an ArrayBuffer, empty at the end. */
HOST_FUNCTION(host_read)
{
    int fd;
    uint32_t most;
    uint8_t buffer[65536];
    ssize_t got;

    if (JS_ToInt32(ctx, &fd, argv[0]) || JS_ToUint32(ctx, &most, argv[1]))
        return JS_EXCEPTION;
    if (most > sizeof buffer)
        most = sizeof buffer;
    do
        got = read(fd, buffer, most);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return host_result(ctx, got, errno);
    return JS_NewArrayBufferCopy(ctx, buffer, (size_t)got);
}

/* write(fd, text, fromByte): how many bytes were taken; 0 when all from there on are written already. */
HOST_FUNCTION(host_write)
{
    int fd;
    size_t length;
    uint32_t from;
    const char *text;
    ssize_t put = 0;
    int error;

    if (JS_ToInt32(ctx, &fd, argv[0]) || JS_ToUint32(ctx, &from, argv[2]))
        return JS_EXCEPTION;
    text = JS_ToCStringLen(ctx, &length, argv[1]);
    if (!text)
        return JS_EXCEPTION;
    if (from < length)
        do
            put = write(fd, text + from, length - from);
        while (put < 0 && errno == EINTR);
    error = errno;
    JS_FreeCString(ctx, text);
    return host_result(ctx, put, error);
}

HOST_FUNCTION(host_sync)
{
    int fd;

    if (JS_ToInt32(ctx, &fd, argv[0]))
        return JS_EXCEPTION;
    return host_outcome(ctx, fsync(fd));
}

HOST_FUNCTION(host_close)
{
    int fd;

    if (JS_ToInt32(ctx, &fd, argv[0]))
        return JS_EXCEPTION;
    return host_outcome(ctx, close(fd));
}

/* Names without `.` and `..`, in no order. */
HOST_FUNCTION(host_list)
{
    const char *path = host_text(ctx, argv[0]);
    DIR *folder;
    struct dirent *entry;
    JSValue names;
    uint32_t count = 0;
    int error;

    if (!path)
        return JS_EXCEPTION;
    folder = opendir(path);
    error = errno;
    JS_FreeCString(ctx, path);
    if (!folder)
        return host_result(ctx, -1, error);
    names = JS_NewArray(ctx);
    while (!JS_IsException(names) && (entry = readdir(folder))) {
        JSValue name;

        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        name = JS_NewString(ctx, entry->d_name);
        if (JS_IsException(name) || JS_SetPropertyUint32(ctx, names, count++, name) < 0) {
            JS_FreeValue(ctx, names);
            names = JS_EXCEPTION;
        }
    }
    closedir(folder);
    return names;
}

HOST_FUNCTION(host_read_link)
{
    const char *path = host_text(ctx, argv[0]);
    char target[PATH_MAX];
    ssize_t length;

    if (!path)
        return JS_EXCEPTION;
    length = readlink(path, target, sizeof target);
    JS_FreeCString(ctx, path);
    if (length < 0)
        return host_result(ctx, length, errno);
    return JS_NewStringLen(ctx, target, (size_t)length);
}

HOST_FUNCTION(host_real_path)
{
    const char *path = host_text(ctx, argv[0]);
    char target[PATH_MAX];
    const char *found;

    if (!path)
        return JS_EXCEPTION;
    found = realpath(path, target);
    JS_FreeCString(ctx, path);
    return found ? JS_NewString(ctx, found) : host_result(ctx, -1, errno);
}

static JSValue call_with_path(JSContext *ctx, JSValueConst value, int (*call)(const char *))
{
    const char *path = host_text(ctx, value);
    int result;

    if (!path)
        return JS_EXCEPTION;
    result = call(path);
    JS_FreeCString(ctx, path);
    return host_result(ctx, result, errno);
}

static int is_there(const char *path)
{
    return access(path, F_OK);
}

static int make_folder(const char *path)
{
    return mkdir(path, 0755);
}

HOST_FUNCTION(host_access)
{
    return call_with_path(ctx, argv[0], is_there);
}

HOST_FUNCTION(host_remove)
{
    return call_with_path(ctx, argv[0], unlink);
}

HOST_FUNCTION(host_make_folder)
{
    return call_with_path(ctx, argv[0], make_folder);
}

static JSValue call_with_paths(JSContext *ctx, JSValueConst *argv, int (*call)(const char *, const char *))
{
    const char *first = host_text(ctx, argv[0]);
    const char *second = first ? host_text(ctx, argv[1]) : NULL;
    JSValue result = second ? host_outcome(ctx, call(first, second)) : JS_EXCEPTION;

    JS_FreeCString(ctx, first);
    JS_FreeCString(ctx, second);
    return result;
}

/* rename(from, to) */
HOST_FUNCTION(host_rename)
{
    return call_with_paths(ctx, argv, rename);
}

static int create_link(const char *path, const char *target)
{
    return symlink(target, path);
}

/* createLink(path, target): only where nothing is yet. */
HOST_FUNCTION(host_create_link)
{
    return call_with_paths(ctx, argv, create_link);
}

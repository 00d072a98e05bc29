/*
 * Reads of block devices. A dying disk answers after half a minute or never, so each read has a thread of its own: the
 * countdown, the keys and the sign of life go on. Finished reads come back through a pipe that the event loop watches.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

enum { MOST_BYTES = 1 << 20, STACK_BYTES = 64 << 10, BLOCK_BYTES = 4096 };

struct read_request {
    int32_t id;
    int finished_fd;
    int error;
    int64_t offset;
    uint32_t length;
    /* Whole blocks around what was asked for, which begins at window + skip. */
    uint8_t *window;
    uint32_t skip;
    uint32_t window_bytes;
    char *path;
};

static void free_request(struct read_request *request)
{
    free(request->window);
    free(request->path);
    free(request);
}

static int fill_window(struct read_request *request, int flags)
{
    uint32_t done = 0, needed = request->skip + request->length;
    int fd = open(request->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags);
    int error = fd < 0 ? errno : 0;

    while (!error && done < needed) {
        ssize_t got = pread(fd, request->window + done, request->window_bytes - done,
                            request->offset - request->skip + done);

        if (got > 0)
            done += (uint32_t)got;
        else if (got == 0)
            error = ENODATA;
        else if (errno != EINTR)
            error = errno;
    }
    if (fd >= 0)
        close(fd);
    return error;
}

/*
 * Past the page cache, since md writes superblocks past it too: while an array holds a device, what was cached of it once
 * is never read again. Files that cannot be read so (tmpfs) are read as usual.
 */
static int read_whole(struct read_request *request)
{
    return fill_window(request, O_DIRECT) ? fill_window(request, 0) : 0;
}

static void *serve(void *argument)
{
    struct read_request *request = argument;

    request->error = read_whole(request);
    /* Atomic: a pointer is far below PIPE_BUF. */
    while (write(request->finished_fd, &request, sizeof request) < 0 && errno == EINTR)
        ;
    return NULL;
}

static int begin(struct read_request *request)
{
    pthread_attr_t attributes;
    pthread_t thread;
    int error = pthread_attr_init(&attributes);

    if (error)
        return error;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    error = pthread_create(&thread, &attributes, serve, request);
    pthread_attr_destroy(&attributes);
    return error;
}

/* beginReadAt(id, path, offset, length, finishedFd) */
HOST_FUNCTION(host_begin_read_at)
{
    struct read_request *request = calloc(1, sizeof *request);
    const char *path = NULL;
    int error = ENOMEM;

    if (!request)
        return host_result(ctx, -1, ENOMEM);
    if (JS_ToInt32(ctx, &request->id, argv[0]) || !(path = host_text(ctx, argv[1])) ||
        JS_ToInt64(ctx, &request->offset, argv[2]) || JS_ToUint32(ctx, &request->length, argv[3]) ||
        JS_ToInt32(ctx, &request->finished_fd, argv[4])) {
        JS_FreeCString(ctx, path);
        free_request(request);
        return JS_EXCEPTION;
    }
    if (request->length == 0 || request->length > MOST_BYTES || request->offset < 0) {
        error = EINVAL;
    } else {
        request->skip = (uint32_t)(request->offset % BLOCK_BYTES);
        request->window_bytes = (request->skip + request->length + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
        request->window = aligned_alloc(BLOCK_BYTES, request->window_bytes);
        request->path = strdup(path);
        if (request->path && request->window)
            error = begin(request);
    }
    JS_FreeCString(ctx, path);
    if (error)
        free_request(request);
    return host_result(ctx, error ? -1 : 0, error);
}

/* takeReadAt(fd): [id, ArrayBuffer or negated errno] of one finished read. */
HOST_FUNCTION(host_take_read_at)
{
    struct read_request *request;
    JSValue pair;
    int fd;

    if (JS_ToInt32(ctx, &fd, argv[0]))
        return JS_EXCEPTION;
    if (read(fd, &request, sizeof request) != sizeof request)
        return host_result(ctx, -1, EAGAIN);
    pair = JS_NewArray(ctx);
    if (!JS_IsException(pair)) {
        JS_SetPropertyUint32(ctx, pair, 0, JS_NewInt32(ctx, request->id));
        JS_SetPropertyUint32(ctx, pair, 1,
                             request->error ? host_result(ctx, -1, request->error)
                                            : JS_NewArrayBufferCopy(ctx, request->window + request->skip,
                                                                     request->length));
    }
    free_request(request);
    return pair;
}

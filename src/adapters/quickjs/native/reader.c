/*
 * Reads of block devices. A dying disk answers after minutes or never, and nothing ends a process, or any of its threads,
 * that waits for one: so reads are done in processes of their own, and the engine can always go on, and end.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "host.h"

enum { MAX_BYTES = 1 << 20, BLOCK_BYTES = 4096, PATH_BYTES = 1024 };

/* Below PIPE_BUF: written and read whole. */
struct request {
    int64_t offset;
    uint32_t length;
    char path[PATH_BYTES];
};

/* What was asked for begins at bytes + skip. */
struct window {
    uint8_t *bytes;
    uint32_t skip;
};

/* Whole blocks around what was asked for. */
static int fill(const struct window *window, const struct request *request, int flags)
{
    uint32_t done = 0, needed = window->skip + request->length;
    uint32_t size = (needed + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    int fd = open(request->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags);

    if (fd < 0)
        return -1;
    while (done < needed) {
        ssize_t got = pread(fd, window->bytes + done, size - done, request->offset - window->skip + done);

        if (got == 0 || (got < 0 && errno != EINTR))
            break;
        if (got > 0)
            done += (uint32_t)got;
    }
    close(fd);
    return done < needed ? -1 : 0;
}

static void put(const uint8_t *bytes, uint32_t length)
{
    while (length > 0) {
        ssize_t taken = write(STDOUT_FILENO, bytes, length);

        if (taken < 0 && errno != EINTR)
            _exit(1);
        if (taken > 0) {
            bytes += taken;
            length -= (uint32_t)taken;
        }
    }
}

/* Answers with the byte 1 and what was asked for, or with the byte 0. */
__attribute__((noreturn)) static void serve(void)
{
    static const uint8_t good = 1, bad = 0;
    struct request request;
    struct window window = { .bytes = aligned_alloc(BLOCK_BYTES, MAX_BYTES + BLOCK_BYTES) };

    while (window.bytes && read(STDIN_FILENO, &request, sizeof request) == (ssize_t)sizeof request) {
        window.skip = (uint32_t)(request.offset % BLOCK_BYTES);
        /*
         * Past the page cache, since md writes superblocks past it too: while an array holds a device, what was cached of it
         * once is never read again. Files that cannot be read so (tmpfs) are read as usual.
         */
        if (fill(&window, &request, O_DIRECT) && fill(&window, &request, 0)) {
            put(&bad, 1);
        } else {
            put(&good, 1);
            put(window.bytes + window.skip, request.length);
        }
    }
    _exit(0);
}

/* startReader(): [pid, to ask, to hear]. It ends with the engine. */
HOST_FUNCTION(host_start_reader)
{
    int asking[2], hearing[2], numbers[3], error;
    pid_t pid, parent = getpid();
    JSValue list;

    if (pipe2(asking, O_CLOEXEC) < 0)
        return host_result(ctx, -1, errno);
    if (pipe2(hearing, O_CLOEXEC) < 0) {
        error = errno;
        close(asking[0]);
        close(asking[1]);
        return host_result(ctx, -1, error);
    }
    pid = fork();
    error = errno;
    if (pid == 0) {
        /* Nothing of the engine stays open in a process that may stay. */
        if (dup2(asking[0], STDIN_FILENO) < 0 || dup2(hearing[1], STDOUT_FILENO) < 0)
            _exit(1);
        closefrom(STDERR_FILENO);
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
            _exit(1);
        serve();
    }
    close(asking[0]);
    close(hearing[1]);
    if (pid < 0) {
        close(asking[1]);
        close(hearing[0]);
        return host_result(ctx, -1, error);
    }
    fcntl(hearing[0], F_SETFL, O_NONBLOCK);
    list = JS_NewArray(ctx);
    numbers[0] = pid;
    numbers[1] = asking[1];
    numbers[2] = hearing[0];
    for (uint32_t i = 0; i < 3 && !JS_IsException(list); i++)
        JS_SetPropertyUint32(ctx, list, i, JS_NewInt32(ctx, numbers[i]));
    return list;
}

/* askReader(fd, path, offset, length) */
HOST_FUNCTION(host_ask_reader)
{
    struct request request;
    const char *path;
    int fd;
    size_t path_bytes;

    memset(&request, 0, sizeof request);
    if (JS_ToInt32(ctx, &fd, argv[0]) || JS_ToInt64(ctx, &request.offset, argv[2]) ||
        JS_ToUint32(ctx, &request.length, argv[3]) || !(path = host_text(ctx, argv[1])))
        return JS_EXCEPTION;
    path_bytes = strlen(path) + 1;
    if (path_bytes <= sizeof request.path)
        memcpy(request.path, path, path_bytes);
    JS_FreeCString(ctx, path);
    if (path_bytes > sizeof request.path || request.length == 0 || request.length > MAX_BYTES || request.offset < 0)
        return host_result(ctx, -1, EINVAL);
    return host_outcome(ctx, write(fd, &request, sizeof request));
}

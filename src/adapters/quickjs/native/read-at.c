/*
 * Reads of block devices. A dying disk answers after minutes or never, and nothing ends a process, or any of its threads,
 * that waits for one: so each read has a process of its own, and the engine can always go on, and end.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "host.h"

enum { MOST_BYTES = 1 << 20, BLOCK_BYTES = 4096 };

struct window {
    /* Whole blocks around what was asked for, which begins at bytes + skip. */
    uint8_t *bytes;
    uint32_t size;
    uint32_t skip;
    uint32_t length;
    int64_t offset;
};

static int fill(const struct window *window, const char *path, int flags)
{
    uint32_t done = 0, needed = window->skip + window->length;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags);

    if (fd < 0)
        return -1;
    while (done < needed) {
        ssize_t got = pread(fd, window->bytes + done, window->size - done, window->offset - window->skip + done);

        if (got == 0 || (got < 0 && errno != EINTR))
            break;
        if (got > 0)
            done += (uint32_t)got;
    }
    close(fd);
    return done < needed ? -1 : 0;
}

/*
 * Past the page cache, since md writes superblocks past it too: while an array holds a device, what was cached of it once
 * is never read again. Files that cannot be read so (tmpfs) are read as usual.
 */
__attribute__((noreturn)) static void serve(const char *path, int64_t offset, uint32_t length, int out, pid_t parent)
{
    struct window window = { .skip = (uint32_t)(offset % BLOCK_BYTES), .length = length, .offset = offset };

    /* Nothing of the engine stays open in a process that may stay. */
    if (dup2(out, 0) < 0)
        _exit(1);
    closefrom(1);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
        _exit(1);
    window.size = (window.skip + length + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    window.bytes = aligned_alloc(BLOCK_BYTES, window.size);
    if (!window.bytes || (fill(&window, path, O_DIRECT) && fill(&window, path, 0)))
        _exit(1);
    for (uint32_t done = 0; done < length;) {
        ssize_t put = write(0, window.bytes + window.skip + done, length - done);

        if (put < 0 && errno != EINTR)
            _exit(1);
        if (put > 0)
            done += (uint32_t)put;
    }
    _exit(0);
}

/* beginReadAt(path, offset, length): [pid, fd]; the descriptor gives that many bytes and ends, or fewer when it failed. */
HOST_FUNCTION(host_begin_read_at)
{
    const char *path;
    int64_t offset;
    uint32_t length;
    int ends[2], error = 0;
    pid_t pid = -1, parent = getpid();
    JSValue pair;

    if (JS_ToInt64(ctx, &offset, argv[1]) || JS_ToUint32(ctx, &length, argv[2]) || !(path = host_text(ctx, argv[0])))
        return JS_EXCEPTION;
    if (length == 0 || length > MOST_BYTES || offset < 0)
        error = EINVAL;
    else if (pipe2(ends, O_CLOEXEC) < 0)
        error = errno;
    else {
        pid = fork();
        if (pid == 0)
            serve(path, offset, length, ends[1], parent);
        error = pid < 0 ? errno : 0;
        close(ends[1]);
        if (error)
            close(ends[0]);
    }
    JS_FreeCString(ctx, path);
    if (error)
        return host_result(ctx, -1, error);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    pair = JS_NewArray(ctx);
    if (JS_IsException(pair))
        return pair;
    JS_SetPropertyUint32(ctx, pair, 0, JS_NewInt32(ctx, pid));
    JS_SetPropertyUint32(ctx, pair, 1, JS_NewInt32(ctx, ends[0]));
    return pair;
}

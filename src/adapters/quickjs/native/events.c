/* What the event loop stands on: the clock, waiting for descriptors, and signals as a descriptor. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "host.h"

enum { MAX_FDS = 256 };

HOST_FUNCTION(host_now_ms)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return JS_NewFloat64(ctx, (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6);
}

/* poll(fds, toWrite, timeoutMs): the places of those that are ready; toWrite[i] says what for. A closed one is ready. */
HOST_FUNCTION(host_poll)
{
    struct pollfd fds[MAX_FDS];
    uint32_t count, ready_count = 0;
    int timeout_ms, ready;
    JSValue value = JS_GetPropertyStr(ctx, argv[0], "length"), list;

    if (JS_ToUint32(ctx, &count, value) || JS_ToInt32(ctx, &timeout_ms, argv[2]))
        return JS_EXCEPTION;
    if (count > MAX_FDS)
        return JS_ThrowRangeError(ctx, "more than %d descriptors", MAX_FDS);
    for (uint32_t i = 0; i < count; i++) {
        value = JS_GetPropertyUint32(ctx, argv[1], i);
        fds[i].events = JS_ToBool(ctx, value) ? POLLOUT : POLLIN;
        fds[i].revents = 0;
        JS_FreeValue(ctx, value);
        value = JS_GetPropertyUint32(ctx, argv[0], i);
        if (JS_ToInt32(ctx, &fds[i].fd, value))
            return JS_EXCEPTION;
    }
    ready = poll(fds, count, timeout_ms);
    list = JS_NewArray(ctx);
    for (uint32_t i = 0; ready > 0 && i < count && !JS_IsException(list); i++)
        if (fds[i].revents)
            JS_SetPropertyUint32(ctx, list, ready_count++, JS_NewUint32(ctx, i));
    return list;
}

/* From here on these signals come only through the descriptor. */
HOST_FUNCTION(host_open_signals)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGQUIT);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    return host_outcome(ctx, signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

/* The number of the next signal, 0 when there is none. */
HOST_FUNCTION(host_take_signal)
{
    struct signalfd_siginfo info;
    int fd;

    if (JS_ToInt32(ctx, &fd, argv[0]))
        return JS_EXCEPTION;
    return JS_NewInt32(ctx, read(fd, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0);
}

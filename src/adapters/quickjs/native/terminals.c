/*
 * Terminals without echo and line editing, and back. A guard process gives them back when the engine is killed in a way
 * that leaves it no word (SIGKILL from the watchdog, a crash): a rescue shell without echo would be no help to anyone.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kd.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "host.h"

enum { MAX_TERMINALS = 32 };

static struct {
    int fd;
    struct termios before;
} raw[MAX_TERMINALS];
static int raw_count;
static int guard_fd = -1;
static pid_t guard_pid;

/*
 * What was typed meanwhile was meant for the engine: a Return that came too late must not answer whoever asks next, such as
 * cryptsetup for a passphrase. Before the mode changes, since what is left then counts as a line already, and after it. Not
 * TCSAFLUSH, which waits for a line that takes nothing.
 */
static void restore_all(void)
{
    for (int i = 0; i < raw_count; i++) {
        tcflush(raw[i].fd, TCIFLUSH);
        tcsetattr(raw[i].fd, TCSANOW, &raw[i].before);
        tcflush(raw[i].fd, TCIFLUSH);
    }
    raw_count = 0;
}

void restore_terminals(void)
{
    restore_all();
    if (guard_fd < 0)
        return;
    /* The word that all is well; without it the guard restores what it knows. */
    if (write(guard_fd, "", 1) == 1)
        waitpid(guard_pid, NULL, 0);
    close(guard_fd);
    guard_fd = -1;
}

HOST_FUNCTION(host_restore_terminals)
{
    restore_terminals();
    return JS_UNDEFINED;
}

HOST_FUNCTION(host_open_terminal)
{
    const char *path = host_text(ctx, argv[0]);
    int fd;

    if (!path)
        return JS_EXCEPTION;
    fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    JS_FreeCString(ctx, path);
    return host_result(ctx, fd, errno);
}

/* showsPicture(path): whether a virtual terminal is in graphics mode, so that what is written there is not seen. */
HOST_FUNCTION(host_shows_picture)
{
    const char *path = host_text(ctx, argv[0]);
    int fd, mode = KD_TEXT;

    if (!path)
        return JS_EXCEPTION;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    JS_FreeCString(ctx, path);
    if (fd >= 0) {
        ioctl(fd, KDGETMODE, &mode);
        close(fd);
    }
    return JS_NewBool(ctx, mode == KD_GRAPHICS);
}

/* showText(path): out of graphics mode, where whoever set it no longer draws. */
HOST_FUNCTION(host_show_text)
{
    const char *path = host_text(ctx, argv[0]);
    int fd, result, error;

    if (!path)
        return JS_EXCEPTION;
    fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    JS_FreeCString(ctx, path);
    if (fd < 0)
        return host_result(ctx, -1, errno);
    result = ioctl(fd, KDSETMODE, KD_TEXT);
    error = errno;
    close(fd);
    return host_result(ctx, result, error);
}

HOST_FUNCTION(host_make_raw)
{
    struct termios mode;
    int fd;

    if (JS_ToInt32(ctx, &fd, argv[0]))
        return JS_EXCEPTION;
    if (raw_count == MAX_TERMINALS)
        return host_result(ctx, -1, ENOSPC);
    if (tcgetattr(fd, &mode) < 0)
        return host_result(ctx, -1, errno);
    raw[raw_count].fd = fd;
    raw[raw_count].before = mode;
    raw_count++;
    mode.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INPCK | ISTRIP | IXON);
    mode.c_oflag |= OPOST | ONLCR;
    mode.c_lflag &= ~(tcflag_t)(ECHO | ICANON | IEXTEN | ISIG);
    mode.c_cc[VMIN] = 1;
    mode.c_cc[VTIME] = 0;
    return host_outcome(ctx, tcsetattr(fd, TCSANOW, &mode));
}

/* Starts the guard, once all terminals are raw. */
HOST_FUNCTION(host_guard_terminals)
{
    int ends[2];
    char word;
    ssize_t got;

    if (guard_fd >= 0 || raw_count == 0)
        return JS_NewInt32(ctx, 0);
    if (pipe2(ends, O_CLOEXEC) < 0)
        return host_result(ctx, -1, errno);
    guard_pid = fork();
    if (guard_pid == 0) {
        setsid();
        signal(SIGTTOU, SIG_IGN);
        signal(SIGHUP, SIG_IGN);
        signal(SIGINT, SIG_IGN);
        signal(SIGTERM, SIG_IGN);
        close(ends[1]);
        do
            got = read(ends[0], &word, 1);
        while (got < 0 && errno == EINTR);
        if (got != 1)
            restore_all();
        _exit(0);
    }
    close(ends[0]);
    if (guard_pid < 0) {
        int error = errno;

        close(ends[1]);
        return host_result(ctx, -1, error);
    }
    guard_fd = ends[1];
    return JS_NewInt32(ctx, 0);
}

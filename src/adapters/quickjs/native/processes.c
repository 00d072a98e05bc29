/* Child processes: argument vectors, a fixed environment, and none that outlives the engine. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"

enum { MAX_WORDS = 4096 };

static void free_words(JSContext *ctx, char **words)
{
    if (!words)
        return;
    for (char **word = words; *word; word++)
        JS_FreeCString(ctx, *word);
    js_free(ctx, words);
}

/* A NULL-terminated vector of an array of strings; NULL with an exception pending. */
static char **words_of(JSContext *ctx, JSValueConst array)
{
    JSValue value = JS_GetPropertyStr(ctx, array, "length");
    uint32_t count;
    char **words;

    if (JS_ToUint32(ctx, &count, value))
        return NULL;
    if (count > MAX_WORDS) {
        JS_ThrowRangeError(ctx, "more than %d words", MAX_WORDS);
        return NULL;
    }
    words = js_mallocz(ctx, (count + 1) * sizeof *words);
    for (uint32_t i = 0; words && i < count; i++) {
        value = JS_GetPropertyUint32(ctx, array, i);
        words[i] = (char *)host_text(ctx, value);
        JS_FreeValue(ctx, value);
        if (!words[i]) {
            free_words(ctx, words);
            words = NULL;
        }
    }
    return words;
}

struct child {
    char **words;
    char **environment;
    int fds[3];
    int death_signal;
    pid_t parent;
};

/* In the child, between fork and exec; what fails is reported through error_fd. */
static void become(const struct child *child, int error_fd)
{
    sigset_t none;
    int moved[3];
    int error;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGTTIN, SIG_DFL);
    signal(SIGTTOU, SIG_DFL);
    setsid();
    /* Nobody is left to read its result or to time it out once the engine is gone. */
    if (child->death_signal && (prctl(PR_SET_PDEATHSIG, child->death_signal) || getppid() != child->parent))
        _exit(127);
    for (int i = 0; i < 3; i++)
        if ((moved[i] = fcntl(child->fds[i], F_DUPFD_CLOEXEC, 3)) < 0)
            goto failed;
    for (int i = 0; i < 3; i++)
        if (dup2(moved[i], i) < 0)
            goto failed;
    environ = child->environment;
    execvp(child->words[0], child->words);
failed:
    error = errno;
    while (write(error_fd, &error, sizeof error) < 0 && errno == EINTR)
        ;
    _exit(127);
}

/* The process id, or the negated errno of the fork or of the exec. */
static int start(struct child *child)
{
    int ends[2], error = 0;
    ssize_t got;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    child->parent = getpid();
    pid = fork();
    if (pid == 0)
        become(child, ends[1]);
    error = pid < 0 ? errno : 0;
    close(ends[1]);
    if (pid > 0) {
        do
            got = read(ends[0], &error, sizeof error);
        while (got < 0 && errno == EINTR);
        if (got == (ssize_t)sizeof error)
            waitpid(pid, NULL, 0);
        else
            error = 0;
    }
    close(ends[0]);
    return error ? -error : pid;
}

/* spawn(words, environment, stdin, stdout, stderr, deathSignal): in a session and process group of its own. */
HOST_FUNCTION(host_spawn)
{
    struct child child = { 0 };
    JSValue result = JS_EXCEPTION;

    child.words = words_of(ctx, argv[0]);
    child.environment = child.words ? words_of(ctx, argv[1]) : NULL;
    if (child.environment && !JS_ToInt32(ctx, &child.fds[0], argv[2]) &&
        !JS_ToInt32(ctx, &child.fds[1], argv[3]) && !JS_ToInt32(ctx, &child.fds[2], argv[4]) &&
        !JS_ToInt32(ctx, &child.death_signal, argv[5]))
        result = JS_NewInt32(ctx, child.words[0] ? start(&child) : -EINVAL);
    free_words(ctx, child.words);
    free_words(ctx, child.environment);
    return result;
}

/* wait(pid): the exit status; 1000 + the signal that ended it; null while it runs. */
HOST_FUNCTION(host_wait)
{
    int pid, status = 0;
    pid_t ended;

    if (JS_ToInt32(ctx, &pid, argv[0]))
        return JS_EXCEPTION;
    do
        ended = waitpid(pid, &status, WNOHANG);
    while (ended < 0 && errno == EINTR);
    if (ended == 0)
        return JS_NULL;
    if (ended < 0)
        return host_result(ctx, -1, errno);
    return JS_NewInt32(ctx, WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status));
}

HOST_FUNCTION(host_kill)
{
    int pid, number;

    if (JS_ToInt32(ctx, &pid, argv[0]) || JS_ToInt32(ctx, &number, argv[1]))
        return JS_EXCEPTION;
    return host_outcome(ctx, kill(pid, number));
}

/* pipe(): [to read, to write]; both close on exec, the reading end does not block. */
HOST_FUNCTION(host_pipe)
{
    int ends[2];
    JSValue pair;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return host_result(ctx, -1, errno);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    pair = JS_NewArray(ctx);
    if (JS_IsException(pair))
        return pair;
    JS_SetPropertyUint32(ctx, pair, 0, JS_NewInt32(ctx, ends[0]));
    JS_SetPropertyUint32(ctx, pair, 1, JS_NewInt32(ctx, ends[1]));
    return pair;
}

HOST_FUNCTION(host_process_id)
{
    return JS_NewInt32(ctx, getpid());
}

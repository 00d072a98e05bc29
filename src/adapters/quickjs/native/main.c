/*
 * The boot engine: precompiled JavaScript on QuickJS, in one static program.
 *
 * There is no parser of JavaScript in it (no eval, no Function, no dynamic import: the code for it is not linked), no
 * environment (see forget_environment), and a bound on its memory. Whatever goes wrong ends it with status 1 and the
 * terminals as they were: the boot scripts then give the distribution's own way back.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "host.h"

enum { MEMORY_BYTES = 96 << 20, COLLECT_FROM_BYTES = 4 << 20, STACK_BYTES = 1 << 20, MAX_REJECTIONS = 64, EXIT_BROKEN = 1, BOOT_NICE = -10 };

extern const uint8_t engine_bytecode[];
extern const uint32_t engine_bytecode_size;
/* The command "gate" alone, which udev runs for each member: reading all of the engine is most of what a start takes. The help is not in it. */
extern const uint8_t gate_bytecode[];
extern const uint32_t gate_bytecode_size;

static JSContext *context;
static JSValue turn;
static JSValue arguments;

/* Promises that were rejected before anyone listened: an error when still so after all pending work is done. */
static JSValue rejected[MAX_REJECTIONS];
static int rejected_count;

static void say(const char *text)
{
    if (write(STDERR_FILENO, text, strlen(text)) < 0)
        return;
}

static void say_property(JSValueConst error, const char *name)
{
    JSValue value = name ? JS_GetPropertyStr(context, error, name) : JS_DupValue(context, error);
    const char *text = JS_ToCString(context, value);

    say(text ? text : "(no description)");
    say("\n");
    JS_FreeCString(context, text);
    JS_FreeValue(context, value);
}

__attribute__((noreturn)) static void fail(JSValueConst error)
{
    restore_terminals();
    say("reliable-raid: internal error: ");
    say_property(error, NULL);
    if (JS_IsError(context, error))
        say_property(error, "stack");
    _exit(EXIT_BROKEN);
}

__attribute__((noreturn)) static void fail_with_exception(void)
{
    fail(JS_GetException(context));
}

static void note_rejection(JSContext *ctx, JSValueConst promise, JSValueConst reason, JS_BOOL handled, void *opaque)
{
    if (!handled) {
        if (rejected_count == MAX_REJECTIONS)
            fail(reason);
        rejected[rejected_count++] = JS_DupValue(ctx, promise);
        return;
    }
    for (int i = 0; i < rejected_count; i++) {
        if (JS_VALUE_GET_PTR(rejected[i]) != JS_VALUE_GET_PTR(promise))
            continue;
        JS_FreeValue(ctx, rejected[i]);
        rejected[i] = rejected[--rejected_count];
        return;
    }
}

static void do_pending_work(void)
{
    JSContext *ctx;
    int more;

    while ((more = JS_ExecutePendingJob(JS_GetRuntime(context), &ctx)) > 0)
        ;
    if (more < 0)
        fail_with_exception();
    if (rejected_count > 0)
        fail(JS_PromiseResult(context, rejected[0]));
}

HOST_FUNCTION(host_each_turn)
{
    JS_FreeValue(ctx, turn);
    turn = JS_DupValue(ctx, argv[0]);
    return JS_UNDEFINED;
}

HOST_FUNCTION(host_exit)
{
    int status = EXIT_BROKEN;

    JS_ToInt32(ctx, &status, argv[0]);
    restore_terminals();
    _exit(status);
}

/* As if the signal had not been caught, so that the caller sees what ended the program. */
HOST_FUNCTION(host_end_by_signal)
{
    int number;
    sigset_t signals;

    if (JS_ToInt32(ctx, &number, argv[0]))
        return JS_EXCEPTION;
    restore_terminals();
    signal(number, SIG_DFL);
    raise(number);
    sigfillset(&signals);
    sigprocmask(SIG_UNBLOCK, &signals, NULL);
    _exit(128 + number);
}

HOST_FUNCTION(host_arguments)
{
    return JS_DupValue(ctx, arguments);
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("arguments", 0, host_arguments),
    JS_CFUNC_DEF("eachTurn", 1, host_each_turn),
    JS_CFUNC_DEF("exit", 1, host_exit),
    JS_CFUNC_DEF("endBySignal", 1, host_end_by_signal),
    JS_CFUNC_DEF("openToRead", 1, host_open_to_read),
    JS_CFUNC_DEF("openToWrite", 2, host_open_to_write),
    JS_CFUNC_DEF("read", 2, host_read),
    JS_CFUNC_DEF("write", 3, host_write),
    JS_CFUNC_DEF("sync", 1, host_sync),
    JS_CFUNC_DEF("close", 1, host_close),
    JS_CFUNC_DEF("list", 1, host_list),
    JS_CFUNC_DEF("readLink", 1, host_read_link),
    JS_CFUNC_DEF("createLink", 2, host_create_link),
    JS_CFUNC_DEF("realPath", 1, host_real_path),
    JS_CFUNC_DEF("access", 1, host_access),
    JS_CFUNC_DEF("rename", 2, host_rename),
    JS_CFUNC_DEF("remove", 1, host_remove),
    JS_CFUNC_DEF("makeFolder", 1, host_make_folder),
    JS_CFUNC_DEF("startReader", 0, host_start_reader),
    JS_CFUNC_DEF("askReader", 4, host_ask_reader),
    JS_CFUNC_DEF("spawn", 6, host_spawn),
    JS_CFUNC_DEF("wait", 1, host_wait),
    JS_CFUNC_DEF("kill", 2, host_kill),
    JS_CFUNC_DEF("pipe", 0, host_pipe),
    JS_CFUNC_DEF("processId", 0, host_process_id),
    JS_CFUNC_DEF("nowMs", 0, host_now_ms),
    JS_CFUNC_DEF("poll", 3, host_poll),
    JS_CFUNC_DEF("openSignals", 0, host_open_signals),
    JS_CFUNC_DEF("takeSignal", 1, host_take_signal),
    JS_CFUNC_DEF("connect", 1, host_connect),
    JS_CFUNC_DEF("openTerminal", 1, host_open_terminal),
    JS_CFUNC_DEF("showsPicture", 1, host_shows_picture),
    JS_CFUNC_DEF("showText", 1, host_show_text),
    JS_CFUNC_DEF("makeRaw", 1, host_make_raw),
    JS_CFUNC_DEF("guardTerminals", 0, host_guard_terminals),
    JS_CFUNC_DEF("restoreTerminals", 0, host_restore_terminals),
    JS_CFUNC_DEF("decodeUtf8", 3, host_decode_utf8),
};

enum { FUNCTION_COUNT = sizeof functions / sizeof *functions };

static int fill_module(JSContext *ctx, JSModuleDef *module)
{
    return JS_SetModuleExportList(ctx, module, functions, FUNCTION_COUNT);
}

/* Only what the program uses; JS_AddIntrinsicEval is left out on purpose, and with it the whole parser. */
static JSContext *new_context(JSRuntime *runtime)
{
    JSContext *ctx = JS_NewContextRaw(runtime);
    JSModuleDef *module;

    if (!ctx)
        return NULL;
    JS_AddIntrinsicBaseObjects(ctx);
    JS_AddIntrinsicRegExp(ctx);
    JS_AddIntrinsicJSON(ctx);
    JS_AddIntrinsicMapSet(ctx);
    JS_AddIntrinsicTypedArrays(ctx);
    JS_AddIntrinsicPromise(ctx);
    module = JS_NewCModule(ctx, "host", fill_module);
    if (!module)
        return NULL;
    JS_AddModuleExportList(ctx, module, functions, FUNCTION_COUNT);
    return ctx;
}

/* Settings of the C library itself, which has read them before main(): GLIBC_TUNABLES and its older names. */
static int sets_c_library(const char *variable)
{
    return !strncmp(variable, "GLIBC_", 6) || !strncmp(variable, "MALLOC_", 7) || !strncmp(variable, "LD_", 3);
}

/* No variable changes what the program does. Where one already has, it starts once more without any. */
static void forget_environment(char **argv)
{
    char *nothing[] = { NULL };

    for (char **variable = environ; variable && *variable; variable++) {
        if (sets_c_library(*variable))
            execve("/proc/self/exe", argv, nothing);
    }
    environ = NULL;
}

/* A descriptor of ours must never take the place of a closed standard one. */
static void open_standard_descriptors(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDONLY | O_NOCTTY); /* what is written to a closed output is refused, and so told */
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
}

/*
 * Keys, the countdown and the next decision do not queue behind udev or a resync where there is one processor for all.
 * What the engine starts has the usual priority again: sched(7), "Resetting scheduling policy for child processes".
 */
static void go_first(void)
{
    const struct sched_param none = { 0 };

    if (sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &none) == 0)
        setpriority(PRIO_PROCESS, 0, BOOT_NICE);
}

static JSValue read_program(const char *command)
{
    if (command && !strcmp(command, "gate"))
        return JS_ReadObject(context, gate_bytecode, gate_bytecode_size, JS_READ_OBJ_BYTECODE);
    return JS_ReadObject(context, engine_bytecode, engine_bytecode_size, JS_READ_OBJ_BYTECODE);
}

int main(int argc, char **argv)
{
    JSRuntime *runtime;
    const char *command = argc > 1 ? argv[1] : NULL;
    JSValue program, result = JS_TRUE;

    forget_environment(argv);
    open_standard_descriptors();
    /* It would be called "exe" after that. */
    prctl(PR_SET_NAME, "reliable-raid");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTTIN, SIG_IGN);
    signal(SIGTTOU, SIG_IGN);
    if (command && !strcmp(command, "boot"))
        go_first();
    runtime = JS_NewRuntime();
    context = runtime ? new_context(runtime) : NULL;
    if (!context) {
        say("reliable-raid: not enough memory\n");
        return EXIT_BROKEN;
    }
    JS_SetMemoryLimit(runtime, MEMORY_BYTES);
    /* A gate, and a boot with all disks there, end before they need this much: nothing looks through their memory for garbage. */
    JS_SetGCThreshold(runtime, COLLECT_FROM_BYTES);
    JS_SetMaxStackSize(runtime, STACK_BYTES);
    JS_SetHostPromiseRejectionTracker(runtime, note_rejection, NULL);
    arguments = JS_NewArray(context);
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help"))
            command = NULL;
        JS_SetPropertyUint32(context, arguments, i - 1, JS_NewString(context, argv[i]));
    }

    program = read_program(command);
    if (JS_IsException(program) || JS_ResolveModule(context, program) < 0)
        fail_with_exception();
    program = JS_EvalFunction(context, program);
    if (JS_IsException(program))
        fail_with_exception();
    for (;;) {
        do_pending_work();
        if (!JS_IsFunction(context, turn))
            break;
        result = JS_Call(context, turn, JS_UNDEFINED, 0, NULL);
        if (JS_IsException(result))
            fail_with_exception();
        if (!JS_ToBool(context, result))
            break;
        JS_FreeValue(context, result);
    }
    say("reliable-raid: internal error: ended without a result\n");
    restore_terminals();
    return EXIT_BROKEN;
}

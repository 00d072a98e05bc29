/* The machine as the boot engine's JavaScript sees it: a module named `host`, declared for TypeScript in ../host.d.ts. */
#ifndef RELIABLE_RAID_HOST_H
#define RELIABLE_RAID_HOST_H

#include <errno.h>
#include "quickjs.h"

/* Every function takes and returns plain values: a number below 0 is a negated errno, as a system call has it. */
#define HOST_FUNCTION(name) \
    JSValue name(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)

HOST_FUNCTION(host_open_to_read);
HOST_FUNCTION(host_open_to_write);
HOST_FUNCTION(host_read);
HOST_FUNCTION(host_write);
HOST_FUNCTION(host_sync);
HOST_FUNCTION(host_close);
HOST_FUNCTION(host_list);
HOST_FUNCTION(host_read_link);
HOST_FUNCTION(host_create_link);
HOST_FUNCTION(host_real_path);
HOST_FUNCTION(host_access);
HOST_FUNCTION(host_rename);
HOST_FUNCTION(host_remove);
HOST_FUNCTION(host_make_folder);

HOST_FUNCTION(host_start_reader);
HOST_FUNCTION(host_ask_reader);

HOST_FUNCTION(host_spawn);
HOST_FUNCTION(host_wait);
HOST_FUNCTION(host_kill);
HOST_FUNCTION(host_pipe);
HOST_FUNCTION(host_process_id);

HOST_FUNCTION(host_now_ms);
HOST_FUNCTION(host_poll);
HOST_FUNCTION(host_open_signals);
HOST_FUNCTION(host_take_signal);

HOST_FUNCTION(host_connect);

HOST_FUNCTION(host_open_terminal);
HOST_FUNCTION(host_shows_picture);
HOST_FUNCTION(host_show_text);
HOST_FUNCTION(host_make_raw);
HOST_FUNCTION(host_guard_terminals);
HOST_FUNCTION(host_restore_terminals);

HOST_FUNCTION(host_decode_utf8);

/* Gives every terminal back as it was; callable at any moment, also when memory has run out. */
void restore_terminals(void);

/* A path or word argument; NULL with an exception pending when it is none, or has a NUL inside. Freed with JS_FreeCString. */
const char *host_text(JSContext *ctx, JSValueConst value);

static inline JSValue host_result(JSContext *ctx, long result, int error)
{
    return JS_NewInt64(ctx, result < 0 ? -(long)error : result);
}

/* Of a call that is the argument: C reads arguments in any order, and errno must be read after the call. */
static inline JSValue host_outcome(JSContext *ctx, long result)
{
    return host_result(ctx, result, errno);
}

#endif

/* A local service at an abstract address: a name that no file system holds, and that any user may take while nobody has it. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "host.h"

/* connect(name): refused (EACCES) where the service runs as another user than this program. */
HOST_FUNCTION(host_connect)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct ucred peer = { 0 };
    socklen_t peer_size = sizeof peer;
    const char *name = host_text(ctx, argv[0]);
    size_t length;
    int fd, error = 0;

    if (!name)
        return JS_EXCEPTION;
    length = strlen(name);
    if (length < sizeof address.sun_path)
        memcpy(address.sun_path + 1, name, length);
    JS_FreeCString(ctx, name);
    if (length >= sizeof address.sun_path)
        return host_result(ctx, -1, ENAMETOOLONG);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return host_result(ctx, -1, errno);
    if (connect(fd, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length)) < 0 ||
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &peer_size) < 0)
        error = errno;
    else if (peer.uid != geteuid())
        error = EACCES;
    if (!error)
        return JS_NewInt32(ctx, fd);
    close(fd);
    return host_result(ctx, -1, error);
}

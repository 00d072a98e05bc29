/* Text from bytes that may be anything, replaced as every web platform API replaces it, so that both engines read the same. */
#include <stdlib.h>
#include <string.h>

#include "host.h"

/* The length of the sequence at bytes; *valid says whether it is a character, else that many bytes become one U+FFFD. */
static size_t sequence(const uint8_t *bytes, size_t left, int *valid)
{
    uint8_t first = bytes[0], low = 0x80, high = 0xbf;
    size_t needed;

    *valid = 1;
    if (first < 0x80)
        return 1;
    *valid = 0;
    if (first < 0xc2 || first > 0xf4)
        return 1;
    needed = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first == 0xe0)
        low = 0xa0;
    if (first == 0xed)
        high = 0x9f;
    if (first == 0xf0)
        low = 0x90;
    if (first == 0xf4)
        high = 0x8f;
    for (size_t i = 1; i < needed; i++) {
        if (i >= left || bytes[i] < low || bytes[i] > high)
            return i;
        low = 0x80;
        high = 0xbf;
    }
    *valid = 1;
    return needed;
}

/* decodeUtf8(buffer, from, length) */
HOST_FUNCTION(host_decode_utf8)
{
    static const char replacement[] = "\xef\xbf\xbd";
    size_t size, put = 0, from, length, step;
    uint32_t from32, length32;
    const uint8_t *bytes = JS_GetArrayBuffer(ctx, &size, argv[0]);
    char *text;
    int valid;
    JSValue result;

    if (!bytes || JS_ToUint32(ctx, &from32, argv[1]) || JS_ToUint32(ctx, &length32, argv[2]))
        return JS_EXCEPTION;
    from = from32;
    length = length32;
    if (from > size || length > size - from)
        return JS_ThrowRangeError(ctx, "beyond the buffer");
    bytes += from;
    text = js_malloc(ctx, length * (sizeof replacement - 1) + 1);
    if (!text)
        return JS_EXCEPTION;
    for (size_t at = 0; at < length; at += step) {
        step = sequence(bytes + at, length - at, &valid);
        memcpy(text + put, valid ? (const char *)bytes + at : replacement, valid ? step : sizeof replacement - 1);
        put += valid ? step : sizeof replacement - 1;
    }
    result = JS_NewStringLen(ctx, text, put);
    js_free(ctx, text);
    return result;
}

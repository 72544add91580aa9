/* What Rust code built with -Zsanitizer=thread calls for memcpy, memmove and memset, and the ThreadSanitizer
 * runtimes of gcc 12 and clang 14 do not have yet. Their interceptors of the plain functions do the checking;
 * -fno-builtin keeps the calls, and -rdynamic lets the library find these.
 *
 * Weak: a newer runtime has its own. */
#include <stddef.h>
#include <string.h>

void *__tsan_memcpy(void *to, const void *from, size_t size);
void *__tsan_memmove(void *to, const void *from, size_t size);
void *__tsan_memset(void *to, int value, size_t size);

__attribute__((weak)) void *__tsan_memcpy(void *to, const void *from, size_t size)
{
    return memcpy(to, from, size);
}

__attribute__((weak)) void *__tsan_memmove(void *to, const void *from, size_t size)
{
    return memmove(to, from, size);
}

__attribute__((weak)) void *__tsan_memset(void *to, int value, size_t size)
{
    return memset(to, value, size);
}

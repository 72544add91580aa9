/* Which thread this is, for tests in C. */

#ifndef THIS_THREAD_H
#define THIS_THREAD_H

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
typedef DWORD thread_number;
static inline thread_number this_thread_number(void) { return GetCurrentThreadId(); }
#else
#include <pthread.h>
typedef pthread_t thread_number;
static inline thread_number this_thread_number(void) { return pthread_self(); }
#endif

#endif

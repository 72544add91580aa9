/* CHECK and its kin, for C99 and C++11: what does not hold ends the test program with exit code 1. */

#ifndef CHECK_H
#define CHECK_H

#include <mapispool.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** Called before a failing test ends, if set: the place to print what else is known. */
static void (*check_also)(void);

static inline void check_end(void) {
    char text[512] = "";
    ULONG needed = 0;
    (void) MapiSpoolerGetLastError(text, (ULONG) sizeof text, &needed);
    if (text[0] != '\0')
        fprintf(stderr, "  last error of this thread: %s\n", text);
    if (check_also != NULL)
        check_also();
    fflush(NULL);
    _Exit(1);
}

static inline void check_failed(const char *file, int line, const char *what) {
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    check_end();
}

static inline void check_number(
    const char *file, int line, const char *what, unsigned long expected, unsigned long actual) {
    if (expected == actual)
        return;
    fprintf(stderr, "%s:%d: %s\n  is       0x%lx (%lu)\n  not      0x%lx (%lu)\n",
            file, line, what, actual, actual, expected, expected);
    check_end();
}

static inline void check_text(
    const char *file, int line, const char *what, const char *expected, const char *actual) {
    if (strcmp(expected, actual) == 0)
        return;
    fprintf(stderr, "%s:%d: %s\n  is       \"%s\"\n  not      \"%s\"\n",
            file, line, what, actual, expected);
    check_end();
}

/** The last error of this thread contains these words. */
static inline void check_last_error(const char *file, int line, const char *words) {
    char text[512] = "";
    ULONG needed = 0;
    (void) MapiSpoolerGetLastError(text, (ULONG) sizeof text, &needed);
    if (strstr(text, words) == NULL) {
        fprintf(stderr, "%s:%d: the last error does not say \"%s\"\n", file, line, words);
        check_end();
    }
}

#define CHECK(condition) ((condition) ? (void) 0 : check_failed(__FILE__, __LINE__, #condition))
/** A call's result. */
#define CHECK_HR(expected, call)                                                   \
    check_number(__FILE__, __LINE__, #call, (unsigned long) (ULONG) (expected),    \
                 (unsigned long) (ULONG) (call))
/** Two numbers. */
#define CHECK_EQUAL(expected, actual)                                              \
    check_number(__FILE__, __LINE__, #actual, (unsigned long) (expected), (unsigned long) (actual))
#define CHECK_TEXT(expected, actual) check_text(__FILE__, __LINE__, #actual, (expected), (actual))
#define CHECK_LAST_ERROR(words) check_last_error(__FILE__, __LINE__, (words))

/** StoreLogoffTransports with S_OK: this instruction gives exactly these flags. */
#define CHECK_LOGOFF(expected, store, instruction)                                 \
    do {                                                                           \
        ULONG check_word = (instruction);                                          \
        CHECK_HR(S_OK, StoreLogoffTransports((store), &check_word));               \
        CHECK_EQUAL((expected), check_word);                                       \
    } while (0)

/** StoreLogoffTransports fails so, and leaves the word alone. */
#define CHECK_LOGOFF_FAILS(expected, store, instruction)                           \
    do {                                                                           \
        ULONG check_word = (instruction);                                          \
        CHECK_HR((expected), StoreLogoffTransports((store), &check_word));         \
        CHECK_EQUAL((instruction), check_word);                                    \
    } while (0)

#endif

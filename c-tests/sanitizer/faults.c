/* Commits the fault that its argument names. In the library_ ones it is the library's Rust code that writes,
 * through a pointer that its caller had no right to give. */
#include "mapispool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static ULONG *volatile shared; /* volatile: the compiler must not see through it */

static void use_after_free(void)
{
    shared = malloc(sizeof *shared);
    free(shared);
    *shared = 1;
}

static void leak(void)
{
    shared = malloc(sizeof *shared);
    shared = NULL;
}

static void library_use_after_free(void)
{
    shared = malloc(sizeof *shared);
    free(shared);
    MapiSpoolerGetLastError(NULL, 0, shared);
}

static void *write_often(void *unused)
{
    int i;
    for (i = 0; i < 10000; i++)
        ++*shared;
    return unused;
}

static void *have_it_written_often(void *unused)
{
    int i;
    for (i = 0; i < 10000; i++)
        MapiSpoolerGetLastError(NULL, 0, shared);
    return unused;
}

static void twice_at_once(void *(*run)(void *))
{
    static ULONG word;
    pthread_t other;

    shared = &word;
    pthread_create(&other, NULL, run, NULL);
    run(NULL);
    pthread_join(other, NULL);
}

int main(int argc, char **argv)
{
    const char *fault = argc > 1 ? argv[1] : "";

    if (strcmp(fault, "use_after_free") == 0)
        use_after_free();
    else if (strcmp(fault, "leak") == 0)
        leak();
    else if (strcmp(fault, "library_use_after_free") == 0)
        library_use_after_free();
    else if (strcmp(fault, "race") == 0)
        twice_at_once(write_often);
    else if (strcmp(fault, "library_race") == 0)
        twice_at_once(have_it_written_often);
    return 0;
}

/* The header in two files of one program: this one in C, the other in C++. */
#include "mapispool.h"

#include <stdio.h>

ULONG version_in_cpp(void);

int main(void)
{
    printf("header %lx, in C++ %lx, library %lx\n", (unsigned long) MAPISPOOL_VERSION,
           (unsigned long) version_in_cpp(), (unsigned long) MapiSpoolerVersion());
    return MapiSpoolerVersion() == MAPISPOOL_VERSION && version_in_cpp() == MAPISPOOL_VERSION ? 0 : 1;
}

#include "mapispool.h"

extern "C" ULONG version_in_cpp();

extern "C" ULONG version_in_cpp()
{
    const ULONG parts = static_cast<ULONG>(MAPISPOOL_VERSION_MAJOR) << 16
        | static_cast<ULONG>(MAPISPOOL_VERSION_MINOR) << 8
        | static_cast<ULONG>(MAPISPOOL_VERSION_PATCH);
    return parts == MAPISPOOL_VERSION && ::MapiSpoolerVersion() == parts ? parts : 0;
}

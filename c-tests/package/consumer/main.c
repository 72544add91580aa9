/* Logs a store off with the library that it finds, which must be the one that it was compiled for. */
#include <mapispool.h>

#include <stdio.h>

int main(void)
{
    MAPISPOOLOPTIONS options = {0};
    HMAPISPOOLER spooler;
    HMAPISTORE store;
    ULONG flags = LOGOFF_QUIET;

    options.cbSize = sizeof options;
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    options.lpszProfileName = "Default";
    if (MapiSpoolerVersion() != MAPISPOOL_VERSION
        || MapiSpoolerOpen(&options, &spooler) != S_OK
        || MapiSpoolerOpenStore(spooler, 5, "store", 0, NULL, NULL, &store) != S_OK
        || StoreLogoffTransports(store, &flags) != S_OK
        || MapiStoreRelease(store) != S_OK
        || MapiSpoolerClose(spooler, 0, MAPISPOOL_INFINITE) != S_OK) {
        fputs("a call failed\n", stderr);
        return 1;
    }
    return flags == LOGOFF_COMPLETE ? 0 : 1;
}

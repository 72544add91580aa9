/* Before mapiguid.h: this file of the program holds the identifiers that it names with USES_IID_…. */
#ifndef INITGUID
#define INITGUID
#endif

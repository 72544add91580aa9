// C++ with CINTERFACE: the table of C.
#define CINTERFACE
#include "com_forwarding.c"

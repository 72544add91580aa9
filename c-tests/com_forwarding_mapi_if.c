/* C with MAPI_IF: the pointer to the table itself. */
#define MAPI_IF
#include "com_forwarding.c"

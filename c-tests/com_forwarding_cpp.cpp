// C++: virtual methods.
#include "com_forwarding.c"

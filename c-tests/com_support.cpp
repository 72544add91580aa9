// The support object as a provider of C++ uses it: identity, references, the logoff, and what is the host's.

#include "check.h"
#include "world.hpp"

#include <mapispi.h>

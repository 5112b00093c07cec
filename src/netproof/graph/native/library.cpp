// What the library says of itself. It uses nothing of Python, so no header of Python is needed to build it: setuptools
// builds it as an extension to have it in the wheel, and Python calls it through ctypes, never by `import`.
#include "native.h"

NETPROOF_API int32_t netproof_interface(void) { return 1; }

// Asked for by linkers that setuptools drives; an import of this file fails, as nobody should import it.
NETPROOF_API void *PyInit__native(void) { return nullptr; }

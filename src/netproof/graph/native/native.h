// What the compiled kernels share. A plain C interface: arrays in, arrays out, no Python object, no global state.
// Python calls through ctypes, which releases the interpreter's lock.
#ifndef NETPROOF_NATIVE_H
#define NETPROOF_NATIVE_H

#include <cstddef>
#include <cstdint>

#if defined(_WIN32)
#define NETPROOF_API extern "C" __declspec(dllexport)
#else
#define NETPROOF_API extern "C" __attribute__((visibility("default")))
#endif

// What a kernel returns.
enum { NETPROOF_OK = 0, NETPROOF_NO_MEMORY = 1, NETPROOF_STOPPED = 2 };

#endif

"""Give memory back to the system: on a class's machine many kernels share it."""

import ctypes
import sys

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None  # glibc has it, musl not


def give_back() -> None:
    """Hand the system what was used and freed, which glibc keeps otherwise; elsewhere nothing needs to be done.

    Worth it after much compiling: XLA compiles in many threads, each with a store of its own.
    """
    if _trim is not None:
        _trim(0)

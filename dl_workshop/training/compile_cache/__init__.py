"""Which compiled loop fits these functions: by what their code and all that they read hold, not by identity."""

from dl_workshop.training.compile_cache.fingerprint import Key, fingerprint, forget_edited

__all__ = ["Key", "fingerprint", "forget_edited"]

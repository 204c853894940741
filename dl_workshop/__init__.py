"""dl-workshop: deep learning from the bottom up, with pure functions in JAX.

What a notebook needs, handed on from the modules below; each is imported when it is first used.
"""

import importlib

_MODULES = ("datasets", "errors", "exercises", "gradients", "graph", "initializers", "losses", "metrics", "models",
            "optimizers", "panels", "parallel", "plots", "saving", "scaling", "schedules", "train", "tuning",
            "validate")

__all__ = ["fit", *_MODULES]


def __getattr__(name):
    if name == "fit":
        return importlib.import_module("dl_workshop.train").fit
    if name in _MODULES:
        return importlib.import_module(f"dl_workshop.{name}")
    raise AttributeError(f"module 'dl_workshop' has no attribute {name!r}")


def __dir__():
    return __all__

"""dl-workshop: deep learning from the bottom up, with pure functions in JAX.

What a notebook needs, handed on from the modules below; each is imported when it is first used.
"""

import importlib

_MODULES = ("datasets", "errors", "exercises", "graph", "initializers", "losses", "metrics", "models", "optimizers",
            "panels", "plots", "saving", "scaling", "schedules", "validate")
_IN_ROOMS = {"gradients": "training.gradients", "parallel": "training.parallel", "train": "training.fit",
             "tuning": "training.sweeps"}

__all__ = ["fit", *_IN_ROOMS, *_MODULES]


def __getattr__(name):
    if name == "fit":
        return importlib.import_module("dl_workshop.training.fit").fit
    if name in _MODULES or name in _IN_ROOMS:
        return importlib.import_module(f"dl_workshop.{_IN_ROOMS.get(name, name)}")
    raise AttributeError(f"module 'dl_workshop' has no attribute {name!r}")


def __dir__():
    return __all__

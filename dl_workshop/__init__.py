"""dl-workshop: deep learning from the bottom up, with pure functions in JAX.

What a notebook needs, handed on from the modules below; each is imported when it is first used.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # __getattr__ tells a type checker nothing of these
    from dl_workshop.training import fit as train  # noqa: F401
    from dl_workshop.training import gradients as gradients
    from dl_workshop.training import parallel as parallel
    from dl_workshop.training import sweeps as tuning  # noqa: F401
    from dl_workshop.training.fit import fit as fit

_MODULES = (
    "datasets",
    "errors",
    "exercises",
    "graph",
    "initializers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "panels",
    "plots",
    "saving",
    "scaling",
    "schedules",
    "validate",
)
_IN_ROOMS = {
    "gradients": "training.gradients",
    "parallel": "training.parallel",
    "train": "training.fit",
    "tuning": "training.sweeps",
}

__all__ = ["fit", *_IN_ROOMS, *_MODULES]


def __getattr__(name: str) -> Any:
    if name == "fit":
        return importlib.import_module("dl_workshop.training.fit").fit
    if name in _MODULES or name in _IN_ROOMS:
        return importlib.import_module(f"dl_workshop.{_IN_ROOMS.get(name, name)}")
    raise AttributeError(f"module 'dl_workshop' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__

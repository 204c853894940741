"""Pictures of data, models, losses and descent: one figure a function, and your own functions go in.

Every function takes `ax=None` and returns the Axes it drew on; those with several panels return the Figure.
Names are looked up on first use, so that `import dl_workshop` does not wait for matplotlib.
"""

import importlib

_WHERE = {
    "data": ("data", "data_and_model", "residuals", "predicted_against_true"),
    "loss": ("loss_curve", "contour", "surface"),
    "tables": ("confusion_matrix", "heat_map"),
    "descent": ("tangent", "history", "trajectories", "logistic_family", "cross_entropy_terms"),
    "diagrams": ("scalar_diagram", "matrix_diagram", "neural_diagram"),
    "summary": ("summary",),
    "style": ("show", "COLOURS"),
}
_FILE = {name: file for file, names in _WHERE.items() for name in names}

__all__ = sorted(_FILE)


def __getattr__(name):
    if name not in _FILE:
        raise AttributeError(f"plots has no {name!r}. It has: {', '.join(sorted(_FILE))}.")
    function = getattr(importlib.import_module(f".{_FILE[name]}", __name__), name)
    globals()[name] = function
    return function


def __dir__():
    return sorted(_FILE)

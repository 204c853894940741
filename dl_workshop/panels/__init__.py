"""Interactive panels: move a slider and see what your own function makes of it.

Each panel is a plain function that returns a widget. It takes your own model, loss or f; whatever these raise
is shown in the panel in words, and the last picture stays.
"""

import importlib

__all__ = ["bowl", "descend", "draw_digit", "fit_by_hand", "logistic_curve", "playground", "replay", "sweep"]

# At once, not when first used: a module of the same name would otherwise take the function's place.
for _name in __all__:
    try:
        globals()[_name] = getattr(importlib.import_module(f"{__name__}.{_name}"), _name)
    except Exception as _error:  # while the panels are being built
        globals()[_name] = lambda *_, _name=_name, _error=_error, **__: (_ for _ in ()).throw(_error)

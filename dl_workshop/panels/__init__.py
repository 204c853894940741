"""Interactive panels: move a slider and see what your own function makes of it.

Each panel is a plain function that returns a widget. It takes your own model, loss or f; whatever these raise
is shown in the panel in words, and the last picture stays.
"""

# At once, not when first used: a module of the same name would otherwise take its function's place.
from dl_workshop.panels.backprop import backprop
from dl_workshop.panels.bowl import bowl
from dl_workshop.panels.descend import descend
from dl_workshop.panels.draw_digit import draw_digit
from dl_workshop.panels.fit_by_hand import fit_by_hand
from dl_workshop.panels.logistic_curve import logistic_curve
from dl_workshop.panels.playground import playground
from dl_workshop.panels.replay import replay
from dl_workshop.panels.sweep import sweep

__all__ = [
    "backprop",
    "bowl",
    "descend",
    "draw_digit",
    "fit_by_hand",
    "logistic_curve",
    "playground",
    "replay",
    "sweep",
]

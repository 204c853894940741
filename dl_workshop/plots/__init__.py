"""Pictures of data, models, losses and descent: one figure a function, and your own functions go in.

Every function takes `ax=None` and returns the Axes it drew on; those with several panels return the Figure.
"""

from typing import Any

from dl_workshop.display.palette import COLOURS
from dl_workshop.plots.data import data, data_and_model, predicted_against_true, residuals
from dl_workshop.plots.decision import class_probabilities, decision_contours, decision_surface
from dl_workshop.plots.descent import cross_entropy_terms, history, logistic_family, tangent, trajectories
from dl_workshop.plots.diagrams import matrix_diagram, neural_diagram, scalar_diagram
from dl_workshop.plots.digit_pictures import digits, what_the_net_saw
from dl_workshop.plots.histograms import signal_histograms, weight_histograms
from dl_workshop.plots.loss import contour, loss_curve, surface
from dl_workshop.plots.paths import contour_paths
from dl_workshop.plots.rates import loss_curves, range_test
from dl_workshop.plots.scores import roc
from dl_workshop.plots.signs import training_signs
from dl_workshop.plots.style import show
from dl_workshop.plots.summary import summary
from dl_workshop.plots.tables import confusion_matrix, heat_map
from dl_workshop.plots.warping import space_warping

__all__ = [
    "COLOURS",
    "class_probabilities",
    "confusion_matrix",
    "contour",
    "contour_paths",
    "cross_entropy_terms",
    "data",
    "data_and_model",
    "decision_contours",
    "decision_surface",
    "digits",
    "heat_map",
    "history",
    "logistic_family",
    "loss_curve",
    "loss_curves",
    "matrix_diagram",
    "neural_diagram",
    "predicted_against_true",
    "range_test",
    "residuals",
    "roc",
    "scalar_diagram",
    "show",
    "signal_histograms",
    "space_warping",
    "summary",
    "surface",
    "tangent",
    "training_signs",
    "trajectories",
    "weight_histograms",
    "what_the_net_saw",
]


def __getattr__(name: str) -> Any:
    raise AttributeError(f"plots has no {name!r}. It has: {', '.join(__all__)}.")

"""Pictures of data, models, losses and descent: one figure a function, and your own functions go in.

Every function takes `ax=None` and returns the Axes it drew on; those with several panels return the Figure.
"""

from dl_workshop.plots.data import data, data_and_model, predicted_against_true, residuals
from dl_workshop.plots.descent import cross_entropy_terms, history, logistic_family, tangent, trajectories
from dl_workshop.plots.diagrams import matrix_diagram, neural_diagram, scalar_diagram
from dl_workshop.plots.loss import contour, loss_curve, surface
from dl_workshop.plots.style import COLOURS, show
from dl_workshop.plots.summary import summary
from dl_workshop.plots.tables import confusion_matrix, heat_map

__all__ = ["COLOURS", "confusion_matrix", "contour", "cross_entropy_terms", "data", "data_and_model", "heat_map",
           "history", "logistic_family", "loss_curve", "matrix_diagram", "neural_diagram", "predicted_against_true",
           "residuals", "scalar_diagram", "show", "summary", "surface", "tangent", "trajectories"]


def __getattr__(name):
    raise AttributeError(f"plots has no {name!r}. It has: {', '.join(__all__)}.")

"""Data for the lessons: drawn from a known truth, or real; and what a table needs before training."""

from dl_workshop.datasets import real, simulated, tables
from dl_workshop.datasets.digits import digits
from dl_workshop.datasets.handwriting import varied
from dl_workshop.datasets.mnist_digits import mnist
from dl_workshop.datasets.real import Table, biodegradation, biodegradation_or_bundled, breast_cancer
from dl_workshop.datasets.simulated import (
    arcs,
    circles,
    coin,
    gate,
    harder_curve,
    house_prices,
    labelled_line,
    line,
    moons,
    overfit_curve,
    server_rooms,
    sine,
    spiral,
    three_regions,
    two_regions,
)
from dl_workshop.datasets.tables import split, standardise, stratified_folds

__all__ = [
    "Table",
    "arcs",
    "biodegradation",
    "biodegradation_or_bundled",
    "breast_cancer",
    "circles",
    "coin",
    "digits",
    "gate",
    "harder_curve",
    "house_prices",
    "labelled_line",
    "line",
    "mnist",
    "moons",
    "overfit_curve",
    "real",
    "server_rooms",
    "simulated",
    "sine",
    "spiral",
    "split",
    "standardise",
    "stratified_folds",
    "tables",
    "three_regions",
    "two_regions",
    "varied",
]

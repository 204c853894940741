"""Data for the lessons: drawn from a known truth, or real; and what a table needs before training."""

from dl_workshop.datasets import real, simulated, tables
from dl_workshop.datasets.digits import digits
from dl_workshop.datasets.real import Table, biodegradation, biodegradation_or_bundled, breast_cancer
from dl_workshop.datasets.simulated import labelled_line, line
from dl_workshop.datasets.tables import split, standardise, stratified_folds

__all__ = ["Table", "biodegradation", "biodegradation_or_bundled", "breast_cancer", "digits", "labelled_line", "line",
           "real", "simulated", "split", "standardise", "stratified_folds", "tables"]

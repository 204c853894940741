"""Exercises of lesson 09: classification. Probabilities and their loss are in softmax_09, scores in scores_09."""

from dl_workshop.exercises.scores_09 import BALANCED_ACCURACY, PRECISION, RATES, RECALL
from dl_workshop.exercises.softmax_09 import CROSS_ENTROPY, ONE_HOT, SOFTMAX, one_hot

__all__ = ["EXERCISES", "one_hot"]    # a solution of this lesson uses one_hot

EXERCISES = (SOFTMAX, ONE_HOT, CROSS_ENTROPY, PRECISION, RECALL, BALANCED_ACCURACY, RATES)

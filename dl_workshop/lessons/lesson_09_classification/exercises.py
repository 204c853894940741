"""Exercises of lesson 09: classification. Probabilities and their loss are in softmax_09, scores in scores_09."""

from dl_workshop.lessons.lesson_09_classification.scores import BALANCED_ACCURACY, PRECISION, RATES, RECALL
from dl_workshop.lessons.lesson_09_classification.softmax import CROSS_ENTROPY, ONE_HOT, SOFTMAX

EXERCISES = (SOFTMAX, ONE_HOT, CROSS_ENTROPY, PRECISION, RECALL, BALANCED_ACCURACY, RATES)

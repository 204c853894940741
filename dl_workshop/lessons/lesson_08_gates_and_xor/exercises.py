"""Exercises of lesson 08: gates, XOR, and features that are learned. They are in gates_08, net_08 and start_08."""

from dl_workshop.lessons.lesson_08_gates_and_xor.gates import FEATURE_CROSS, GATES, MARGINS
from dl_workshop.lessons.lesson_08_gates_and_xor.net import COLLAPSE, NET
from dl_workshop.lessons.lesson_08_gates_and_xor.start import HE, XAVIER

EXERCISES = (GATES, MARGINS, FEATURE_CROSS, NET, COLLAPSE, XAVIER, HE)

"""A small exercise for the tests of the engine and of its decision."""

import jax

from dl_workshop.exercises.engine import Check
from dl_workshop.exercises.exercise import Exercise

HINTS = ("look", "look again", "write it")


def double(x):
    return 2 * x


def exercise_of(reference, name="double", mistakes=(), probes=None, **more):
    probes = probes or (lambda key: [(jax.random.normal(key, (5,)),), ([3.0, 1.0],)])
    return Check(Exercise(name, "Return it.", reference, probes, HINTS, mistakes=mistakes, **more))

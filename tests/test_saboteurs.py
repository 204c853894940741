"""Probes ask for no more than the text promises, and miss none of the general wrong answers; no name is guessed."""

import inspect

import jax
import numpy as np
import pytest
from test_exercises_lessons import FUNCTIONS, every

from dl_workshop import exercises
from dl_workshop.exercises.domain import length, misfit, more_rows
from dl_workshop.exercises.exercise import all_probes, draws
from dl_workshop.exercises.judge import _differ
from dl_workshop.exercises.running import fresh, quietly, run
from dl_workshop.exercises.saboteurs import mutants, saboteurs

every_function = every(FUNCTIONS)
KEYS = [jax.random.key(seed) for seed in (1, 2, 3)]

# Names that a right answer changed as a whole may get: each looked at, and true of what was changed.
NAMED_MUTANTS = {
    ("01", "linear"): {"arguments 2 and 3 swapped": "swapped", "negative": "minus_b + minus_w"},
    ("01", "mse"): {"half": "half", "negative": "negative"},
    ("01", "mse_one_line"): {"half": "half", "negative": "negative"},
    ("02", "df"): {"negative": "sign"},
    ("02", "slope"): {"negative": "sign"},
    ("03", "mse_loss"): {"half": "half", "negative": "negative"},
    ("03", "gradient"): {"negative": "negative"},
    ("03", "step"): {"negative": "turned_round"},
    ("04", "midpoint"): {"negative": "sign"},
    ("04", "binary_cross_entropy"): {"negative": "minus_forgotten", "arguments 1 and 2 swapped": "swapped"},
    ("04", "logistic_loss"): {"negative": "minus_too_many"},
    ("04", "logistic_gradient"): {"negative": "negative"},
    ("04", "logistic_loss_from_logits"): {"negative": "negative"},
    ("05", "logistic_loss"): {"negative": "negative"},
    ("05", "gradient"): {"negative": "negative"},
    ("06", "chain"): {"arguments 1 and 2 swapped": "swapped + y_of_w"},
    ("06", "relay_back"): {"negative": "sign"},
    ("06", "neuron_backward"): {"twice": "two_too_many", "negative": "sign"},
    ("06", "net_backward"): {"negative": "sign"},
    ("06", "two_sided"): {"twice": "over_h", "negative": "turned_round"},
    ("07", "normal_equation"): {"negative": "negative"},
    ("08", "margins"): {"negative": "turned_round"},
    ("09", "cross_entropy"): {"negative": "negative"},
    ("10", "r2"): {"negative": "minus_one", "arguments 1 and 2 swapped": "variation_of_the_guesses"},
    ("10", "l2_term"): {"half": "half"},
    ("11", "scale_images"): {"arguments 2 and 3 swapped": "turned_round"},
    ("12", "adam_update"): {"arguments 4 and 5 swapped": "decays_swapped"},
}


@pytest.mark.parametrize("number, exercise", FUNCTIONS, ids=lambda value: getattr(value, "name", value))
def test_every_argument_has_a_domain_and_every_probe_lies_in_it(number, exercise):
    assert list(exercise.domain) == list(inspect.signature(exercise.reference).parameters)
    for key in KEYS:
        for args in all_probes(exercise, key):
            assert misfit(exercise.domain, fresh(args)) is None, (misfit(exercise.domain, fresh(args)), args)


def told_apart(exercise, answer, calls, right):
    """Say whether a check on these calls tells the answer from the right one: by a value, or by what it spoils."""
    for args, wanted in zip(calls, right, strict=True):
        spoiled = []
        got = run(exercise.observe, answer, args, spoiled)
        if spoiled or _differ(exercise, wanted, got):
            return True
    return False


def wide(exercise):
    """Draw many calls from the domain: other probes, with more rows, more steps, and other numbers in each argument."""
    domains, calls = exercise.domain, all_probes(exercise, KEYS[0])
    rows = [more_rows(domains, args, draws(KEYS[0]), rows=300) for args in calls[-1:] if length(domains, args)]
    other = [(*args[:i], other_value(domain, args[i]), *args[i + 1:]) for args in calls[-2:]
             for i, domain in enumerate(domains.values())]
    return calls + rows + other


def other_value(domain, value):
    """Give another value of a domain: larger and with more digits, 12 in place of a count."""
    if isinstance(domain, dict):
        return {key: other_value(part, value[key]) for key, part in domain.items()}
    if type(domain) is tuple or domain.values or domain.kind not in ("float", "whole", "number"):
        return value
    if domain.kind == "whole":
        return value if np.ndim(value) or isinstance(value, list | tuple) else int(np.clip(12, domain.low, domain.high))
    low, high = (float(np.clip(bound, -30, 30)) for bound in (domain.low, domain.high))
    array = np.clip(np.asarray(value, float) * 7.0 + 0.123, low, high)
    return float(array) if array.ndim == 0 else array.tolist()


@every_function
def test_every_saboteur_that_does_harm_is_refused(number, exercise):
    with quietly():
        calls, many = all_probes(exercise, jax.random.key(0)), wide(exercise)
        right, rights = (
            [run(exercise.observe, exercise.oracle or exercise.reference, args) for args in some]
            for some in (calls, many))
        passed = [name for name, answer in saboteurs(exercise) if not told_apart(exercise, answer, calls, right)]
        again = dict(saboteurs(exercise))
        harmful = [name for name in passed if told_apart(exercise, again[name], many, rights)]
    assert sorted(harmful) == sorted(exercise.cannot_see), f"these pass: {harmful}"


@every_function
def test_no_mutant_gets_a_name_by_chance(number, exercise):
    check = getattr(exercises.load(number), exercise.name)
    named = {}
    for name, answer in mutants(exercise):
        check.check(answer)
        if check.mistake:
            named[name] = check.mistake
    assert named == NAMED_MUTANTS.get((number, exercise.name), {}), f"named: {named}"

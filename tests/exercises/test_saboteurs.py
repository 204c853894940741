"""Probes ask for no more than the text promises, and miss none of the general wrong answers; no name is guessed."""

import jax
import pytest
from test_exercises_lessons import FUNCTIONS, every

from dl_workshop import exercises
from dl_workshop.authoring import prove
from dl_workshop.exercises.saboteurs import mutants

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
    assert list(filter(None, prove.probes_in_domain(number, exercise))) == []


@every_function
def test_every_saboteur_that_does_harm_is_refused(number, exercise):
    assert list(filter(None, prove.saboteurs_refused(number, exercise))) == []


@every_function
def test_no_mutant_gets_a_name_by_chance(number, exercise):
    check = getattr(exercises.load(number), exercise.name)
    named = {}
    for name, answer in mutants(exercise):
        check.check(answer)
        if check.mistake:
            named[name] = check.mistake
    assert named == NAMED_MUTANTS.get((number, exercise.name), {}), f"named: {named}"

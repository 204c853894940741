"""Two mistakes at once: named together when that is certain, never otherwise."""

import jax
import jax.numpy as jnp
import pytest
from exercise_in_tests import double, exercise_of

from dl_workshop import exercises
from dl_workshop.exercises.exercise import ValueExercise, changed
from dl_workshop.exercises.judge import _difference
from dl_workshop.exercises.naming import pairs
from dl_workshop.exercises.running import quietly, run


@pytest.mark.parametrize(
    "answer, name",
    [
        (lambda a, b: jnp.sum(jnp.abs(a - b)), "sum + absolute"),
        (lambda a, b: jnp.sqrt(jnp.sum((a - b) ** 2)), "sum + root"),
        (lambda a, b: jnp.sum((a - b) ** 2) / 2, "sum + half"),
        (lambda a, b: jnp.sum(jnp.abs(a[:, None] - b)), None),  # three at once: nothing is said
    ],
)
def test_two_mistakes_of_mse(mse_check, answer, name):
    mse_check.check(answer)
    assert (mse_check.status, mse_check.mistake) == ("failed", name)
    assert ("Two things at once" in mse_check.message) == (name is not None)


@pytest.mark.parametrize(
    "answer, name",
    [
        (lambda x, w, b: w * x, "bias_forgotten"),  # whole numbers stay whole; with 0 * 0.5 added they would not
        (lambda x, w, b: x + b, "slope_forgotten"),
    ],
)
def test_a_mistake_is_known_by_its_numbers_whether_whole_or_not(answer, name):
    check = exercises.load("01").linear
    check.check(answer)
    assert check.mistake == name, check.message


def test_both_messages_are_shown(mse_check):
    mse_check.check(lambda a, b: jnp.abs(a - b).sum())
    assert "SUM of squared errors: divide by n" in mse_check.message and "mean ABSOLUTE error" in mse_check.message


def scaled(by=2.0, plus=0.0, end=lambda value: value):
    return lambda x: end(by * x + plus)


TRIPLE, PLUS, MINUS = (
    changed(scaled, "triple", "Not three times.", by=3.0),
    changed(scaled, "plus_one", "Leave the one out.", plus=1.0),
    changed(scaled, "negative", "The sign.", end=lambda value: -value),
)


def test_pairs_change_different_parts_of_one_recipe():
    other = changed(lambda by=2.0: lambda x: by * x, "other", "Another recipe.", by=5.0)
    names = [pair.name for pair in pairs((TRIPLE, PLUS, changed(scaled, "four", "No.", by=4.0), other))]
    assert names == ["triple + plus_one", "plus_one + four"]


def test_a_single_mistake_comes_before_two_and_two_equal_pairs_are_not_guessed_between():
    shifted = changed(scaled, "shifted", "Also plus one.", end=lambda value: value + 1)
    check = exercise_of(double, mistakes=(TRIPLE, PLUS, MINUS, shifted))
    check.check(lambda x: -3 * x)
    assert check.mistake == "triple + negative"
    check.check(lambda x: 3 * x + 1)  # triple + plus_one, or triple + shifted
    assert (check.status, check.mistake) == ("failed", None)
    check.check(lambda x: -2 * x)
    assert check.mistake == "negative"


def test_two_mistakes_that_cancel_are_right():
    minus = changed(scaled, "minus_two", "Not minus two.", by=-2.0)
    check = exercise_of(double, mistakes=(minus, MINUS))
    check.check(lambda x: 2 * x)
    assert check.status == "passed"


def composed():
    for number in exercises.numbers():
        for check in exercises.load(number):
            if not isinstance(check.exercise, ValueExercise) and any(pairs(check.exercise.mistakes)):
                yield pytest.param(
                    number,
                    check.name,
                    id=f"{number}-{check.name}",
                    marks=() if check.name == "linear" else pytest.mark.slow,
                )


@pytest.mark.parametrize("number, name", list(composed()))
def test_every_named_pair_is_right_on_new_inputs(number, name):
    """What is said of two mistakes holds on inputs that the check did not see; some of them at least are named."""
    check = getattr(exercises.load(number), name)
    exercise, named = check.exercise, 0
    twos = list(pairs(exercise.mistakes))
    functions = {mistake.name: mistake.function for mistake in (*exercise.mistakes, *twos)}
    new = exercise.probes(jax.random.key(7))
    for pair in twos[:: len(twos) // 8 + 1]:
        check.check(pair.function)
        named += check.mistake == pair.name
        if check.mistake:
            with quietly():
                for args in new:
                    said, done = (run(exercise.observe, fn, args) for fn in (functions[check.mistake], pair.function))
                    assert _difference(exercise, said, done) is None, (pair.name, check.mistake)
    assert named > 0

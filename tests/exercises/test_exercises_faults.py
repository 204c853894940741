"""Whose fault it is, and what: an exercise's own faults, values that are no numbers, what was written for jnp."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from exercise_in_tests import HINTS, double, exercise_of
from scipy.special import expit
from sklearn.metrics import mean_squared_error

from dl_workshop import exercises
from dl_workshop.errors import explain_error
from dl_workshop.exercises.engine import Check
from dl_workshop.exercises.exercise import Mistake, ValueExercise


def broken(*args, **settings):
    raise ZeroDivisionError("of the kit's own")


# An exercise's own fault


@pytest.mark.parametrize(
    "parts", [dict(probes=broken), dict(observe=broken), dict(oracle=broken), dict(small=((object(), object()),))]
)
@pytest.mark.parametrize("answer", [double, lambda x: 2 * x, lambda x: 3 * x, lambda x: x.nothing])
def test_a_fault_of_the_exercise_is_never_the_learners(parts, answer):
    check = exercise_of(lambda x: 2 * x, **parts)
    given = check.check(answer)
    assert (check.status, check.mistake, check.attempts) == ("blank", None, 0)
    assert "a fault of its own" in check.message and "It is not your answer" in check.message
    assert "Carrying on with the kit's" not in check.message and given is answer


def test_a_reference_that_fails_is_the_kits_fault():
    check = exercise_of(broken)
    check.check(lambda x: 2 * x)
    assert check.status == "blank" and "ZeroDivisionError: of the kit's own" in check.message


@pytest.mark.parametrize("more", [dict(explain=broken), dict(mistakes=(Mistake("broken", broken, "Never."),))])
def test_a_fault_beside_the_decision_changes_nothing(more):
    check = exercise_of(lambda x: 2 * x, **more)
    check.check(lambda x: 3 * x)
    assert check.status == "failed" and "It differs here" in check.message
    check.check(lambda x: x + x)
    assert check.status == "passed"


def test_a_judge_of_values_that_fails_is_the_kits_fault():
    check = Check(ValueExercise("n", "Write n.", 3.0, broken, HINTS))
    check.check(3.0)
    assert check.status == "blank" and "a fault of its own" in check.message


# Values that are no numbers

ODD = {
    "a text": "abc",
    "a number in quotes": "-3",
    "nothing": None,
    "complex": 1j,
    "a function": len,
    "a set": {1},
    "a list": [1.0],
    "an array": np.ones(2),
    "huge": 10**400,
    "nan": float("nan"),
    "infinity": float("inf"),
    "true": True,
    "bytes": b"3",
    "a dict": {},
    "nested": [[1.0]],
    "an object": object(),
    "a type": float,
}
PYTHONS = (
    "unsupported operand",
    "could not make sense",
    "TypeError",
    "ValueError",
    "AttributeError",
    "OverflowError",
    "Traceback",
    "ufunc",
    "cannot be judged",
    "a fault of its own",
)
VALUES = [
    (number, check.name)
    for number in exercises.numbers()
    for check in exercises.load(number)
    if isinstance(check.exercise, ValueExercise)
]


def variants(reference, odd):
    """The reference with the odd value in each place in turn, and the odd value itself."""
    yield odd
    if isinstance(reference, dict):
        for key, part in reference.items():
            for one in variants(part, odd):
                yield {**reference, key: one}
    if isinstance(reference, list):
        for i, part in enumerate(reference):
            for one in variants(part, odd):
                yield [*reference[:i], one, *reference[i + 1 :]]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("number, name", VALUES)
def test_no_value_is_answered_in_pythons_words(number, name, kind):
    for value in variants(getattr(exercises.load(number), name).exercise.reference, ODD[kind]):
        check = getattr(exercises.load(number), name)
        check.check(value)
        assert check.status == "failed", (value, check.message)
        assert not any(words in check.message for words in PYTHONS), (value, check.message)


def test_a_number_in_quotes_is_named():
    check = exercises.load("01").bad_guess
    check.check(dict(w="-3", b="1"))
    assert "`bad_guess['w']` is '-3', a text: write the number without quotes, `-3`." in check.message


# What was written


def item(x):
    return jnp.sum(x) * x[0].item()


def rounded(x):
    return jnp.sum(x) * round(float(x[0]))


def chosen(x):
    if x[0] > 0:
        return jnp.sum(x)
    return -jnp.sum(x)


WRITTEN = {
    "float": (lambda x: float(jnp.sum(x)), "`float(...)` makes a plain number"),
    "np.square": (
        lambda x: np.square(x).sum(),
        "`np.square(...)` is NumPy's, and no gradient comes through it: write `jnp.square`.",
    ),
    "tolist": (lambda x: jnp.sum(jnp.array(x.tolist())), "`.tolist()` makes a plain list"),
    "math.exp": (
        lambda x: math.exp(x[0]),
        "`math.exp(...)` is Python's math, and no gradient comes through it: write `jnp.exp`.",
    ),
    "np.asarray": (lambda x: jnp.sum(np.asarray(x)), "`np.asarray(...)` makes a NumPy array"),
    "scikit-learn": (lambda x: mean_squared_error(x, 2 * x), "`mean_squared_error(...)` is scikit-learn's"),
    "scipy": (lambda x: jnp.sum(expit(x)), "`expit(...)` is SciPy's"),
    "in a generator": (lambda x: sum(float(one) for one in x), "`float(...)` makes a plain number"),
    "rounded": (rounded, "`float(...)` makes a plain number"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_was_written_is_named(name):
    function, words = WRITTEN[name]
    with pytest.raises(Exception) as raised:
        jax.jit(jax.grad(function))(jnp.array([1.0, 2.0]))
    assert words in str(explain_error(raised.value, (function,), "taking the gradient"))


def test_a_choice_by_if_is_told_to_use_where():
    with pytest.raises(Exception) as raised:
        jax.jit(chosen)(jnp.array([1.0, 2.0]))
    said = str(explain_error(raised.value, (chosen,), "running it"))
    assert "`if x[0] > 0:`" in said and "jnp.where" in said


def test_a_caret_is_told_from_a_power():
    check = exercises.load("02").f
    check.check(lambda w: w ^ 2 + 3 * w - 5)
    assert check.mistake == "caret" or "write `**`" in check.message


def test_a_right_answer_in_numpy_passes_with_a_remark_where_no_gradient_is_needed():
    check = exercises.load("10").r2
    check.check(
        lambda y_true, y_pred: float(
            1
            - np.sum((np.asarray(y_true) - np.asarray(y_pred)) ** 2)
            / np.sum((np.asarray(y_true) - np.mean(y_true)) ** 2)
        )
    )
    assert check.status == "passed" and "`jax.grad` could not go through it" in check.message
    check.check(lambda y_true, y_pred: 1 - jnp.sum((y_true - y_pred) ** 2) / jnp.sum((y_true - y_true.mean()) ** 2))
    assert check.status == "passed" and "jax.grad" not in check.message


@pytest.mark.slow
def test_what_the_lesson_compiles_is_refused_in_numpy():
    check = exercises.load("09").one_hot
    check.check(lambda labels, k: np.eye(k)[np.asarray(labels)].astype(np.float32))
    assert check.status == "failed" and "`np.asarray(...)` makes a NumPy array" in check.message


# Counterexamples are ordinary


@pytest.mark.parametrize(
    "wrong",
    [
        lambda y_true, y_pred: jnp.mean((y_true - y_pred) ** 2) + 1,
        lambda y_true, y_pred: jnp.max((y_true - y_pred) ** 2),
        lambda y_true, y_pred: jnp.mean(jnp.exp(y_true) * (y_true - y_pred) ** 2),
        lambda y_true, y_pred: jnp.mean((y_true - y_pred) ** 2 / y_true),
        lambda y_true, y_pred: jnp.mean(y_true * y_pred),
        lambda y_true, y_pred: jnp.log(jnp.mean((y_true - y_pred) ** 2)),
    ],
)
def test_a_counterexample_holds_finite_numbers_and_not_only_zeros(wrong):
    check = exercises.load("01").mse
    check.check(wrong)
    shown = check.message.split("Carrying on")[0]
    assert check.status == "failed" and "expected" in shown
    assert not any(odd in shown for odd in ("nan", "inf", "e+", "[0]", "[0, 0]", "expected 0\n"))

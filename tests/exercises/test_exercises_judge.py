"""The decision of the exercise engine: what it says of a wrong answer, and when it names a mistake."""

import builtins
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from exercise_in_tests import double, exercise_of

from dl_workshop.errors import LearnerError
from dl_workshop.exercises import shrink
from dl_workshop.exercises.exercise import Mistake

# What is said


def test_an_exception_shows_the_learners_line(mse_check):
    def mse(y_true, y_pred):
        difference = y_true - y_pred
        return jnp.mean(difference**2) + y_true.sise

    mse_check.check(mse)
    assert "return jnp.mean(difference**2) + y_true.sise" in mse_check.message
    assert "Traceback" not in mse_check.message and "mse(y_true=[1], y_pred=[" in mse_check.message


@pytest.mark.parametrize(
    "answer, words",
    [
        (lambda a, b: None, "end the function with `return"),
        (lambda a, b: "1.0", "got text"),
        (lambda a, b: (1.0, 2.0), "got a tuple of 2"),
        (lambda a, b: {"loss": 1.0}, "got a dict with the keys loss"),
        (lambda a, b: jnp.mean, "did you forget to call it?"),
        (lambda a, b: ((a - b) ** 2)[None], "should be one number"),
        (lambda a, b: int(((a - b) ** 2).mean()), "should hold floats"),
        (lambda a: a, "takes 1 positional argument"),
        (lambda a, b: a.undefined, "has no attribute"),
        (lambda a, b: sys.exit(), "SystemExit"),
        (lambda a, b: builtins.__import__("no_such_module"), "no_such_module"),
        (lambda a, b: jnp.mean((a - b) ** 2) * 1.001, "It differs here"),
        (3.0, "should be a function"),
        (None, "should be a function"),
    ],
)
def test_wrong_kinds(mse_check, answer, words):
    mse_check.check(answer)
    assert (mse_check.status, mse_check.mistake) == ("failed", None)
    assert words in mse_check.message


def test_the_counterexample_is_the_smallest_round_input(mse_check, monkeypatch):
    monkeypatch.setattr(shrink, "SECONDS", 60)  # else a busy machine shows a rougher one
    mse_check.check(lambda y_true, y_pred: jnp.mean((y_true - y_pred) ** 4))
    assert "mse(y_true=[1], y_pred=[-1])\n    expected 4\n    got      16" in mse_check.message  # 0 and 1 agree


@pytest.mark.parametrize(
    "answer, words",
    [
        (lambda a, b: np.mean((np.asarray(a) - np.asarray(b)) ** 2), "`np.asarray(...)` makes a NumPy array"),
        (lambda a, b: float(jnp.mean((a - b) ** 2)), "`float(...)` makes a plain number"),
        (lambda a, b: jax.lax.stop_gradient(jnp.mean((a - b) ** 2)), "gradient with respect to `y_pred`"),
    ],
)
def test_right_values_with_a_wrong_gradient(mse_check, answer, words):
    mse_check.check(answer)
    assert mse_check.status == "failed"
    assert "The values are right, but" in mse_check.message and words in mse_check.message


def test_a_mistake_in_the_gradient_alone_is_named():
    frozen = Mistake("frozen", lambda x: jax.lax.stop_gradient(2 * x), "No gradient comes through.")
    check = exercise_of(double, mistakes=(frozen,), differentiable=0)
    check.check(lambda x: jax.lax.stop_gradient(x + x))
    assert check.mistake == "frozen"


# When a mistake is named

TRIPLE = Mistake("triple", lambda x: 3 * x, "This is three times x.")


def test_a_mistake_is_named_only_if_it_agrees_on_every_probe():
    check = exercise_of(double, mistakes=(TRIPLE,))
    check.check(lambda x: jnp.where(x[0] == 3.0, 3.1, 3.0) * x)
    assert (check.status, check.mistake) == ("failed", None)


def test_two_mistakes_that_agree_are_not_guessed_between():
    also = Mistake("also_triple", lambda x: x + x + x, "This is x, three times.")
    check = exercise_of(double, mistakes=(TRIPLE, also))
    check.check(lambda x: 3 * x)
    assert (check.status, check.mistake) == ("failed", None)


def test_a_mistake_that_no_probe_can_tell_from_the_reference_is_not_named():
    near = Mistake("near", lambda x: 2 * x + 0.9, "Within the tolerance.")
    check = exercise_of(double, mistakes=(near,), rtol=0.0, atol=1.0)
    check.check(lambda x: 2 * x + 1.5)  # too far from the reference, yet near enough to the mistake
    assert (check.status, check.mistake) == ("failed", None)


def test_a_function_in_place_of_its_value_can_be_a_mistake():
    uncalled = Mistake("uncalled", lambda x: lambda: 2 * x, "This is a function: call it.")
    check = exercise_of(double, mistakes=(uncalled, TRIPLE))
    check.check(lambda x: lambda: x)
    assert (check.status, check.mistake) == ("failed", "uncalled")


def test_a_common_exception_is_no_reason_to_name_a_mistake():
    raising = Mistake("raising", lambda x: x.nothing, "Never shown.")
    check = exercise_of(double, mistakes=(raising,))
    check.check(lambda x: x.something)
    assert (check.status, check.mistake) == ("failed", None)


def test_an_observer_speaks_to_the_learner_and_such_a_mistake_is_named():
    def observe(fn, x):
        if jnp.shape(fn(x)) != (2,):
            raise LearnerError("Two numbers, please.")
        return fn(x)

    one = Mistake("one", lambda x: 1.0, "This is one number.")
    check = exercise_of(double, mistakes=(one,), observe=observe, probes=lambda key: [([1.0, 2.0],)])
    check.check(lambda x: 7.0)
    assert check.mistake == "one"
    check = exercise_of(double, observe=observe, probes=lambda key: [([1.0, 2.0],)])
    check.check(lambda x: 7.0)
    assert "Two numbers, please." in check.message


def test_an_observed_dict_shows_only_the_parts_that_differ():
    check = exercise_of(double, observe=lambda fn, x: {"sum": fn(x).sum(), "size": fn(x).size})
    check.check(lambda x: 3 * x)
    assert "sum: expected 2, got 3" in check.message and "size" not in check.message


def test_probes_are_random_and_new_at_every_check():
    seen = []
    check = exercise_of(double)
    for _ in range(2):
        check.check(lambda x: seen.append(float(x[0])) or 2 * x)
    assert len(set(seen)) == 3  # one round probe, two random ones


# Inputs and outputs of every kind


def test_functions_and_dicts_go_in_and_dicts_and_tuples_come_out():
    def update(params, model, x):
        return {"w": params["w"] - model(params, x).sum(), "b": params["b"]}, x

    model = lambda params, x: params["w"] * x  # noqa: E731
    check = exercise_of(
        update,
        "update",
        differentiable=None,
        probes=lambda key: [({"w": 1.0, "b": 2.0}, model, [1.0, 2.0]), ({"w": 1.5, "b": 0.0}, model, np.array([3.0]))],
    )

    def learners(params, model, x):
        params["w"] -= model(params, x).sum()  # the next run must not see it, nor the reference
        return params, x

    check.check(learners)
    assert check.status == "failed" and "changes a dict that it was handed (its entry 'w'" in check.message
    assert check.check(lambda params, *others: learners(dict(params), *others)) is not update
    check.check(lambda params, model, x: ({"w": 0.0}, x))
    assert "no key 'b'" in check.message
    check.check(lambda params, model, x: params)
    assert "should be 2 things" in check.message


def test_an_exercise_explains_a_wrong_output_that_no_mistake_fits():
    check = exercise_of(
        double,
        small=((1.0,),),
        probes=lambda key: [(7.0,)],
        mistakes=(Mistake("same", lambda x: x, "Twice."),),
        explain=lambda got, x: f"At {x} it gives {got}.",
    )
    check.check(lambda x: 3 * x)
    assert "It differs here" in check.message and "At 7.0 it gives 21.0." in check.message
    check.check(lambda x: x)
    assert check.mistake == "same" and "it gives" not in check.message

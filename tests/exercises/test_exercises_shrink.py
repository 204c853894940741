"""Counterexamples that shrink: the smallest array, the roundest numbers, nothing outside the probes' ranges."""

import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from exercise_in_tests import exercise_of
from hypothesis import given
from hypothesis import strategies as st

from dl_workshop.exercises import shrink as shrinking
from dl_workshop.exercises.shrink import shrink


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    monkeypatch.setattr(shrinking, "SECONDS", 60)


def test_arrays_become_short_together_and_numbers_round():
    args = (np.array([3.7, -2.2, 8.1, 0.4]), np.array([1.5, 2.5, 3.5, 4.5]))
    x, y = shrink(args, lambda args: args[0][0] > 2 and len(args[0]) == len(args[1]), [args])
    assert x.shape == y.shape == (1,) and x == [3.0] and y[0] == 2.0


@given(st.lists(st.floats(-50, 50, width=32), min_size=1, max_size=6), st.integers(1, 6))
def test_the_result_still_fails_and_is_never_longer(values, at_least):
    args = (np.array(values),)
    fails = lambda args: len(args[0]) >= min(at_least, len(values))  # noqa: E731
    (shrunk,) = shrink(args, fails, [args])
    assert fails((shrunk,)) and len(shrunk) <= len(values)
    assert min(values) <= shrunk.min() and shrunk.max() <= max(values)


def test_no_number_leaves_the_range_of_the_probes_and_kinds_stay():
    args = (jnp.array([0.3, 0.7]), 0.25, 3, {"w": np.array([2, 5])}, jnp.sin, "text")
    p, size, n, params, function, text = shrink(args, lambda args: True, [args])
    assert isinstance(p, jax.Array) and 0.3 <= float(p[0]) <= 0.7 and p.shape == (1,)
    assert (size, n, function, text) == (0.25, 3, jnp.sin, "text") and isinstance(n, int)
    assert params["w"].dtype.kind == "i" and 2 <= params["w"][0] <= 5


def test_random_inputs_are_left_alone_and_calls_are_bounded():
    key = (jax.random.key(0), np.array([1.5, 2.5]))
    assert shrink(key, lambda args: True, [key])[1].shape == (2,)
    seen = []
    shrink((np.linspace(0, 1, 90),), lambda args: seen.append(1), [(np.linspace(0, 1, 90),)], calls=7)
    assert len(seen) == 7


def sum_of_squares(x):
    return jnp.sum(x**2)


def random_rows(key):
    return [(jax.random.normal(key, (4,)).tolist(),), (jax.random.normal(key, (6,)).tolist(),)]


def test_a_random_probe_alone_gives_a_small_counterexample():
    check = exercise_of(sum_of_squares, "sum_of_squares", probes=random_rows, differentiable=0)
    check.check(lambda x: jnp.sum(x**2) + (3.0 if len(x) > 1 else 0.0))  # right for one number
    assert re.search(r"sum_of_squares\(x=\[-?[\d.]+, -?[\d.]+\]\)\n    expected [\d.]+\n    got ", check.message)


def test_a_wrong_gradient_is_shown_on_a_small_input():
    @jax.custom_jvp
    def square(x):
        return x**2

    square.defjvp(lambda primals, tangents: (primals[0] ** 2, 3 * primals[0] * tangents[0]))
    check = exercise_of(sum_of_squares, "sum_of_squares", probes=random_rows, differentiable=0)
    check.check(lambda x: jnp.sum(square(x)))
    assert check.status == "failed" and "gradient with respect to `x` differs" in check.message
    lines = check.message.splitlines()
    shown, expected, got = (next(line for line in lines if word in line) for word in ("(x=", "expected", "got "))
    assert shown.count(",") == 0  # one number is left of four or six
    assert 1.5 * float(expected.split()[1].strip("[]")) == pytest.approx(float(got.split()[1].strip("[]")), rel=1e-3)

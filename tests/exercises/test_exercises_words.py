"""How outputs of exercises are compared, and how they are put in words."""

from collections import namedtuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop.display.blocks import as_html
from dl_workshop.display.values import format_value
from dl_workshop.exercises.compare import difference

Pair = namedtuple("Pair", "a b")


@pytest.mark.parametrize(
    "expected, got, kind",
    [
        (1.0, 1.0 + 1e-7, None),
        (1.0, np.float64(1), None),
        (2, 2.0, None),
        (jnp.array(1.0), 1.0, None),
        (jnp.bfloat16(1.5), 1.5, None),
        (np.nan, np.nan, None),
        (np.inf, np.inf, None),
        (True, np.bool_(True), None),
        (jnp.array([0, 1]), jnp.array([False, True]), None),
        ((1.0, 2.0), [1.0, 2.0], None),
        (Pair(1.0, 2.0), (1.0, 2.0), None),
        ({"a": (1.0,)}, {"a": (1.0,)}, None),
        (jax.random.key(1), jax.random.key(1), None),
        (None, None, None),
        ("yes", "yes", None),
        (1.0, 2.0, "value"),
        (1.0, np.nan, "value"),
        (np.inf, -np.inf, "value"),
        (True, False, "value"),
        ("yes", "no", "value"),
        (jnp.zeros(2), jnp.zeros((2, 1)), "shape"),
        (0.0, 0, "type"),
        (jnp.zeros(2), [0.0, 0.0], "type"),
        (jnp.zeros(2), 1j * jnp.zeros(2), "type"),
        ({"a": 1.0}, {"b": 1.0}, "type"),
        ({"a": 1.0}, {"a": 1.0, "b": 1.0}, "type"),
        ({"a": 1.0}, {"a": None}, "type"),
        ((1.0, 2.0), (1.0,), "type"),
        (1.0, "1.0", "type"),
        (1.0, object(), "type"),
        (1.0, {1.0}, "type"),
        (True, "True", "value"),
        (None, 0.0, "value"),
    ],
)
def test_difference(expected, got, kind):
    found = difference(expected, got, 1e-4, 1e-5)
    assert (found and found.kind) == kind
    assert found is None or found.words


def test_kinds_are_told_before_values():
    assert difference({"a": 1.0, "b": 1.0}, {"a": 2.0, "b": None}, 0, 0).kind == "type"


@pytest.mark.parametrize(
    "value, text",
    [
        (2.0, "2"),
        (jnp.array([1.0, 2.5]), "[1, 2.5]"),
        (np.eye(2), "[[1, 0], [0, 1]]"),
        ({"w": 1.0}, "dict(w=1)"),
        ({1: 2}, "{1: 2}"),
        ((1, 2), "(1, 2)"),
        ((1,), "(1,)"),
        (True, "True"),
        (1 / 3, "0.3333"),
        (123456.0, "123456"),
        (jnp.zeros((30, 2)), "[0, 0, 0, ...] of shape (30, 2)"),
        (len, "len"),
        (jax.random.key(0), "a random key"),
        ("text", "'text'"),
        (np.nan, "nan"),
    ],
)
def test_told(value, text):
    assert format_value(value) == text


def test_html_escapes_and_marks_without_colour():
    shown = as_html("failed", "mse: not yet right", "`a < b`\n    x = <script>\n    y")
    assert "✗" in shown and "<code>a &lt; b</code>" in shown and "<script>" not in shown
    assert shown.count("<pre") == 1

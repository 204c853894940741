"""The data sets of lessons 07 to 12: their rules, shares, ranges and noise, and their keys."""

import jax
import numpy as np
import pytest
from scipy.stats import kstest

from dl_workshop import datasets
from dl_workshop.datasets import regions
from dl_workshop.errors import LearnerError

KEY = jax.random.key(3)
KEYED = (
    "arcs",
    "circles",
    "coin",
    "harder_curve",
    "house_prices",
    "moons",
    "server_rooms",
    "sine",
    "spiral",
    "three_regions",
    "two_regions",
)


def drawn(name, key=KEY, **settings):
    return [np.asarray(part, dtype=np.float64) for part in getattr(datasets, name)(key, **settings)]


def is_uniform(values, low, high):
    assert low <= values.min() and values.max() <= high
    assert kstest((values - low) / (high - low), "uniform").pvalue > 0.001


@pytest.mark.parametrize("name", KEYED)
def test_the_key_alone_decides(name):
    first, again, other = drawn(name), drawn(name), drawn(name, jax.random.key(4))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    if name != "spiral":  # without noise there is nothing random in it
        assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))
    assert (
        not np.array_equal(drawn(name, noise=0.3)[0], drawn(name, jax.random.key(4), noise=0.3)[0])
        if name in ("spiral", "moons")
        else True
    )
    with pytest.raises(LearnerError, match=r"key=0 is a number: write jax.random.key\(0\)"):
        getattr(datasets, name)(0)
    with pytest.raises(LearnerError, match="n=0"):
        getattr(datasets, name)(KEY, n=0)


def truth_of_sine(x):
    return np.sin(2 * np.pi * x)


def truth_of_harder_curve(x):
    return 0.4 * x**2 + 0.3 * x * np.sin(15 * x) + 0.01 * np.cos(50 * x) - 0.3


@pytest.mark.parametrize(
    ("name", "truth", "n", "noise"),
    [("sine", truth_of_sine, 500, 0.1), ("harder_curve", truth_of_harder_curve, 1000, 0.05)],
)
def test_curves_have_even_noise_about_their_truth(name, truth, n, noise):
    x, y = drawn(name)
    assert x.shape == y.shape == (n,)
    is_uniform(x, 0, 1)
    is_uniform(y - truth(x), -noise - 1e-5, noise + 1e-5)
    x, y = drawn(name, n=200, noise=0.0)
    np.testing.assert_allclose(y, truth(x), atol=1e-5)


def test_overfit_curve_has_its_ripple_and_its_truth_none():
    x, y = map(np.asarray, datasets.overfit_curve())
    np.testing.assert_allclose(x, np.linspace(0, 2 * np.pi, 25), atol=1e-6)
    np.testing.assert_allclose(y, 4 / np.pi * (np.sin(x) + np.sin(5 * x) / 5), atol=1e-5)
    x, y = map(np.asarray, datasets.overfit_curve(n=100, ripple=0.0))
    assert len(x) == 100
    np.testing.assert_allclose(y, 4 * np.sin(x) / np.pi, atol=1e-5)


def test_arcs():
    x, y = drawn("arcs", n=2000)
    assert x.shape == (4000, 2) and np.array_equal(np.bincount(y.astype(int)), [2000, 2000])
    for label in (0, 1):
        across = x[y == label, 0]
        np.testing.assert_allclose(across, np.linspace(0, np.pi, 2000), atol=1e-5)
        is_uniform(x[y == label, 1] - np.sin(across) - 0.65 * label, -0.125001, 0.125001)


def test_coin_has_its_shares():
    x, y = drawn("coin", n=40_000)
    is_uniform(x.ravel(), -0.5, 0.5)
    np.testing.assert_allclose(np.bincount(y.astype(int)) / len(y), [0.16, 0.476, 0.364], atol=0.008)
    hole = (np.abs(x) < 0.2).all(axis=1)
    np.testing.assert_array_equal(y == 0, hole)
    np.testing.assert_array_equal(y == 1, ~hole & (np.hypot(*x.T) < 0.45))


def test_two_regions():
    x, y = drawn("two_regions", n=20_000)
    is_uniform(x.ravel(), 0, 1)
    np.testing.assert_array_equal(y, x[:, 1] > 2 * x[:, 0] - 0.5)
    assert y.mean() == pytest.approx(0.5, abs=0.02)  # the line goes through the middle


def above(x, shift=0.0):
    return np.stack([x[:, 1] - shift > line for line in (2.5 * x[:, 0] - 10, 0.3 * x[:, 0] + 5, 10 - x[:, 0])], axis=1)


PATTERNS = [(True, True, True), (True, False, False), (False, False, True)]  # of each class, above which lines


def test_three_regions_without_noise_are_exact_and_hold_all_there_is():
    x, y = drawn("three_regions", n=20_000, noise=0.0)
    for label, pattern in enumerate(PATTERNS):
        assert (above(x[y == label]) == pattern).all()
    every = np.random.default_rng(0).uniform(0, 10, (200_000, 2))
    shares = [(above(every) == pattern).all(axis=1).mean() for pattern in PATTERNS]
    np.testing.assert_allclose(np.bincount(y.astype(int)) / 20_000, shares, atol=0.01)


def test_three_regions_overlap_by_the_noise_and_no_more():
    x, y = drawn("three_regions", n=20_000)
    for label, pattern in enumerate(PATTERNS):
        mine, agrees = x[y == label], np.array(pattern)
        low, high = above(mine, 1.0), above(mine, -1.0)  # x2 - u for the ends of u
        assert ((low == agrees) | (high == agrees)).all()
        assert not (above(mine) == agrees).all()
    assert x.min() >= 0 and x.max() <= 10


@pytest.mark.parametrize("name", ["circles", "moons", "spiral"])
def test_noise_moves_both_coordinates(name):
    exact, moved = drawn(name, n=4000), drawn(name, n=4000, noise=0.2)
    np.testing.assert_array_equal(exact[1], moved[1])
    assert np.bincount(exact[1].astype(int)).tolist() == [2000, 2000]
    gap = moved[0] - exact[0]
    np.testing.assert_allclose(gap.std(axis=0), 0.2, rtol=0.05)
    assert abs(np.corrcoef(gap.T)[0, 1]) < 0.06


def test_circles_moons_and_spiral_have_their_shapes():
    x, y = drawn("circles", n=2000)
    r = np.hypot(*x.T)
    assert r[y == 1].max() <= 0.451 and r[y == 0].min() >= 0.699 and r.max() <= 1.001
    x, y = drawn("moons", n=2000)
    for label, centre, side in ((0, (-0.35, -0.17), 1), (1, (0.35, 0.17), -1)):
        gap = x[y == label] - centre
        np.testing.assert_allclose(np.hypot(*gap.T), 0.7, rtol=1e-4)
        assert (side * gap[:, 1] >= -1e-6).all()
    x, y = drawn("spiral", n=400)
    turns = np.hypot(*x.T) * 1.75 * 2 * np.pi
    np.testing.assert_allclose(x[:, 0], np.hypot(*x.T) * np.cos(turns + np.pi * y), atol=1e-4)


def test_server_rooms():
    x, y = drawn("server_rooms", n=20_000)
    is_uniform(x, 0, 1)
    assert kstest((y - 2 * x - 3) / 0.2, "norm").pvalue > 0.001
    assert drawn("server_rooms")[0].shape == (100,)


def test_house_prices_are_whole_and_reach_their_ends():
    x, y = drawn("house_prices", n=20_000)
    noise = y - (-2 * x[:, 0] + 5 * x[:, 1] + 50)
    for values, low, high in ((x[:, 0], 2, 22), (x[:, 1], 40, 119), (noise, -49, 49)):
        found, counts = np.unique(values, return_counts=True)
        np.testing.assert_array_equal(found, np.arange(low, high + 1))
        expected = 20_000 / len(found)
        assert np.sum((counts - expected) ** 2 / expected) < 2 * len(found)  # chi squared: about len(found)
    assert drawn("house_prices")[0].shape == (1000, 2)


@pytest.mark.parametrize("name", regions.GATES)
def test_gates_are_their_python_operators(name):
    rules = {"and": lambda a, b: a & b, "or": lambda a, b: a | b, "xor": lambda a, b: a ^ b, "not": lambda a: 1 - a}
    rules |= {"nand": lambda a, b: 1 - (a & b), "nor": lambda a, b: 1 - (a | b), "xnor": lambda a, b: 1 - (a ^ b)}
    x, y = datasets.gate(name)
    assert [rules[name](*row) for row in np.asarray(x, int).tolist()] == y.tolist()
    assert len(np.unique(np.asarray(x), axis=0)) == len(x) == (2 if name == "not" else 4)
    more, labels = datasets.gate(name.upper(), n=10)
    assert len(more) == len(labels) == 10 and np.array_equal(more[4:8], np.resize(np.asarray(x), (4, x.shape[1])))


def test_words_for_a_gate_that_is_none():
    with pytest.raises(LearnerError, match=r"no gate 'xo': choose one of and, or"):
        datasets.gate("xo")
    with pytest.raises(LearnerError, match="draw more"):
        datasets.three_regions(jax.random.key(1), n=1, noise=0.0)
    with pytest.raises(LearnerError, match="noise=-1"):
        datasets.arcs(KEY, noise=-1)

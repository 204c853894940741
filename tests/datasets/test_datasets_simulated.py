"""Keyed data and table helpers, against NumPy by hand, closed forms and scikit-learn."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_workshop import datasets
from dl_workshop.datasets import labelled_line, line, split, standardise, stratified_folds
from dl_workshop.errors import LearnerError

KEY = jax.random.key(3)
seeds = st.integers(0, 2**32 - 1).map(jax.random.key)


def test_names_are_handed_on():
    assert datasets.simulated.line is line and datasets.real.biodegradation is datasets.biodegradation


def test_x_is_even_on_minus_5_to_5():
    x, _ = line(KEY)
    np.testing.assert_allclose(x, np.linspace(-5, 5, 100), atol=1e-6)
    assert float(jnp.mean(x**2)) == pytest.approx(8.5017, abs=5e-5)
    np.testing.assert_array_equal(x, labelled_line(KEY)[0])


def test_bad_guess_costs_about_705():
    x, y = line(KEY)
    assert np.mean((y - (-5 * x + 3)) ** 2) == pytest.approx(705, abs=15)


def test_noise_is_standard_normal_and_one_draw_a_point():
    x, y = line(KEY, n=20_000, noise=3.0)
    residuals = np.asarray(y - (2 * x + 20))
    assert abs(residuals.mean()) < 0.1 and residuals.std() == pytest.approx(3, abs=0.1)
    assert len(np.unique(residuals)) > 19_000
    assert abs(np.corrcoef(residuals[:-1], residuals[1:])[0, 1]) < 0.03


@settings(max_examples=20, deadline=None)
@given(seeds, seeds)
def test_same_key_same_data(first, second):
    for draw in (line, labelled_line):
        np.testing.assert_array_equal(draw(first), draw(first))
    if jax.random.key_data(first).tolist() != jax.random.key_data(second).tolist():
        assert not np.array_equal(line(first)[1], line(second)[1])


@settings(max_examples=20, deadline=None)
@given(st.floats(-5, 5), st.floats(-5, 5))
def test_without_noise_the_truth_is_exact(w, b):
    x, y = line(KEY, w=w, b=b, noise=0.0)
    np.testing.assert_allclose(y, w * np.asarray(x) + b, atol=1e-5)
    _, labels = labelled_line(KEY, w=w, b=b, noise=0.0)
    logits = w * np.linspace(-5, 5, 100) + b
    clear = np.abs(logits) > 1e-5
    np.testing.assert_array_equal(labels[clear], (logits > 0)[clear])


def test_labels_turn_within_the_noise_only():
    x, y = labelled_line(KEY, n=5000)
    assert set(np.unique(y)) == {0.0, 1.0}
    logits = 2 * np.asarray(x) + 1
    assert (y[logits > 1e-5] == 1).all() and (y[logits < -1 - 1e-5] == 0).all()
    # Between the two a label is 1 with probability 1 + logit, which is 1/2 on average.
    between = (logits > -1) & (logits < 0)
    assert np.mean(y[between]) == pytest.approx(0.5, abs=0.1)


def test_about_half_of_200_draws_are_separable():
    keys = jax.random.split(KEY, 200)
    labels = jax.vmap(lambda key: labelled_line(key)[1])(keys)
    separable = np.mean([(np.diff(y) >= 0).all() for y in np.asarray(labels)])
    assert 0.35 < separable < 0.65


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: line(0), r"write jax.random.key\(0\)"),
        (lambda: line(jax.random.split(KEY, 2)), "holds 2 keys, but one is needed"),
        (lambda: line(KEY, n=0), "n=0"),
        (lambda: line(KEY, n=2.5), "n=2.5"),
        (lambda: labelled_line(KEY, noise=-1.0), "noise=-1.0"),
        (lambda: labelled_line(KEY, noise=float("nan")), "noise=nan"),
        (lambda: split(KEY, jnp.ones((4, 2)), jnp.ones(3)), "4 rows but y has 3"),
        (lambda: split(KEY, jnp.ones((4, 2)), jnp.ones(4), test_share=25), "test_share=25"),
        (lambda: split(KEY, jnp.ones((4, 2)), jnp.ones(4), test_share=0.01), "nothing to test on"),
        (lambda: split(KEY, jnp.ones((4, 2)), jnp.ones(4), test_share=0.99), "nothing to train on"),
        (lambda: standardise(jnp.ones((4, 2)), jnp.ones((4, 3))), r"\(4, 2\).*\(4, 3\)"),
        (lambda: standardise(jnp.full((4, 2), jnp.nan), jnp.ones((4, 2))), "nan"),
        (lambda: stratified_folds(KEY, jnp.array([0, 0, 1, 0])), "n_folds=5 must lie between 2 and 1"),
        (lambda: stratified_folds(KEY, jnp.ones((4, 1))), r"\(4, 1\)"),
    ],
)
def test_bad_input_is_answered_in_words(call, words):
    with pytest.raises(LearnerError, match=words) as caught:
        call()
    assert len(str(caught.value)) < 300


def test_old_style_keys_are_keys():
    assert line(jax.random.PRNGKey(3))[1].shape == (100,)


classes = st.lists(st.integers(5, 40), min_size=1, max_size=4).map(
    lambda sizes: np.repeat(np.arange(len(sizes)), sizes)
)


@settings(max_examples=30, deadline=None)
@given(seeds, classes, st.sampled_from([0.2, 0.25, 0.5]))
def test_split_keeps_every_row_once_and_the_shares(key, y, share):
    x = np.stack([np.arange(len(y)), 10 * np.arange(len(y))], axis=1).astype(np.float32)
    x_train, x_test, y_train, y_test = split(key, x, y, test_share=share)
    rows = np.concatenate([x_train, x_test])[:, 0].astype(int)
    assert sorted(rows) == list(range(len(y)))
    np.testing.assert_array_equal(np.concatenate([y_train, y_test]), y[rows])
    for label in np.unique(y):
        assert abs(int((y_test == label).sum()) - share * (y == label).sum()) <= 0.5


def test_split_is_keyed_and_shuffled():
    x, y = np.arange(200.0), np.repeat([0.0, 1.0], 100)
    first, again, other = split(KEY, x, y), split(KEY, x, y), split(jax.random.key(4), x, y)
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)
    assert set(first[1].tolist()) != set(other[1].tolist())
    assert 0 < first[2][:20].mean() < 1 and 0 < first[3][:20].mean() < 1


@settings(max_examples=30, deadline=None)
@given(seeds, classes, st.integers(2, 5))
def test_folds_share_the_classes_as_scikit_learn_does(key, y, n_folds):
    from sklearn.model_selection import StratifiedKFold

    folds = stratified_folds(key, y, n_folds)
    assert sorted(np.concatenate([test for _, test in folds])) == list(range(len(y)))
    for train, test in folds:
        assert sorted([*train, *test]) == list(range(len(y)))
    theirs = StratifiedKFold(n_folds, shuffle=True, random_state=0).split(y, y)
    for label in np.unique(y):
        ours = sorted((y[test] == label).sum() for _, test in folds)
        assert max(ours) - min(ours) <= 1
    assert sorted(len(test) for _, test in folds) == sorted(len(test) for _, test in theirs)


def test_folds_are_keyed_and_mixed():
    y = np.repeat([0, 1], 50)
    first, other = stratified_folds(KEY, y), stratified_folds(jax.random.key(4), y)
    assert any(set(a[1]) != set(b[1]) for a, b in zip(first, other, strict=True))
    assert all(np.diff(test).max() > 1 for _, test in first)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_standardise_equals_scikit_learns_scaler(seed):
    from sklearn.preprocessing import StandardScaler

    draw = np.random.default_rng(seed)
    train, test = (draw.normal(size=(n, 4)) * [1, 100, 0.01, 1] + [0, 5000, 1, 0] for n in (30, 10))
    train[:, 3] = 0.1  # constant in training, other values in the test
    scaler = StandardScaler().fit(train)
    ours = standardise(train, test)
    np.testing.assert_allclose(ours[0], scaler.transform(train), atol=1e-4)
    np.testing.assert_allclose(ours[1], scaler.transform(test), atol=1e-4)


def test_standardise_looks_at_the_training_rows_only():
    train = jnp.array([[1.0, 7.0], [3.0, 7.0]])
    scaled, test = standardise(train, jnp.array([[100.0, 9.0]]))
    np.testing.assert_allclose(scaled, [[-1, 0], [1, 0]])
    np.testing.assert_allclose(test, [[98, 2]])

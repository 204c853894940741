"""Optimisers and schedules against Optax; schedules in fit; the range test."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_workshop import fit, losses, models, tuning
from dl_workshop.errors import LearnerError
from dl_workshop.optimizers import adam, gradient_descent, momentum, rmsprop
from dl_workshop.schedules import cosine_decay, exponential_decay, step_decay, warm_up
from dl_workshop.training import loop

pytestmark = pytest.mark.slow  # compiles many small loops

PAIRS = {
    "gradient_descent": (gradient_descent, optax.sgd),
    "momentum": (momentum, partial(optax.sgd, momentum=0.9)),
    "momentum .5": (partial(momentum, decay=0.5), partial(optax.sgd, momentum=0.5)),
    "rmsprop": (rmsprop, optax.rmsprop),
    "rmsprop .99": (partial(rmsprop, decay=0.99, eps=1e-3), partial(optax.rmsprop, decay=0.99, eps=1e-3)),
    "adam": (adam, optax.adam),
    "adam .8 .9": (partial(adam, b1=0.8, b2=0.9, eps=1e-4), partial(optax.adam, b1=0.8, b2=0.9, eps=1e-4)),
}
TREES = [
    {"w": jnp.array(1.5), "b": jnp.array(-2.0)},
    {"layer": {"w": jnp.linspace(-1, 1, 6).reshape(2, 3)}, "b": jnp.zeros(3)},
    [jnp.ones(4), (jnp.array(0.1), jnp.full((2, 2), -3.0))],
]


def walk(optimizer, params, n_steps, seed):
    """Take steps along gradients that depend on the params, as a loss's do, and on chance, as a batch's do."""
    draw = np.random.default_rng(seed)
    init, update = optimizer
    state = init(params)
    for _ in range(n_steps):
        noise = float(draw.normal())
        grads = jax.tree.map(lambda leaf, noise=noise: jnp.sin(3 * leaf) + leaf + noise, params)
        updates, state = update(grads, state, params)
        params = optax.apply_updates(params, updates)
    return params


@pytest.mark.parametrize("name", PAIRS)
@settings(max_examples=4)
@given(step_size=st.floats(1e-4, 0.3), seed=st.integers(0, 999), tree=st.sampled_from(TREES))
def test_steps_are_optaxs(name, step_size, seed, tree):
    ours, theirs = (walk(make(step_size), tree, 30, seed) for make in PAIRS[name])
    jax.tree.map(partial(np.testing.assert_allclose, rtol=2e-4, atol=1e-5), ours, theirs)


@pytest.mark.parametrize("name", PAIRS)
def test_a_schedule_takes_the_place_of_the_step_size(name):
    stairs = step_decay(0.1, 0.5, 7)
    ours, theirs = (walk(make(stairs), TREES[1], 25, 0) for make in PAIRS[name])
    jax.tree.map(partial(np.testing.assert_allclose, rtol=2e-4, atol=1e-5), ours, theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (step_decay(0.1, 0.9, 50), optax.exponential_decay(0.1, 50, 0.9, staircase=True)),
        (exponential_decay(0.1, 0.001, 300), optax.exponential_decay(0.1, 300, 0.01)),
        (cosine_decay(0.3, 250), optax.cosine_decay_schedule(0.3, 250)),
        (warm_up(cosine_decay(0.3, 200), 20), optax.warmup_cosine_decay_schedule(0.0, 0.3, 20, 220)),
        (warm_up(0.2, 30), optax.linear_schedule(0.0, 0.2, 30)),
    ],
)
def test_schedules_are_optaxs(ours, theirs):
    steps = jnp.arange(300)
    np.testing.assert_allclose([float(ours(t)) for t in range(300)], theirs(steps), rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(jax.jit(jax.vmap(ours))(steps), theirs(steps), rtol=1e-4, atol=1e-7)


X = np.linspace(-1, 1, 60, dtype=np.float32)
Y = 3 * X - 1
START = {"w": 0.0, "b": 0.0}
DATA = (models.linear_model, losses.mse_loss, X, Y)


def test_fit_takes_a_schedule_with_any_optimiser_and_compiles_once():
    for optimizer, theirs in ((adam, optax.adam), (optax.adam, adam)):
        by_step = fit(START, *DATA, step_size=step_decay(0.1, 0.5, 20), n_steps=60, optimizer=optimizer)
        by_pair = fit(START, *DATA, n_steps=60, optimizer=theirs(step_decay(0.1, 0.5, 20)))
        np.testing.assert_allclose(by_step.losses, by_pair.losses, rtol=1e-3, atol=1e-6)
    before = len(loop._kept)
    fit(START, *DATA, step_size=step_decay(0.1, 0.5, 20), n_steps=60, optimizer=adam)
    assert len(loop._kept) == before


def test_fit_refuses_a_schedule_that_would_be_lost():
    with pytest.raises(LearnerError, match="has its step size already"):
        fit(START, *DATA, step_size=step_decay(), optimizer=adam(0.1))
    with pytest.raises(LearnerError, match=r"every=0\.5"):
        step_decay(0.1, 0.9, 0.5)
    with pytest.raises(LearnerError, match="start=-1"):
        cosine_decay(-1, 10)


def test_range_test_finds_the_largest_stable_step():
    # mse of a line: the steepest curvature is 2 (1 + mean x) = 2 for b, so steps beyond 1 climb.
    sizes, seen = tuning.range_test(START, *DATA, low=1e-3, high=100.0, n_steps=200)
    np.testing.assert_allclose(sizes, np.geomspace(1e-3, 100, 201)[: len(seen)], rtol=1e-5)
    assert 0.8 < sizes[np.argmin(seen)] < 3 and seen[-1] > 10 * seen.min()
    with pytest.raises(LearnerError, match="low=2 must be below"):
        tuning.range_test(START, *DATA, low=2, high=1)

"""Where a net starts, in lesson 08: Xavier's spread for tanh and logistic units, He's for relu."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.exercises.domain import KEY, wholes
from dl_workshop.exercises.exercise import Exercise, changed, draws
from dl_workshop.exercises.solutions import from_lesson

xavier = from_lesson(__file__, "xavier")
he = from_lesson(__file__, "he")


def of_xavier(fan_in, fan_out):
    """Give Xavier's spread."""
    return np.sqrt(2 / (fan_in + fan_out))


def of_he(fan_in, fan_out):
    """Give He's spread."""
    return np.sqrt(2 / fan_in)


def drawing(rule):
    """Give start(...), which makes an initialiser of a spread, a distribution, a key and an end."""

    def start(spread=rule, normal=jax.random.normal, the=lambda key: key, end=lambda w: w):
        return lambda key, shape: end(normal(the(key), shape) * spread(*shape))

    return start


def watch(rule):
    """Give observe(fn, key, shape): statistics of the draws, since those differ from answer to answer."""

    def look_at_weights(fn, key, shape):
        w, again, other = (np.asarray(fn(one, shape)) for one in (key, key, jax.random.fold_in(key, 1)))
        if w.shape != shape:
            raise LearnerError(f"For shape={shape} the weights should have shape {shape}. They have {w.shape}.")
        scaled = np.asarray(w, float) / rule(*shape)
        return {
            "spread, as a multiple of the one asked for": float(scaled.std()),
            "mean": float(scaled.mean()) if abs(scaled.mean()) > 0.05 else 0.0,
            "share within one spread of 0": float(np.mean(np.abs(scaled) < scaled.std())),
            "the same key gives the same weights": bool(np.array_equal(w, again)),
            "another key gives other weights": bool(not np.array_equal(w, other)),
        }

    return look_at_weights


def wide_and_narrow(key):
    """Give two keys and shapes: fewer units than inputs, and more."""
    one, other = (jax.random.key(seed) for seed in draws(key).integers(0, 2**31, 2).tolist())
    return [(one, (300, 100)), (other, (100, 300))]


def mistakes(start, rule):
    """Give the mistakes that both initialisers share."""
    return (
        changed(
            start,
            "not_scaled",
            "The weights have spread 1, however many inputs there are: multiply by the root.",
            spread=lambda fan_in, fan_out: 1.0,
        ),
        changed(
            start,
            "root_forgotten",
            "The root is missing: multiply by `jnp.sqrt(...)` of that fraction.",
            spread=lambda *shape: rule(*shape) ** 2,
        ),
        changed(
            start,
            "upside_down",
            "The fraction is upside down: more inputs need SMALLER weights.",
            spread=lambda *shape: 1 / rule(*shape),
        ),
        changed(
            start,
            "fan_in_alone",
            "This is 1 / fan_in under the root, the start of lesson 05: read the formula once more.",
            spread=lambda fan_in, fan_out: fan_in**-0.5,
        ),
        changed(
            start,
            "uniform",
            "These draws are uniform between 0 and 1, so no weight is below 0: use `jax.random.normal`.",
            normal=jax.random.uniform,
        ),
        changed(
            start,
            "uniform_about_0",
            "These draws are UNIFORM about 0, with the right spread. That is a "
            "convention too, and as good; here they are normal, `jax.random.normal`.",
            normal=lambda key, shape: jax.random.uniform(key, shape, minval=-(3**0.5), maxval=3**0.5),
        ),
        changed(
            start,
            "key_ignored",
            "Every key gives the SAME weights: hand on the argument `key`.",
            the=lambda key: jax.random.key(0),
        ),
        changed(
            start,
            "zeros",
            "All weights are 0, so all units are twins: draw them with `jax.random.normal`.",
            normal=lambda key, shape: jnp.zeros(shape),
        ),
        changed(
            start,
            "transposed",
            "The weights are the wrong way round: their shape is (fan_in, fan_out).",
            end=jnp.transpose,
        ),
    )


def initializer(name, reference, rule, formula, *, own, last_hint):
    """Make the exercise of an initialiser, reference(key, shape), with mistakes of its `own`."""
    start = drawing(rule)
    return Exercise(
        name=name,
        task=f"Return weights of the shape (fan_in, fan_out), normal with mean 0 and the spread {formula}.",
        reference=reference,
        domain=dict(key=KEY, shape=(wholes(low=1), wholes(low=1))),
        probes=wide_and_narrow,
        observe=watch(rule),
        rtol=0.03,
        atol=0.012,
        also_right=(
            start(),
            start(the=lambda key: jax.random.fold_in(key, 3)),
            lambda key, shape: jnp.asarray(
                np.random.default_rng(np.asarray(jax.random.key_data(key))).normal(0, rule(*shape), shape)
            ),
        ),
        mistakes=(*mistakes(start, rule), *own(start)),
        hints=(
            "Draw normal numbers of that shape, spread 1, and multiply them by the spread that the formula asks for.",
            "`jax.random.normal(key, shape)` draws them; `jnp.sqrt(...)` is the root.",
            last_hint,
        ),
    )


XAVIER = initializer(
    "xavier",
    xavier,
    of_xavier,
    "sqrt(2 / (fan_in + fan_out))",
    own=lambda start: (
        changed(
            start, "he_for_xavier", "This is He's spread: Xavier's has fan_in + fan_out under the root.", spread=of_he
        ),
        changed(
            start,
            "one_for_two",
            "The numerator is 1 here: there are two fans below, so it is 2.",
            spread=lambda fan_in, fan_out: (fan_in + fan_out) ** -0.5,
        ),
        changed(
            start,
            "brackets_forgotten",
            "Python divides before it adds: put `(fan_in + fan_out)` in brackets.",
            spread=lambda fan_in, fan_out: np.sqrt(2 / fan_in + fan_out),
        ),
    ),
    last_hint="Multiply the draws by `jnp.sqrt(2 / (fan_in + fan_out))`.",
)

HE = initializer(
    "he",
    he,
    of_he,
    "sqrt(2 / fan_in)",
    own=lambda start: (
        changed(
            start, "xavier_for_he", "This is Xavier's spread: He's has fan_in alone under the root.", spread=of_xavier
        ),
        changed(
            start,
            "fan_out",
            "The number of OUTPUTS is under the root: a unit adds up its inputs, so use fan_in.",
            spread=lambda fan_in, fan_out: np.sqrt(2 / fan_out),
        ),
    ),
    last_hint="Multiply the draws by `jnp.sqrt(2 / fan_in)`.",
)

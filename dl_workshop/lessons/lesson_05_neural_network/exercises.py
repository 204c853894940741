"""Exercises of lesson 05: a neural network. The net is here; the rest is in table_05 and loop_05."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.exercises.domain import KEY, floats, wholes
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.lessons.lesson_05_neural_network.loop import GRADIENT, LOGISTIC_LOSS, TRAIN
from dl_workshop.lessons.lesson_05_neural_network.table import CONFUSION_COUNTS, NULL_ACCURACY
from dl_workshop.models import logistic

init_mlp = from_lesson(__file__, "init_mlp")


def starts(
    change=lambda params: params,
    spread=(lambda d: d**-0.5, lambda hidden, out: hidden**-0.5),
    normal=jax.random.normal,
    keys=jax.random.split,
):
    """Make an init_mlp with one thing wrong: other spreads, another distribution, other keys, or changed params."""

    def init(key, widths):
        d, hidden, out = widths
        key1, key2 = keys(key)
        w1, w2 = normal(key1, (d, hidden)) * spread[0](d), normal(key2, (hidden, out)) * spread[1](hidden, out)
        return change(dict(w1=w1, b1=jnp.zeros(hidden), w2=w2, b2=jnp.zeros(out)))

    return init


def over(divisors):
    """Give init_mlp with w1 and w2 divided by divisors(d, hidden, out) instead."""

    def init(key, widths):
        params, by = starts(spread=(lambda d: 1.0, lambda hidden, out: 1.0))(key, widths), divisors(*widths)
        return params | dict(w1=params["w1"] / by[0], w2=params["w2"] / by[1])

    return init


def of_each(names, rule):
    """Give init_mlp with rule(value) in place of the named entries."""
    return starts(lambda params: params | {name: rule(params[name]) for name in names})


def look_at_start(fn, key, widths):
    """See shapes, spread and keys; draws differ from answer to answer, their statistics do not."""
    d, hidden, out = widths
    wanted = dict(w1=(d, hidden), b1=(hidden,), w2=(hidden, out), b2=(out,))
    params, again, other = fn(key, widths), fn(key, widths), fn(jax.random.fold_in(key, 1), widths)
    if not isinstance(params, dict) or set(params) != set(wanted):
        raise LearnerError(
            "The params should be a dict with the keys w1, b1, w2, b2: return `dict(w1=..., b1=..., w2=..., b2=...)`."
        )
    for name, shape in wanted.items():
        if np.shape(params[name]) != shape:
            raise LearnerError(
                f"For widths={widths}, {name} should have shape {shape}. It has {np.shape(params[name])}."
            )
    w1, w2 = (np.asarray(params[name], float).ravel() for name in ("w1", "w2"))
    scaled1, scaled2 = w1 * d**0.5, w2 * hidden**0.5
    alike = w1.size == w2.size and np.allclose(w1 * w2.std(), w2 * w1.std(), atol=1e-6)
    return {
        "all entries are floats": all(np.asarray(value).dtype.kind == "f" for value in params.values()),
        "spread of w1, times the root of d": float(scaled1.std()),
        "spread of w2, times the root of the hidden width": float(scaled2.std()),
        "mean of w1, times the root of d": float(scaled1.mean()) if abs(scaled1.mean()) > 0.15 else 0.0,
        "some of w1 and w2 are beyond twice their spread": all(np.abs(w).max() > 2 * w.std() for w in (w1, w2)),
        "b1 and b2 are 0": not np.any(params["b1"]) and not np.any(params["b2"]),
        "all entries of b1 are alike": bool(np.ptp(params["b1"]) == 0),
        "w1 and w2 are separate draws": bool(not alike and w1.any()),
        "the same key gives the same start": bool(np.array_equal(params["w1"], again["w1"])),
        "another key gives another start": bool(not np.array_equal(params["w1"], other["w1"])),
    }


def two_keys(key):
    """Give starts of two nets: the first has w1 and w2 of one size, so that the same draws are seen to be the same."""
    return list(zip(jax.random.split(key), ((20, 100, 20), (50, 40, 30)), strict=True))


def uniform_glorot(key, widths):
    d, hidden, out = widths
    limits = (6 / (d + hidden)) ** 0.5, (6 / (hidden + out)) ** 0.5
    return starts(
        spread=(lambda d: limits[0], lambda hidden, out: limits[1]),
        normal=lambda key, shape: jax.random.uniform(key, shape, minval=-1, maxval=1),
    )(key, widths)


INIT_MLP = Exercise(
    name="init_mlp",
    task="Return the params of a net, widths = (d, hidden, out): w1 and w2 normal with the spread 1 / sqrt(fan_in), "
    "b1 and b2 zeros.",
    reference=init_mlp,
    domain=dict(key=KEY, widths=(wholes(low=1),) * 3),
    probes=two_keys,
    observe=look_at_start,
    rtol=0.1,
    atol=0.06,
    also_right=(
        starts(),
        starts(keys=lambda key: (jax.random.fold_in(key, 7), jax.random.fold_in(key, 8))),
        starts(keys=lambda key: (key, jax.random.split(key)[1])),
        lambda key, widths: {
            f"{letter}{i + 1}": value
            for i, one in enumerate(jax.random.split(key))
            for letter, value in dict(
                b=jnp.zeros((widths[i + 1],)), w=jax.random.normal(one, widths[i : i + 2]) * widths[i] ** -0.5
            ).items()
        },
    ),
    mistakes=(
        Mistake(
            "not_scaled",
            over(lambda d, hidden, out: (1, 1)),
            "The weights have spread 1, so a unit with many inputs adds up to a large number, where tanh is flat: "
            "divide `w1` by `jnp.sqrt(d)` and `w2` by `jnp.sqrt(hidden)`.",
        ),
        Mistake(
            "divided_by_fan_in",
            over(lambda d, hidden, out: (d, hidden)),
            "The weights are divided by the number of inputs: divide by its square ROOT.",
        ),
        Mistake(
            "same_root_for_both",
            over(lambda d, hidden, out: (d**0.5, d**0.5)),
            "Both layers are divided by `jnp.sqrt(d)`, but the inputs of the second are the hidden units: divide "
            "`w2` by `jnp.sqrt(hidden)`.",
        ),
        Mistake(
            "fan_out",
            over(lambda d, hidden, out: (hidden**0.5, out**0.5)),
            "Each layer is divided by the root of its OUTPUTS: use the number of its inputs, d and hidden.",
        ),
        Mistake(
            "zeros",
            of_each(("w1", "w2"), jnp.zeros_like),
            "All weights are 0, so all hidden units are alike and stay alike: draw them with `jax.random.normal`.",
        ),
        Mistake(
            "one_key_twice",
            starts(keys=lambda key: (key, key)),
            "`w1` and `w2` are drawn with ONE key, so they hold the same numbers: split it first, "
            "`key1, key2 = jax.random.split(key)`.",
        ),
        Mistake(
            "key_ignored",
            starts(keys=lambda key: jax.random.split(jax.random.key(0))),
            "Every key gives the SAME start: hand on the argument `key`.",
        ),
        Mistake(
            "uniform",
            starts(normal=jax.random.uniform),
            "These weights behave like UNIFORM noise, which is never below 0: use `jax.random.normal`.",
        ),
        Mistake(
            "uniform_glorot",
            uniform_glorot,
            "This is GLOROT's start, uniform up to the root of 6 / (fan_in + fan_out). That is a convention, as "
            "good as ours; here the weights are normal, with the spread 1 / sqrt(fan_in).",
        ),
        Mistake(
            "random_biases",
            of_each(("b1", "b2"), lambda b: jax.random.normal(jax.random.key(2), b.shape)),
            "The biases are random here: let them start at 0, `jnp.zeros(hidden)` and `jnp.zeros(out)`.",
        ),
        Mistake(
            "biases_of_one", of_each(("b1", "b2"), jnp.ones_like), "The biases start at 1 here: let them start at 0."
        ),
        Mistake(
            "biases_are_numbers",
            of_each(("b1", "b2"), jnp.sum),
            "Each bias is ONE number, but every unit needs its own: `jnp.zeros(hidden)` and `jnp.zeros(out)`.",
        ),
        Mistake(
            "whole_number_biases",
            of_each(("b1", "b2"), lambda b: b.astype(int)),
            "The biases are whole numbers, and those have no gradient: `jnp.zeros(hidden)` gives floats.",
        ),
        Mistake(
            "transposed",
            of_each(("w1", "w2"), jnp.transpose),
            "The weights are the wrong way round for `x @ w1`: inputs first, (d, hidden), then (hidden, out).",
        ),
    ),
    hints=(
        "Four arrays. Write down the shape of each, from the table above, before you write code.",
        "Two keys, `key1, key2 = jax.random.split(key)`; normal draws of shape (d, hidden) and (hidden, out); zeros.",
        "`w1 = jax.random.normal(key1, (d, hidden)) / jnp.sqrt(d)`. `w2` is the same with its own key, shape and root.",
    ),
)


mlp_model = from_lesson(__file__, "mlp_model")


FAR = dict(w1=[[8.0, -6.5], [0.5, 9.0], [-7.0, 1.0]], b1=[-6.0, 7.0], w2=[[6.5], [-8.0]], b2=[7.5])


def nets_and_rows(key):
    """Draw (params, x): several rows; `small` has one alone. Few shapes, those of loop_05: each costs compilation."""
    random = draws(key)

    def net(d, hidden):
        shapes = dict(w1=(d, hidden), b1=(hidden,), w2=(hidden, 1), b2=(1,))
        return {name: random.normal(size=shape).tolist() for name, shape in shapes.items()}

    return [
        (net(2, 3), random.normal(0, 4, (5, 2)).tolist()),
        (FAR, random.normal(0, 0.6, (5, 3)).tolist()),
        (net(2, 3), random.normal(size=(5, 2)).tolist()),
    ]


def a_net(hidden=lambda z: jnp.tanh(z), b1=1.0, b2=1.0, end=lambda logits: logits[:, 0]):
    """Make a net of its hidden layer, how much each bias counts, and its end."""

    def model(params, x):
        h = hidden(x @ params["w1"] + b1 * params["b1"])
        return end(h @ params["w2"] + b2 * params["b2"])

    return model


MLP_MODEL = Exercise(
    name="mlp_model",
    task="Return the logits of the net: a hidden layer with tanh, then a layer without, one number for each row of x.",
    reference=mlp_model,
    domain=dict(params=dict(w1=floats("d h"), b1=floats("h"), w2=floats("h 1"), b2=floats("1")), x=floats("n d")),
    probes=nets_and_rows,
    small=((dict(w1=[[1.0]], b1=[0.5], w2=[[2.0]], b2=[1.0]), [[1.0]]),),
    also_right=(
        lambda params, x: jnp.squeeze(jnp.tanh(x @ params["w1"] + params["b1"]) @ params["w2"], 1) + params["b2"],
        lambda params, x: jax.vmap(
            lambda row: (params["w2"].T @ jnp.tanh(params["w1"].T @ row + params["b1"]) + params["b2"])[0]
        )(x),
        a_net(hidden=lambda z: 2 * logistic(2 * z) - 1),
    ),
    mistakes=(
        changed(
            a_net,
            "no_tanh",
            "There is no tanh here, and two layers without a bend between them are one plane: use "
            "`jnp.tanh` on the hidden layer.",
            hidden=lambda z: z,
        ),
        changed(
            a_net,
            "logistic_hidden",
            "The hidden layer is squashed by the logistic function: use `jnp.tanh`.",
            hidden=logistic,
        ),
        changed(
            a_net,
            "relu_hidden",
            "The hidden layer is cut off at 0 (relu): use `jnp.tanh`.",
            hidden=lambda z: jnp.maximum(z, 0),
        ),
        Mistake(
            "bias_after_tanh",
            lambda params, x: ((jnp.tanh(x @ params["w1"]) + params["b1"]) @ params["w2"] + params["b2"])[:, 0],
            "`b1` is added AFTER tanh: add it to `x @ w1` first, then squash.",
        ),
        changed(a_net, "b1_forgotten", "`b1` is missing: add it to `x @ w1`, inside tanh.", b1=0.0),
        changed(a_net, "b2_forgotten", "`b2` is missing: add it to `h @ w2`.", b2=0.0),
        changed(
            a_net,
            "tanh_at_the_end",
            "The output goes through tanh too: the last layer gives logits, which may be any number.",
            end=lambda logits: jnp.tanh(logits[:, 0]),
        ),
        changed(
            a_net,
            "probabilities",
            "These are probabilities: return the logits. The loss takes logits, and the logistic function comes "
            "after training.",
            end=lambda logits: logistic(logits[:, 0]),
        ),
        changed(
            a_net,
            "column",
            "The result has shape (n, 1), but y has (n,): take the only column, `[:, 0]`.",
            end=lambda logits: logits,
        ),
        changed(
            a_net,
            "first_row",
            "This is the logit of the first ROW alone: `[:, 0]` takes the first column, all rows.",
            end=lambda logits: logits[0],
        ),
        changed(
            a_net,
            "squeezed",
            "Right for several rows, but of a table with ONE row `squeeze` leaves shape (): take `[:, 0]`.",
            end=jnp.squeeze,
        ),
    ),
    hints=(
        "Two layers. Each is a table times a table, plus a bias for every column; between the two comes tanh.",
        "First `h`, from `x`, `params['w1']` and `params['b1']`; then the logits, in the same way from `h`.",
        "`h = jnp.tanh(x @ params['w1'] + params['b1'])`. The second layer has no tanh; end with its column, `[:, 0]`.",
    ),
    differentiable=0,
)


EXERCISES = (NULL_ACCURACY, INIT_MLP, MLP_MODEL, LOGISTIC_LOSS, GRADIENT, TRAIN, CONFUSION_COUNTS)

"""Exercises of lesson 11: digits. The net is here; pictures are in pictures_11, training and answers in answers_11."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.exercises.domain import KEY, floats, wholes
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.lessons.lesson_11_digits.answers import DECAY, PREDICT
from dl_workshop.lessons.lesson_11_digits.pictures import CUT_OUT, SCALE_IMAGES
from dl_workshop.models import logistic, softmax

init_net = from_lesson(__file__, "init_net")


def a_start(
    keys=lambda key: jax.random.split(key, 3),
    normal=jax.random.normal,
    spread=lambda widths, fan_in, fan_out: fan_in**-0.5,
    bias=lambda key, fan_out: jnp.zeros(fan_out),
    turn=lambda w: w,
):
    """Make a start of its keys, its distribution, the spread of each layer, its biases, and how its weights lie."""

    def init(key, widths):
        params = {}
        for i, one in enumerate(keys(key)):
            fan_in, fan_out = widths[i : i + 2]
            params[f"w{i + 1}"] = turn(normal(one, (fan_in, fan_out)) * spread(widths, fan_in, fan_out))
            params[f"b{i + 1}"] = bias(one, fan_out)
        return params

    return init


def look_at_layers(fn, key, widths):
    """See shapes, spreads and keys; draws differ from answer to answer, their statistics do not."""
    params, again, other = fn(key, widths), fn(key, widths), fn(jax.random.fold_in(key, 1), widths)
    wanted: dict[str, tuple] = {}
    for i, shape in enumerate(itertools.pairwise(widths), start=1):
        wanted |= {f"w{i}": shape, f"b{i}": shape[1:]}
    if not isinstance(params, dict) or set(params) != set(wanted):
        raise LearnerError(f"The params should be a dict with the keys {', '.join(wanted)}.")
    for name, shape in wanted.items():
        if np.shape(params[name]) != shape:
            raise LearnerError(
                f"For widths={widths}, {name} should have shape {shape}. It has {np.shape(params[name])}."
            )
    ws = [np.asarray(params[f"w{i}"], float) for i in (1, 2, 3)]
    bs = np.concatenate([np.asarray(params[f"b{i}"]) for i in (1, 2, 3)])
    scaled = [w.ravel() * len(w) ** 0.5 for w in ws]
    mean = float(ws[0].mean() / max(ws[0].std(), 1e-9))
    alike = [
        np.allclose(scaled[i] * scaled[j].std(), scaled[j] * scaled[i].std(), atol=1e-6)
        for i, j in ((0, 1), (1, 2), (0, 2))
        if scaled[i].size == scaled[j].size
    ]
    return {
        "all entries are floats": all(np.asarray(value).dtype.kind == "f" for value in params.values()),
        **{f"spread of w{i}, times the root of its inputs": float(one.std()) for i, one in enumerate(scaled, start=1)},
        "mean of w1, as a share of its spread": mean if abs(mean) > 0.25 else 0.0,
        "some weights are beyond twice their spread": all(np.abs(one).max() > 2 * one.std() for one in scaled),
        "all biases are 0": not bs.any(),
        "all biases are alike": bool(np.ptp(bs) == 0),
        "w1, w2 and w3 are separate draws": not any(alike),
        "the same key gives the same start": bool(np.array_equal(ws[0], again["w1"])),
        "another key gives another start": bool(not np.array_equal(ws[0], other["w1"])),
    }


def two_starts(key):
    """Give two keys, and widths; in the first w1, w2 and w3 hold as many numbers: equal draws are then seen."""
    return list(zip(jax.random.split(key), ((10, 60, 10, 60), (20, 50, 20, 40)), strict=True))


INIT_NET = Exercise(
    name="init_net",
    task="Return the params w1, b1, w2, b2, w3, b3 of a net of four widths: weights normal with the spread "
    "1 / sqrt(fan_in), biases zeros.",
    reference=init_net,
    domain=dict(key=KEY, widths=(wholes(low=1),) * 4),
    probes=two_starts,
    observe=look_at_layers,
    rtol=0.1,
    atol=0.06,
    also_right=(
        a_start(),
        a_start(keys=lambda key: [jax.random.fold_in(key, i) for i in range(3)]),
        lambda key, widths: {
            f"{letter}{i + 1}": value
            for i, one in enumerate(jax.random.split(key, 3))
            for letter, value in dict(
                w=jax.random.normal(one, widths[i : i + 2]) / widths[i] ** 0.5, b=jnp.zeros((widths[i + 1],))
            ).items()
        },
    ),
    mistakes=(
        changed(
            a_start,
            "not_scaled",
            "The weights have spread 1. A unit that looks at 64 pixels then adds up to numbers near 8, where tanh "
            "is flat: divide each layer by the root of its inputs.",
            spread=lambda widths, fan_in, fan_out: 1.0,
        ),
        changed(
            a_start,
            "divided_by_fan_in",
            "The weights are divided by the number of inputs: divide by its square ROOT.",
            spread=lambda widths, fan_in, fan_out: 1 / fan_in,
        ),
        changed(
            a_start,
            "fan_out",
            "Each layer is divided by the root of its OUTPUTS: use its inputs, `widths[i]`.",
            spread=lambda widths, fan_in, fan_out: fan_out**-0.5,
        ),
        changed(
            a_start,
            "one_root_for_all",
            "All layers are divided by the root of the FIRST width, but the inputs of a later layer are the units "
            "before it: use `widths[i]`.",
            spread=lambda widths, fan_in, fan_out: widths[0] ** -0.5,
        ),
        changed(
            a_start,
            "zeros",
            "All weights are 0, so all units of a layer are alike and stay alike: draw them with `jax.random.normal`.",
            normal=lambda key, shape: jnp.zeros(shape),
        ),
        changed(
            a_start,
            "one_key_for_all",
            "All layers are drawn with ONE key, so they hold the same numbers: use `keys[i]`.",
            keys=lambda key: [key] * 3,
        ),
        changed(
            a_start,
            "key_ignored",
            "Every key gives the SAME start: hand the argument `key` on to `jax.random.split`.",
            keys=lambda key: jax.random.split(jax.random.key(0), 3),
        ),
        changed(
            a_start,
            "uniform",
            "These weights behave like UNIFORM noise, which is never below 0: use `jax.random.normal`.",
            normal=jax.random.uniform,
        ),
        Mistake(
            "uniform_glorot",
            a_start(
                normal=lambda key, shape: jax.random.uniform(key, shape, minval=-1, maxval=1),
                spread=lambda widths, fan_in, fan_out: (6 / (fan_in + fan_out)) ** 0.5,
            ),
            "This is GLOROT's start, uniform up to the root of 6 / (fan_in + fan_out). That is a convention, as "
            "good as ours; here the weights are normal, with the spread 1 / sqrt(fan_in).",
        ),
        changed(
            a_start,
            "random_biases",
            "The biases are random here: let them start at 0, `jnp.zeros(fan_out)`.",
            bias=lambda key, fan_out: jax.random.normal(key, (fan_out,)),
        ),
        changed(
            a_start,
            "biases_are_numbers",
            "Each layer has ONE number for a bias, but every unit needs its own: `jnp.zeros(fan_out)`.",
            bias=lambda key, fan_out: jnp.zeros(()),
        ),
        changed(
            a_start,
            "biases_of_the_inputs",
            "There is a bias for each INPUT of a layer: a bias belongs to a unit, so its shape is (fan_out,).",
            bias=lambda key, fan_out: jnp.zeros(70 - fan_out),
        ),
        changed(
            a_start,
            "transposed",
            "The weights are the wrong way round for `x @ w`: inputs first, (fan_in, fan_out).",
            turn=jnp.transpose,
        ),
    ),
    hints=(
        "Three times the same: a table of weights and a row of biases. Only the two widths change.",
        "Layer i has `widths[i]` inputs and `widths[i + 1]` outputs, and its own key, `keys[i]`.",
        'In the loop: `params[f"w{i + 1}"]` is a normal draw of shape (fan_in, fan_out) over `jnp.sqrt(fan_in)`, and '
        '`params[f"b{i + 1}"]` is `jnp.zeros(fan_out)`.',
    ),
)


three_layer = from_lesson(__file__, "three_layer")


def a_net(first=jnp.tanh, second=jnp.tanh, end=lambda logits: logits, b1=1.0, b2=1.0, b3=1.0):
    """Make a net of its two bends, how much each bias counts, and its end."""

    def model(params, x):
        h1 = first(x @ params["w1"] + b1 * params["b1"])
        h2 = second(h1 @ params["w2"] + b2 * params["b2"])
        return end(h2 @ params["w3"] + b3 * params["b3"])

    return model


# Numbers beyond 5 everywhere, and yet all hidden units bend where x is near (1, 1, any).
FAR = dict(
    w1=[[6.5, -0.4], [0.3, -7.0], [0.05, -0.04]],
    b1=[-5.8, 6.2],
    w2=[[7.0, -0.5], [0.4, 6.0]],
    b2=[-6.5, 5.5],
    w3=[[6.0, -5.5, 0.5, -0.3], [0.4, 7.0, -6.5, 1.0]],
    b3=[6.0, -6.3, 5.5, 6.8],
)


def nets_and_rows(key):
    """Draw (params, x), most of one shape: 2 numbers, 3 units, 4 units, 3 classes; many rows, as few change class."""
    random = draws(key)
    shapes = dict(w1=(2, 3), b1=(3,), w2=(3, 4), b2=(4,), w3=(4, 3), b3=(3,))
    return [
        (FAR, [[0.9, 0.85, 7.0], [1.0, 0.9, -6.5], [0.8, 0.95, 0.5], [0.95, 0.8, 1.0]]),
        *(
            (
                {name: random.normal(size=shape).tolist() for name, shape in shapes.items()},
                random.normal(0, 2, (40, 2)).tolist(),
            )
            for _ in range(5)
        ),
    ]


THREE_LAYER = Exercise(
    name="three_layer",
    task="Return the logits of the net, one row for each row of x: two hidden layers with tanh, then a layer without.",
    reference=three_layer,
    domain=dict(
        params=dict(
            w1=floats("d h"), b1=floats("h"), w2=floats("h g"), b2=floats("g"), w3=floats("g k"), b3=floats("k")
        ),
        x=floats("n d"),
    ),
    probes=nets_and_rows,
    small=((dict(w1=[[1.0]], b1=[0.5], w2=[[2.0]], b2=[-1.0], w3=[[1.0, 3.0]], b3=[0.5, 0.0]), [[1.0]]),),
    also_right=(
        a_net(),
        lambda params, x: jax.vmap(
            lambda row: (
                params["w3"].T @ jnp.tanh(params["w2"].T @ jnp.tanh(params["w1"].T @ row + params["b1"]) + params["b2"])
                + params["b3"]
            )
        )(x),
        a_net(first=lambda z: 2 * logistic(2 * z) - 1),
    ),
    mistakes=(
        changed(
            a_net,
            "first_without_tanh",
            "The FIRST hidden layer has no tanh: without a bend it melts into the layer after it.",
            first=lambda z: z,
        ),
        changed(
            a_net,
            "second_without_tanh",
            "The SECOND hidden layer has no tanh: without a bend it melts into the layer after it.",
            second=lambda z: z,
        ),
        changed(
            a_net,
            "tanh_at_the_end",
            "The output goes through tanh too: the last layer gives logits, which may be any number.",
            end=jnp.tanh,
        ),
        changed(
            a_net,
            "softmax_at_the_end",
            "These are probabilities: return the logits. `softmax_loss` takes logits, and softmax comes after "
            "training.",
            end=softmax,
        ),
        changed(a_net, "b1_forgotten", "`b1` is missing: add it to `x @ w1`, inside tanh.", b1=0.0),
        changed(a_net, "b2_forgotten", "`b2` is missing: add it to `h1 @ w2`, inside tanh.", b2=0.0),
        changed(a_net, "b3_forgotten", "`b3` is missing: add it to `h2 @ w3`.", b3=0.0),
        changed(
            a_net,
            "first_class",
            "This is the first logit of each row alone: with ten classes all columns are needed, so leave "
            "`[:, 0]` out.",
            end=lambda logits: logits[:, 0],
        ),
        changed(
            a_net,
            "classes",
            "These are the chosen classes: return the logits themselves. A choice has no gradient.",
            end=lambda logits: jnp.argmax(logits, axis=1),
        ),
        Mistake(
            "logistic_hidden",
            a_net(first=logistic, second=logistic),
            "The hidden layers are squashed by the logistic function: use `jnp.tanh`.",
        ),
        Mistake(
            "relu_hidden",
            a_net(first=jax.nn.relu, second=jax.nn.relu),
            "The hidden layers are cut off at 0 (relu): use `jnp.tanh`, for which the start was made.",
        ),
    ),
    hints=(
        "It is the net of lesson 05 with one more hidden layer, and all columns of the output are kept.",
        "Each layer is a table times a table, plus a bias for every column. After the first two comes tanh.",
        "`h1 = jnp.tanh(x @ params['w1'] + params['b1'])`. `h2` is made of h1 in the same way, the logits of h2 "
        "without tanh.",
    ),
    differentiable=0,
)

EXERCISES = (SCALE_IMAGES, INIT_NET, THREE_LAYER, DECAY, PREDICT, CUT_OUT)

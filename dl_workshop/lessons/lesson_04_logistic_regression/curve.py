"""The curve of lesson 04: logistic, its model, its midpoint, and the cross-entropy of labels and probabilities."""

import jax
import jax.numpy as jnp

from dl_workshop.exercises.domain import floats
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson

logistic = from_lesson(__file__, "logistic")


def a_curve(power=lambda z: jnp.exp(-z), whole=lambda e: 1 / (1 + e)):
    """Make the curve of a power of e, and of what is made of it."""
    return lambda z: whole(power(z))


def numbers_to_squash(key):
    random = draws(key)
    z = random.normal(0, 2, (2, 6))
    return [(float(z[0, 0]),), ([7.5, -6.5, *z[0, 3:].tolist()],), (z[0, 1:].tolist(),), (z[1].reshape(2, 3).tolist(),)]


LOGISTIC = Exercise(
    name="logistic",
    task="Return 1 divided by (1 plus e to the power of minus z), number by number for an array.",
    reference=logistic,
    domain=dict(z=floats("*m")),
    probes=numbers_to_squash,
    small=((0.0,), (1.0,), (-2.0,), ([-1.0, 1.0],)),
    also_right=(
        lambda z: jnp.exp(z) / (1 + jnp.exp(z)),
        lambda z: 0.5 * (1 + jnp.tanh(z / 2)),
        jax.nn.sigmoid,
        lambda z: (1 + jnp.e**-z) ** -1,
    ),
    mistakes=(
        changed(
            a_curve,
            "minus_forgotten",
            "This curve falls where it should rise: the exponent is MINUS z, `jnp.exp(-z)`.",
            power=lambda z: jnp.exp(z),
        ),
        changed(
            a_curve,
            "brackets_forgotten",
            "This behaves exactly like `1 / 1 + jnp.exp(-z)`: Python divides before it adds. Put the whole "
            "denominator in brackets.",
            whole=lambda e: 1 / 1 + e,
        ),
        Mistake(
            "one_forgotten",
            lambda z: 1 / jnp.exp(-z),
            "This behaves exactly like `1 / jnp.exp(-z)`, which grows without end: add 1 in the denominator.",
        ),
        changed(
            a_curve,
            "minus_for_plus",
            "This behaves exactly like `1 / (1 - jnp.exp(-z))`, which breaks at z = 0: write `1 + jnp.exp(-z)`.",
            whole=lambda e: 1 / (1 - e),
        ),
        Mistake(
            "tanh", lambda z: jnp.tanh(z), "This is tanh, which runs from -1 to 1. A probability lies between 0 and 1."
        ),
        Mistake(
            "hard_step",
            lambda z: jnp.where(jnp.asarray(z) < 0, 0.0, 1.0),
            "This jumps from 0 to 1. It has no slope anywhere, so descent could not use it: return the smooth curve.",
        ),
        Mistake("rounded", lambda z: jnp.round(logistic(z)), "The curve is rounded to 0 or 1: leave the rounding out."),
        Mistake(
            "slope",
            lambda z: logistic(z) * (1 - logistic(z)),
            "This is the SLOPE of the curve, p(1 - p): return p itself.",
        ),
        Mistake(
            "only_exp", lambda z: jnp.exp(-z), "This is only the power of e: it still has to go into `1 / (1 + ...)`."
        ),
    ),
    hints=(
        "Work from the inside out: first e to the power of minus z, then add 1, then divide 1 by it.",
        "`jnp.exp(a)` is e to the power of a, for one number or for an array.",
        "Mind the brackets: one divided by all of `(1 + jnp.exp(-z))`.",
    ),
    differentiable=0,
)


logistic_model = from_lesson(__file__, "logistic_model", logistic=logistic)


def a_model(offset=lambda b: b, squash=logistic, end=lambda p: p):
    """Make the model of its offset, what squashes the line, and what comes after."""
    return lambda params, x: end(squash(params["w"] * x + offset(params["b"])))


def params_and_inputs(key):
    (w, b), x = draws(key).uniform(0.5, 2, (2, 3)), draws(key).normal(0, 1, (3, 5))
    signs = ((1, 1), (-1, 1), (1, -1))
    far = (dict(w=6.5, b=-5.6), [0.9, 0.1, 0.7, 1.1, 1.8]), (dict(w=-0.4, b=0.3), [7.0, -8.5, 6.0, -5.5, 2.0])
    return [*far, *((dict(w=float(s * w[i]), b=float(t * b[i])), x[i].tolist()) for i, (s, t) in enumerate(signs))]


LOGISTIC_MODEL = Exercise(
    name="logistic_model",
    task="Return the probability for each x: the line `w * x + b` of the params, put through `logistic`.",
    reference=logistic_model,
    domain=dict(params=dict(w=floats(), b=floats()), x=floats("n")),
    probes=params_and_inputs,
    small=((dict(w=1.0, b=0.0), [1.0]), (dict(w=2.0, b=1.0), [0.0]), (dict(w=2.0, b=1.0), [0.0, 1.0])),
    also_right=(
        lambda params, x: 1 / (1 + jnp.exp(-(params["w"] * x + params["b"]))),
        lambda params, x: logistic(jnp.dot(x, params["w"]) + params["b"]),
        lambda params, x: jnp.array([logistic(params["w"] * one + params["b"]) for one in x]),
    ),
    mistakes=(
        changed(
            a_model,
            "line",
            "This is the line itself, which leaves (0, 1): put it through `logistic`.",
            squash=lambda z: z,
        ),
        changed(
            a_model,
            "bias_forgotten",
            "This behaves exactly like `logistic(w * x)`: add `b` before you squash.",
            offset=lambda b: 0 * b,
        ),
        Mistake(
            "params_ignored",
            lambda params, x: logistic(x),
            "This is `logistic(x)`, whatever the params are: squash the line `w * x + b`.",
        ),
        Mistake(
            "squashed_too_soon",
            lambda params, x: params["w"] * logistic(x) + params["b"],
            "x is squashed first, and the line comes after: it is the other way round.",
        ),
        Mistake(
            "bias_outside",
            lambda params, x: logistic(params["w"] * x) + params["b"],
            "`b` is added AFTER squashing, so the result leaves (0, 1): add it inside the brackets.",
        ),
        Mistake(
            "b_taken_off_inside",
            lambda params, x: logistic(params["w"] * (x - params["b"])),
            "This behaves exactly like `logistic(w * (x - b))`. Many books write the curve so, where b is its "
            "midpoint; here `b` is added to `w * x`.",
        ),
        changed(a_model, "minus_b", "This behaves exactly like `logistic(w * x - b)`: add `b`.", offset=lambda b: -b),
        Mistake(
            "swapped",
            lambda params, x: logistic(params["b"] * x + params["w"]),
            "`w` and `b` are swapped: `w` multiplies x, and `b` is added.",
        ),
        Mistake(
            "b_times_w",
            lambda params, x: logistic(params["w"] * (x + params["b"])),
            "This behaves exactly like `logistic(w * (x + b))`: multiply x by `w` first, then add `b`.",
        ),
        changed(
            a_model,
            "falling",
            "This is the probability that y is 0: the minus sign is inside `logistic` already.",
            squash=lambda z: logistic(-z),
        ),
        changed(a_model, "squashed_twice", "The line is squashed TWICE: once is enough.", end=logistic),
    ),
    hints=(
        "Two steps: a line, as in lesson 03, and then the function that you have just written.",
        'The line is `params["w"] * x + params["b"]`. What goes around it?',
        "Call the line z. Then return `logistic(z)`.",
    ),
    differentiable=0,
)


midpoint = from_lesson(__file__, "midpoint")


MIDPOINT = Exercise(
    name="midpoint",
    task="Return the x at which the probability is 1/2.",
    reference=midpoint,
    domain=dict(params=dict(w=floats(), b=floats())),
    probes=lambda key: (
        [(dict(w=float(w), b=float(b)),) for w, b in draws(key).uniform(0.5, 3, (3, 2)) * [[1, 1], [-1, 1], [1, -1]]]
        + [(dict(w=6.5, b=7.5),), (dict(w=-0.6, b=-6.2),)]
    ),
    small=((dict(w=2.0, b=1.0),), (dict(w=1.0, b=-3.0),), (dict(w=4.0, b=2.0),)),
    also_right=(
        lambda params: -(params["b"] / params["w"]),
        lambda params: (0 - params["b"]) * params["w"] ** -1,
    ),
    mistakes=(
        Mistake(
            "sign",
            lambda params: params["b"] / params["w"],
            "The sign is turned round: from wx + b = 0 follows wx = MINUS b.",
        ),
        Mistake(
            "upside_down",
            lambda params: -params["w"] / params["b"],
            "The fraction is upside down: divide by `w`, which multiplies x.",
        ),
        Mistake(
            "both",
            lambda params: params["w"] / params["b"],
            "This behaves exactly like `w / b`: solve wx + b = 0 for x once more.",
        ),
        Mistake(
            "b_itself",
            lambda params: params["b"],
            "This is the midpoint of a curve written as `logistic(w * (x - b))`. Ours is `logistic(w * x + b)`: "
            "solve wx + b = 0 for x.",
        ),
        Mistake("minus_b", lambda params: -params["b"], "This is right only for w = 1: divide by `w`."),
        Mistake(
            "times",
            lambda params: -params["b"] * params["w"],
            "`w` multiplies here: to solve wx = -b for x, divide by it.",
        ),
        Mistake(
            "logit_one_half",
            lambda params: (0.5 - params["b"]) / params["w"],
            "Here the LINE is 1/2. The probability is 1/2 where the line wx + b is 0.",
        ),
        Mistake(
            "logit_one",
            lambda params: (1 - params["b"]) / params["w"],
            "Here the LINE is 1. The probability is 1/2 where the line wx + b is 0.",
        ),
    ),
    hints=(
        "For which z is logistic(z) equal to 1/2? Look at the picture of the curve.",
        "At z = 0. So the question is: at which x is wx + b = 0?",
        "From wx + b = 0 follows wx = -b. Divide by w.",
    ),
)


binary_cross_entropy = from_lesson(__file__, "binary_cross_entropy")


def labels_and_probabilities(key):
    """Draw (y_true, y_pred): labels 0 and 1, and probabilities between them."""
    random = draws(key)
    p = random.uniform(0.02, 0.98, (3, 5))
    p[0, :2] = 0.003, 0.996
    return [(random.permutation([0.0, 0.0, 1.0, 1.0, 1.0]).tolist(), one.tolist()) for one in p]


def an_entropy(
    ones=lambda y, p: y * jnp.log(p),
    zeros=lambda y, p: (1 - y) * jnp.log(1 - p),
    average=jnp.mean,
    end=lambda mean: -mean,
):
    """Make the cross-entropy of its two terms, their average, and what comes after."""
    return lambda y_true, y_pred: end(average(ones(y_true, y_pred) + zeros(y_true, y_pred)))


def terms(y_true, y_pred):
    return y_true * jnp.log(y_pred) + (1 - y_true) * jnp.log(1 - y_pred)


BINARY_CROSS_ENTROPY = Exercise(
    name="binary_cross_entropy",
    task="Return minus the mean over the points of y log p + (1 - y) log(1 - p): y is the label, p the probability.",
    reference=binary_cross_entropy,
    domain=dict(y_true=floats("n", values=(0, 1)), y_pred=floats("n", low=0, high=1)),
    probes=labels_and_probabilities,
    small=(([1.0], [0.5]), ([1.0], [0.9]), ([0.0], [0.9]), ([0.0, 1.0], [0.5, 0.8])),
    also_right=(
        lambda y_true, y_pred: -jnp.sum(terms(y_true, y_pred)) / len(y_true),
        lambda y_true, y_pred: -jnp.mean(jnp.log(jnp.where(y_true == 1, y_pred, 1 - y_pred))),
        lambda y_true, y_pred: jnp.mean(-y_true * jnp.log(y_pred) - (1 - y_true) * jnp.log1p(-y_pred)),
        lambda y_true, y_pred: (
            -(jnp.dot(y_true, jnp.log(y_pred)) + jnp.dot(1 - y_true, jnp.log(1 - y_pred))) / y_true.size
        ),
    ),
    mistakes=(
        changed(
            an_entropy,
            "minus_forgotten",
            "The minus sign in front is missing: logs of probabilities are negative, and a loss that descent can "
            "make small must grow when the predictions get worse.",
            end=lambda mean: mean,
        ),
        changed(
            an_entropy, "sum", "This behaves exactly like the SUM over the points: take the mean.", average=jnp.sum
        ),
        changed(
            an_entropy,
            "n_minus_1",
            "This divides by n - 1, the convention for the variance of a sample: the mean divides by n.",
            average=lambda losses: jnp.sum(losses) / (len(losses) - 1),
        ),
        changed(
            an_entropy,
            "no_mean",
            "These are the losses of the single points: take their mean, so that one number is left.",
            average=lambda losses: losses,
        ),
        changed(
            an_entropy,
            "only_ones",
            "Only points with y = 1 count here. Points with y = 0 need the second term, (1 - y) log(1 - p).",
            zeros=lambda y, p: 0.0,
        ),
        changed(
            an_entropy,
            "only_zeros",
            "Only points with y = 0 count here. Points with y = 1 need the first term, y log p.",
            ones=lambda y, p: 0.0,
        ),
        Mistake(
            "terms_crossed",
            lambda y_true, y_pred: -jnp.mean(terms(1 - y_true, y_pred)),
            "The labels are crossed over: y belongs to log p, and 1 - y to log(1 - p).",
        ),
        Mistake(
            "second_log_of_p",
            lambda y_true, y_pred: -jnp.mean(jnp.log(y_pred)),
            "Both terms take log p, whatever the label: the second one is (1 - y) log(1 - p).",
        ),
        changed(
            an_entropy,
            "terms_subtracted",
            "The two terms are SUBTRACTED from each other: add them, with one minus sign in front of both.",
            zeros=lambda y, p: -(1 - y) * jnp.log(1 - p),
        ),
        Mistake(
            "swapped",
            lambda y_true, y_pred: -jnp.mean(terms(y_pred, y_true)),
            "Label and probability are swapped, so that logs of 0 are taken: `jnp.log` goes with `y_pred`.",
        ),
        changed(
            an_entropy,
            "base_2",
            "This is the cross-entropy in bits, with log to base 2: use `jnp.log`, the natural logarithm.",
            end=lambda mean: -mean / jnp.log(2.0),
        ),
        changed(
            an_entropy,
            "base_10",
            "This uses log to base 10: use `jnp.log`, the natural logarithm.",
            end=lambda mean: -mean / jnp.log(10.0),
        ),
        Mistake(
            "mse",
            lambda y_true, y_pred: jnp.mean((y_true - y_pred) ** 2),
            "This is the mean squared error of lesson 01. The cross-entropy takes logs instead of squares.",
        ),
    ),
    hints=(
        "Each point has a label y and a probability p. Write its two terms, add them, then take the mean.",
        "The first term is `y_true * jnp.log(y_pred)`. The second is the same with `1 - y_true` and `1 - y_pred`.",
        "Call the two terms first and second. Then return `-jnp.mean(first + second)`.",
    ),
    differentiable=1,
)

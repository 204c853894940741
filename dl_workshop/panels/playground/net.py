"""The playground's net: features of the inputs, params to start from, every unit's output, and losses by name."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError, explain_error
from dl_workshop.validate import check_same_shape

FEATURES = {
    "x1": lambda x: x[:, 0],
    "x2": lambda x: x[:, 1],
    "x1^2": lambda x: x[:, 0] ** 2,
    "x2^2": lambda x: x[:, 1] ** 2,
    "x1*x2": lambda x: x[:, 0] * x[:, 1],
    "sin(x1)": lambda x: jnp.sin(x[:, 0]),
    "sin(x2)": lambda x: jnp.sin(x[:, 1]),
}
# Written as models has them: the export names those, and gives the same numbers.
ACTIVATIONS = {
    "tanh": jnp.tanh,
    "relu": lambda z: jnp.maximum(z, 0.0),
    "logistic": lambda z: 0.5 * (1.0 + jnp.tanh(0.5 * z)),
    "leaky-relu": jax.nn.leaky_relu,
    "softplus": jax.nn.softplus,
    "swish": jax.nn.silu,
    "sine": jnp.sin,
    "none": lambda z: z,
}
INITS = {"scaled": None, "tiny": 0.01, "large": 3.0, "zeros": 0.0}  # times N(0, 1), or over sqrt(fan_in)
SIDE = 64  # rows and columns of the decision map
STRIDE = 2  # between the points that a unit's own map shows


def features(x, names):
    """Give the named features as columns: (n, len(names))."""
    return jnp.stack([FEATURES[name](x) for name in names], axis=1)


def features_of(d):
    """Names of the features that d inputs have."""
    return [name for name in FEATURES if d == 2 or "x2" not in name]


def plane(x, room=0.08):
    """Give points over x's range and a little beyond, row by row from low x2: (points, limits, (rows, columns))."""
    low, high = np.asarray(x.min(axis=0), float), np.asarray(x.max(axis=0), float)
    more = np.where(high > low, room * (high - low), 1.0)
    limits = [[float(a), float(b)] for a, b in zip(low - more, high + more, strict=True)]
    if len(limits) == 1:
        left, right = limits[0]
        return jnp.linspace(left, right, SIDE)[:, None], limits, (1, SIDE)
    x1, x2 = jnp.meshgrid(*(jnp.linspace(low, high, SIDE) for low, high in limits))
    return jnp.stack([x1.ravel(), x2.ravel()], axis=1), limits, (SIDE, SIDE)


def init(key, widths, spread):
    """Random params w1 (widths[0], widths[1]), b1 zeros, w2, ...: spread * N(0, 1), or for None N(0, 1/fan_in)."""
    params = {}
    keys = jax.random.split(key, len(widths) - 1)
    for layer, (layer_key, fan_in, fan_out) in enumerate(zip(keys, widths, widths[1:], strict=False), start=1):
        drawn = jax.random.normal(layer_key, (fan_in, fan_out))
        params[f"w{layer}"] = drawn / jnp.sqrt(fan_in) if spread is None else spread * drawn
        params[f"b{layer}"] = jnp.zeros(fan_out)
    return params


def net(*activations):
    """Give (model, units): the logits of a net, (n,) or (n, k), and the outputs of its hidden units, layer by layer.

    activations: one a hidden layer; the last serves all layers that follow.
    """

    def units(params, x):
        found = [x]
        for layer in range(1, len(params) // 2):
            activation = activations[min(layer, len(activations)) - 1]
            found.append(activation(found[-1] @ params[f"w{layer}"] + params[f"b{layer}"]))
        return found[1:]

    def model(params, x):
        last = len(params) // 2
        h = [x, *units(params, x)][-1]
        logits = h @ params[f"w{last}"] + params[f"b{last}"]
        return logits[:, 0] if logits.shape[1] == 1 else logits

    return model, units


def check_activation(activation):
    """Try an activation and its slope on a few numbers.

    Raises: LearnerError if it raises, or does not give one number for each number.
    """
    try:
        z = jax.eval_shape(jax.jit(activation), jnp.zeros((5, 3)))
        jax.eval_shape(jax.grad(lambda z: jnp.sum(activation(z))), jnp.zeros((5, 3)))
    except Exception as error:  # whatever a learner's function may raise
        raise explain_error(error, (activation,), "computing your activation") from None
    if getattr(z, "shape", None) != (5, 3):
        raise LearnerError(
            f"Your activation gives {'nothing' if z is None else f'shape {z.shape}'} for z of shape "
            "(5, 3). It must give one number for each: write for example return jnp.maximum(z, 0)."
        )


def cross_entropy(params, model, x, y):
    """Cross-entropy from logits: for labels 0 and 1 with one output, for more classes with one output each."""
    z = model(params, x)
    if z.ndim == 1:
        return jnp.mean(jnp.logaddexp(0.0, z) - y * z)
    return jnp.mean(jax.nn.logsumexp(z, axis=1) - jnp.take_along_axis(z, y[:, None], axis=1)[:, 0])


def squared(params, model, x, y):
    """Mean squared error of numbers."""
    y_pred = model(params, x)
    check_same_shape(y, y_pred, names=("y", "model(params, x)"))
    return jnp.mean((y - y_pred) ** 2)


def squared_of_labels(params, model, x, y):
    """Mean squared error of probabilities, summed over the classes where there are several outputs."""
    p = probability(model(params, x))
    if p.ndim == 1:
        return jnp.mean((y - p) ** 2)
    return jnp.mean(jnp.sum((jax.nn.one_hot(y, p.shape[1]) - p) ** 2, axis=1))


def loss_of(name, classes):
    """Give the loss of that name for numbers (classes 0) or labels, and a word to the learner if it had to differ."""
    if classes == 0:
        return squared, "Cross-entropy needs labels: the squared error is used. " if name == "cross-entropy" else ""
    return (cross_entropy if name == "cross-entropy" else squared_of_labels), ""


def probability(z):
    """Probability of class 1, or of each class, from logits."""
    return 0.5 * (1.0 + jnp.tanh(0.5 * z)) if z.ndim == 1 else jax.nn.softmax(z, axis=1)


def unit_bytes(values, shape):
    """Give a unit's outputs over the plane as bytes, 128 for 0; 0 and 255 stand for its scale, at least 1."""
    values = np.nan_to_num(np.asarray(values, float)).reshape(shape)
    values = values[::STRIDE, ::STRIDE] if shape[0] > 1 else values
    scale = max(1.0, float(np.abs(values).max()))
    return np.round(127.5 + 127.5 * values / scale).astype(np.uint8).tobytes(), scale


def field_bytes(z, classes):
    """Give the decision map as bytes: the probability of class 1; for k classes, 64 a class plus how sure, 0 to 63."""
    p = np.nan_to_num(np.asarray(probability(z), float))
    if classes == 2 and p.ndim == 1:
        return np.round(255 * p).astype(np.uint8).tobytes()
    sure = np.clip((p.max(axis=1) - 1 / p.shape[1]) / (1 - 1 / p.shape[1]), 0, 1)
    return (64 * p.argmax(axis=1) + np.round(63 * sure)).astype(np.uint8).tobytes()

"""Models: pure functions from params and inputs to predictions, and the random params to start them from.

Rows are samples. A model is any function `model(params, x)`; these are the ones that the lessons build up to.
"""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from dl_workshop.errors import LearnerError
from dl_workshop.initializers import lecun
from dl_workshop.types import AnyArray, Params
from dl_workshop.validate import check_numbers
from dl_workshop.validate.keys import check_key
from dl_workshop.validate.order import check_order

ParamDict = dict[str, Float[Array, "..."]]
Activation = Callable[[Float[Array, "n h"]], Float[Array, "n h"]]


def logistic(z: Float[AnyArray, "*shape"]) -> Float[Array, "*shape"]:
    """Logistic function, 1 / (1 + e^-z): squashes any number into (0, 1).

    Written as (1 + tanh(z/2)) / 2, the same function, because e^-z overflows in float32 below z = -88
    and the gradient then becomes nan.
    Raises: LearnerError if z holds no numbers.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.59 and exercise 3.1.
    """
    check_numbers("z", z)
    return 0.5 * (1.0 + jnp.tanh(0.5 * z))


def relu(z: Float[AnyArray, "*shape"]) -> Float[Array, "*shape"]:
    """Rectified linear unit, max(z, 0).

    Raises: LearnerError if z holds no numbers.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.3.
    """
    check_numbers("z", z)
    return jnp.maximum(z, 0.0)


def softmax(logits: Float[AnyArray, "*n k"]) -> Float[Array, "*n k"]:
    """Probabilities of k classes, e^z_i / sum_j e^z_j: each above 0, together 1.

    The largest logit is taken away from all first. That changes no ratio, and e^z can then not overflow.
    Raises: LearnerError if the logits hold no numbers.
    Source: Bishop (2006), eq. 4.62.
    """
    check_numbers("logits", logits)
    e = jnp.exp(logits - jnp.max(logits, axis=-1, keepdims=True))
    return e / jnp.sum(e, axis=-1, keepdims=True)


def init_linear(key: PRNGKeyArray, d: int | None = None) -> ParamDict:
    """Random params of a line: w drawn with spread 1, b zero.

    w is from N(0, 1): with d=None a single number, for inputs x (n,); with a whole number d (d,), for x (n, d).
    Raises: LearnerError unless d is None or at least 1.
    """
    check_key(key, d)
    check_numbers("d", d)
    if d is None:
        return {"w": jax.random.normal(key), "b": jnp.zeros(())}
    if d < 1:
        raise LearnerError(f"d={d!r}: a line needs at least one input column. Use d=x.shape[1].")
    return {"w": jax.random.normal(key, (d,)), "b": jnp.zeros(())}


def linear_model(params: Params, x: Float[AnyArray, "n *d"]) -> Float[Array, " n"]:
    """Line (or plane), y = x w + b.

    Shapes: x (n,) with w (), or x (n, d) with w (d,).  Units: those of y.
    Raises: LearnerError if params and x are in each other's places, or hold no numbers.
    Source: Bishop (2006), eq. 3.1.
    """
    _check_call("linear_model", params, x)
    return jnp.dot(x, params["w"]) + params["b"]


def logistic_model(params: Params, x: Float[AnyArray, "n *d"]) -> Float[Array, " n"]:
    """Probability that y is 1, logistic(x w + b).

    Raises: LearnerError if params and x are in each other's places, or hold no numbers.
    Source: Bishop (2006), eq. 4.87.
    """
    return logistic(linear_model(params, x))


def init_mlp(key: PRNGKeyArray, widths: tuple[int, ...], init: Callable = lecun) -> ParamDict:
    """Random params of a net: w1 = init(key, (widths[0], widths[1])), by default N(0, 1/fan_in); b1 zeros; w2, b2, ...

    The spread 1/sqrt(fan_in) keeps the sums that enter each unit near size 1, whatever the width. Others: the
    `initializers`, or any of jax.nn.initializers.
    Raises: LearnerError unless widths holds at least two whole numbers above 0.
    Source: LeCun, Bottou, Orr, Mueller, Efficient BackProp (1998), section 4.6.
    """
    check_key(key, widths)
    check_numbers("widths", widths)
    widths = tuple(widths)
    if len(widths) < 2 or any(not isinstance(width, int) or width < 1 for width in widths):
        raise LearnerError(
            f"widths={widths} must name at least an input and an output width, each a whole number "
            "above 0: write for example widths=(41, 20, 1)."
        )
    params = {}
    keys = jax.random.split(key, len(widths) - 1)
    for layer, (layer_key, fan_in, fan_out) in enumerate(zip(keys, widths, widths[1:], strict=False), start=1):
        params[f"w{layer}"] = init(layer_key, (fan_in, fan_out))
        params[f"b{layer}"] = jnp.zeros(fan_out)
    return params


def mlp_model(params: Params, x: Float[AnyArray, "n d"], activation: Activation = jnp.tanh) -> Float[Array, "n *k"]:
    """Feed-forward net, h = activation(h w + b) layer by layer; the last layer gives logits x w + b.

    Shapes: logits (n,) for one output, (n, k) for k outputs.
    Raises: LearnerError if params and x are in each other's places, or hold no numbers.
    Source: Bishop (2006), section 5.1.
    """
    _check_call("mlp_model", params, x)
    last = len(params) // 2
    h = x
    for layer in range(1, last):
        h = activation(h @ params[f"w{layer}"] + params[f"b{layer}"])
    return _logits(params, h)


def dropout(key: PRNGKeyArray, h: Float[AnyArray, "*shape"], rate: float) -> Float[Array, "*shape"]:
    """Set each number to 0 with probability `rate`, and divide those that stay by 1 - rate: the mean is kept.

    Raises: LearnerError unless rate is at least 0 and below 1.
    Source: Srivastava et al., Dropout (2014), section 4, scaled in training as in section 10.
    """
    check_key(key, h, rate)
    check_numbers("h", h)
    check_numbers("rate", rate)
    if not 0 <= rate < 1:
        raise LearnerError(
            f"rate={rate} of the units cannot be dropped: choose a number from 0 to below 1, such as rate=0.5."
        )
    stays = jax.random.bernoulli(key, 1 - rate, jnp.shape(h))
    return jnp.where(stays, h / (1 - rate), 0.0)


def dropout_mlp_model(
    params: Params,
    x: Float[AnyArray, "n d"],
    key: PRNGKeyArray | None = None,
    *,
    rate: float = 0.5,
    activation: Activation = jnp.tanh,
) -> Float[Array, "n *k"]:
    """Feed-forward net that drops a share of its hidden units when it gets a key, which fit gives it at each step.

    Without a key, as in model(params, x), it is mlp_model: nothing is dropped when it predicts.
    Raises: LearnerError as mlp_model and dropout do, or if key is neither None nor a key.
    """
    _check_call("dropout_mlp_model", params, x)
    if key is not None:
        check_key(key)
    last = len(params) // 2
    h = x
    for layer in range(1, last):
        h = activation(h @ params[f"w{layer}"] + params[f"b{layer}"])
        if key is not None:
            h = dropout(jax.random.fold_in(key, layer), h, rate)
    return _logits(params, h)


def hidden_layers(
    params: Params, x: Float[AnyArray, "n d"], activation: Activation = jnp.tanh
) -> list[Float[Array, "n _"]]:
    """Give what the units of each hidden layer of mlp_model say, first layer first: a list of (n, width).

    Raises: LearnerError if params and x are in each other's places, or hold no numbers.
    """
    _check_call("hidden_layers", params, x)
    found: list[Any] = [x]
    for layer in range(1, len(params) // 2):
        found.append(activation(found[-1] @ params[f"w{layer}"] + params[f"b{layer}"]))
    return found[1:]


def _check_call(call: str, params: Params, x: Float[AnyArray, "n *d"]) -> None:
    """Refuse x and params in each other's places, and what holds no numbers."""
    check_order(call, params=params, x=x)
    check_numbers("x", x)
    for name, leaf in params.items() if isinstance(params, dict) else ():
        check_numbers(f"params[{name!r}]", leaf)


def _logits(params: Params, h: Float[AnyArray, "n h"]) -> Float[Array, "n *k"]:
    """Give the last layer, h w + b: (n,) for one output, (n, k) for k."""
    last = len(params) // 2
    logits = h @ params[f"w{last}"] + params[f"b{last}"]
    return logits[:, 0] if logits.shape[1] == 1 else logits

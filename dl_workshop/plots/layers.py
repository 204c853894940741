"""Read the layers of a net off its params dict, so that a diagram can show any net without being told its shape."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.types import Params

Activations = str | Callable | Sequence[str | Callable | None]  # one, or one for each layer

_FORM = "A diagram reads w and b (a line), or w1, b1, w2, b2, ... (a net) with w (fan_in, fan_out) and b (fan_out,)."


class Layer(NamedTuple):
    """One layer: w as (fan_in, fan_out) and b as (fan_out,) or None; names and shapes as the learner has them."""

    w: np.ndarray
    b: np.ndarray | None
    w_name: str
    b_name: str
    w_shape: tuple
    b_shape: tuple
    activation: str | None


def read_layers(params: Params, activations: Activations | None = None) -> list[Layer]:
    """Give the list of Layers in params: of w, b (linear, logistic), or of w1, b1, w2, b2, ... (a net).

    `activations`: one name (or function) for each layer, None for no activation. Without it hidden layers are
    tanh and the last layer has none, as in models.mlp_model.
    Raises: LearnerError if the dict has another form, the shapes do not chain, or a value is no finite number.
    """
    if not isinstance(params, dict) or not params:
        raise LearnerError(f"params is {_kind(params)}, not a dict of arrays. {_FORM}")
    numbers = _layer_numbers(params)
    shapes = {name: np.shape(_numbers(name, params[name])) for name in params}
    layers: list[Layer] = []
    for number, activation in zip(numbers, _activations(activations, len(numbers)), strict=True):
        w_name, b_name = f"w{number}", f"b{number}"
        w = _numbers(w_name, params[w_name])
        if w.ndim > 2 or w.size == 0:
            raise LearnerError(
                f"params['{w_name}'] has shape {w.shape}, and a diagram needs (), (d,) or "
                "(fan_in, fan_out), none of them 0."
            )
        w = w.reshape(-1, 1) if w.ndim < 2 else w
        b = _bias(params, b_name, w, w_name)
        if layers and layers[-1].w.shape[1] != w.shape[0]:
            raise LearnerError(
                f"params['{layers[-1].w_name}'] has shape {layers[-1].w_shape}, so it gives "
                f"{layers[-1].w.shape[1]} numbers, but params['{w_name}'] has shape "
                f"{shapes[w_name]} and takes {w.shape[0]}: make the two agree."
            )
        layers.append(Layer(w, b, w_name, b_name, shapes[w_name], shapes.get(b_name, ()), activation))
    return layers


def shape_of(rows: int | str, width: int | str | None) -> str:
    """Give a shape in words: rows "n" and width 41 -> "(n, 41)"; width None -> "(n,)"."""
    return f"({rows},)" if width is None else f"({rows}, {width})"


def value_names(layers: Sequence[Layer]) -> list[str]:
    """Give the names of what flows: x, then h (or h1, h2, ...) after each hidden layer, then y_pred."""
    hidden = len(layers) - 1
    return ["x", *(["h"] if hidden == 1 else [f"h{i}" for i in range(1, hidden + 1)]), "y_pred"]


def value_widths(layers: Sequence[Layer]) -> list[int | None]:
    """Give the column counts of what flows, None for one number a sample: () and (d,) weights give (n,)."""
    first, last = layers[0], layers[-1]
    outputs = last.w.shape[1]
    # A net of one output gives (n,), as mlp_model does; x @ w alone with a (d, 1) w stays (n, 1).
    flat = outputs == 1 and (len(last.w_shape) < 2 or last.w_name != "w")
    return [
        None if first.w_shape == () else first.w.shape[0],
        *(layer.w.shape[1] for layer in layers[:-1]),
        None if flat else outputs,
    ]


def _layer_numbers(params: dict[str, Any]) -> Sequence[int | str]:
    if set(params) <= {"w", "b"} and "w" in params:
        return [""]
    count = sum(str(name).startswith("w") for name in params)
    known = {f"{letter}{i}" for letter in "wb" for i in range(1, count + 1)}
    missing = [f"w{i}" for i in range(1, count + 1) if f"w{i}" not in params]
    unknown = [name for name in params if name not in known]
    if unknown or missing or not count:
        fault = f"has the key {unknown[0]!r}" if unknown else f"has no {(missing or ['w'])[0]!r}"
        raise LearnerError(
            f"params {fault} (its keys are {', '.join(map(str, params))}), so its layers cannot be drawn. {_FORM}"
        )
    return range(1, count + 1)


def _activations(activations: Activations | None, count: int) -> list[str | None]:
    if activations is None:
        return ["tanh"] * (count - 1) + [None]
    if isinstance(activations, str) or callable(activations):
        activations = (activations,)
    names: list[Any] = [getattr(a, "__name__", a) for a in activations]
    if len(names) == count - 1:
        names.append(None)
    if len(names) != count:
        example = ("tanh",) * (count - 1) + ("logistic",)
        raise LearnerError(
            f"activations names {len(names)} activations, but the net has {count} "
            f"{'layer' if count == 1 else 'layers'}: write one for each, such as {example}."
        )
    return names


def _numbers(name: str, leaf: Any) -> np.ndarray:
    try:
        array = np.asarray(leaf, dtype=float)
    except (TypeError, ValueError):
        raise LearnerError(f"params[{name!r}] is {_kind(leaf)}, which is not an array of numbers. {_FORM}") from None
    if not np.isfinite(array).all():
        raise LearnerError(
            f"params[{name!r}] holds {array[~np.isfinite(array)].ravel()[0]}, which has no size or sign "
            "to draw. Start again from finite params."
        )
    return array


def _bias(params: dict[str, Any], b_name: str, w: np.ndarray, w_name: str) -> np.ndarray | None:
    if b_name not in params:
        return None
    b = _numbers(b_name, params[b_name])
    if b.size != w.shape[1] or b.ndim > 2:
        raise LearnerError(
            f"params['{b_name}'] has shape {b.shape}, but params['{w_name}'] gives {w.shape[1]} "
            f"number{'s' if w.shape[1] > 1 else ''}: {b_name} must have shape ({w.shape[1]},)."
        )
    return b.reshape(-1)


def _kind(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 40 else f"a {type(value).__name__}"

"""A net in words, from its layers: as arithmetic, as matrices, as units. For those who cannot see its diagrams."""

from collections.abc import Sequence

from dl_workshop.plots.layers import Layer, shape_of, value_names, value_widths
from dl_workshop.plots.phrases import counted, listed, number

FEW = 4  # so many products are told one by one


def arithmetic_in_words(layers: Sequence[Layer]) -> str:
    """Tell what is done with one sample: every product, of a small layer; how many, of a large one."""
    flows, parts = value_names(layers), []
    for i, layer in enumerate(layers):
        inputs, units = layer.w.shape
        sources = [flows[i]] if inputs == 1 else [f"{flows[i]}{j}" for j in range(1, inputs + 1)]
        if units == 1 and inputs <= FEW:
            terms = [f"{source} times {number(w)}" for source, w in zip(sources, layer.w[:, 0], strict=True)]
            what = " plus ".join([*terms, *([] if layer.b is None else [number(layer.b[0])])])
        else:
            what = f"{counted(units, 'sum')} of {counted(inputs, 'product')} of {flows[i]} and {layer.w_name}" + (
                "" if layer.b is None else f" plus {layer.b_name}"
            )
        parts.append(f"{what}{_then(layer)} gives {flows[i + 1]}")
    return f"One sample as arithmetic: {'; '.join(parts)}."


def matrices_in_words(layers: Sequence[Layer], n: int | str) -> str:
    """Tell the same for n samples, with every shape."""
    flows, widths = value_names(layers), value_widths(layers)
    parts = []
    for i, layer in enumerate(layers):
        plus = "" if layer.b is None else f" plus {layer.b_name} {_shape(layer.b_shape)}"
        parts.append(
            f"{flows[i]} {shape_of(n, widths[i])} times {layer.w_name} {_shape(layer.w_shape)}{plus}"
            f"{_then(layer)} gives {flows[i + 1]} {shape_of(n, widths[i + 1])}"
        )
    return f"All samples at once: {'; '.join(parts)}."


def units_in_words(layers: Sequence[Layer]) -> str:
    """Tell how many units each layer has, and what bends them; of one weight alone what it is."""
    inputs, outputs = layers[0].w.shape[0], layers[-1].w.shape[1]
    hidden = [counted(layer.w.shape[1], "hidden unit") + _with(layer) for layer in layers[:-1]]
    last = counted(outputs, "output") + _with(layers[-1])
    words = f"A network of {listed([counted(inputs, 'input'), *hidden, last])}; every unit is joined to all before it."
    if len(layers) == 1 and inputs == outputs == 1:
        bias = "" if layers[0].b is None else f" The bias is {number(layers[0].b[0])}."
        return f"{words} The weight is {number(layers[0].w[0, 0])}.{bias}"
    return words


def _shape(shape: tuple) -> str:
    return "(a number)" if shape == () else str(shape).replace("'", "")


def _then(layer: Layer) -> str:
    return f", then {layer.activation}," if layer.activation else ""


def _with(layer: Layer) -> str:
    return f" with {layer.activation}" if layer.activation else ""

"""Draw a digit: what a net makes of your own writing, what it is given to see, and what it was trained on."""

from functools import partial

import jax.numpy as jnp
import numpy as np
from jaxtyping import Real, Shaped

from dl_workshop.datasets.handwriting import form_of
from dl_workshop.errors import LearnerError
from dl_workshop.panels.draw_digit.ink import SHEET, as_sheet, box_of
from dl_workshop.panels.draw_digit.picture import picture
from dl_workshop.panels.draw_digit.state import step
from dl_workshop.panels.panel import Panel
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.types import AnyArray, Model, Params
from dl_workshop.validate import check_data
from dl_workshop.validate.order import check_order

MNIST_BOX = 20  # of 28: where MNIST says how large its digits are
COMPARED = 10_000  # training digits, at most: each is compared with every new drawing


def draw_digit(
    params: Params,
    model: Model,
    *,
    x: Real[AnyArray, "n pixels"] | None = None,
    y: Shaped[AnyArray, " n"] | None = None,
    size: int | None = None,
    low: float = 0.0,
    high: float = 1.0,
) -> Panel:
    """Draw a digit and see what a trained net makes of it.

    Your drawing is cut out, scaled to the box, centred and made light on dark, as the training digits were; where those
    fill their pictures, it is also made upright, as narrow and as thick as they are. Switches leave these out, to see
    what they do. The model gives one number a class, logits or probabilities.

    x, y: training digits, to load and to find the nearest among (of the first 10,000); scikit-learn's for 8 by 8 nets.
    size: rows and columns that the net sees, found from the model if it takes (n, 64) or (n, 784).
    low, high: the values of paper and of ink in x.
    Raises: LearnerError if the model takes no such pictures, or x is not between low and high.
    """
    check_order("draw_digit", params=params, model=model)
    forget_edited(model)
    size = size or size_of(params, model, x)
    if x is None and size == 8:
        from dl_workshop.datasets.digits import digits

        x, y = digits()[:2]
        x = low + (high - low) * x
    known = None
    if x is not None:
        x, y = check_digits(x, y, size, low, high)
        known = x[:COMPARED], y[:COMPARED], np.einsum("nd,nd->n", x[:COMPARED], x[:COMPARED])
    box = box_of(x, low) if x is not None else round(size * MNIST_BOX / 28)
    form = None if x is None else form_of(x, low, high)
    settings = {
        "sheet": SHEET,
        "size": size,
        "low": float(low),
        "high": float(high),
        "samples": [] if x is None else samples(x, y, low, high),
    }

    move = partial(step, params=params, model=model, size=size, box=box, low=low, high=high, form=form, known=known)
    return Panel({}, move, "draw_digit", settings=settings, picture=picture, functions=(model,))


def size_of(params, model, x):
    """Find how many rows and columns the net sees: of x, or the first of 8 and 28 that the model takes."""
    if x is not None:
        return int(np.sqrt(np.shape(x)[-1]))
    for size in (8, 28):
        try:
            model(params, jnp.zeros((1, size**2)))
        except Exception:  # it takes another size
            continue
        return size
    raise LearnerError(
        "This model takes neither pictures of 8 by 8, (n, 64), nor of 28 by 28, (n, 784). Say how many "
        "rows it sees, for example size=16, and give params that fit the model."
    )


def check_digits(x, y, size, low, high):
    """Refuse training digits that the drawing could not be compared with; give both as NumPy arrays."""
    if y is None:
        raise LearnerError("x are training digits, so y must say which they are: draw_digit(params, model, x=x, y=y).")
    check_data(x, y)
    x, y = np.asarray(x, np.float32), np.asarray(y)
    if x.ndim != 2 or x.shape[1] != size**2:
        raise LearnerError(
            f"x has shape {x.shape}, but a picture of {size} by {size} has {size**2} columns. "
            f"Flatten it: x.reshape(len(x), -1)."
        )
    room = 0.01 * (high - low)
    if x.min() < low - room or x.max() > high + room:
        raise LearnerError(
            f"x goes from {x.min():.4g} to {x.max():.4g}, outside low={low:g} to high={high:g}: your "
            f"drawing would be on another scale. Add low={x.min():.4g}, high={x.max():.4g}."
        )
    return x, y


def samples(x, y, low, high, most=10):
    """Give a first digit of each class, as a sheet to load."""
    rows = [int(np.flatnonzero(y == label)[0]) for label in np.unique(y)[:most]]
    return [{"label": f"{y[row]:g}", "sheet": as_sheet(x[row], low, high)} for row in rows]

"""Draw a digit: what a net makes of your own writing, what it is given to see, and what it was trained on."""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Real, Shaped

from dl_workshop.datasets.handwriting import form_of
from dl_workshop.display.palette import COLOURS
from dl_workshop.errors import LearnerError
from dl_workshop.panels.ink import SHEET, as_seen_by_net, as_sheet, box_of
from dl_workshop.panels.panel import Panel, keeping, numbers
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.types import AnyArray, Model, Params
from dl_workshop.validate import check_data
from dl_workshop.validate.order import check_order

MNIST_BOX = 20  # of 28: where MNIST says how large its digits are
COMPARED = 10_000  # training digits, at most: each is compared with every new drawing
SURE, UNSURE = 0.9, 0.5


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
    if x is not None:
        x, y = check_digits(x, y, size, low, high)
    known = None if x is None else (x[:COMPARED], y[:COMPARED], np.einsum("nd,nd->n", x[:COMPARED], x[:COMPARED]))
    box = box_of(x, low) if x is not None else round(size * MNIST_BOX / 28)
    form = None if x is None else form_of(x, low, high)
    settings = {
        "sheet": SHEET,
        "size": size,
        "low": float(low),
        "high": float(high),
        "samples": [] if x is None else samples(x, y, low, high),
    }

    def answer(asked):
        sheet = asked.get("sheet") or bytes([255]) * SHEET**2
        seen = as_seen_by_net(
            sheet,
            size,
            box,
            low=low,
            high=high,
            invert=not asked.get("no_inversion"),
            centre=not asked.get("no_centring"),
            form=form,
        )
        return frame(params, model, seen, known) | {"small": smaller(sheet)}

    return Panel({}, keeping(answer), "draw_digit", settings=settings, picture=picture, functions=(model,))


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


def frame(params, model, seen, known):
    """Compute what the net makes of its input: probabilities, the nearest training digit, and words for both."""
    if seen is None:
        return {
            "seen": None,
            "probabilities": None,
            "nearest": None,
            "strong": "Draw a digit",
            "words": "with the mouse or a pen, by arrow keys and Space, or load one from the list.",
        }
    p = probabilities(model(params, jnp.asarray(seen, dtype=float).reshape(1, -1)))
    best, second = np.argsort(-p, kind="stable")[:2]
    close = None if known is None else nearest(seen, *known)
    sure = "" if p[best] >= SURE else " It is not sure." if p[best] >= UNSURE else " It does not know."
    then = f"; next comes {second} with {p[second]:.0%}" if p[second] >= 0.005 else ""
    like = f" The nearest training digit is a {close['label']}." if close else ""
    return {
        "seen": numbers(seen, 3),
        "probabilities": numbers(p),
        "nearest": close,
        "strong": f"The net says {best}",
        "words": f"with {p[best]:.0%}{then}.{sure}{like}",
    }


def probabilities(output):
    """Give one probability a class, of an output (1, k): as it is if it adds up to 1, else softmax of logits.

    Raises: LearnerError if the output is not (1, k), or not finite.
    """
    z = np.asarray(output, float)
    if z.ndim != 2 or z.shape[0] != 1 or z.shape[1] < 2:
        raise LearnerError(
            f"The model gives shape {z.shape} for one picture, but to tell digits apart it must give "
            "one number a class, (1, 10). Train a net with 10 outputs: init_mlp(key, (64, 32, 10))."
        )
    if not np.isfinite(z).all():
        raise LearnerError(
            "The model gives nan or infinite numbers for this picture. Were its params trained with "
            "too large a step size? Look at fit(...).stopped."
        )
    z = z[0]
    if z.min() >= 0 and abs(z.sum() - 1) < 1e-3:
        return z
    odds = np.exp(z - z.max())
    return odds / odds.sum()


def nearest(seen, x, y, squares):
    """Find the training digit at the smallest distance, sqrt(sum (x - seen)^2); squares are sum x^2 of each row."""
    seen = np.asarray(seen, np.float32).ravel()
    # sum (x - seen)^2 = sum x^2 - 2 x . seen + sum seen^2: one product, not a copy of all the digits.
    row = int(np.argmin(squares - 2 * (x @ seen)))
    return {
        "row": row,
        "label": f"{y[row]:g}",
        "distance": float(np.linalg.norm(x[row] - seen)),
        "pixels": numbers(x[row], 3),
    }


def smaller(sheet):
    """Give every second pixel of a sheet: enough for the static picture."""
    return np.frombuffer(sheet, np.uint8).reshape(SHEET, SHEET)[::2, ::2].tobytes()


def picture(settings, shown):
    """Draw the same with matplotlib, for where no kernel runs."""
    from dl_workshop.plots import style

    fig, (axs,) = style.panels(1, 4, width=9.0, height=2.8)
    size, limits = settings["size"], {"vmin": settings["low"], "vmax": settings["high"]}
    close = shown["nearest"]
    small = np.frombuffer(shown["small"], np.uint8).reshape(SHEET // 2, SHEET // 2)
    axs[0].imshow(small, cmap="gray", vmin=0, vmax=255)
    for ax, pixels in ((axs[1], shown["seen"]), (axs[2], close and close["pixels"])):
        if pixels:
            ax.imshow(np.reshape(pixels, (size, size)), cmap="gray", **limits)
        else:
            ax.imshow([[0.93]], cmap="gray", vmin=0, vmax=1)
    p = shown["probabilities"] or [0.0] * 10
    bars = axs[3].barh(range(len(p)), p, color=COLOURS["data"])
    axs[3].bar_label(
        bars,
        [f"{value:.0%}" for value in p] if shown["probabilities"] else [""] * len(p),
        padding=3,
        fontsize=style.SMALL,
    )
    axs[3].set(yticks=range(len(p)), xlim=(0, 1.3), xticks=[], ylim=(len(p) - 0.5, -0.5))
    titles = (
        "Your drawing",
        "What the net sees",
        f"Nearest: a {close['label']}" if close else "Nearest in training",
        shown["strong"],
    )
    for ax, title in zip(axs, titles, strict=True):
        ax.grid(False)
        ax.set_title(title, loc="left", fontsize=style.LABEL)
    for ax in axs[:3]:
        ax.set(xticks=[], yticks=[])
        for spine in ax.spines.values():
            spine.set_visible(True)
    return fig

"""Replay: scrub through a training, and see model, loss and weights as they were at every step."""

import re
from math import ceil

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Real

from dl_workshop.display.palette import COLOURS, CYCLE
from dl_workshop.errors import LearnerError, explain_error
from dl_workshop.panels import over_data
from dl_workshop.panels.over_data import number
from dl_workshop.panels.panel import Panel, keeping, numbers
from dl_workshop.panels.sliders import entry_name, leaf_name
from dl_workshop.training.compile_cache.fingerprint import forget_edited
from dl_workshop.training.fit import Fit
from dl_workshop.training.sweeps import EarlyFit
from dl_workshop.types import AnyArray, Curve, Loss, Model
from dl_workshop.validate.order import check_order
from dl_workshop.validate.rows import as_arrays, check_rows, take

MOST_ROWS = 300      # of the path
MOST_FRAMES = 120    # of a play
MOST_LOSSES = 1000   # points of the loss curve
MOST_POINTS = 2000   # rows of x and y
MOST_CURVES = 8      # numbers that are drawn as curves; more are drawn as a map, even more as a histogram
MOST_CELLS = 2048    # of a map
MOST_LEAVES = 8
BINS = 40
PAUSE = 0.06         # seconds between two frames of a play


def replay(fitted: Fit | EarlyFit, model: Model, x: Real[AnyArray, "n *d"], y: Real[AnyArray, " n"], *,
           loss: Loss | None = None, curve: Curve | None = None) -> Panel:
    """Scrub through a training, `fitted = fit(...)`: the model over its data, the loss, and every weight at every step.

    Works with your own model. With `loss` the loss on these x and y is computed too: pass the test data to see how that
    went. `curve` turns the model's output into what y is: `curve=models.logistic` for a model that returns logits. A
    model with a number for every class is drawn by its largest.

    Raises: LearnerError if `fitted` is not what fit gives, or the model fails on x.
    """
    check_order("replay", fitted=fitted, model=model, x=x, y=y)
    forget_edited(model)
    check_rows(x, y)
    path, steps, losses = parts(fitted)
    every = ceil(len(y) / MOST_POINTS)
    x, y = take(as_arrays(x, y), slice(None, None, every)), jnp.asarray(y)[::every]
    last = len(steps) - 1

    def params_at(row):
        return jax.tree.map(lambda leaf: jnp.asarray(leaf[row]), path)

    try:
        data = over_data.still(params_at(last), model, x, y, curve)
    except Exception as error:
        raise explain_error(error, [model, curve], "drawing the model over x") from None
    settings = {"data": data, "steps": steps.tolist(), "losses": loss_curve(losses), "weights": still_weights(path),
                "stopped": fitted.stopped or "", "part": "" if every == 1 else f"; every {every}th point of x, y"}

    now, stride = {"row": last}, ceil(len(steps) / MOST_FRAMES)

    def answer(asked):
        act, row = asked.get("act"), now["row"]
        if act == "seek":
            row = min(max(int(asked["row"]), 0), last)
        elif act == "play" and row == last:
            row = 0
        elif act == "tick":
            row = min(row + stride, last)
        shown = over_data.frame(params_at(row), model, loss, x, y, curve, data)
        now["row"], told = row, loss_before(losses, steps[row])
        playing = bool(asked.get("playing")) and row < last and not shown["trouble"]
        shown |= {"row": row, "playing": playing, "strong": f"step {steps[row]}", "told": told,
                  "weights": weights(path, row, settings["weights"]),
                  "words": said(told, shown, loss) + shown["words"] + settings["part"]}
        return shown | ({"again": PAUSE} if playing else {})

    return Panel({}, keeping(answer), "replay", settings=settings, picture=picture, functions=(model, loss, curve))


def parts(fitted):
    """Give path, steps and losses of what fit returned, at most MOST_ROWS rows of the path.

    Raises: LearnerError if it is something else.
    """
    if not all(hasattr(fitted, name) for name in ("path", "steps", "losses", "stopped")):
        raise LearnerError(f"replay needs all that fit gives, but got {type(fitted).__name__}. Write fitted = "
                           "fit(...), then panels.replay(fitted, model, x, y): fitted, not fitted.params.")
    steps, losses = np.asarray(fitted.steps), np.asarray(fitted.losses, float)
    kept = np.unique(np.linspace(0, len(steps) - 1, min(len(steps), MOST_ROWS)).round().astype(int))
    return jax.tree.map(lambda leaf: np.asarray(leaf)[kept], fitted.path), steps[kept], losses


def loss_curve(losses):
    """Give the loss curve with at most MOST_LOSSES points: of every stretch the first, the lowest and the highest."""
    at = np.arange(len(losses))
    if len(losses) > MOST_LOSSES:
        stretches = np.array_split(at, MOST_LOSSES // 3)
        at = np.unique([place for part in stretches for place in (
            part[0], part[np.argmin(losses[part])], part[np.argmax(losses[part])])] + [len(losses) - 1])
    return {"steps": at.tolist(), "values": numbers(losses[at])}


def loss_before(losses, step):
    """Give the loss that training saw before a step; None after the last one, where it saw none."""
    return float(losses[step]) if step < len(losses) else None


def said(told, shown, loss):
    """Say what the loss was in training, and what it is on the data that are shown."""
    parts = [f"training saw loss {number(told)} here"] if told is not None else ["the last step is done"]
    if loss is not None:
        parts.append("loss on the data shown " + ("no number" if shown["loss"] is None else number(shown["loss"])))
    return "; ".join(parts) + "; "


def still_weights(path):
    """Choose how to draw each leaf of params: curves for a few numbers in all, maps, histograms for large leaves.

    Limits are those of the whole training, so that what grows is seen to grow.
    """
    leaves = by_layer(path)
    total = sum(leaf[0].size for _, leaf in leaves)
    if total <= MOST_CURVES:
        return [{"kind": "curve", "name": entry_name(place, index), "values": numbers(leaf[(slice(None), *index)])}
                for place, leaf in leaves for index in np.ndindex(leaf.shape[1:])]
    found = []
    for place, leaf in leaves[:MOST_LEAVES]:
        top = float(np.nanmax(np.abs(leaf), initial=0)) or 1.0
        rows, columns = sheet_shape(leaf.shape[1:])
        kind = "map" if leaf[0].size <= MOST_CELLS else "histogram"
        found.append({"kind": kind, "name": leaf_name(place), "top": top,
                      "rows": rows, "columns": columns, "shape": " × ".join(map(str, leaf.shape[1:])) or "one number"})
    return found


def by_layer(path):
    """Give every leaf with its place, layer by layer, weights before biases: w1, b1, w2, b2."""
    def order(item):
        name = leaf_name(item[0])
        return [int(digits) for digits in re.findall(r"\d+", name)], not name.split(".")[-1].startswith("w")
    return sorted(jax.tree_util.tree_leaves_with_path(path), key=order)


def sheet_shape(shape):
    """Give (rows, columns) of a leaf laid flat: a row for every input, a column for every unit."""
    return (1, int(np.prod(shape))) if len(shape) < 2 else (int(np.prod(shape[:-1])), shape[-1])


def weights(path, row, kinds):
    """Give every leaf at a row as bytes: 0 to 255 stands for -top to top; or as counts. Curves are there already."""
    if kinds and kinds[0]["kind"] == "curve":
        return []
    found = []
    for kind, (_, leaf) in zip(kinds, by_layer(path), strict=False):
        values = np.nan_to_num(np.asarray(leaf[row], float).ravel())
        if kind["kind"] == "histogram":
            found.append(np.histogram(values, BINS, (-kind["top"], kind["top"]))[0].tolist())
        else:
            found.append(np.round(127.5 + 127.5 * np.clip(values / kind["top"], -1, 1)).astype(np.uint8).tobytes())
    return found


def picture(settings, shown):
    """Draw model, loss and weights with matplotlib, for where no kernel runs."""
    from dl_workshop.plots import style
    fig = style.figure(10.5, 4.6)
    over, side = fig.subfigures(1, 2, width_ratios=(1.2, 1))
    top, bottom = side.subfigures(2, 1)
    over_data.draw(style.clean(over.add_subplot()), settings["data"], shown).set_title(shown["strong"], loc="left")
    ax, losses = style.clean(top.add_subplot()), settings["losses"]
    ax.plot(losses["steps"], np.array(losses["values"], float), color=COLOURS["loss"])
    ax.axvline(settings["steps"][shown["row"]], color=COLOURS["model"], linestyle="--")
    ax.set(xlabel="step", ylabel="loss")
    kinds = settings["weights"]
    if kinds[0]["kind"] == "curve":
        ax = style.clean(bottom.add_subplot())
        for kind, colour in zip(kinds, CYCLE + CYCLE, strict=False):
            ax.plot(settings["steps"], np.array(kind["values"], float), label=kind["name"], color=colour)
        ax.set(xlabel="step", ylabel="params")
        style.legend(ax)
        return fig
    for ax, kind, part in zip(bottom.subplots(1, len(kinds), squeeze=False).flat, kinds, shown["weights"], strict=True):
        if kind["kind"] == "map":
            sheet = np.frombuffer(part, np.uint8).reshape(kind["rows"], kind["columns"])
            ax.imshow(sheet, cmap=style.diverging(), vmin=0, vmax=255, aspect="auto")
            ax.set(xticks=[], yticks=[])
        else:
            ax.bar(np.linspace(-kind["top"], kind["top"], BINS), part, width=2 * kind["top"] / BINS)
            ax.set(yticks=[])
        ax.set_title(kind["name"], fontsize=style.SMALL)
    return fig

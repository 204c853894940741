"""The playground as a static picture, for where no kernel runs."""

import numpy as np

from dl_workshop.display.palette import COLOURS


def picture(settings, shown):
    """Draw the decision map or curve with the data, and the losses so far."""
    from matplotlib.colors import to_rgb

    from dl_workshop.plots import style

    figure, ((ax, side),) = style.panels(1, 2, width=9.0, height=3.8)
    points, limits, classes = shown["points"], shown["limits"], shown["classes"]
    colours = [COLOURS["class 0"], COLOURS["class 1"], COLOURS["truth"], COLOURS["residual"]]
    x, y = np.array(points["x"]), np.array(points["y"])
    heights = y if points["x2"] is None else np.array(points["x2"])
    field = np.frombuffer(shown["field"], np.uint8).reshape(shown["shape"])
    ends = heights.min() - 0.3, heights.max() + 0.3
    extent = (*limits[0], *(limits[1] if len(limits) == 2 else ends))
    if shown["curve"]:
        low, high = limits[0]
        ax.plot(np.linspace(low, high, len(shown["curve"])), shown["curve"], color=COLOURS["model"], lw=2.4)
    elif classes > 2:
        tints = np.array([to_rgb(colour) for colour in colours])[field // 64]
        sure = (field % 64 / 63)[..., None] * 0.55
        ax.imshow(1 - sure + sure * tints, origin="lower", extent=extent, aspect="auto")
    else:
        ax.imshow(
            field / 255,
            origin="lower",
            extent=extent,
            aspect="auto",
            alpha=0.55,
            cmap=style.diverging(),
            vmin=0,
            vmax=1,
        )
    for label in range(max(1, classes)):
        rows = y == label if classes else np.full(len(y), True)
        ax.scatter(x[rows], heights[rows], c=colours[label], s=16, marker="os^D"[label], edgecolor="white", lw=0.5)
    ax.set(xlabel="x1", ylabel="y" if points["x2"] is None else "x2", xlim=extent[:2], ylim=extent[2:])
    ax.set_title(f"{shown['strong']}: data={shown['settings']['data']}", loc="left")
    history = shown["history"]
    for name, dash in (("train", "-"), ("test", "--")):
        colour = COLOURS["loss" if name == "train" else "truth"]
        side.plot(history["step"], np.array(history[name], float), dash, color=colour, label=name, marker="o", ms=2)
    side.set(xlabel="step", ylabel="loss")
    style.legend(side)
    return figure

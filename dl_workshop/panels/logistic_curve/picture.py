"""The logistic curve as a static figure, for where no kernel runs."""

from dl_workshop.display.palette import COLOURS


def tangent(midpoint, slope, low, high):
    """Give both ends ((x, x), (p, p)) of a piece of the tangent at the midpoint, inside the picture."""
    half = min(0.1 * (high - low), 0.35 / max(abs(slope), 1e-9))
    return (midpoint - half, midpoint + half), (0.5 - slope * half, 0.5 + slope * half)


def picture(settings, shown):
    """Draw the same numbers with matplotlib, for where no kernel runs."""
    from dl_workshop.plots import style

    ax = style.axes(width=7.6, height=3.4)
    grid = settings["grid"]
    ax.axhline(0.5, color=COLOURS["muted"], linewidth=0.8, linestyle=(0, (2, 3)))
    if not settings["x"]:
        ax.plot(grid, settings["plain"], "--", color=COLOURS["muted"], linewidth=1, label="w = 1, b = 0")
    ax.plot(grid, shown["p"], color=COLOURS["model"], linewidth=2.6, label="yours")
    for label, mark in ((0, "o"), (1, "s")):
        x = [x for x, y in zip(settings["x"], settings["y"], strict=True) if y == label]
        ax.plot(x, [label] * len(x), mark, color=COLOURS[f"class {label}"], markersize=5, alpha=0.8)
    if shown["midpoint"] is not None:
        ends = tangent(shown["midpoint"], shown["slope"], *settings["x_range"])
        ax.plot([shown["midpoint"]] * 2, [-0.05, 0.5], color=COLOURS["data"], linestyle="--", linewidth=1.4)
        ax.plot(*ends, color=COLOURS["gradient"], linewidth=2, label="slope at the midpoint")
        ax.plot(
            shown["midpoint"], 0.5, "o", color=COLOURS["data"], markersize=8, markeredgecolor="white", label="midpoint"
        )
    ax.set(xlabel="x", ylabel="p", xlim=settings["x_range"], ylim=(-0.05, 1.05))
    ax.set_title(shown["strong"], loc="left")
    style.legend(ax, loc="upper left")
    return ax.figure

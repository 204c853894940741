"""The sweep as a static figure, for where no kernel runs."""

import numpy as np

from dl_workshop.display.palette import COLOURS
from dl_workshop.panels import over_data

MARKS = {"crawls": "^", "converges": "o", "flips": "D", "diverges": "x", "settles higher": "s"}


def picture(settings, shown):
    """Draw the loss curves, the final loss of every run, and the chosen run's model, with matplotlib."""
    from dl_workshop.plots import style

    fig, ((curves, finals, scene),) = style.panels(1, 3, width=11.0, height=3.6, width_ratios=(1.1, 1.1, 1))
    scale, chosen = shown["scale"], shown["runs"][shown["chosen"]]
    for run in shown["runs"]:
        last = run is chosen
        curves.plot(
            shown["steps"],
            np.array(run["losses"], float),
            linewidth=2.6 if last else 1,
            zorder=2 + last,
            color=COLOURS["model" if last else "muted"],
            alpha=1 if last else 0.35,
        )
    for word in dict.fromkeys(run["verdict"] for run in shown["runs"]):
        runs = [run for run in shown["runs"] if run["verdict"] == word]
        heights = [min(run["final"] if run["final"] is not None else np.inf, scale["high"]) for run in runs]
        finals.plot(
            [run["value"] for run in runs], heights, MARKS[word], color=COLOURS["data"], label=word, clip_on=False
        )
    style.legend(finals)
    final = scale["high"] if chosen["final"] is None else min(chosen["final"], scale["high"])
    finals.plot(
        [chosen["value"]],
        [final],
        "o",
        markersize=13,
        markerfacecolor="none",
        markeredgewidth=2,
        color=COLOURS["model"],
    )
    for ax in (curves, finals):
        ax.set(ylim=(scale["low"], scale["high"]), yscale="log" if scale["log"] else "linear")
    curves.set(xlabel="step", ylabel="loss")
    finals.set(xlabel=settings["what"], ylabel="final loss", xscale="log" if settings["log"] else "linear")
    over_data.draw(scene, settings["data"], chosen["over"])
    curves.set_title(f"{chosen['strong'].rstrip(':')}", loc="left")
    return fig

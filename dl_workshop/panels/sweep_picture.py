"""The sweep as a static figure, for where no kernel runs."""

import numpy as np

MARKS = {"crawls": "^", "converges": "o", "flips": "D", "diverges": "x", "settles higher": "s"}


def picture(settings, shown):
    """Draw the loss curves, the final loss of every run, and the chosen run's model, with matplotlib."""
    from dl_workshop.plots import style
    fig, ((curves, finals, scene),) = style.panels(1, 3, width=11.0, height=3.6, width_ratios=(1.1, 1.1, 1))
    scale, chosen = shown["scale"], shown["runs"][shown["chosen"]]
    for run in shown["runs"]:
        last = run is chosen
        curves.plot(shown["steps"], np.array(run["losses"], float), linewidth=2.6 if last else 1, zorder=2 + last,
                    color=style.COLOURS["model" if last else "muted"], alpha=1 if last else 0.35)
    for word in dict.fromkeys(run["verdict"] for run in shown["runs"]):
        runs = [run for run in shown["runs"] if run["verdict"] == word]
        heights = [min(run["final"] if run["final"] is not None else np.inf, scale["high"]) for run in runs]
        finals.plot([run["value"] for run in runs], heights, MARKS[word], color=style.COLOURS["data"], label=word,
                    clip_on=False)
    style.legend(finals)
    final = scale["high"] if chosen["final"] is None else min(chosen["final"], scale["high"])
    finals.plot([chosen["value"]], [final], "o", markersize=13, markerfacecolor="none", markeredgewidth=2,
                color=style.COLOURS["model"])
    for ax in (curves, finals):
        ax.set(ylim=(scale["low"], scale["high"]), yscale="log" if scale["log"] else "linear")
    curves.set(xlabel="step", ylabel="loss")
    finals.set(xlabel=settings["what"], ylabel="final loss", xscale="log" if settings["log"] else "linear")
    model(scene, settings["data"], chosen, style)
    curves.set_title(f"{chosen['strong'].rstrip(':')}", loc="left")
    return fig


def model(ax, data, run, style):
    """Draw the final model of one run over the data."""
    colours = [style.COLOURS["class 1" if label else "class 0"] for label in data["y"]] if data["labels"] else \
        style.COLOURS["data"]
    if "classes" in run:
        ax.bar(range(len(run["classes"])), np.array(run["classes"], float), color=style.COLOURS["data"])
        ax.set(xlabel="class", ylabel="share right", ylim=(0, 1), xticks=range(len(run["classes"])))
        return
    if "field" in run:
        field = np.frombuffer(run["field"], np.uint8).reshape(data["side"], data["side"]) / 255
        ax.imshow(field, origin="lower", extent=(*data["x_range"], *data["y_range"]), aspect="auto", alpha=0.5,
                  cmap=style.diverging(), vmin=0, vmax=1)
        ax.scatter(data["x"], data["x2"], c=colours, s=14, edgecolor="white", linewidth=0.5)
    else:
        ax.scatter(data["x"], data["y"], c=colours, s=12)
        if "curve" in run:
            ax.plot(data["grid"], np.array(run["curve"], float), color=style.COLOURS["model"], linewidth=2.4)
        else:
            ax.plot(data["x"], np.array(run["y_pred"], float), ".", color=style.COLOURS["model"], markersize=4)
    names = {"plane": ("x1", "x2"), "curve": ("x", "y"), "rows": ("row", "y")}[data["kind"]]
    ax.set(xlabel=names[0], ylabel=names[1], xlim=data["x_range"], ylim=data["y_range"])

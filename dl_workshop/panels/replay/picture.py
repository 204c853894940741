"""The replay as a static figure, for where no kernel runs."""

import numpy as np

from dl_workshop.display.palette import COLOURS, CYCLE
from dl_workshop.panels import over_data
from dl_workshop.panels.replay.weights import BINS


def picture(settings, shown):
    """Draw model, loss and weights with matplotlib, for where no kernel runs."""
    from dl_workshop.plots import style

    fig = style.figure(10.5, 4.6)
    over, side = np.asarray(fig.subfigures(1, 2, width_ratios=(1.2, 1)))
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

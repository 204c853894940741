"""The descent stepper as a static figure, for where no kernel runs."""

import numpy as np

from dl_workshop.display.palette import COLOURS, CYCLE


def picture(settings, shown):
    """Draw the same numbers with matplotlib, for where no kernel runs."""
    from dl_workshop.plots import style

    runs, several = shown["runs"], len(shown["runs"]) > 1
    fig, (axs,) = style.panels(1, len(runs) + 1, width=9.0, height=3.4)
    for place, (ax, run) in enumerate(zip(axs[:-1], runs, strict=True)):
        colour = CYCLE[(place + 1) % len(CYCLE)]
        curve = np.array(run["curve"], float)
        low, high = run["range"]
        ws = np.linspace(low, high, len(curve))
        ax.plot(ws, curve, color=COLOURS["muted" if several else "loss"], linewidth=2)
        ax.plot(*[np.array(part, float) for part in run["trail"]], "o-", color=colour, linewidth=1, markersize=4)
        axs[-1].plot(
            run["steps"],
            np.array(run["ws"], float),
            "os^vDP"[place] + "-",
            color=colour,
            markersize=4,
            label=f"{run['size']:.3g}",
        )
        ax.set(xlabel="w", ylabel="" if place else "f(w)", xlim=run["range"])
        ax.set_title(
            f"{run['size']:.3g}: {run['word']}" if several else shown["strong"], loc="left", fontsize=style.LABEL
        )
        if np.isfinite(curve).any():
            room = 0.08 * (np.nanmax(curve) - np.nanmin(curve)) or 1.0
            ax.set_ylim(np.nanmin(curve) - room, np.nanmax(curve) + room)
    axs[-1].set(xlabel="step", ylabel="w", ylim=(min(r["range"][0] for r in runs), max(r["range"][1] for r in runs)))
    if several:
        fig.legend(
            *axs[-1].get_legend_handles_labels(),
            title="step size",
            loc="outside right upper",
            frameon=False,
            fontsize=style.SMALL,
            title_fontsize=style.SMALL,
        )
    return fig

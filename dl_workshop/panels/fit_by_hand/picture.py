"""Fit by hand as a static figure, for where no kernel runs."""

import numpy as np

from dl_workshop.display.palette import COLOURS
from dl_workshop.panels import over_data


def picture(settings, shown):
    """Draw the same numbers with matplotlib, for where no kernel runs."""
    from dl_workshop.plots import style

    fig, ((ax, side),) = style.panels(1, 2, width=9.0, height=3.6, width_ratios=(1.7, 1))
    over_data.draw(ax, settings["data"], shown).set_title(shown["strong"], loc="left")
    side.plot(np.array(shown["losses"], float), color=COLOURS["loss"], marker="o", markersize=3)
    side.set(xlabel="move", ylabel="loss")
    return fig

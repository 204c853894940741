"""The loss bowl as a static figure, for where no kernel runs."""

import numpy as np

from dl_workshop.display.palette import COLOURS
from dl_workshop.panels import over_data


def picture(settings, shown):
    """Draw map, surface and data with matplotlib, for where no kernel runs."""
    from dl_workshop.plots import style

    across, along = np.array(settings["across"]), np.array(settings["along"])
    losses = np.array(settings["losses"], float).reshape(along.size, across.size)
    losses = np.clip(losses, None, settings["high"])
    fig = style.figure(10.5, 3.6)
    flat, data = style.clean(fig.add_subplot(1, 3, 1)), style.clean(fig.add_subplot(1, 3, 3))
    solid = fig.add_subplot(1, 3, 2, projection="3d")
    shade = np.sqrt(np.maximum(losses - settings["low"], 0) / (settings["high"] - settings["low"]))
    flat.pcolormesh(across, along, shade, cmap=style.SEQUENTIAL, shading="gouraud")
    levels = np.unique(settings["levels"])
    flat.contour(across, along, losses, levels=levels, colors="white", linewidths=0.7, alpha=0.7)
    flat.grid(False)
    solid.plot_surface(*np.meshgrid(across, along), losses, cmap=style.SEQUENTIAL, rcount=30, ccount=30, linewidth=0)
    solid.locator_params(nbins=4)
    solid.view_init(elev=32, azim=-60)
    for points, width in ((settings["path"], 1.2), (shown["trail"], 2.0)):
        if points:
            flat.plot(*np.array(points, float).T, color=COLOURS["path"], linewidth=width, path_effects=style.outlined())
    flat.plot(*np.array(shown["trail"][-1:], float).T, "o", color=COLOURS["path"], markeredgecolor="white")
    flat.set(xlim=across[[0, -1]], ylim=along[[0, -1]])
    for ax in (flat, solid):
        ax.set(xlabel=settings["names"][0], ylabel=settings["names"][1])
    flat.set_title(shown["strong"], loc="left", fontsize=style.LABEL)
    over_data.draw(data, settings["data"], shown)
    return fig

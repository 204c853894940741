"""A drawn digit as a static figure, for where no kernel runs."""

import numpy as np

from dl_workshop.display.palette import COLOURS
from dl_workshop.panels.draw_digit.ink import SHEET


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

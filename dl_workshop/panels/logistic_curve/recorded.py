"""What a saved page of the logistic curve can do: every place on a grid of w and b."""

from itertools import product

from dl_workshop.panels.sliders import coarser

MISSING = (
    "This page holds recorded answers only: the places of the two sliders. Run the notebook for those between "
    "and beyond."
)


def plan(settings, detail):
    """Give what `recording.record` needs, with about `detail` places of both sliders."""
    sliders, (ws, bs) = zip(*(coarser(one, detail) for one in settings["sliders"]), strict=True)

    def walk(recorder, state):
        for w, b in product(ws, bs):
            recorder.record(state, {"values": {"w": w, "b": b}}, anywhere=True)

    return {"settings": settings | {"sliders": sliders}, "walk": walk, "drawn": ("p",), "missing": MISSING}

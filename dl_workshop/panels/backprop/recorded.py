"""What a saved page of backprop can do: the whole way, every node told of, and inputs that are moved one at a time."""

from itertools import product

from dl_workshop.panels.sliders import coarser

ROOM = 300  # places of the sliders times steps: more are recorded at both ends of the way alone
NODES = 2000  # nodes times steps times places; of more, nodes are told of with the first inputs alone, or at the ends
MISSING = (
    "This page holds recorded answers only: one input moved at a time{ends}. Press First inputs and Reset, or "
    "run the notebook for all else."
)


def plan(settings, detail):
    """Give what `recording.record` needs, with about `detail` places of every slider."""
    moved = [coarser(one, detail) for one in settings["sliders"]]
    first = {one["name"]: one["value"] for one in settings["sliders"]}
    places = [first] + [first | {one["name"]: value} for one, grid in moved for value in grid if value != one["value"]]
    last, n_nodes = settings["steps"], len(settings["nodes"])
    everywhere, told = len(places) * (last + 1) <= ROOM, n_nodes * (last + 1) <= NODES
    n_told = n_nodes * (last + 1) * len(places)
    told_of = places if n_told <= NODES else [first]

    def walk(recorder, state):
        for values in places:
            along(recorder, values, last, every=everywhere or values is first)
        for values, at in product(told_of, range(last + 1) if told else (0, last)):
            for node in range(n_nodes):
                recorder.record(state | {"step": at, "values": values}, {"act": "choose", "node": node})
        recorder.rest(None, ["pause"])

    ends = "" if everywhere and told else ", at the start and the end of the way"
    return {
        "settings": settings | {"sliders": [one for one, _ in moved]},
        "walk": walk,
        "counters": ("chosen",),
        "pause": 0.9,
        "missing": MISSING.format(ends=ends),
        "finest": not moved or NODES / 2 < n_told <= NODES,  # rather told of everywhere than on a finer grid
    }


def along(recorder, values, last, every):
    """Record the moves from every step of the way, or from its ends alone, with these inputs."""
    for at in range(last + 1) if every else (0, last):
        here = {"step": at, "chosen": None, "values": values}
        recorder.record(here, {"values": values, "at": at}, anywhere=True)
        for act in ("reset", "end"):
            recorder.record(here, {"act": act})
        if at == last:
            recorder.record(here, {"act": "play"})
            recorder.rest(here, ["step", "tick"])
        elif every:
            recorder.rest(here, ["play"])
            recorder.record(here, {}, acts=["step", "tick"])
        if every:
            recorder.record(here, {"act": "back"})

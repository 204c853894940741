"""A graph that is wider than the page, broken into bands below each other, as a text is broken into lines."""

from collections.abc import Sequence
from typing import NamedTuple

from dl_workshop.graph.drawing.layout import CURVE, Box, Layout, Link, Size, arrange, layers

BETWEEN = 30  # pixels between two bands
FIRST = 130  # pixels that stand-ins take at the left of a lower band
SHORTER = 20  # pixels, by which shorter bands are tried


class Bands(NamedTuple):
    """A layout; stand-ins (node, box), one for each node that a lower band takes up again; nodes that go on below."""

    layout: Layout
    again: list[tuple[int, Box]]
    go_on: list[int]


def in_bands(
    sizes: Sequence[Size], edges: Sequence[Link], labels: Sequence[float], wide: float, stand_ins: Sequence[Size]
) -> Bands:
    """Lay out nodes in bands at most about `wide` pixels wide; arguments as for `arrange`.

    An edge from a higher band starts at a stand-in of its node, of the size that `stand_ins` has for it.
    """
    band = bands(sizes, edges, labels, wide)
    boxes: dict[int, Box] = {}
    routes: dict[int, list[tuple[float, float]]] = {}
    again, top, right = [], 0.0, 0.0
    for one in range(max(band, default=0) + 1):
        inside = [k for k, (_, end) in enumerate(edges) if band[end] == one]
        earlier = sorted({edges[k][0] for k in inside if band[edges[k][0]] < one})
        items = earlier + [node for node in range(len(sizes)) if band[node] == one]
        place = {node: i for i, node in enumerate(items)}
        part = arrange(
            [stand_ins[node] if node in earlier else sizes[node] for node in items],
            [(place[edges[k][0]], place[edges[k][1]]) for k in inside],
            [labels[k] for k in inside],
        )
        for node, box in zip(items, part.boxes, strict=True):
            box = box._replace(y=box.y + top)
            if node in earlier:
                again.append((node, box))
            else:
                boxes[node] = box
        for k, route in zip(inside, part.routes, strict=True):
            routes[k] = [(x, y + top) for x, y in route]
        top, right = top + part.height + BETWEEN, max(right, part.width)
    go_on = sorted({start for start, end in edges if band[start] < band[end]})
    whole = Layout(
        [boxes[node] for node in range(len(sizes))],
        [routes[k] for k in range(len(edges))],
        right,
        max(top - BETWEEN, 0),
    )
    return Bands(whole, again, go_on)


def bands(sizes: Sequence[Size], edges: Sequence[Link], labels: Sequence[float], wide: float) -> list[int]:
    """Give each node its band: as few as the width allows, and about equally wide."""
    layer = layers(len(sizes), edges)
    pitch = [0.0] * (max(layer, default=0) + 1)
    for node, (width, _) in enumerate(sizes):
        room = max((labels[k] for k, (_, end) in enumerate(edges) if end == node), default=0)
        pitch[layer[node]] = max(pitch[layer[node]], width + CURVE + room)
    pitch[-1] -= CURVE  # nothing follows
    limit, band_of = wide, broken(pitch, wide)
    while limit > SHORTER and broken(pitch, limit - SHORTER)[-1] == band_of[-1]:  # about equally wide
        limit -= SHORTER
    band_of = broken(pitch, limit)
    band = [band_of[one] for one in layer]
    taken = {end for _, end in edges}
    for node in range(len(sizes)):  # params and data stand where they are first used
        ends = [band[end] for start, end in edges if start == node]
        if node not in taken and ends:
            band[node] = min(ends)
    return band


def broken(pitch: Sequence[float], limit: float) -> list[int]:
    """Give each layer its band, filling one after another up to the limit."""
    band, filled, found = 0, 0.0, []
    for width in pitch:
        if filled and filled + width > limit:
            band, filled = band + 1, FIRST
        filled += width
        found.append(band)
    return found

"""Where each box of a graph goes: in layers from left to right, with few crossings and no box on another or on a line.

Four steps: put every node in a layer right of its inputs; let long edges pass through the layers between as points of
their own; order each layer so that few edges cross; choose heights that keep edges straight. All of it is plain Python
on lists, for a learner's graph has tens of nodes and not thousands.
Source: Sugiyama, Tagawa, Toda, Methods for Visual Understanding of Hierarchical System Structures (1981); weights that
keep long edges straight: Gansner, Koutsofios, North, Vo, A Technique for Drawing Directed Graphs (1993), section 4.
"""

from bisect import bisect_right, insort
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

PORT = 17  # pixels between two edges that enter the same box
APART = 14  # pixels between two boxes above each other
PASSING = 12  # pixels between an edge that passes a layer and what is above or below it
CURVE = 36  # pixels between two layers, in which edges bend
SWEEPS = 12  # over all layers, to order them
SETTLING = 60  # sweeps over all layers, to choose heights


class Box(NamedTuple):
    """A box by its left upper corner and size, in pixels; y grows downwards."""

    x: float
    y: float
    width: float
    height: float


Size = tuple[float, float]
Link = tuple[int, int]  # between two nodes, or two points on the way, by their numbers


class Layout(NamedTuple):
    """A box for each node, a route of points for each edge, and the size of the whole."""

    boxes: list[Box]
    routes: list[list[tuple[float, float]]]
    width: float
    height: float


def arrange(sizes: Sequence[Size], edges: Sequence[Link], labels: Sequence[float] | None = None) -> Layout:
    """Lay out nodes with these (width, height) and edges (start, end), start < end; `labels` are widths of edge labels.

    A route bends only between layers: between its points 0-1, 2-3, ... it runs level, between 1-2, 3-4, ... it bends.
    Its last level piece leaves room for the label, just before the box it enters.
    """
    labels = labels or [0] * len(edges)
    if not sizes:
        return Layout([], [], 0, 0)
    layer = layers(len(sizes), edges)
    chains, layer = with_points(layer, edges)
    links = [link for chain in chains for link in pairwise(chain)]
    order = ordered(layer, links)
    ports = port_heights(chains, order, len(edges))
    high = [height for _, height in sizes] + [0] * (len(layer) - len(sizes))
    middles = heights(order, chains, ports, high, len(sizes))
    return placed(sizes, layer, chains, ports, middles, labels, len(order))


def layers(n: int, edges: Sequence[Link]) -> list[int]:
    """Give each node a layer, right of all its inputs: one more than the longest way to it.

    Nodes that only one other waits for - params, data, and what is made of them alone - move right, next to it.
    """
    inputs: list[list[int]] = [[] for _ in range(n)]
    outputs: list[list[int]] = [[] for _ in range(n)]
    for start, end in edges:
        inputs[end].append(start)
        outputs[start].append(end)
    layer, movable = [0] * n, [False] * n
    for node in range(n):
        layer[node] = max((layer[start] + 1 for start in inputs[node]), default=0)
        movable[node] = all(movable[start] and len(set(outputs[start])) == 1 for start in inputs[node])
    for node in reversed(range(n)):
        if movable[node] and outputs[node]:
            layer[node] = min(layer[end] for end in outputs[node]) - 1
    return layer


def with_points(layer: Sequence[int], edges: Sequence[Link]) -> tuple[list[list[int]], list[int]]:
    """Give each edge as a chain of items, one a layer: its nodes, and new points in the layers it passes."""
    layer, chains = list(layer), []
    for start, end in edges:
        chain = [start]
        for passed in range(layer[start] + 1, layer[end]):
            chain.append(len(layer))
            layer.append(passed)
        chains.append([*chain, end])
    return chains, layer


def ordered(layer: Sequence[int], links: Sequence[Link]) -> list[list[int]]:
    """Order the items of every layer, top to bottom, so that few links cross; links join neighbouring layers.

    Sweeps to and fro sort each layer by the mean place of its neighbours, then exchange neighbours while that helps.
    """
    before: list[list[int]] = [[] for _ in layer]
    after: list[list[int]] = [[] for _ in layer]
    for start, end in links:
        after[start].append(end)
        before[end].append(start)
    best: list[list[int]] = []
    fewest: int | None = None
    for first in (lambda item: item, lambda item: -item):
        order = [
            sorted((item for item, at in enumerate(layer) if at == one), key=first) for one in range(max(layer) + 1)
        ]
        for sweep in range(SWEEPS):
            rightwards = sweep % 2 == 0
            neighbours = before if rightwards else after
            for one in range(1, len(order)) if rightwards else reversed(range(len(order) - 1)):
                beside = {item: place for place, item in enumerate(order[one - 1 if rightwards else one + 1])}
                order[one] = by_means(
                    order[one],
                    [[beside[other] for other in neighbours[item]] for item in order[one]],
                    turned=sweep % 4 > 1,
                )
            exchange(order, before, after)
            crossed = sum(crossings(left, right, after) for left, right in pairwise(order))
            if fewest is None or crossed < fewest:
                best, fewest = [list(items) for items in order], crossed
            if fewest == 0:
                return best
    return best


def by_means(items: Sequence[int], places: Sequence[Sequence[int]], turned: bool) -> list[int]:
    """Sort items by the mean of their neighbours' places; those without neighbours keep their place.

    Equal means keep their order, or change it if `turned`: one of both may be better.
    """
    free = iter(
        sorted(
            (sum(beside) / len(beside), -rank if turned else rank, item)
            for rank, (item, beside) in enumerate(zip(items, places, strict=True))
            if beside
        )
    )
    return [next(free)[2] if beside else item for item, beside in zip(items, places, strict=True)]


def exchange(order: list[list[int]], before: list[list[int]], after: list[list[int]]) -> None:
    """Exchange neighbours within their layers as long as that takes a crossing away."""
    improved = True
    while improved:
        improved = False
        for one, items in enumerate(order):
            sides = [
                ({item: place for place, item in enumerate(order[other])}, joined)
                for other, joined in ((one - 1, before), (one + 1, after))
                if 0 <= other < len(order)
            ]
            for i in range(len(items) - 1):
                a, b = items[i], items[i + 1]
                now = then = 0
                for place, joined in sides:
                    for p in (place[other] for other in joined[a]):
                        for q in (place[other] for other in joined[b]):
                            now, then = now + (p > q), then + (p < q)
                if then < now:
                    items[i], items[i + 1] = b, a
                    improved = True


def crossings(left: Sequence[int], right: Sequence[int], after: Sequence[Sequence[int]]) -> int:
    """Count the crossings between two ordered layers: pairs of links whose ends are in opposite order."""
    place = {item: i for i, item in enumerate(right)}
    count = 0
    seen: list[int] = []
    for item in left:
        ends = [place[end] for end in after[item]]
        count += sum(len(seen) - bisect_right(seen, end) for end in ends)
        for end in ends:
            insort(seen, end)
    return count


def port_heights(chains: Sequence[Sequence[int]], order: Sequence[Sequence[int]], count: int) -> list[float]:
    """Give for each edge how far above (-) or below (+) the middle of its box it enters: in the order of arrival."""
    place = {item: i for items in order for i, item in enumerate(items)}
    entering: dict[int, list[int]] = {}
    for edge, chain in enumerate(chains):
        entering.setdefault(chain[-1], []).append(edge)
    ports = [0.0] * count
    for edges in entering.values():
        edges.sort(key=lambda edge: place[chains[edge][-2]])  # stable: a*a keeps first and second
        for rank, edge in enumerate(edges):
            ports[edge] = PORT * (rank - (len(edges) - 1) / 2)
    return ports


def heights(
    order: Sequence[Sequence[int]],
    chains: Sequence[Sequence[int]],
    ports: Sequence[float],
    high: Sequence[float],
    n: int,
) -> list[float]:
    """Give the middle of every item: heights that make the links as level as the room that boxes need allows.

    What is made small is the sum over links of weight * (difference in height)^2, one layer after another with the
    others at rest; each layer alone is solved exactly by `spread`. Long edges weigh more, lest they zigzag.
    """
    inner = {chain[-1] for chain in chains}
    pulls: list[list[tuple[int, float, float]]] = [[] for _ in high]
    for edge, chain in enumerate(chains):
        for start, end in pairwise(chain):
            weight = 8 if start >= n and end >= n else 4 if start in inner or start >= n else 1
            port = ports[edge] if end == chain[-1] else 0.0
            pulls[start].append((end, port, weight))
            pulls[end].append((start, -port, weight))
    gaps = [
        [(high[a] + high[b]) / 2 + (APART if a < n and b < n else PASSING) for a, b in pairwise(items)]
        for items in order
    ]
    middle = [0.0] * len(high)
    for items, apart in zip(order, gaps, strict=True):
        for item, y in zip(items, spread([0.0] * len(items), [1] * len(items), apart), strict=True):
            middle[item] = y
    for sweep in range(SETTLING):
        for one in range(len(order)) if sweep % 2 else reversed(range(len(order))):
            items = order[one]
            weights = [sum(weight for *_, weight in pulls[item]) or 0.01 for item in items]
            wishes = [
                sum(weight * (middle[other] + port) for other, port, weight in pulls[item]) / whole
                if pulls[item]
                else middle[item]
                for item, whole in zip(items, weights, strict=True)
            ]
            for item, y in zip(items, spread(wishes, weights, gaps[one]), strict=True):
                middle[item] = y
    return middle


def spread(wishes: Sequence[float], weights: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Give the heights nearest to the wishes, by weighted squares, that keep at least gaps[i] between i and i + 1.

    Less the gaps above them, heights must only not fall: isotonic regression, which pools neighbours that would.
    Source: Barlow, Bartholomew, Bremner, Brunk, Statistical Inference under Order Restrictions (1972), section 1.2.
    """
    offsets = [0.0]
    for gap in gaps:
        offsets.append(offsets[-1] + gap)
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many
    for wish, offset, weight in zip(wishes, offsets, weights, strict=False):
        pools.append((wish - offset, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, left, many), (b, right, more) = pools[-2:]
            pools[-2:] = [((a * left + b * right) / (left + right), left + right, many + more)]
    level = [mean for mean, _, many in pools for _ in range(many)]
    return [y + offset for y, offset in zip(level, offsets, strict=False)]


def placed(
    sizes: Sequence[Size],
    layer: Sequence[int],
    chains: Sequence[Sequence[int]],
    ports: Sequence[float],
    middles: Sequence[float],
    labels: Sequence[float],
    count: int,
) -> Layout:
    """Turn layers and middles into boxes and routes, with the upper left corner of the whole at (0, 0)."""
    wide, room = [0.0] * count, [0.0] * count
    for node, (width, _) in enumerate(sizes):
        wide[layer[node]] = max(wide[layer[node]], width)
    for chain, label in zip(chains, labels, strict=True):
        room[layer[chain[-1]]] = max(room[layer[chain[-1]]], label)
    lefts = [0.0]
    for one in range(1, count):
        lefts.append(lefts[-1] + wide[one - 1] + CURVE + room[one])
    top = min(middles[node] - height / 2 for node, (_, height) in enumerate(sizes))
    top = min([top, *middles[len(sizes) :]])
    boxes = [
        Box(lefts[layer[node]], middles[node] - height / 2 - top, width, height)
        for node, (width, height) in enumerate(sizes)
    ]
    routes = []
    for edge, chain in enumerate(chains):
        start, end = chain[0], chain[-1]
        y = middles[start] - top
        route = [(boxes[start].x + boxes[start].width, y), (lefts[layer[start]] + wide[layer[start]], y)]
        for item in chain[1:-1]:
            y, left = middles[item] - top, lefts[layer[item]]
            route += [(left - room[layer[item]], y), (left + wide[layer[item]], y)]
        y = middles[end] + ports[edge] - top
        routes.append([*route, (lefts[layer[end]] - room[layer[end]], y), (lefts[layer[end]], y)])
    bottom = max([box.y + box.height for box in boxes] + [y for route in routes for _, y in route])
    return Layout(boxes, routes, lefts[-1] + wide[-1], bottom)

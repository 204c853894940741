"""The layout of graphs: layers, crossings, heights, routes; on random graphs, and against all orders of small ones."""

from itertools import pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from dl_workshop.graph.drawing.layout import arrange, crossings, exchange, layers, ordered, spread, with_points

MOST_ORDERS = 600  # of all layers together, to try one by one


@st.composite
def graphs(draw, most=9):
    """A number of nodes and edges from earlier to later ones; an edge may be there twice, as in a * a."""
    n = draw(st.integers(1, most))
    edges = [(draw(st.integers(0, end - 1)), end) for end in range(1, n) for _ in range(draw(st.integers(0, 3)))]
    return n, edges


def neighbours(layer, links):
    after = [[] for _ in layer]
    for start, end in links:
        after[start].append(end)
    return after


def links_of(chains):
    return [link for chain in chains for link in pairwise(chain)]


@given(graphs())
def test_layers_grow_along_every_edge_and_nothing_waits_longer_than_it_must(graph):
    n, edges = graph
    layer = layers(n, edges)
    assert all(layer[start] < layer[end] for start, end in edges)
    inner = {end for _, end in edges}
    for node in set(range(n)) - inner:  # params and data stand next to the first that needs them
        ends = [layer[end] for start, end in edges if start == node]
        assert layer[node] == (min(ends) - 1 if ends else 0)
    longest = [0] * n
    for start, end in sorted(edges, key=lambda edge: edge[1]):
        longest[end] = max(longest[end], longest[start] + 1)
    assert max(layer) == max(longest)


@given(graphs())
def test_long_edges_pass_every_layer_on_their_way(graph):
    n, edges = graph
    chains, layer = with_points(layers(n, edges), edges)
    assert [(chain[0], chain[-1]) for chain in chains] == edges
    assert all(layer[end] == layer[start] + 1 for start, end in links_of(chains))
    assert sorted(item for chain in chains for item in chain[1:-1]) == list(range(n, len(layer)))


@given(graphs(7))
def test_at_most_one_crossing_more_than_the_best_of_all_orders(graph):
    n, edges = graph
    chains, layer = with_points(layers(n, edges), edges)
    links, columns = links_of(chains), [[i for i, at in enumerate(layer) if at == one] for one in range(max(layer) + 1)]
    if (
        np.prod([len(list(permutations(column))) for column in columns if len(column) < 7] or [1]) > MOST_ORDERS
        or max(map(len, columns)) > 6
    ):
        return
    fewest = min(
        sum(count_pairs(links, left, right) for left, right in pairwise(orders))
        for orders in product(*[list(permutations(column)) for column in columns])
    )
    found = ordered(layer, links)
    assert [sorted(items) for items in found] == columns
    crossed = sum(count_pairs(links, left, right) for left, right in pairwise(found))
    assert crossed <= fewest + 1
    after = neighbours(layer, links)
    assert crossed == sum(crossings(left, right, after) for left, right in pairwise(found))


def count_pairs(links, left, right):
    """Crossings between two layers, one pair of links after another."""
    here = [(left.index(a), right.index(b)) for a, b in links if a in left and b in right]
    return sum((a - c) * (b - d) < 0 for k, (a, b) in enumerate(here) for c, d in here[:k])


def test_a_plain_tangle_is_untangled():
    edges = [(0, 5), (1, 4), (2, 3), (3, 6), (4, 6), (5, 6)]
    chains, layer = with_points(layers(7, edges), edges)
    found = ordered(layer, links_of(chains))
    assert sum(count_pairs(links_of(chains), left, right) for left, right in pairwise(found)) == 0


def test_neighbours_change_places_when_that_takes_a_crossing_away():
    order = [[0, 1], [3, 2], [4, 5]]
    links = [(0, 2), (1, 3), (2, 4), (3, 5)]
    exchange(order, neighbours([0] * 6, [(b, a) for a, b in links]), neighbours([0] * 6, links))
    assert sum(count_pairs(links, left, right) for left, right in pairwise(order)) == 0


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(0.5, 8), st.floats(1, 30)), min_size=1, max_size=6))
def test_spread_is_the_constrained_minimum(items):
    wishes, weights, gaps = (np.array(column) for column in zip(*items, strict=True))
    gaps = gaps[1:]
    found = np.array(spread(list(wishes), list(weights), list(gaps)))
    assert (np.diff(found) >= gaps - 1e-9).all()
    constraints = {"type": "ineq", "fun": lambda y: np.diff(y) - gaps}
    best = minimize(
        lambda y: np.sum(weights * (y - wishes) ** 2),
        found + np.linspace(-1, 1, len(found)),
        method="SLSQP",
        constraints=constraints if len(found) > 1 else (),
    )
    cost = np.sum(weights * (found - wishes) ** 2)
    assert cost <= best.fun * (1 + 1e-5) + 1e-5


@given(graphs(), st.data())
def test_no_box_lies_on_another_or_on_an_edge_and_labels_have_room(graph, data):
    n, edges = graph
    sizes = [(data.draw(st.sampled_from([30, 80, 160])), data.draw(st.sampled_from([20, 60]))) for _ in range(n)]
    entering = [sum(end == node for _, end in edges) for node in range(n)]
    sizes = [(width, max(height, 17 * entering[node])) for node, (width, height) in enumerate(sizes)]
    labels = [data.draw(st.sampled_from([0, 25, 60])) for _ in edges]
    layout = arrange(sizes, edges, labels)
    assert [(box.width, box.height) for box in layout.boxes] == sizes
    for k, box in enumerate(layout.boxes):
        assert box.x >= 0 and box.y >= -1e-6
        assert box.x + box.width <= layout.width + 1e-6 and box.y + box.height <= layout.height + 1e-6
        for other in layout.boxes[:k]:
            assert not (
                box.x < other.x + other.width
                and other.x < box.x + box.width
                and box.y < other.y + other.height
                and other.y < box.y + box.height
            )
    entries = set()
    for (start, end), label, route in zip(edges, labels, layout.routes, strict=True):
        first, last, box = route[0], route[-1], layout.boxes[end]
        assert first == pytest.approx(
            (layout.boxes[start].x + sizes[start][0], layout.boxes[start].y + sizes[start][1] / 2)
        )
        assert last[0] == pytest.approx(box.x) and box.y <= last[1] + 1e-6 <= box.y + box.height + 2e-6
        assert last[0] - route[-2][0] >= label
        entries.add((end, round(last[1], 3)))
        level = list(zip(route[::2], route[1::2], strict=True))
        assert all(a[1] == b[1] and a[0] <= b[0] for a, b in level)
        assert all(b[0] > a[0] for (_, a), (b, _) in pairwise(level))  # bends have room, to the right
        for (x0, y), (x1, _) in level:
            for other in layout.boxes:
                assert not (x0 < other.x + other.width and other.x < x1 and other.y < y < other.y + other.height)
    assert len(entries) == len(edges)


def test_nothing_at_all_is_laid_out_too():
    assert arrange([], []).boxes == []
    assert arrange([(50, 20)], []).boxes == [(0, 0, 50, 20)]

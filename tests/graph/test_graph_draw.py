"""Drawn graphs: what stands in the SVG, for whom it is legible, and that SVG and PNG are the same picture."""

import re
from xml.etree import ElementTree

import jax.numpy as jnp
import matplotlib.image
import numpy as np
import pytest
from graph_in_tests import chain, table_loss

from dl_workshop import graph
from dl_workshop.errors import LearnerError
from dl_workshop.graph.drawing.bands import in_bands
from dl_workshop.graph.drawing.describe import number, numbers, own_rule
from dl_workshop.graph.drawing.draw import DETAILS, draw
from dl_workshop.graph.drawing.marks import (
    GRADIENT,
    INK,
    LEVELS,
    MUTED,
    ROLES,
    Group,
    Rectangle,
    Words,
    level_colour,
    levels,
)

SVG = "{http://www.w3.org/2000/svg}"


def texts(drawing):
    return [element.text for element in ElementTree.fromstring(drawing).iter(f"{SVG}text")]


def group_of(drawing, start):
    """Texts of the group whose tooltip starts so."""
    groups = [g for g in ElementTree.fromstring(drawing).iter(f"{SVG}g") if g[0].text.startswith(start)]
    return [element.text for element in groups[0].iter(f"{SVG}text")]


def test_every_node_bears_its_value_and_its_gradient():
    drawing = draw(chain())
    assert group_of(drawing, "w (params)") == ["w", "params", "3", "∂", "18"]
    assert group_of(drawing, "b (params)") == ["b", "params", "4", "∂", "63"]
    assert group_of(drawing, "z = mul of x and y") == ["z", "mul", "162", "∂", "1"]
    assert group_of(drawing, "from x to z") == ["×9"]  # dz/dx = y
    assert group_of(drawing, "from y to z: d(x * y)/dy = x; 18 flows back") == ["×18"]
    assert "line 4: return x * y" in drawing


@pytest.mark.parametrize(
    ("detail", "there", "absent"),
    [
        ("names", ["y_pred"], ["∂", "(n=40)", "×"]),
        ("shapes", ["(n=40, d=3)", "one number"], ["∂", "×"]),
        ("values", ["(n=40, d=3)", "[0.5 −1 2]"], ["∂", "×"]),
        ("gradients", ["∂", "×0.025", "[0.5 −1 2]"], []),
    ],
)
def test_detail_says_what_is_told(detail, there, absent):
    drawing = draw(table_loss(), detail=detail)
    shown = " ".join(texts(drawing))
    assert all(words in shown for words in there)
    assert not any(words in shown for words in absent)


def test_large_arrays_are_small_maps_with_their_sign_in_the_colour():
    assert levels([[0, 1], [-2, np.nan]]) == [[0, LEVELS // 2], [-LEVELS, None]]
    assert np.shape(levels(np.ones((1000, 70)))) == (8, 14)
    assert np.shape(levels(np.ones((4, 5, 6)))) == (8, 6)
    assert levels(np.zeros((0, 3))) == []
    red, blue = (lambda colour: int(colour[1:3], 16)), (lambda colour: int(colour[5:7], 16))
    up, down = level_colour(LEVELS), level_colour(-LEVELS)
    assert red(up) > blue(up) and blue(down) > red(down)
    assert draw(table_loss()).count("<path") > draw(table_loss(), detail="names").count("<path") + 10


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (18.0, "18"),
        (-0.05714, "−0.05714"),
        (1.2e-5, "1.2e−5"),
        (0, "0"),
        (-0.0, "0"),
        (123456.0, "1.2e5"),
        (np.nan, "nan"),
        (-np.inf, "−inf"),
    ],
)
def test_numbers_are_short(value, words):
    assert number(value) == words


def test_arrays_in_words():
    assert numbers(np.array([1.0, 2.0, 3.0])) == "[1 2 3]"
    assert numbers(np.full(9, 0.5)) == "all 0.5"
    assert numbers(np.array([1, 2, 3, np.nan])) == "1…3, 1 not finite"
    assert numbers(np.full(5, np.nan)) == "not finite"
    assert numbers(np.zeros((0, 3))) == "[]"
    assert numbers(np.array([True, False, True, True])) == "0…1"


def test_rules_speak_of_the_nodes_own_names():
    rules = [own_rule(chain(), edge) for edge in chain().edges]
    assert rules[6:] == ["d(x * y)/dx = y", "d(x * y)/dy = x"]
    trace = table_loss()
    assert own_rule(trace, trace.edges[2]) == "d(y_pred**2)/dy_pred = 2 * y_pred"


def test_words_tell_the_whole_graph():
    drawing = draw(chain())
    root = ElementTree.fromstring(drawing)
    assert root.attrib["role"] == "img"
    told = {element.attrib["id"]: element.text for element in root if "id" in element.attrib}
    title, description = (told[name] for name in root.attrib["aria-labelledby"].split())
    assert title == "Computational graph of chain"
    for node in chain().nodes:
        assert re.search(rf"\b{node.name}\b.*{number(node.value)}, gradient {number(node.grad)}", description)
    assert repr(drawing) == drawing.alt and description in drawing.alt


def test_what_a_learner_wrote_does_not_become_markup():
    trace = chain()
    evil = trace.nodes[4]._replace(name="<script>&\"'", line="x = a < b & c > '</svg>'")
    drawing = draw(trace._replace(nodes=(*trace.nodes[:4], evil, *trace.nodes[5:]), name="</title><b>"))
    assert "<script" not in drawing and "</title><b>" not in drawing
    assert "<script>&\"'" in texts(drawing)


def test_roles_differ_in_shape_and_all_words_have_contrast():
    outline = {}
    for mark in draw(chain()).marks + draw(table_loss()).marks:
        for one in mark.marks if isinstance(mark, Group) else []:
            if isinstance(one, Rectangle) and one.line in {line for line, _ in ROLES.values()}:
                outline[one.line, one.fill] = (one.round, one.thick, one.dashed, one.double)
    assert len(set(outline.values())) == len(outline) == 4  # data, params, computed, loss
    for ink in (INK, MUTED, GRADIENT):
        assert all(contrast(ink, fill) >= 4.5 for _, fill in ROLES.values())


def contrast(one, other):
    """Contrast of two colours by WCAG 2.1."""

    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("detail", DETAILS)
def test_words_stay_in_their_boxes(detail):
    for trace in (chain(), table_loss()):
        for mark in draw(trace, detail=detail).marks[len(trace.edges) :]:
            if isinstance(mark, Group):
                box = next(one for one in mark.marks if isinstance(one, Rectangle))
                for one in mark.marks:
                    if isinstance(one, Words):
                        long = 0.602 * one.size * len(one.text)
                        left = one.x - long if one.anchor == "end" else one.x
                        assert box.x <= left and left + long <= box.x + box.width + 1e-6
                        assert box.y + 8 < one.y <= box.y + box.height - 2


def test_it_is_saved_as_svg_and_png(tmp_path):
    drawing = draw(chain())
    drawing.save(tmp_path / "chain.svg")
    assert (tmp_path / "chain.svg").read_text(encoding="utf-8") == drawing
    picture = matplotlib.image.imread(drawing.save(tmp_path / "chain.png"))
    assert picture.shape[:2] == pytest.approx((2 * drawing.height, 2 * drawing.width), abs=2)
    ink = (picture[:, :, :3].min(axis=2) < 0.5).mean()
    assert 0.005 < ink < 0.3
    box = next(mark.marks[0] for mark in drawing.marks if isinstance(mark, Group) and mark.told.startswith("w ("))
    at = picture[int(2 * box.y + 6), int(2 * (box.x + box.width / 2)), :3]
    assert at == pytest.approx([int(ROLES["params"][1][i : i + 2], 16) / 255 for i in (1, 3, 5)], abs=0.01)
    with pytest.raises(LearnerError, match="saved as"):
        drawing.save(tmp_path / "chain.pdf")


def test_it_shows_itself_in_a_notebook():
    bundle = draw(chain())._repr_mimebundle_()
    assert bundle["text/html"].count("<svg") == bundle["image/svg+xml"].count("<svg") == 1
    assert bundle["text/plain"].startswith("Computational graph of chain")


def test_nodes_are_marked_and_wrong_words_are_refused():
    assert draw(chain(), marked="x").count('stroke-width="3"') == 1
    assert draw(chain(), marked=("x", "y")).count('stroke-width="3"') == 2
    assert draw(chain(), marked=None) == draw(chain())
    with pytest.raises(LearnerError, match="no node q to mark: this graph has w, b"):
        draw(chain(), marked="q")
    with pytest.raises(LearnerError, match="'names', 'shapes', 'values', 'gradients'"):
        draw(chain(), detail="all")


def test_a_wide_graph_goes_on_below():
    whole, broken = draw(chain(), wide=2000, key=False), draw(chain(), wide=300, key=False)
    assert broken.width < whole.width and broken.height > whole.height
    assert not any(words.startswith("↳") for words in texts(whole))
    again = {words.removeprefix("↳ ") for words in texts(broken) if words.startswith("↳")}
    assert again and again <= {node.name for node in chain().nodes}
    assert set(texts(whole)) <= set(texts(broken))


def test_bands_keep_boxes_apart_and_routes_end_at_their_boxes():
    trace = chain()
    edges = [(edge.start, edge.end) for edge in trace.edges]
    sizes = [(90, 50)] * 8
    layout, again, go_on = in_bands(sizes, edges, [0] * 8, 350, [(40, 20)] * 8)
    boxes = [*layout.boxes, *(box for _, box in again)]
    for k, box in enumerate(boxes):
        for other in boxes[:k]:
            assert not (
                box.x < other.x + other.width
                and other.x < box.x + box.width
                and box.y < other.y + other.height
                and other.y < box.y + box.height
            )
    for (start, end), route in zip(edges, layout.routes, strict=True):
        starts = [layout.boxes[start], *(box for node, box in again if node == start)]
        assert any(route[0] == pytest.approx((box.x + box.width, box.y + box.height / 2)) for box in starts)
        assert route[-1][0] == pytest.approx(layout.boxes[end].x)
    assert {node for node, _ in again} == set(go_on) != set()


def test_a_traced_net_is_drawn_with_all_its_names():
    def loss(params, x, y):
        z = x @ params["w"] + params["b"]
        return jnp.mean((jnp.tanh(z) - y.astype(float)) ** 2)

    trace = graph.trace(loss, {"w": jnp.ones(3), "b": 0.5}, jnp.arange(21.0).reshape(7, 3) / 21, jnp.arange(7) > 3)
    drawing = graph.draw(trace)
    shown = texts(drawing)
    assert {node.name for node in trace.nodes if node.role != "constant"} <= set(shown)
    assert "Σ×1" in shown  # b is used for every row
    assert {"x.T @", "×tanh′"} <= set(shown)

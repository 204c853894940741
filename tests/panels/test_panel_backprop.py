"""The backprop panel without a browser: its way forward and back, its chain-rule terms, its inputs and its words."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import graph, losses, models, panels
from dl_workshop.errors import LearnerError
from dl_workshop.panels.backprop.inputs import movable, rest_in_words, with_inputs
from dl_workshop.panels.backprop.state import moves


def chain(w, b):
    x = 2 * w + 3 * b
    y = 2 * b + 1
    z = x * y
    return z


X = np.linspace(-1, 1, 10).reshape(5, 2)
Y = np.array([0.0, 1, 1, 0, 1])
NET = {"w1": np.full((2, 3), 0.3), "b1": np.zeros(3), "w2": np.ones((3, 1)), "b2": np.zeros(1)}


def names(panel, key, shown):
    return {panel.settings["nodes"][place]["name"] for place in shown[key]}


def test_values_come_in_the_order_of_computation_then_gradients_in_the_opposite():
    trace = graph.trace(chain, 3.0, 4.0)
    way = moves(trace)
    known = {place for place, node in enumerate(trace.nodes) if not node.inputs}
    for phase, place in way[1:]:
        node = trace.nodes[place]
        if phase == "forward":
            assert known.issuperset(node.inputs)
            known.add(place)
    given = set()
    for phase, place in way[1:]:
        if phase == "backward":  # whatever it flows into has its gradient
            assert given.issuperset(edge.end for edge in trace.edges if edge.start == place)
            given.add(place)
    assert {trace.nodes[place].name for place in given} >= {"w", "b", "x", "y", "z"}
    assert next(move for move in way if move[0] == "backward") == ("backward", trace.output)


def test_steps_show_what_is_known_so_far():
    panel = panels.backprop(chain, 3.0, 4.0)
    assert names(panel, "valued", panel.shown) >= {"w", "b"}
    assert "z" not in names(panel, "valued", panel.shown)
    for _ in range(6):
        shown = panel._answer({"act": "step"})
        assert shown["given"] == [] == shown["about"]["rows"]
    assert "z = multiply of x (18) and y (9): 162" in shown["words"]
    shown = panel._answer({"act": "step"})
    assert names(panel, "given", shown) == {"z"}
    back = panel._answer({"act": "back"})
    assert back["given"] == []
    end = panel._answer({"act": "end"})
    assert names(panel, "given", end) >= {"w", "b", "x", "y", "z"}
    assert panel._answer({"act": "step"})["step"] == end["step"] == panel.settings["steps"]
    assert panel._answer({"act": "reset"})["step"] == 0 == panel._answer({"act": "back"})["step"]


def test_paths_that_join_are_summed_in_words_and_numbers():
    panel = panels.backprop(chain, 3.0, 4.0)
    place = next(i for i, node in enumerate(panel.settings["nodes"]) if node["name"] == "b")
    about = panel._answer({"act": "choose", "node": place})["about"]
    products = [float(row["upstream"]) * float(row["local"]) for row in about["rows"]]
    assert products == [float(row["product"]) for row in about["rows"]]
    assert sorted(products) == [27, 36] and about["gradient"] == "63"
    told = []
    for _ in range(panel.settings["steps"]):
        told.append(panel._answer({"act": "step"})["words"])
    assert any(
        "gradient of b = " in words and "9 × 3" in words and "18 × 2" in words and "= 63" in words for words in told
    )


def test_moved_inputs_move_values_and_gradients():
    panel = panels.backprop(chain, 3.0, 4.0)
    panel._answer({"act": "end"})
    shown = panel._answer({"values": {"w": 2.333333}})
    assert "z = multiply of x and y: 150, gradient 1" in shown["told"]
    slope = jax.grad(chain, argnums=1)(2.333333, 4.0)
    assert f"b (params): 4, gradient {slope:.4g}" in shown["told"]
    assert shown["values"] == {"w": 2.333333, "b": 4.0}


def test_it_plays_step_by_step_and_stops_at_the_end():
    panel = panels.backprop(chain, 3.0, 4.0)
    shown = panel._answer({"act": "play", "playing": True})
    assert shown["again"] > 0 and shown["step"] == 0
    steps = [panel._answer({"act": "tick", "playing": True}) for _ in range(panel.settings["steps"])]
    assert [one["step"] for one in steps] == list(range(1, panel.settings["steps"] + 1))
    assert "again" in steps[0] and "again" not in steps[-1]
    assert panel._answer({"act": "play", "playing": True})["step"] == 0  # anew from the start


def test_every_entry_that_is_asked_for_gets_a_slider_and_goes_to_its_place():
    sliders, places = movable(losses.logistic_loss, (NET, models.mlp_model, X, Y), ["w1[0, 1]", "x[2, 0]", "b2[0]"])
    assert [(one["name"], one["value"]) for one in sliders] == [("w1[0, 1]", 0.3), ("x[2, 0]", X[2, 0]), ("b2[0]", 0)]
    assert all(one["min"] < one["value"] < one["max"] for one in sliders)
    moved = with_inputs((NET, models.mlp_model, X, Y), places, {"w1[0, 1]": 7.0, "x[2, 0]": 8.0, "b2[0]": 0.0})
    assert moved[0]["w1"][0, 1] == 7 and moved[2][2, 0] == 8
    assert (~np.isclose(moved[0]["w1"], NET["w1"])).sum() == 1 and (~np.isclose(moved[2], X)).sum() == 1
    assert moved[1] is models.mlp_model and NET["w1"][0, 1] == 0.3
    for wrong in ("w9", "w1[2, 0]", "w1[0]", "w1[-1, 0]", "b2[0][0]", "w"):
        with pytest.raises(LearnerError, match=r"no number .*w1\[0, 0\]"):
            movable(losses.logistic_loss, (NET, models.mlp_model, X, Y), [wrong])


def offered(function, *args, inputs=None):
    """The names of the sliders, and what the panel says of the rest."""
    sliders, places = movable(function, args, inputs)
    assert [one["name"] for one in sliders] == list(places)
    return list(places), rest_in_words(function, args, places, inputs)


def entries(name, *shape):
    return [f"{name}[{', '.join(map(str, index))}]" for index in np.ndindex(shape)]


def test_all_inputs_are_offered_in_the_learners_order_where_there_is_room():
    names, rest = offered(losses.mse_loss, {"w": 1.0, "b": 2.0}, models.linear_model, X, Y)
    assert names == ["w", "b", *entries("x", 5, 2), *entries("y", 5)] and rest == ""


def test_every_param_of_a_small_net_is_offered_and_the_rest_is_named():
    x, y = np.zeros((200, 2)), np.zeros(200)
    names, rest = offered(losses.logistic_loss, NET, models.mlp_model, x, y)
    assert names == [*entries("w1", 2, 3), *entries("b1", 3), *entries("w2", 3, 1), "b2[0]", "x[0, 0]", "y[0]"]
    assert rest == (
        "The inputs hold 613 numbers: 15 have a slider, the rest stay as they are (399 of x, 199 of y). "
        'Name those that you want to move: inputs=["x[0, 1]", "y"].'
    )
    panel = panels.backprop(losses.logistic_loss, NET, models.mlp_model, x, y)
    assert panel.settings["rest"] == rest and len(panel.settings["sliders"]) == 15


def test_a_large_net_offers_some_of_every_array_and_what_it_suggests_works():
    net = models.init_mlp(jax.random.key(0), (64, 16, 10))
    x, y = np.zeros((100_000, 64), np.float32), np.zeros(100_000, int)
    names, rest = offered(losses.softmax_loss, net, models.mlp_model, x, y)
    assert len(names) == 24 and {name.split("[")[0] for name in names} == {"w1", "b1", "w2", "b2"}
    assert "24 have a slider" in rest and "1018 of w1" in rest and "6400000 of x" in rest
    assert rest.endswith('inputs=["w1[0, 6]", "b1"].')
    assert offered(losses.softmax_loss, net, models.mlp_model, x, y, inputs=["w1[0, 6]", "b1"]) == (
        ["w1[0, 6]", *entries("b1", 16)],
        "",
    )
    names, rest = offered(losses.softmax_loss, net, models.mlp_model, x, y, inputs=["b2[3]", "w1[63,15]", "w1"])
    assert names[:2] == ["b2[3]", "w1[63, 15]"] and len(names) == 26 and "999 of w1" in rest


def test_with_more_arrays_than_sliders_the_first_are_offered():
    names, rest = offered(lambda params: sum(params), [np.float32(k) for k in range(30)])
    assert names == [f"params[{k}]" for k in range(24)]
    assert "30 numbers: 24 have a slider" in rest and 'inputs=["params[24]", "params[25]"]' in rest


def test_inputs_of_one_name_and_inputs_that_are_no_numbers():
    twice = movable(lambda first, second: first["w"] * second["w"], ({"w": 1.0}, {"w": 2.0}))[0]
    assert [(one["name"], one["value"]) for one in twice] == [("first.w", 1.0), ("second.w", 2.0)]
    mixed = movable(lambda p, key, n: p[0], ([np.array([1.0, 2.0])], jax.random.key(0), 3))[0]
    assert [one["name"] for one in mixed] == ["p[0][0]", "p[0][1]"]  # no keys, no whole numbers


def test_a_net_tells_what_is_summed_over_the_rows():
    panel = panels.backprop(losses.logistic_loss, NET, models.mlp_model, X, Y)
    place = next(i for i, node in enumerate(panel.settings["nodes"]) if node["name"] == "b1")
    about = panel._answer({"act": "choose", "node": place})["about"]
    grads = jax.grad(losses.logistic_loss)(jax.tree.map(jnp.asarray, NET), models.mlp_model, X, Y)
    assert about["rows"][0]["rule"].endswith("summed over the rows")
    assert about["gradient"] == "[" + " ".join(f"{g:.3g}".replace("-", "−") for g in grads["b1"]) + "]"


def test_boxes_have_room_for_longer_numbers():
    panel = panels.backprop(chain, 3.0, 4.0)
    node = next(one for one in panel.settings["nodes"] if one["name"] == "z")
    shown = panel._answer({"values": {"w": -0.0123456}, "act": "end"})
    words = max((row["words"] for row in shown["rows"][panel.settings["nodes"].index(node)]), key=len)
    assert node["rows"][1]["x"] + 0.602 * 11 * len(words) <= node["box"][0] + node["box"][2]


def test_what_fails_later_is_told_and_nothing_moves():
    broken = []

    def brittle(w):
        if broken:
            raise ValueError("no such thing")
        return w**2

    panel = panels.backprop(brittle, 3.0)
    panel._answer({"act": "end"})
    broken.append(True)
    shown = panel._answered({"values": {"w": 5.0}, "move": 1}, panel.shown)
    assert "no such thing" in shown["trouble"]
    broken.clear()
    shown = panel._answered({"act": "back", "move": 2}, panel.shown)
    assert shown["trouble"] == "" and shown["values"] == {"w": 3.0}


def test_what_has_no_gradient_is_refused_in_words():
    with pytest.raises(LearnerError, match="shape"):
        panels.backprop(lambda x: x * 2, jnp.ones(3))
    with pytest.raises(LearnerError):
        panels.backprop(3.0)


def test_without_a_kernel_the_whole_graph_is_shown():
    bundle, _ = panels.backprop(chain, 3.0, 4.0)._repr_mimebundle_()
    assert bundle["image/png"].startswith("iVBOR")
    assert "inputs are given" in bundle["text/plain"]

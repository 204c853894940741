"""Tracing a learner's function: its nodes, names, lines and axes; control flow; what is refused, in words."""

import linecache

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import graph, losses, models
from dl_workshop.errors import LearnerError
from dl_workshop.graph.tracing import trace as tracing

X = np.random.default_rng(0).normal(size=(5, 2)).astype(np.float32)
Y = np.array([0.0, 1.0, 0.0, 1.0, 1.0], dtype=np.float32)
PARAMS = models.init_mlp(jax.random.key(0), (2, 3, 1))
V = np.array([0.3, -0.2, 0.9], dtype=np.float32)


def net(params, x):
    z1 = x @ params["w1"] + params["b1"]
    a1 = jnp.tanh(z1)
    return (a1 @ params["w2"] + params["b2"])[:, 0]


def loss(params, model, x, y):
    z2 = model(params, x)
    y_pred = jax.nn.sigmoid(z2)
    return jnp.mean((y_pred - y) ** 2)


@pytest.fixture(scope="module")
def traced():
    return graph.trace(loss, PARAMS, net, X, Y)


def agree(function, params, trace):
    """Value and gradients of a trace against evaluation and jax.grad."""
    value, grads = jax.value_and_grad(function)(params)
    np.testing.assert_allclose(trace.nodes[trace.output].value, value, rtol=1e-5)
    for node, grad in zip(trace.nodes, jax.tree.leaves(grads), strict=False):
        np.testing.assert_allclose(node.grad, grad, rtol=1e-4, atol=1e-6)


def test_nodes_are_what_the_learner_wrote(traced):
    drawn = [(node.name, node.op) for node in traced.nodes if node.op != "input"]
    assert drawn == [
        ("dot", "dot"),
        ("z1", "add"),
        ("a1", "tanh"),
        ("dot_2", "dot"),
        ("z2", "add"),
        ("y_pred", "sigmoid"),
        ("subtract", "subtract"),
        ("square", "square"),
        ("loss", "mean"),
    ]
    assert [(node.name, node.source, node.role) for node in traced.nodes[:6]] == [
        ("b1", "params['b1']", "params"),
        ("b2", "params['b2']", "params"),
        ("w1", "params['w1']", "params"),
        ("w2", "params['w2']", "params"),
        ("x", "x", "data"),
        ("y", "y", "data"),
    ]
    assert traced.nodes[traced.output].role == "loss" and traced["z1"].role == "middle" and traced.name == "loss"
    assert traced["z2"].inputs == (traced.nodes.index(traced["dot_2"]), 1)
    agree(lambda params: loss(params, net, X, Y), PARAMS, traced)


def test_axes_and_shapes(traced):
    axes = {node.name: node.axes for node in traced.nodes}
    assert axes["x"] == ("n", "d") and axes["w1"] == ("d", "h1") and axes["w2"] == ("h1", "k") and axes["y"] == ("n",)
    assert axes["z1"] == axes["a1"] == ("n", "h1") and axes["z2"] == ("n",) and axes["loss"] == ()
    assert all(node.shape == node.value.shape and len(node.axes) == len(node.shape) for node in traced.nodes)
    assert all(node.grad is None or node.grad.shape == node.shape for node in traced.nodes)


def test_lines_stand_in_the_code(traced):
    lines = traced.code.split("\n")
    assert lines[0] == "def loss(params, model, x, y):"
    for node in traced.nodes:
        if node.op != "input":
            assert lines[node.line_number - 1].strip() == node.line != ""
    assert traced["z1"].line == 'z1 = x @ params["w1"] + params["b1"]'


def test_edges_carry_rules_and_terms(traced):
    by_name = {(traced.nodes[edge.start].name, traced.nodes[edge.end].name): edge for edge in traced.edges}
    tanh = by_name["z1", "a1"]
    assert tanh.rule == "d(tanh a)/da = 1 - tanh(a)^2"
    np.testing.assert_allclose(tanh.local, 1 - np.tanh(traced["z1"].value) ** 2, rtol=1e-5)
    np.testing.assert_allclose(tanh.term, tanh.local * traced["a1"].grad, rtol=1e-5)
    bias = by_name["b1", "z1"]
    np.testing.assert_array_equal(bias.local, np.ones((5, 3)))
    np.testing.assert_allclose(bias.term, traced["z1"].grad.sum(axis=0), rtol=1e-5)
    weights = by_name["w1", "dot"]
    assert weights.local is None and weights.place == 1 and weights.rule == "grad_b = a.T @ grad"
    np.testing.assert_allclose(weights.term, X.T @ traced["dot"].grad, rtol=1e-5)
    np.testing.assert_allclose(by_name["square", "loss"].local, np.full(5, 0.2), rtol=1e-6)


def ops(trace):
    return [node.op for node in trace.nodes if node.op not in ("input", "constant")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "kit_loss", "params", "y", "drawn"),
    [
        (models.linear_model, losses.mse_loss, {"w": np.ones(2), "b": 0.5}, Y, "dot add subtract square mean"),
        (
            models.linear_model,
            losses.logistic_loss,
            {"w": np.ones(2), "b": 0.5},
            Y,
            "dot add logaddexp multiply subtract mean",
        ),
        (
            models.mlp_model,
            losses.softmax_loss,
            models.init_mlp(jax.random.key(0), (2, 3, 4)),
            np.arange(5) % 4,
            "dot add tanh dot add take_along_axis logsumexp subtract mean",
        ),
    ],
)
def test_the_lessons_losses_are_short(model, kit_loss, params, y, drawn):
    trace = graph.trace(kit_loss, params, model, X, y)
    assert " ".join(ops(trace)) == drawn
    agree(lambda params: kit_loss(params, model, X, y), params, trace)


def test_whole_numbers_have_no_gradient_and_unused_inputs_stay():
    trace = graph.trace(lambda params, x, y: jnp.sum(params["w"][y] ** 2), {"w": V, "spare": 1.0}, X, np.array([0, 2]))
    assert trace["y"].grad is None and trace["spare"].grad is None and trace["x"].grad is None
    np.testing.assert_allclose(trace["w"].grad, [0.6, 0, 1.8], rtol=1e-6)


@pytest.mark.slow
def test_helpers_are_boxes_or_opened_up():
    def entropy(w):
        p = jax.nn.softmax(w)
        return -jnp.sum(p * jnp.log(p))

    assert ops(graph.trace(entropy, V)) == ["softmax", "log", "multiply", "sum", "negative"]
    inside = graph.trace(entropy, V, helpers="inline")
    assert ops(inside)[-7:-4] == ["exp", "sum", "divide"] and "softmax" not in ops(inside)
    assert inside["p"].op == "divide"
    agree(entropy, V, inside)


@jax.jit
def squash(z):
    e = jnp.exp(-z)
    return 1 / (1 + e)


def test_the_learners_own_jitted_function_is_opened_up():
    trace = graph.trace(lambda w: jnp.sum(squash(w) * squash(2 * w)), V)
    assert [node.name for node in trace.nodes if node.op == "exp"] == ["e", "e_2"] and "def squash" in trace.code
    agree(lambda w: jnp.sum(squash(w) * squash(2 * w)), V, trace)


@jax.custom_vjp
def held(z):
    return 1.0 * z


held.defvjp(lambda z: (z, None), lambda kept, grad: (jnp.clip(grad, -0.1, 0.1),))


def in_a_loop(w):
    h = w
    for _ in range(3):
        h = jnp.tanh(h * w)
    return h


FUNCTIONS = {
    "scan": lambda w: jax.lax.scan(lambda carry, t: (carry * w + t, None), 0.5, V)[0],
    "cond": lambda w: jax.lax.cond(w > 0, lambda w: w * w, lambda w: -w, w),
    "fori_loop": lambda w: jax.lax.fori_loop(0, 3, lambda i, carry: carry * w, 1.0),
    "vmap": lambda w: jnp.sum(jax.vmap(lambda row: jnp.dot(row, row) * w)(X)),
    "custom gradient": lambda w: held(jnp.sin(w)) * w,
    "a gradient inside": lambda w: jax.grad(lambda w: jnp.sin(w) ** 3)(w) * w,
    "stop_gradient": lambda w: jax.lax.stop_gradient(w) * w,
    "a loop": in_a_loop,
    "no step at all": lambda w: w,
    "the same twice": lambda w: w * w + w,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FUNCTIONS)
def test_control_flow_and_transformations(name):
    agree(FUNCTIONS[name], 0.7, graph.trace(FUNCTIONS[name], 0.7))


def test_a_loop_gives_new_nodes_each_time_round():
    assert [node.name for node in graph.trace(in_a_loop, 0.7).nodes] == [
        "w",
        "multiply",
        "h",
        "multiply_2",
        "h_2",
        "multiply_3",
        "h_3",
    ]


def test_no_gradient_comes_back_through_a_while_loop():
    def function(w, v):
        _, power = jax.lax.while_loop(lambda s: s[0] < 3, lambda s: (s[0] + 1, s[1] * w), (0, 1.0))
        return power + v

    trace = graph.trace(function, 2.0, 1.0)
    assert trace["while"].value == 8 and trace["w"].grad is None and trace["v"].grad == 1
    edge = next(edge for edge in trace.edges if trace.nodes[edge.end].op == "while")
    assert edge.term is None and "no gradient" in edge.rule


def test_a_function_that_jax_cannot_differentiate_still_has_a_value():
    def function(w, v):
        return jax.pure_callback(lambda w: np.float32(w + 1), jax.ShapeDtypeStruct((), jnp.float32), w) * v

    trace = graph.trace(function, 2.0, 3.0)
    assert trace["function"].value == 9 and trace["w"].grad is None and trace["v"].grad == 3


def test_lines_of_a_notebook_cell():
    cell = "def bowl(w):\n    # a comment\n    z = w ** 2\n    return z.sum() + 1\n"
    file = "/tmp/ipykernel_1/1234.py"
    linecache.cache[file] = (len(cell), None, cell.splitlines(True), file)
    scope = {}
    exec(compile(cell, file, "exec"), scope)
    trace = graph.trace(scope["bowl"], V)
    assert (trace["z"].line, trace["z"].line_number) == ("z = w ** 2", 3) and trace.code == cell.rstrip()
    assert trace["bowl"].line == "return z.sum() + 1"


def test_without_source_there_are_no_lines_but_a_graph():
    scope = {}
    exec("def bowl(w):\n    return (w ** 2).sum()", scope)
    trace = graph.trace(scope["bowl"], V)
    assert trace.code == "" and ops(trace) == ["square", "sum"] and trace["bowl"].line_number == 0


def test_constants_and_captured_arrays_have_names():
    trace = graph.trace(lambda w: jnp.sum((2 * w - V) ** 2), V)
    assert [node.name for node in trace.nodes if node.role == "constant"] == ["2", "V"]


@pytest.mark.parametrize(
    ("function", "argument", "words"),
    [
        (lambda p: p["w"], {"w": V}, r"returns shape \(3,\): a gradient is that of one number; take jnp.mean"),
        (lambda p: np.sum(np.exp(p["w"])), {"w": V}, "np.exp cannot be differentiated"),
        (lambda w: w * 2, 2, "w is 2, an integer. Gradients need floats: write 2.0"),
        (lambda p: (jnp.sum(p["w"]), 1.0), {"w": V}, "several values"),
        (lambda p: None, {"w": V}, r"nothing \(None\)"),
        (lambda p: jnp.argmax(p["w"]), {"w": V}, "int32, which has no gradient"),
        (lambda p: jnp.sum(p["w"] @ X), {"w": V}, "do not fit together"),
        (lambda p: 0.0 if p["w"][0] > 0 else 1.0, {"w": V}, "jnp.where for a choice"),
        (3, {"w": V}, "takes a function"),
    ],
)
def test_what_cannot_be_traced_is_refused_in_words(function, argument, words):
    with pytest.raises(LearnerError, match=words) as caught:
        graph.trace(function, argument)
    assert caught.value.__cause__ is None and "\n" not in str(caught.value)


SCALE = 2.0


def scaled(w):
    return SCALE * w


def test_a_second_trace_compiles_nothing_but_sees_an_edit(monkeypatch):
    graph.trace(scaled, 1.0)
    compiled = []
    monkeypatch.setattr(tracing, "jit", lambda run: compiled.append(run) or jax.jit(run))
    assert graph.trace(scaled, 3.0)["scaled"].value == 6 and not compiled
    monkeypatch.setitem(globals(), "SCALE", 5.0)
    trace = graph.trace(scaled, 3.0)
    assert trace["scaled"].value == 15 and trace["w"].grad == 5 and len(compiled) == 1


def test_a_name_that_is_not_there(traced):
    with pytest.raises(KeyError, match="no node 'zz'"):
        traced["zz"]

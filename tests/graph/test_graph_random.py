"""Graphs of two hundred random functions, against evaluation and jax.grad in float64."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_workshop import graph
from dl_workshop.graph.tracing import trace as tracing


def add_up(carry, row):
    return jnp.tanh(carry + row[0]), None


UNARY = {
    "tanh": jnp.tanh,
    "sin": jnp.sin,
    "sigmoid": jax.nn.sigmoid,
    "square": lambda a: a**2,
    "cube": lambda a: a**3,
    "negative": lambda a: -a,
    "exp": lambda a: jnp.exp(jnp.tanh(a)),
    "log": lambda a: jnp.log(1 + a * a),
    "sqrt": lambda a: jnp.sqrt(a * a + 0.5),
    "relu": jax.nn.relu,
    "softplus": jax.nn.softplus,
    "abs": jnp.abs,
    "half": lambda a: 0.5 * a,
    "jitted": jax.jit(lambda a: a / (1 + a * a)),
    "standard": lambda a: a - jnp.mean(a),
    "reshape": lambda a: jnp.reshape(a, -1).reshape(jnp.shape(a)),
}
BINARY = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / (1 + b**2),
    "maximum": jnp.maximum,
    "where": lambda a, b: jnp.where(a > b, a, 2 * b),
    "logaddexp": jnp.logaddexp,
}
TO_VECTOR = {
    "m @ v": lambda m, v: m @ jnp.resize(v, 3),
    "rows": lambda m, v: jnp.mean(m, axis=1) + v,
    "logsumexp": lambda m, v: jax.nn.logsumexp(m, axis=1),
    "row max": lambda m, v: jnp.max(m, axis=1) * v,
    "softmax": lambda m, v: jax.nn.softmax(v),
    "column": lambda m, v: m[:, 1] - v,
    "taken": lambda m, v: m[jnp.arange(2), jnp.array([2, 0])] + v,
    "vmap": lambda m, v: jax.vmap(jnp.dot)(m, m),
    "joined": lambda m, v: jnp.concatenate([m[0, :1], v[:1] * 3]),
    "scan": lambda m, v: jax.lax.scan(add_up, v, m)[0],
}
TO_MATRIX = {
    "m + v": lambda m, v: m + v[:, None],
    "outer": lambda m, v: v[:, None] * m[0],
    "m m.T m": lambda m, v: m @ m.T @ m,
    "m.T": lambda m, v: (m.T * v).T,
}
TO_NUMBER = {
    "mean": jnp.mean,
    "sum": jnp.sum,
    "max": jnp.max,
    "std": lambda a: jnp.std(a + jnp.arange(2.0)[:, None]),
    "first": lambda a: a[0, 0],
    "a . a": lambda a: jnp.vdot(a, a),
}


def expressions_of(shape, depth):
    """Expressions for a vector or a matrix, at most `depth` operations deep."""
    name = "v" if shape == "vector" else "m"
    if depth == 0:
        return st.just(name)
    same, table = expressions_of(shape, depth - 1), TO_VECTOR if shape == "vector" else TO_MATRIX
    return st.one_of(
        st.tuples(st.sampled_from(sorted(UNARY)), same),
        st.tuples(st.sampled_from(sorted(BINARY)), same, same),
        st.tuples(
            st.sampled_from(sorted(table)), expressions_of("matrix", depth - 1), expressions_of("vector", depth - 1)
        ),
    )


functions = st.tuples(st.sampled_from(sorted(TO_NUMBER)), expressions_of("matrix", 2))


def evaluate(expression, params):
    """Value of an expression, a name or (operation, parts)."""
    if isinstance(expression, str):
        return params[expression]
    operation, *parts = expression
    apply = next(table[operation] for table in (UNARY, BINARY, TO_VECTOR, TO_MATRIX, TO_NUMBER) if operation in table)
    return apply(*(evaluate(part, params) for part in parts))


@pytest.mark.slow
@settings(max_examples=200)
@given(functions, st.integers(0, 1000))
def test_graphs_agree_with_evaluation_and_jax_grad(expression, seed):
    rng = np.random.default_rng(seed)
    params = {"m": rng.normal(size=(2, 3)), "v": rng.normal(size=2)}

    def function(params):
        return evaluate(expression, params)

    with jax.enable_x64(True), pytest.MonkeyPatch.context() as patch:
        patch.setattr(tracing, "jit", lambda run: run)  # compiling two hundred functions would take minutes
        trace = graph.trace(function, params)
        value, grads = jax.value_and_grad(function)(params)
    assert trace.nodes[trace.output].value.dtype == np.float64
    np.testing.assert_allclose(trace.nodes[trace.output].value, value, rtol=1e-12, atol=1e-12)
    by_source = {node.source: node for node in trace.nodes if node.source}
    for path, grad in jax.tree_util.tree_leaves_with_path(grads):
        node = by_source["params" + jax.tree_util.keystr(path)]
        got = np.zeros(node.shape) if node.grad is None else node.grad
        np.testing.assert_allclose(got, grad, rtol=1e-9, atol=1e-9)
    for place, node in enumerate(trace.nodes):  # and the chain rule holds at every node
        terms = [edge.term for edge in trace.edges if edge.start == place and edge.term is not None]
        if terms and place != trace.output:
            np.testing.assert_allclose(sum(terms), node.grad, rtol=1e-9, atol=1e-12)
    for edge in trace.edges:  # a term is the gradient times the local derivative, summed where it was broadcast
        start, end = trace.nodes[edge.start], trace.nodes[edge.end]
        if edge.local is not None and edge.term is not None and edge.local.shape == end.shape:
            product = end.grad * edge.local
            expected = product if product.shape == start.shape else product.sum() if start.shape == () else None
            if expected is not None:
                np.testing.assert_allclose(edge.term, expected, rtol=1e-9, atol=1e-9)

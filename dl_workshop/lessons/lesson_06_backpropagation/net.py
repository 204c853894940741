"""The net of lesson 06: the way back through two layers, by the four formulas of backpropagation."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop import graph
from dl_workshop.exercises.domain import floats
from dl_workshop.exercises.exercise import Exercise, changed, draws
from dl_workshop.exercises.solutions import from_lesson


def net(params, x):
    z1 = x @ params["w1"] + params["b1"]
    h = jnp.tanh(z1)
    z2 = h @ params["w2"] + params["b2"]
    return z2


def net_loss(params, model, x, y):
    z2 = model(params, x)
    log_p = jax.nn.log_softmax(z2)
    return -jnp.mean(jnp.sum(y * log_p, axis=1))


net_backward = from_lesson(__file__, "net_backward")


def a_net_backward(
    error=lambda p, y: (p - y) / len(y),
    to_h=lambda d_z2, w2: d_z2 @ w2.T,
    bend=lambda z1, h: 1 - h**2,
    to_w2=lambda h, z1, d_z2: h.T @ d_z2,
    to_b=lambda d: np.sum(d, axis=0),
    to_w1=lambda x, d_z1, d_h: x.T @ d_z1,
):
    """Make a backward pass of the net of the six rules in it; in NumPy, which compiles nothing."""

    def backward(params, x, y):
        params, x, y = jax.tree.map(np.asarray, (params, x, y))
        z1 = x @ params["w1"] + params["b1"]
        h = np.tanh(z1)
        e = np.exp(h @ params["w2"] + params["b2"])
        d_z2 = error(e / e.sum(axis=1, keepdims=True), y)
        d_h = to_h(d_z2, params["w2"])
        d_z1 = d_h * bend(z1, h)
        return dict(
            z2=d_z2, w2=to_w2(h, z1, d_z2), b2=to_b(d_z2), h=d_h, z1=d_z1, w1=to_w1(x, d_z1, d_h), b1=to_b(d_z1)
        )

    return backward


def net_through_the_graph(params, x, y):
    trace = graph.trace(net_loss, params, net, x, y)
    return {name: trace[name].grad for name in ("z2", "w2", "b2", "h", "z1", "w1", "b1")}  # type: ignore[union-attr]


def with_einsum(params, x, y):
    h = jnp.tanh(x @ params["w1"] + params["b1"])
    d_z2 = (jax.nn.softmax(h @ params["w2"] + params["b2"]) - y) / y.shape[0]
    d_h = jnp.einsum("nk,hk->nh", d_z2, params["w2"])
    d_z1 = d_h / jnp.cosh(x @ params["w1"] + params["b1"]) ** 2
    return dict(
        z2=d_z2,
        w2=jnp.einsum("nh,nk->hk", h, d_z2),
        b2=d_z2.sum(0),
        h=d_h,
        z1=d_z1,
        w1=jnp.einsum("nd,nh->dh", x, d_z1),
        b1=d_z1.sum(0),
    )


# Numbers beyond 5 everywhere, and yet every z1 is near 0, where tanh bends, and every class is likely.
FAR = (
    dict(
        w1=[[6.5, -0.4], [0.3, -7.0], [0.05, -0.04]],
        b1=[-5.8, 6.2],
        w2=[[6.0, -5.5, 0.5, -0.3], [0.4, 7.0, -6.5, 1.0]],
        b2=[6.0, 6.3, 5.5, 6.8],
    ),
    [[0.9, 0.85, 7.0], [1.0, 0.9, -6.5], [0.8, 0.95, 0.5], [0.95, 0.8, 1.0]],
    [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 0.0]],
)


def small_nets(key):
    random = draws(key)  # few shapes: each new one costs a second on a first check
    params = dict(
        w1=random.normal(size=(2, 3)).tolist(),
        b1=random.normal(size=3).tolist(),
        w2=random.normal(size=(3, 3)).tolist(),
        b2=random.normal(size=3).tolist(),
    )
    y = np.eye(3)[random.integers(0, 3, 5)]
    return [FAR, (params, random.normal(size=(5, 2)).tolist(), y.tolist())]


def first_wrong_of_net(got, params, x, y):
    return graph.compare(graph.trace(net_loss, params, net, x, y), backward=got)


ONE_UNIT = (dict(w1=[[1.0]], b1=[0.0], w2=[[1.0, -1.0]], b2=[0.0, 0.0]), [[1.0], [2.0]], [[1.0, 0.0], [0.0, 1.0]])

NET_BACKWARD = Exercise(
    name="net_backward",
    task="Return the gradient of the loss with respect to z2, w2, b2, h, z1, w1 and b1, by the four formulas, as one "
    "dict with these keys.",
    reference=net_backward,
    domain=dict(
        params=dict(w1=floats("d h"), b1=floats("h"), w2=floats("h k"), b2=floats("k")),
        x=floats("n d"),
        y=floats("n k", values=(0, 1)),
    ),
    oracle=a_net_backward(),
    probes=small_nets,
    small=(ONE_UNIT,),
    also_right=(net_through_the_graph, with_einsum),
    mistakes=(
        changed(
            a_net_backward,
            "n_forgotten",
            "Everything is n times too large: the loss is a MEAN over the rows, so "
            "the gradient of z2 is (p - y) divided by `len(y)`.",
            error=lambda p, y: p - y,
        ),
        changed(
            a_net_backward,
            "sign",
            "The sign is turned round: the gradient of z2 is prediction minus truth, p - y.",
            error=lambda p, y: (y - p) / len(y),
        ),
        changed(
            a_net_backward,
            "truth_forgotten",
            "The truth does not count here: the gradient of z2 is p - y, and not p.",
            error=lambda p, y: p / len(y),
        ),
        changed(
            a_net_backward,
            "w2_not_transposed",
            "On the way back through w2 each hidden unit collects what came "
            "of it: that is `d_z2 @ w2.T`, with w2 TRANSPOSED.",
            to_h=lambda d_z2, w2: d_z2 @ w2,
        ),
        changed(
            a_net_backward,
            "bend_forgotten",
            "From h to z1 the slope of tanh is missing: multiply by `1 - h ** 2`.",
            bend=lambda z1, h: 1.0,
        ),
        changed(
            a_net_backward,
            "z_in_the_formula",
            "You use 1 - z1 ** 2. The slope of tanh is `1 - h ** 2`: its formula is written in the OUTPUT.",
            bend=lambda z1, h: 1 - z1**2,
        ),
        changed(
            a_net_backward,
            "square_forgotten",
            "You use 1 - h: the slope of tanh is `1 - h ** 2`.",
            bend=lambda z1, h: 1 - h,
        ),
        changed(
            a_net_backward,
            "slope_of_the_sigmoid",
            "You use h * (1 - h), the slope of the SIGMOID. These units have tanh: `1 - h ** 2`.",
            bend=lambda z1, h: h * (1 - h),
        ),
        changed(
            a_net_backward,
            "z1_in_w2",
            "Your gradient of w2 is made with z1. What w2 multiplies is h: `h.T @ d_z2`.",
            to_w2=lambda h, z1, d_z2: z1.T @ d_z2,
        ),
        changed(
            a_net_backward,
            "h_in_w1",
            "Your gradient of w1 is made with that of h. w1 makes z1, so take `x.T @ d_z1`.",
            to_w1=lambda x, d_z1, d_h: x.T @ d_h,
        ),
        changed(
            a_net_backward,
            "b_not_summed",
            "Your gradients of the biases have one row for every example: add over the rows, `jnp.sum(d_z, axis=0)`.",
            to_b=lambda d: d,
        ),
        changed(
            a_net_backward,
            "b_averaged",
            "Your gradients of the biases are divided by n twice: the mean is in the "
            "first line already, so add over the rows.",
            to_b=lambda d: np.mean(d, axis=0),
        ),
    ),
    hints=(
        "Formula 1 starts at the end, with z2. Formulas 3 and 4 then give w2 and b2. Formula 2 goes one layer back, "
        "and 3 and 4 serve once more.",
        '`d_z2` is (p - y) over n. `d_h` is `d_z2 @ params["w2"].T`, and `d_z1` is `d_h` times the slope of tanh, '
        "1 minus h squared.",
        "The weights of a layer: its input, transposed, `@` the gradient of its z. So `h.T @ d_z2` and `x.T @ d_z1`. "
        "The biases: the sum over axis 0.",
    ),
    explain=first_wrong_of_net,
)

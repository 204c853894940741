"""The net of lesson 08: a neuron that looks at hidden units, and what becomes of it when nothing bends."""

import jax
import jax.numpy as jnp

from dl_workshop.exercises.domain import floats
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.models import logistic


def hidden(params, x):
    """Give what the hidden units say, h = logistic(x w1 + b1): the notebook has this function too."""
    return logistic(x @ params["w1"] + params["b1"])


net = from_lesson(__file__, "net", hidden=hidden)


def a_net(bend=logistic, b1=1.0, b2=1.0, end=lambda logits: logits[:, 0]):
    """Make the net of what bends its hidden units, how much each bias counts, and its end."""
    return lambda params, x: end(bend(x @ params["w1"] + b1 * params["b1"]) @ params["w2"] + b2 * params["b2"])


def a_net_of(random, d, k):
    """Draw the params of a net d-k-1."""
    shapes = dict(w1=(d, k), b1=(k,), w2=(k, 1), b2=(1,))
    return {name: random.normal(0, 2, shape).tolist() for name, shape in shapes.items()}


FAR = dict(w1=[[8.0, -6.5], [-7.0, 1.0]], b1=[-6.0, 7.0], w2=[[6.5], [-8.0]], b2=[-7.5])


def nets_and_rows(key):
    """Draw (params, x) of nets 2-3-1. Few shapes: each costs compilation."""
    random = draws(key)
    far_out = [[6.0, 6.0], [-5.5, -7.2]]  # where the first unit of FAR bends
    return [
        (FAR, [*random.normal(0, 0.6, (3, 2)).tolist(), *far_out]),
        *((a_net_of(random, 2, 3), random.normal(0, wide, (5, 2)).tolist()) for wide in (4, 1)),
    ]


NET = Exercise(
    name="net",
    task="Return the logits of the net: what a last neuron makes of the hidden units, one number for each row of x.",
    reference=net,
    domain=dict(params=dict(w1=floats("2 h"), b1=floats("h"), w2=floats("h 1"), b2=floats("1")), x=floats("n 2")),
    probes=nets_and_rows,
    small=((dict(w1=[[1.0], [1.0]], b1=[-1.0], w2=[[2.0]], b2=[0.5]), [[1.0, 0.0]]),),
    also_right=(
        a_net(),
        lambda params, x: jnp.squeeze(hidden(params, x) @ params["w2"], 1) + params["b2"],
        lambda params, x: jax.vmap(lambda row: (hidden(params, row) @ params["w2"] + params["b2"])[0])(x),
        lambda params, x: jnp.sum(hidden(params, x) * params["w2"][:, 0], axis=1) + params["b2"][0],
    ),
    mistakes=(
        changed(a_net, "b2_forgotten", "`b2` is missing: add it to `h @ w2`.", b2=0.0),
        changed(a_net, "b1_for_nothing", "`b1` does not count here: `hidden(params, x)` takes care of it.", b1=0.0),
        changed(
            a_net,
            "nothing_bends",
            "The hidden units do not bend here, so the whole net is one plane: take `hidden(params, x)`.",
            bend=lambda z: z,
        ),
        changed(
            a_net,
            "squashed_twice",
            "The hidden units are squashed TWICE: `hidden` has done it already.",
            bend=lambda z: logistic(logistic(z)),
        ),
        changed(
            a_net,
            "tanh",
            "The hidden units use tanh here: those of this lesson are logistic, take `hidden`.",
            bend=jnp.tanh,
        ),
        changed(
            a_net,
            "probabilities",
            "These are probabilities: return the logits, the loss takes care of the rest.",
            end=lambda logits: logistic(logits[:, 0]),
        ),
        changed(
            a_net,
            "column",
            "The result has shape (n, 1), but y has (n,): take the only column, `[:, 0]`.",
            end=lambda logits: logits,
        ),
        changed(
            a_net,
            "first_row",
            "This is the logit of the first ROW alone: `[:, 0]` takes the first column.",
            end=lambda logits: logits[0],
        ),
        changed(
            a_net,
            "squeezed",
            "Right for several rows, but of ONE row `squeeze` leaves shape (): take `[:, 0]`.",
            end=jnp.squeeze,
        ),
        Mistake(
            "hidden_units",
            hidden,
            "These are the hidden units themselves: a last neuron still has to look at them, `h @ w2 + b2`.",
        ),
        Mistake(
            "unweighted",
            lambda params, x: jnp.sum(hidden(params, x), axis=1) + params["b2"],
            'The units are added up without their weights: write `h @ params["w2"]`.',
        ),
    ),
    hints=(
        "A neuron, as before: inputs times weights plus bias. But its inputs are no longer x.",
        "Call `hidden(params, x)` and name the result h, shape (n, 3). Then `w2` and `b2`.",
        "`h @ params['w2'] + params['b2']` has shape (n, 1): end with its only column, `[:, 0]`.",
    ),
    differentiable=0,
)


collapse = from_lesson(__file__, "collapse")


def one_plane(
    w=lambda params: params["w1"] @ params["w2"],
    b1=lambda params: params["b1"] @ params["w2"],
    b2=lambda params: params["b2"],
    ends=(lambda w: w[:, 0], lambda b: b[0]),
):
    """Make one layer of its weights, the two parts of its bias, and the ends of both."""
    return lambda params: dict(w=ends[0](w(params)), b=ends[1](b1(params) + b2(params)))


COLLAPSE = Exercise(
    name="collapse",
    task="Return dict(w=..., b=...): the one neuron that does the same as two layers without activation.",
    reference=collapse,
    domain=dict(params=dict(w1=floats("d h"), b1=floats("h"), w2=floats("h 1"), b2=floats("1"))),
    probes=lambda key: [(FAR,), *((a_net_of(random, 3, 3),) for random in [draws(key)] for _ in range(2))],
    small=((dict(w1=[[1.0, 0.0], [0.0, 2.0]], b1=[1.0, 3.0], w2=[[2.0], [5.0]], b2=[4.0]),),),
    also_right=(
        lambda params: dict(
            w=jnp.squeeze(params["w1"] @ params["w2"], 1), b=jnp.squeeze(params["b1"] @ params["w2"] + params["b2"])
        ),
        lambda params: dict(
            w=params["w1"] @ params["w2"][:, 0], b=jnp.sum(params["b1"] * params["w2"][:, 0]) + params["b2"][0]
        ),
    ),
    mistakes=(
        changed(
            one_plane,
            "b1_forgotten",
            "`b1` is missing: it goes through the second layer too, as `b1 @ w2`.",
            b1=lambda params: 0.0,
        ),
        changed(
            one_plane,
            "b1_unweighted",
            "`b1` is added as it stands, but it passes through the second layer: write `b1 @ w2`.",
            b1=lambda params: jnp.sum(params["b1"]),
        ),
        changed(one_plane, "b2_forgotten", "`b2` is missing: add it at the end.", b2=lambda params: 0.0),
        changed(
            one_plane,
            "added_up",
            "Each row of `w1` is only added up: multiply by the weights behind, `w1 @ w2`.",
            w=lambda params: params["w1"].sum(axis=1, keepdims=True),
        ),
        changed(
            one_plane,
            "first_layer",
            "This w is the first unit of `w1` alone: all units count, `w1 @ w2`.",
            w=lambda params: params["w1"],
        ),
        changed(
            one_plane,
            "lists",
            "w has shape (d, 1) and b has (1,): take the only column, `w[:, 0]`, and `b[0]`.",
            ends=(lambda w: w, lambda b: b),
        ),
        changed(
            one_plane,
            "w_is_a_column",
            "w has shape (d, 1): one neuron has (d,), so take `w[:, 0]`.",
            ends=(lambda w: w, lambda b: b[0]),
        ),
        changed(
            one_plane,
            "b_is_a_list",
            "b has shape (1,): one neuron has one number, so take `b[0]`.",
            ends=(lambda w: w[:, 0], lambda b: b),
        ),
        Mistake(
            "a_pair",
            lambda params: tuple(collapse(params).values()),
            "These are w and b one after the other: return them as `dict(w=..., b=...)`.",
        ),
    ),
    hints=(
        "Put the first line, h = x w1 + b1, into the second, z = h w2 + b2, and multiply out.",
        "z = x (w1 w2) + (b1 w2 + b2). The first bracket is w, the second is b; `@` multiplies matrices.",
        "`params['w1'] @ params['w2']` is w as a column, and `params['b1'] @ params['w2'] + params['b2']` is b in a "
        "list.",
    ),
)

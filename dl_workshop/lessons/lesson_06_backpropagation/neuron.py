"""One neuron of lesson 06: the way back from half the squared error, through the sigmoid, to w and b."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop import graph
from dl_workshop.exercises.domain import floats
from dl_workshop.exercises.exercise import Exercise, changed, draws
from dl_workshop.exercises.solutions import from_lesson


def neuron(params, x):
    z = x @ params["w"] + params["b"]
    y_hat = jax.nn.sigmoid(z)
    return y_hat


def half_loss(params, model, x, y):
    y_hat = model(params, x)
    return jnp.mean(0.5 * (y_hat - y) ** 2)


neuron_backward = from_lesson(__file__, "neuron_backward", neuron=neuron)


def logistic(z):
    return 1 / (1 + np.exp(-z))


def a_backward(
    error=lambda y_hat, y: (y_hat - y) / len(y),
    bend=lambda z, y_hat: y_hat * (1 - y_hat),
    d_w=lambda x, d_z: x.T @ d_z,
    d_b=np.sum,
):
    """Make a backward pass of its four rules; in NumPy, which compiles nothing."""

    def backward(params, x, y):
        params, x, y = jax.tree.map(np.asarray, (params, x, y))
        z = x @ params["w"] + params["b"]
        y_hat = logistic(z)
        d_y_hat = error(y_hat, y)
        d_z = d_y_hat * bend(z, y_hat)
        return dict(y_hat=d_y_hat, z=d_z, w=d_w(x, d_z), b=d_b(d_z))

    return backward


def through_the_graph(params, x, y):
    trace = graph.trace(half_loss, params, neuron, x, y)
    return {name: trace[name].grad for name in ("y_hat", "z", "w", "b")}  # type: ignore[union-attr]


def by_jax(params, x, y):
    def loss_of_z(z):
        return jnp.mean(0.5 * (jax.nn.sigmoid(z) - y) ** 2)

    grads = jax.grad(half_loss)(params, neuron, x, y)
    return dict(
        y_hat=jax.grad(lambda y_hat: jnp.sum((y_hat - y) ** 2) / (2 * len(y)))(neuron(params, x)),
        z=jax.grad(loss_of_z)(x @ params["w"] + params["b"]),
        w=grads["w"],
        b=grads["b"],
    )


# Numbers beyond 5 everywhere, and yet every z is near 0, where the sigmoid bends.
FAR = (dict(w=[7.0, -6.0], b=6.5), [[-0.9, 0.1], [-1.2, -0.3], [5.6, 7.8], [-6.5, -6.6]], [1.0, 0.0, 0.0, 1.0])


def batches(key):
    """Draw (params, x, y) of two widths, beside the one that is far out."""
    random = draws(key)
    return [
        FAR,
        *(
            (
                dict(w=random.normal(size=d).tolist(), b=float(random.normal())),
                random.normal(size=(n, d)).tolist(),
                random.integers(0, 2, n).astype(float).tolist(),
            )
            for n, d in ((3, 3), (4, 2))
        ),
    ]


def first_wrong_of_neuron(got, params, x, y):
    return graph.compare(graph.trace(half_loss, params, neuron, x, y), backward=got)


ONE_ROW = (dict(w=[1.0, 2.0], b=0.0), [[1.0, 0.0]], [1.0])
TWO_ROWS = (dict(w=[1.0, -1.0], b=0.0), [[1.0, 1.0], [0.0, 1.0]], [0.0, 1.0])

NEURON_BACKWARD = Exercise(
    name="neuron_backward",
    task="Return the gradient of the loss, the mean of `0.5 * (y_hat - y) ** 2`, with respect to y_hat, z, w and b, as "
    "`dict(y_hat=..., z=..., w=..., b=...)`.",
    reference=neuron_backward,
    domain=dict(params=dict(w=floats("d"), b=floats()), x=floats("n d"), y=floats("n", values=(0, 1))),
    oracle=a_backward(),
    probes=batches,
    small=(ONE_ROW, TWO_ROWS),
    also_right=(through_the_graph, by_jax),
    mistakes=(
        changed(
            a_backward,
            "n_forgotten",
            "Everything is n times too large: the loss is a MEAN, so the gradient of "
            "each y_hat is (y_hat - y) divided by `len(y)`.",
            error=lambda y_hat, y: y_hat - y,
        ),
        changed(
            a_backward,
            "sign",
            "The sign is turned round: where y_hat is too large, the loss grows with it. Write y_hat - y.",
            error=lambda y_hat, y: (y - y_hat) / len(y),
        ),
        changed(
            a_backward,
            "two_too_many",
            "There is a 2 too many: the loss here has 1/2 in front, which cancels the 2 of the square.",
            error=lambda y_hat, y: 2 * (y_hat - y) / len(y),
        ),
        changed(
            a_backward,
            "bend_forgotten",
            "From y_hat to z the slope of the sigmoid is missing: multiply by `y_hat * (1 - y_hat)`.",
            bend=lambda z, y_hat: 1.0,
        ),
        changed(
            a_backward,
            "z_in_the_formula",
            "You use z * (1 - z). The slope of the sigmoid is "
            "`y_hat * (1 - y_hat)`: its formula is written in the OUTPUT.",
            bend=lambda z, y_hat: z * (1 - z),
        ),
        changed(
            a_backward,
            "sigmoid_twice",
            "You put y_hat through the sigmoid once more. It is an output of the "
            "sigmoid already: its slope is `y_hat * (1 - y_hat)`.",
            bend=lambda z, y_hat: logistic(y_hat) * (1 - logistic(y_hat)),
        ),
        changed(
            a_backward,
            "w_not_summed",
            "Your gradient of w has one row for every example. w is used in all of "
            "them, so their terms are ADDED: `x.T @ d_z` does it.",
            d_w=lambda x, d_z: x * d_z[:, None],
        ),
        changed(
            a_backward,
            "b_not_summed",
            "Your gradient of b has one number for every example. b is used in all of them: add, `jnp.sum(d_z)`.",
            d_b=lambda d_z: d_z,
        ),
        changed(
            a_backward,
            "b_averaged",
            "Your gradient of b is divided by n twice: the mean is in the first line "
            "already, so here add, `jnp.sum(d_z)`.",
            d_b=np.mean,
        ),
        changed(
            a_backward,
            "w_averaged",
            "Your gradient of w is divided by n twice: the mean is in the first line already, so here only add.",
            d_w=lambda x, d_z: x.T @ d_z / len(d_z),
        ),
    ),
    hints=(
        "Go back one line at a time: from the loss to y_hat, through the sigmoid to z, then from z to w and to b.",
        "The loss of one example moves by y_hat - y for each unit of y_hat; divide by n for the mean. The sigmoid "
        "contributes `y_hat * (1 - y_hat)`.",
        "`d_z` is `d_y_hat` times y_hat times (1 - y_hat). The gradient of w is `x.T @ d_z`, that of b is the sum of "
        "`d_z`.",
    ),
    explain=first_wrong_of_neuron,
)

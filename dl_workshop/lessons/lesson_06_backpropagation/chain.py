"""The chain of lesson 06: x = 2w + 3b, y = 2b + 1, z = xy; its way back, and b changed until z is what we want."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop import graph
from dl_workshop.exercises.domain import floats, wholes
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson

chain = from_lesson(__file__, "chain")


def a_chain(x=lambda w, b: 2 * w + 3 * b, y=lambda w, b: 2 * b + 1, z=lambda x, y: x * y):
    """Make the chain of its three lines."""
    return lambda w, b: z(x(w, b), y(w, b))


def two_numbers(key):
    """Draw (w, b), of either sign, near 0 and far."""
    w, b = draws(key).uniform(1, 5, (2, 3))
    return [
        (float(0.1 * w[0]), float(0.1 * b[0])),
        (float(2 * w[1] + 4), float(-0.8 * b[1])),
        (float(-6 * w[2] - 20), float(b[2] + 4.5)),
    ]


CHAIN = Exercise(
    name="chain",
    task="Compute x = 2w + 3b, then y = 2b + 1, then z = xy, and return z.",
    reference=chain,
    domain=dict(w=floats(), b=floats()),
    probes=two_numbers,
    small=((1.0, 0.0), (0.0, 1.0), (3.0, 4.0)),
    also_right=(
        lambda w, b: (2 * w + 3 * b) * (2 * b + 1),
        lambda w, b: 4 * w * b + 6 * b**2 + 2 * w + 3 * b,
    ),
    mistakes=(
        changed(
            a_chain, "added", "This behaves exactly like `x + y`: z is their PRODUCT, `x * y`.", z=lambda x, y: x + y
        ),
        changed(a_chain, "only_x", "This returns x: go on to y, then return `x * y`.", z=lambda x, y: x),
        changed(
            a_chain,
            "all_three",
            "These are x, y and z. Return z alone: it is the one number that we follow back.",
            z=lambda x, y: (x, y, x * y),
        ),
        changed(
            a_chain,
            "swapped",
            "In your x the 2 and the 3 have changed places: it is `2 * w + 3 * b`.",
            x=lambda w, b: 3 * w + 2 * b,
        ),
        changed(a_chain, "one_forgotten", "Your y lacks its 1: it is `2 * b + 1`.", y=lambda w, b: 2 * b),
        changed(a_chain, "y_of_w", "Your y is made of w: it is `2 * b + 1`.", y=lambda w, b: 2 * w + 1),
    ),
    hints=(
        "Three lines, one for each of x, y and z, in the order in which they are needed.",
        "A product needs its star in Python: `2 * w`.",
        "The first line is x: 2 times w plus 3 times b. The second is y. The third multiplies the two.",
    ),
    differentiable=1,
)


chain_backward = from_lesson(__file__, "chain_backward")


def a_way_back(
    d_x=lambda x, y: y, d_y=lambda x, y: x, d_w=lambda d_x, d_y: 2 * d_x, d_b=lambda d_x, d_y: 3 * d_x + 2 * d_y
):
    """Make a backward pass of its four rules."""

    def backward(w, b):
        x, y = 2 * w + 3 * b, 2 * b + 1
        at_x, at_y = d_x(x, y), d_y(x, y)
        return dict(x=at_x, y=at_y, w=d_w(at_x, at_y), b=d_b(at_x, at_y))

    return backward


def through_the_graph(w, b):
    trace = graph.trace(chain, w, b)
    return {name: trace[name].grad for name in ("x", "y", "w", "b")}  # type: ignore[union-attr]


def first_wrong_of_chain(got, w, b):
    return graph.compare(graph.trace(chain, w, b), backward=got)


CHAIN_BACKWARD = Exercise(
    name="chain_backward",
    task="Return the gradient of z with respect to x, y, w and b, as `dict(x=..., y=..., w=..., b=...)`, worked out by "
    "hand.",
    reference=chain_backward,
    domain=dict(w=floats(), b=floats()),
    probes=two_numbers,
    small=((0.0, 0.0), (1.0, 0.0), (3.0, 4.0)),
    also_right=(
        lambda w, b: dict(x=2 * b + 1, y=2 * w + 3 * b, w=4 * b + 2, b=4 * w + 12 * b + 3),
        through_the_graph,
    ),
    mistakes=(
        changed(
            a_way_back,
            "through_x_alone",
            "Your gradient of b counts only the path through x. b enters y as well: add what comes back that way.",
            d_b=lambda d_x, d_y: 3 * d_x,
        ),
        changed(
            a_way_back,
            "through_y_alone",
            "Your gradient of b counts only the path through y. b enters x as well: add what comes back that way.",
            d_b=lambda d_x, d_y: 2 * d_y,
        ),
        changed(
            a_way_back,
            "paths_multiplied",
            "Along ONE path we multiply. Where two paths meet, as at b, what comes back along them is ADDED.",
            d_b=lambda d_x, d_y: 3 * d_x * 2 * d_y,
        ),
        changed(
            a_way_back,
            "local_alone",
            "2 and 3 are how x moves with w and b: local derivatives. Multiply each by "
            "the gradient of what it flows into, and add the path through y.",
            d_w=lambda d_x, d_y: 2,
            d_b=lambda d_x, d_y: 3,
        ),
        changed(
            a_way_back,
            "locals_added",
            "Your gradient of b is 3 + 2, the two local derivatives: multiply each by "
            "the gradient of x, or of y, before you add.",
            d_b=lambda d_x, d_y: 5,
        ),
        changed(
            a_way_back,
            "two_forgotten",
            "Your gradient of w is that of x: one step of w moves x by 2, so multiply by 2.",
            d_w=lambda d_x, d_y: d_x,
        ),
        Mistake(
            "swapped",
            a_way_back(d_x=lambda x, y: x, d_y=lambda x, y: y),
            "x and y have changed places: if x grows by 1, z = xy grows by y. So the gradient of x is y.",
        ),
        Mistake(
            "values",
            lambda w, b: dict(x=2 * w + 3 * b, y=2 * b + 1, w=w, b=b),
            "These are the VALUES of the four. The gradient of each says how much z moves when it moves.",
        ),
        Mistake(
            "at_3_and_4",
            lambda w, b: dict(x=9.0, y=18.0, w=18.0, b=63.0),
            "Right for w = 3 and b = 4, but the same everywhere else: compute with the arguments `w` and `b`.",
        ),
    ),
    hints=(
        "Start at z. If x grows by a little, by how much does z = xy grow? The same for y. Then go on back.",
        "Multiply along a path: the gradient of x times how x moves with w. Add where paths meet: b has two.",
        "The gradient of x is `y`, that of y is `x`. That of w is 2 times the first. That of b has two terms, with the "
        "factors 3 and 2.",
    ),
    explain=first_wrong_of_chain,
)


steer_b = from_lesson(__file__, "steer_b", chain=chain, chain_backward=chain_backward)


def steering(
    change=lambda miss, factor: -miss / factor,
    factor=lambda w, b, start: chain_backward(w, b)["b"],
    miss=lambda w, b, start, target: chain(w, b) - target,
    rounds=lambda n: n,
    record=lambda bs: bs,
):
    """Make a steer_b of the change, of its factor and miss, the number of rounds, and what is returned of all b."""

    def steer(w, b, target, n_updates):
        bs = [b]
        for _ in range(rounds(n_updates)):
            here = bs[-1]
            bs.append(here + change(miss(w, here, b, target), factor(w, here, b)))
        return record(np.array(bs))

    return steer


def by_scan(w, b, target, n_updates):
    def update(b, _):
        value, factor = jax.value_and_grad(chain, argnums=1)(w, b)
        b = b - (value - target) / factor
        return b, b

    return jnp.append(b, jax.lax.scan(update, jnp.asarray(b, float), None, length=n_updates)[1])


def in_an_array(w, b, target, n_updates):
    bs = np.full(n_updates + 1, float(b))
    for i in range(n_updates):
        bs[i + 1] = bs[i] + (target - chain(w, bs[i])) / (4 * w + 12 * bs[i] + 3)
    return bs


def starts_and_targets(key):
    w, b, target = draws(key).uniform((2, 3, 30), (4, 5, 60), (2, 3)).T  # far off, so that every update shows
    return [
        (float(w[0]), float(b[0]), float(target[0]), 2),
        (float(w[1]), float(b[1]), 0.0, 3),
        (float(4 * w[1]), float(3 * b[1]), float(target[1]), 12),
    ]


STEER_B = Exercise(
    name="steer_b",
    task="Change b alone, `n_updates` times, by the miss z - target divided by the gradient of b, both worked out anew "
    "each time. Return every b on the way as an array, the start first: `n_updates + 1` numbers.",
    reference=steer_b,
    domain=dict(w=floats(low=0), b=floats(low=0), target=floats(low=0), n_updates=wholes(low=1)),
    probes=starts_and_targets,
    small=((0.0, 1.0, 24.0, 1), (0.0, 1.0, 24.0, 2), (3.0, 4.0, 60.0, 3)),
    also_right=(by_scan, in_an_array),
    mistakes=(
        changed(
            steering,
            "factor_kept",
            "The gradient of b is worked out once, at the START: compute it again inside the loop, at the new b.",
            factor=lambda w, b, start: chain_backward(w, start)["b"],
        ),
        changed(
            steering,
            "miss_kept",
            "The miss is worked out once, at the START: compute `chain(w, b) - target` again inside the loop.",
            miss=lambda w, b, start, target: chain(w, start) - target,
        ),
        changed(
            steering,
            "wrong_way",
            "b moves the wrong WAY: where z is too large, b should shrink. Subtract.",
            change=lambda miss, factor: miss / factor,
        ),
        changed(
            steering,
            "multiplied",
            "The miss is MULTIPLIED by the gradient. z moves 63 times as fast as b, so b "
            "has to move 63 times less: divide.",
            change=lambda miss, factor: -miss * factor,
        ),
        changed(
            steering,
            "factor_forgotten",
            "b moves by the whole miss: divide it by the gradient of b.",
            change=lambda miss, factor: -miss,
        ),
        changed(
            steering,
            "through_x_alone",
            'Your factor counts only the path through x: take `chain_backward(w, b)["b"]`, which has both.',
            factor=lambda w, b, start: 3 * (2 * b + 1),
        ),
        changed(
            steering,
            "gradient_of_w",
            'You divide by the gradient of w, but it is b that moves: take `chain_backward(w, b)["b"]`.',
            factor=lambda w, b, start: chain_backward(w, b)["w"],
        ),
        changed(
            steering,
            "start_missing",
            "The START is missing: put b in the list before the loop begins.",
            record=lambda bs: bs[1:],
        ),
        changed(
            steering,
            "only_the_end",
            "This returns the LAST b alone: return all of them, the start first.",
            record=lambda bs: bs[-1],
        ),
        changed(
            steering,
            "one_update",
            "This stops after ONE update, as if `return` stood inside the loop: move it out, to the left.",
            rounds=lambda n: min(n, 1),
        ),
    ),
    hints=(
        "It is the loop of lesson 02 with another step: collect the b, and change b inside the loop.",
        'The miss is `chain(w, b) - target`. The gradient of b is `chain_backward(w, b)["b"]`. Both are needed anew '
        "in each round.",
        "Before the loop: `bs = [b]`. In it: b becomes b minus miss divided by gradient, then `bs.append(b)`. Return "
        "`np.array(bs)`.",
    ),
)

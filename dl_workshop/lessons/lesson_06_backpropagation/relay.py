"""The relay of lesson 06, a = x^2, b = ln a, c = sqrt b: a miss at its end is handed back to the start."""

import jax.numpy as jnp
import numpy as np

from dl_workshop import graph
from dl_workshop.exercises.domain import floats
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson


def relay(x):
    a = x**2
    b = jnp.log(a)
    c = jnp.sqrt(b)
    return c


relay_back = from_lesson(__file__, "relay_back")


def a_relay_back(
    at_c=lambda c, target: c - target,
    at_b=lambda d_c, b: d_c * 2 * b**0.5,
    at_a=lambda d_b, a, x: d_b * a,
    at_x=lambda d_a, x: d_a / (2 * x),
):
    """Make a relay_back of what each of the four runners does."""

    def back(x, target):
        a = x**2
        b = np.log(a)
        d_c = at_c(np.sqrt(b), target)
        d_b = at_b(d_c, b)
        d_a = at_a(d_b, a, x)
        return dict(c=d_c, b=d_b, a=d_a, x=at_x(d_a, x))

    return back


def by_local_derivatives(x, target):
    trace = graph.trace(relay, float(x))
    changes = {"c": trace["c"].value - target}  # type: ignore[union-attr]
    for edge in reversed(trace.edges):
        changes[trace.nodes[edge.start].name] = changes[trace.nodes[edge.end].name] / edge.local
    return changes


def places_and_targets(key):
    x, target = draws(key).uniform((1.5, 1.9), (6, 3), (3, 2)).T
    return [(float(one), float(other)) for one, other in zip(x, [*target[:-1], 4 + target[-1]], strict=True)]


RELAY_BACK = Exercise(
    name="relay_back",
    task="Start with c - target, and hand it back: to b, to a, to x. Each time DIVIDE by the local derivative. Return "
    "the four as `dict(c=..., b=..., a=..., x=...)`.",
    reference=relay_back,
    domain=dict(x=floats(low=1), target=floats(low=0)),
    probes=places_and_targets,
    small=((2.0, 1.0), (2.0, 2.0), (4.0, 2.0)),
    also_right=(
        lambda x, target: dict(
            c=relay(x) - target,
            b=2 * relay(x) * (relay(x) - target),
            a=2 * x**2 * relay(x) * (relay(x) - target),
            x=x * relay(x) * (relay(x) - target),
        ),
        by_local_derivatives,
    ),
    mistakes=(
        changed(
            a_relay_back,
            "sign",
            "The sign is turned round: start with c - target, which is negative where c is too small.",
            at_c=lambda c, target: target - c,
        ),
        changed(
            a_relay_back,
            "starts_with_c",
            "You start with c. What is to be handed back is how far c misses: c - target.",
            at_c=lambda c, target: c,
        ),
        changed(
            a_relay_back,
            "two_of_the_root_forgotten",
            "From c to b a 2 is missing: the derivative of the root "
            "is 1 / (2 sqrt(b)), so dividing by it multiplies by 2 sqrt(b).",
            at_b=lambda d_c, b: d_c * b**0.5,
        ),
        changed(
            a_relay_back,
            "multiplied_at_the_root",
            "From c to b you MULTIPLY by 1 / (2 sqrt(b)). That would be "
            "a gradient. Here b has to move more than c does: divide.",
            at_b=lambda d_c, b: d_c / (2 * b**0.5),
        ),
        changed(
            a_relay_back,
            "multiplied_at_the_log",
            "From b to a you MULTIPLY by 1 / a: to move the log by a little, a has to move a times as much. Divide.",
            at_a=lambda d_b, a, x: d_b / a,
        ),
        changed(
            a_relay_back,
            "log_of_x",
            "From b to a the factor is x, but the log is taken of a: its derivative is 1 / a.",
            at_a=lambda d_b, a, x: d_b * x,
        ),
        changed(
            a_relay_back,
            "multiplied_at_the_square",
            "From a to x you MULTIPLY by 2x: x moves less than a does. Divide.",
            at_x=lambda d_a, x: d_a * 2 * x,
        ),
        changed(
            a_relay_back,
            "two_of_the_square_forgotten",
            "From a to x you divide by x: the derivative of x ** 2 is 2x.",
            at_x=lambda d_a, x: d_a / x,
        ),
        changed(
            a_relay_back,
            "brackets_forgotten",
            "This behaves exactly like `d_a / 2 * x`, where Python divides by "
            "2 and then multiplies by x: write `d_a / (2 * x)`.",
            at_x=lambda d_a, x: d_a / 2 * x,
        ),
        Mistake(
            "all_multiplied",
            a_relay_back(
                at_b=lambda d_c, b: d_c / (2 * b**0.5), at_a=lambda d_b, a, x: d_b / a, at_x=lambda d_a, x: d_a * 2 * x
            ),
            "You multiply by every local derivative. So one gets gradients, but here we ask how far each has to "
            "MOVE: divide.",
        ),
        Mistake(
            "new_x",
            lambda x, target: relay_back(x, target) | dict(x=x - relay_back(x, target)["x"]),
            "The last entry is the new x. Return how far x is off; we subtract it below.",
        ),
    ),
    hints=(
        "Three local derivatives, one for each line: of x ** 2, of log a, of sqrt b. What are they?",
        "They are 2x, 1 / a and 1 / (2 sqrt(b)). Begin at the end, with `d_c = c - target`, and divide by the last.",
        "To divide by 1 / (2 sqrt(b)) is to multiply by `2 * jnp.sqrt(b)`. Then `d_a` is `d_b` times a, and `d_x` is "
        "`d_a` over (2 times x).",
    ),
)

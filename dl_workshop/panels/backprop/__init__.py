"""Backprop: step forward through your own function until its result, then back along the chain rule."""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any

from jaxtyping import Array, Float

from dl_workshop import graph
from dl_workshop.errors import explain_error
from dl_workshop.panels.backprop.inputs import movable, rest_in_words, with_inputs
from dl_workshop.panels.backprop.picture import picture, still
from dl_workshop.panels.backprop.recorded import plan
from dl_workshop.panels.backprop.state import moves, step
from dl_workshop.panels.panel import Panel


def backprop(function: Callable[..., Float[Array, ""]], *args: Any, inputs: Sequence[str] | None = None) -> Panel:
    """Walk through the graph of function(*args): values appear node by node, then gradients, back from the result.

    Works with your own function of one number as its result: backprop(loss, params, model, x, y). `args` may be params,
    arrays, numbers and functions.
    On the way back each node gets its gradient: that of what it flows into, times the local derivative, summed over all
    ways. Click a node, or go there with the arrow keys, to see its line of code and its term of the chain rule.
    Up to 24 numbers get a slider, params before data. `inputs` names others, or whole arrays: ["w1[0, 1]", "b1"].

    Raises: LearnerError if the function cannot be traced (see graph.trace), or there is no such input.
    """
    inputs = [inputs] if isinstance(inputs, str) else inputs
    sliders, places = movable(function, args, inputs)
    first = {one["name"]: one["value"] for one in sliders}

    @lru_cache(maxsize=1)  # a step along the graph must not trace it again
    def trace_at(values):
        return graph.trace(function, *with_inputs(args, places, dict(values)))

    try:
        traced = trace_at(tuple(first.items()))
    except Exception as error:
        raise explain_error(error, functions(function, args), "tracing your function") from None
    way = moves(traced)
    settings = still(traced) | {
        "sliders": sliders,
        "rest": rest_in_words(function, args, places, inputs),
        "name": traced.name or "your function",
        "steps": len(way) - 1,
    }

    def still_picture(settings, view):
        return picture(trace_at(tuple(view["values"].items())), view)

    return Panel(
        {"step": 0, "chosen": None, "values": first},
        partial(step, trace_at=trace_at, way=way),
        "backprop",
        settings=settings,
        picture=still_picture,
        functions=functions(function, args),
        plan=partial(plan, settings),
    )


def functions(function, args):
    """Give the learner's own functions, whose lines are told when they fail."""
    return (function, *(arg for arg in args if callable(arg)))

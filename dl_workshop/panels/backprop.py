"""Backprop: step forward through your own function until its result, then back along the chain rule."""

from collections.abc import Callable, Sequence
from typing import Any

from jaxtyping import Array, Float

from dl_workshop import graph
from dl_workshop.errors import explain_error
from dl_workshop.graph.drawing.describe import name_of, numbers, own_rule, shape_words
from dl_workshop.graph.tracing.nodes import is_named
from dl_workshop.panels.backprop_inputs import movable, rest_in_words, with_inputs
from dl_workshop.panels.backprop_picture import picture, still
from dl_workshop.panels.panel import Panel, keeping

MOST_WAYS = 4  # that a sentence names one by one
PAUSE = 0.9  # seconds between two nodes of a play: time to read


def backprop(function: Callable[..., Float[Array, ""]], *args: Any, inputs: Sequence[str] | None = None) -> Panel:
    """Walk through the graph of function(*args): values appear node by node, then gradients, back from the result.

    Works with your own function of one number as its result: backprop(loss, params, model, x, y). `args` may be params,
    arrays, numbers and functions.
    On the way back each node gets its gradient: that of what it flows into, times the local derivative, summed over all
    ways. Click a node, or go there with the arrow keys, to see its line of code and its term of the chain rule.
    Up to 24 numbers get a slider, params before data. `inputs` names others, or whole arrays: ["w1[0, 1]", "b1"].

    Raises: LearnerError if the function cannot be traced (see graph.trace), or there is no such input.
    """
    try:
        traced = graph.trace(function, *args)
    except Exception as error:
        raise explain_error(error, functions(function, args), "tracing your function") from None
    inputs = [inputs] if isinstance(inputs, str) else inputs
    sliders, places = movable(function, args, inputs)
    way = moves(traced)
    rest = rest_in_words(function, args, places, inputs)
    settings = still(traced) | {"sliders": sliders, "rest": rest, "name": traced.name or "your function",
                                "steps": len(way) - 1}
    now = {"step": 0, "chosen": None, "values": {one["name"]: one["value"] for one in sliders}, "trace": traced}

    def answer(asked):
        if asked.get("values"):
            values = now["values"] | {name: float(value) for name, value in asked["values"].items()}
            if values != now["values"]:
                now["trace"] = graph.trace(function, *with_inputs(args, places, values))
                now["values"] = values
        walk(now, asked, way)
        playing = bool(asked.get("playing")) and now["step"] < len(way) - 1
        shown = frame(now["trace"], way, now["step"], now["chosen"])
        shown |= {"values": now["values"], "playing": playing, "trouble": ""}
        return shown | ({"again": PAUSE} if playing else {})

    return Panel({}, keeping(answer), "backprop", settings=settings, functions=functions(function, args),
                 picture=lambda settings, shown: picture(now["trace"], shown))


def functions(function, args):
    """Give the learner's own functions, whose lines are told when they fail."""
    return (function, *(arg for arg in args if callable(arg)))


def moves(trace):
    """Give the whole way: nothing yet, each computed node forward, each gradient from the result back to the inputs."""
    forward = [("forward", place) for place, node in enumerate(trace.nodes) if node.inputs]
    back = [("backward", place) for place, node in enumerate(trace.nodes) if node.grad is not None
            and node.role != "constant"]
    return [("start", None), *forward, *reversed(back)]


def walk(now, asked, way):
    """Change where we are on the way, or which node is chosen, as asked."""
    act, last = asked.get("act"), len(way) - 1
    if act == "choose":
        now["chosen"] = int(asked["node"])
        return
    to = {"step": now["step"] + 1, "tick": now["step"] + 1, "back": now["step"] - 1, "reset": 0, "end": last,
          "play": 0 if now["step"] == last else now["step"]}.get(act)
    if to is not None:
        now["step"], now["chosen"] = min(max(to, 0), last), None


def frame(trace, way, step, chosen):
    """Give what is seen at a step: the values and gradients known so far, and what is told of one node."""
    phase, current = way[step]
    valued = {place for place, node in enumerate(trace.nodes) if not node.inputs} | {
        place for kind, place in way[:step + 1] if kind == "forward"}
    given = {place for kind, place in way[:step + 1] if kind == "backward"}
    about = chosen if chosen is not None else current
    lit = [k for k, edge in enumerate(trace.edges)
           if (edge.end if phase == "forward" else edge.start) == current and (phase != "backward" or flows(edge))]
    strong, words = told(trace, way, step)
    shown = {"step": step, "phase": phase, "current": current, "chosen": chosen, "lit": lit, "strong": strong,
             "words": words, "valued": sorted(valued), "given": sorted(given),
             "passed": [k for k, edge in enumerate(trace.edges) if edge.start in given and flows(edge)]}
    told_of = None if about is None else term(trace, about)
    if phase == "forward" and chosen is None:  # the way back is still to come
        told_of |= {"rows": [], "gradient": ""}
    return shown | still(trace, numbers_only=True) | {"about": told_of}


def flows(edge):
    """Tell whether a gradient flows back along an edge."""
    return edge.term is not None


def told(trace, way, step):
    """Give strong words and a sentence for a step."""
    phase, place = way[step]
    forward = sum(kind == "forward" for kind, _ in way)
    if phase == "start":
        return "start", (f"The inputs are given. Step forward through {forward} computations to the result, "
                         f"then back through {len(way) - 1 - forward} gradients.")
    node = trace.nodes[place]
    if phase == "forward":
        of = " and ".join(name_of(one) + (f" ({numbers(one.value)})" if one.role != "constant" else "")
                          for one in (trace.nodes[start] for start in node.inputs))
        own = f"{node.name} = " if is_named(node) else ""
        return f"forward {step} of {forward}", f"{own}{node.op} of {of}: {numbers(node.value)}."
    strong = f"backward {step - forward} of {len(way) - 1 - forward}"
    if place == trace.output:
        return strong, f"The result changes as fast as itself: the gradient of {node.name} is 1."
    rows = term(trace, place)["rows"]
    if not rows:
        return strong, f"Nothing flows back to {node.name}: its gradient is {numbers(node.grad)}."
    ways = " + ".join(f"{row['upstream']} × {row['local']}" if row["scalar"] else
                      f"what comes back from {row['through']}" for row in rows)
    if len(rows) > MOST_WAYS:
        ways = f"the sum of {len(rows)} products"
    many = f" {len(rows)} ways lead from {node.name} to the result, and they are summed." if len(rows) > 1 else ""
    return strong, f"gradient of {node.name} = {ways} = {numbers(node.grad)}.{many}"


def term(trace, place):
    """Tell a node's part of the chain rule: a row for every node it flows into, and their sum.

    upstream: gradient of the result with respect to that node.  local: derivative of that node with respect to this
    one, numbers and rule.  product: what flows back along the edge.
    """
    node, result = trace.nodes[place], trace.nodes[trace.output].name
    rows = []
    for edge in trace.edges:
        if edge.start != place or not flows(edge):
            continue
        end = trace.nodes[edge.end]
        scalar = node.value.ndim == 0 and end.value.ndim == 0 and edge.local is not None
        summed = not scalar and node.value.size < end.value.size and edge.local is not None
        local = numbers(edge.local) if edge.local is not None else ""
        rows.append({"through": name_of(end), "upstream": numbers(end.grad), "local": local, "scalar": scalar,
                     "rule": own_rule(trace, edge) + (", summed over the rows" if summed else ""),
                     "product": numbers(edge.term)})
    used = [trace.nodes[edge.end].line_number for edge in trace.edges if edge.start == place]  # the lines of an input
    return {"node": place, "name": name_of(node), "result": result, "line": node.line_number, "code": node.line,
            "lines": [node.line_number] if node.line_number else sorted({line for line in used if line}),
            "what": what(trace, node), "value": numbers(node.value), "shape": shape_words(node), "rows": rows,
            "gradient": None if node.grad is None or node.role == "constant" else numbers(node.grad)}


def what(trace, node):
    """Say in few words what a node is."""
    if not node.inputs:
        return {"params": "one of the params", "data": "data", "constant": "a constant"}.get(node.role, node.role)
    return f"{node.op} of {' and '.join(name_of(trace.nodes[start]) for start in node.inputs)}"

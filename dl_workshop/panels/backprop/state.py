"""How far along the graph we are, and one move on: (state, request) -> (next state, view), nothing else changes."""

from typing import TypedDict

from dl_workshop.graph.drawing.describe import name_of, numbers, own_rule, shape_words
from dl_workshop.graph.tracing.nodes import is_named
from dl_workshop.panels.backprop.picture import still

MOST_WAYS = 4  # that a sentence names one by one
PAUSE = 0.9  # seconds between two nodes of a play: time to read


class State(TypedDict):
    """The step on the way forward and back, the node chosen to be told of (None: that of the step), the inputs."""

    step: int
    chosen: int | None
    values: dict[str, float]


class Request(TypedDict, total=False):
    """What the page asks for.

    act: "step", "back", "reset", "end", "choose" a `node`, "play", "pause", or "tick" where the next node is due.
    values: the inputs, where a slider moved; `at` which step, by which a recording finds its answer.
    """

    act: str | None
    node: int
    values: dict[str, float]
    at: int
    playing: bool


class View(TypedDict, total=False):
    """What the page shows: the nodes that have values and gradients by now, their rows, what is told of one; words."""

    step: int
    phase: str
    current: int | None
    chosen: int | None
    values: dict[str, float]
    valued: list[int]
    given: list[int]
    passed: list[int]
    lit: list[int]
    rows: list
    labels: list[str]
    told: list[str]
    about: dict | None
    playing: bool
    strong: str
    words: str
    trouble: str
    again: float


def step(state: State, request: Request, *, trace_at, way) -> tuple[State, View]:
    """Walk as asked, and tell what is known there. trace_at(values): the graph at these inputs."""
    values = state["values"] | {name: float(value) for name, value in (request.get("values") or {}).items()}
    at, chosen = walked(state, request, len(way) - 1)
    trace = trace_at(tuple(values.items()))
    playing = bool(request.get("playing")) and at < len(way) - 1
    view = frame(trace, way, at, chosen) | {"values": values, "playing": playing, "trouble": ""}
    return State(step=at, chosen=chosen, values=values), view | ({"again": PAUSE} if playing else {})


def moves(trace):
    """Give the whole way: nothing yet, each computed node forward, each gradient from the result back to the inputs."""
    forward = [("forward", place) for place, node in enumerate(trace.nodes) if node.inputs]
    back = [
        ("backward", place)
        for place, node in enumerate(trace.nodes)
        if node.grad is not None and node.role != "constant"
    ]
    return [("start", None), *forward, *reversed(back)]


def walked(state, request, last):
    """Give (the step on the way, the chosen node) after what is asked for."""
    act, at = request.get("act"), state["step"]
    if act == "choose":
        return at, int(request["node"])
    to = {"step": at + 1, "tick": at + 1, "back": at - 1, "reset": 0, "end": last, "play": 0 if at == last else at}.get(
        act
    )
    return (at, state["chosen"]) if to is None else (min(max(to, 0), last), None)


def frame(trace, way, step, chosen):
    """Give what is seen at a step: the values and gradients known so far, and what is told of one node."""
    phase, current = way[step]
    valued = {place for place, node in enumerate(trace.nodes) if not node.inputs} | {
        place for kind, place in way[: step + 1] if kind == "forward"
    }
    given = {place for kind, place in way[: step + 1] if kind == "backward"}
    about = chosen if chosen is not None else current
    lit = [
        k
        for k, edge in enumerate(trace.edges)
        if (edge.end if phase == "forward" else edge.start) == current and (phase != "backward" or flows(edge))
    ]
    strong, words = told(trace, way, step)
    shown = {
        "step": step,
        "phase": phase,
        "current": current,
        "chosen": chosen,
        "lit": lit,
        "strong": strong,
        "words": words,
        "valued": sorted(valued),
        "given": sorted(given),
        "passed": [k for k, edge in enumerate(trace.edges) if edge.start in given and flows(edge)],
    }
    told_of = None if about is None else term(trace, about)
    if told_of is not None and phase == "forward" and chosen is None:  # the way back is still to come
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
        return "start", (
            f"The inputs are given. Step forward through {forward} computations to the result, "
            f"then back through {len(way) - 1 - forward} gradients."
        )
    node = trace.nodes[place]
    if phase == "forward":
        of = " and ".join(
            name_of(one) + (f" ({numbers(one.value)})" if one.role != "constant" else "")
            for one in (trace.nodes[start] for start in node.inputs)
        )
        own = f"{node.name} = " if is_named(node) else ""
        return f"forward {step} of {forward}", f"{own}{node.op} of {of}: {numbers(node.value)}."
    strong = f"backward {step - forward} of {len(way) - 1 - forward}"
    if place == trace.output:
        return strong, f"The result changes as fast as itself: the gradient of {node.name} is 1."
    rows = term(trace, place)["rows"]
    if not rows:
        return strong, f"Nothing flows back to {node.name}: its gradient is {numbers(node.grad)}."
    ways = " + ".join(
        f"{row['upstream']} × {row['local']}" if row["scalar"] else f"what comes back from {row['through']}"
        for row in rows
    )
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
        rows.append(
            {
                "through": name_of(end),
                "upstream": numbers(end.grad),
                "local": local,
                "scalar": scalar,
                "rule": own_rule(trace, edge) + (", summed over the rows" if summed else ""),
                "product": numbers(edge.term),
            }
        )
    used = [trace.nodes[edge.end].line_number for edge in trace.edges if edge.start == place]  # the lines of an input
    return {
        "node": place,
        "name": name_of(node),
        "result": result,
        "line": node.line_number,
        "code": node.line,
        "lines": [node.line_number] if node.line_number else sorted({line for line in used if line}),
        "what": what(trace, node),
        "value": numbers(node.value),
        "shape": shape_words(node),
        "rows": rows,
        "gradient": None if node.grad is None or node.role == "constant" else numbers(node.grad),
    }


def what(trace, node):
    """Say in few words what a node is."""
    if not node.inputs:
        return {"params": "one of the params", "data": "data", "constant": "a constant"}.get(node.role, node.role)
    return f"{node.op} of {' and '.join(name_of(trace.nodes[start]) for start in node.inputs)}"

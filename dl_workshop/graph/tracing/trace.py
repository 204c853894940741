"""From a function to its graph: the value of every node, its gradient, and the chain-rule term of every edge."""

import functools
import inspect
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import jit
from jaxtyping import Array, Float

from dl_workshop.errors import LearnerError, explain_error
from dl_workshop.graph.tracing import axes, words
from dl_workshop.graph.tracing.arguments import Call, arguments
from dl_workshop.graph.tracing.nodes import Edge, Node, Trace
from dl_workshop.graph.tracing.pieces import Input, Piece, Slot, gather
from dl_workshop.graph.tracing.pull_back import Maker, numbers
from dl_workshop.graph.tracing.source import Code, name_of
from dl_workshop.jaxpr import Constant, Reference, read
from dl_workshop.training.compile_cache.fingerprint import fingerprint
from dl_workshop.validate import is_random_key


def trace(function: Callable[..., Float[Array, ""]], *args: Any, helpers: str = "boxes") -> Trace:
    """Graph of function(*args): its values, the gradients of its result with respect to each, and how they arise.

    The function must give one number; `args` may be params, arrays, numbers, and functions (a model).
    helpers: "boxes" keeps a library's functions, such as jax.nn.softmax, as one node; "inline" opens them up.
    Raises: LearnerError if the function gives something else than one number, or cannot be traced.
    Source: Baydin et al., Automatic differentiation in machine learning: a survey (2018), section 3.2.
    """
    if helpers not in ("boxes", "inline"):
        raise LearnerError(
            f'helpers={helpers!r}: write helpers="boxes" to keep a library\'s functions whole, or '
            'helpers="inline" to open them up.'
        )
    if not callable(function):
        raise LearnerError(
            "trace takes a function and its arguments, trace(loss, params, model, x, y): the first "
            f"is of type {type(function).__name__}."
        )
    call = arguments(function, args)
    values = [leaf.value for leaf in call.leaves]
    plan = _kept_plan(function, call, values, helpers)
    if (ranges := _ranges_of_labels(call)) not in plan.seen:
        _look_at_labels(call)
        plan.seen.add(ranges)
    got, grads, terms, locals_ = jax.tree.map(_numpy, plan.run(values))
    nodes = tuple(
        node._replace(value=value, grad=grad) for node, value, grad in zip(plan.nodes, got, grads, strict=True)
    )
    edges = tuple(
        edge._replace(local=locals_[edge.end][edge.place], term=terms[edge.end][edge.place]) for edge in plan.edges
    )
    return Trace(nodes, edges, plan.output, plan.code, plan.name)


def _look_at_labels(call: Call) -> None:
    """Let the kit's losses look at labels, which the graph itself leaves open: params are shapes, data has values.

    Raises: LearnerError if a label is out of range.
    """

    def of_params(*params: Any) -> Any:
        rest = iter(params)
        with jax.ensure_compile_time_eval():
            return call.function(*(leaf.value if leaf.role == "data" else next(rest) for leaf in call.leaves))

    try:
        jax.eval_shape(of_params, *(leaf.value for leaf in call.leaves if leaf.role != "data"))
    except LearnerError:
        raise
    except Exception:  # the learner's function fails: the tracing that follows says where
        return


def _ranges_of_labels(call: Call) -> tuple[tuple[float, float], ...]:
    """Give (lowest, highest) of each array of data that holds whole numbers, as labels do."""
    data = [np.asarray(leaf.value) for leaf in call.leaves if leaf.role == "data" and not is_random_key(leaf.value)]
    return tuple(
        (float(array.min()), float(array.max()))
        for array in data
        if array.size and array.dtype.kind in "fiub" and (array == np.round(array)).all()
    )


class _Plan(NamedTuple):
    """A graph without its numbers, and the compiled function that computes them."""

    nodes: list[Node]
    edges: list[Edge]
    output: int
    code: str
    name: str
    run: Callable
    seen: set[tuple]  # ranges of labels that a loss has looked at


NOT_YET = np.zeros(0)  # the value of a node in a plan
_kept: OrderedDict[tuple, _Plan] = OrderedDict()  # plans, by what their functions reach


def _kept_plan(function: Callable, call: Call, values: list, helpers: str) -> _Plan:
    """Plan for these functions and shapes: a second trace of the same does not compile again."""
    reached = fingerprint(function, *call.fixed)
    try:
        shapes = tuple(jax.typeof(value) for value in values)
    except TypeError as error:
        raise explain_error(error, (function,), "reading the arguments") from None
    names = tuple(leaf.source for leaf in call.leaves)
    key = (reached, call.tree, shapes, names, helpers, str(jnp.result_type(float)), _source(function))
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    _kept[key] = _plan(function, call, values, helpers)
    while len(_kept) > 32:
        _kept.popitem(last=False)
    return _kept[key]


def _source(function: Callable) -> str:
    try:
        return inspect.getsource(function)
    except (TypeError, OSError):
        return ""


def _plan(function: Callable, call: Call, values: list, helpers: str) -> _Plan:
    learners = (function, *(part for part in call.fixed if callable(part)))
    try:
        program, shape = read(call.function, values)
    except Exception as error:  # whatever a learner's function may raise
        raise explain_error(error, learners, "tracing the function") from None
    _check_result(function, shape)
    pieces, result = gather(program, helpers)
    if result.views:  # the result is an argument, or read elsewhere too, in another layout
        *views, last = result.views
        steps = (last._replace(inputs=(Slot(0),)),)
        pieces.append(Piece((result._replace(views=tuple(views)),), steps, last.outputs[0], "", name_of(last)))
        result = result._replace(of=last.outputs[0])
    place: dict[Reference, int] = {variable: number for number, variable in enumerate(program.inputs)}
    makers: list[Maker] = [None] * len(values)
    readers: list[Piece | Input] = [*pieces, result]
    for maker in readers:
        for part in maker.inputs if isinstance(maker, Piece) else (maker,):
            if isinstance(part.of, Constant) and part.of not in place:
                place[part.of] = len(makers)
                makers.append(part.of)
        if isinstance(maker, Piece):
            place[maker.output] = len(makers)
            makers.append(maker)
    output = place[result.of]
    inputs = [tuple(place[part.of] for part in maker.inputs) if isinstance(maker, Piece) else () for maker in makers]
    run = jit(functools.partial(numbers, makers, inputs, output))
    nodes, code = _nodes(function, call, makers, inputs, output)
    edges = []
    for end, starts in enumerate(inputs):
        shapes = [nodes[start].shape for start in starts]
        edges += [
            Edge(start, end, spot, words.rule_of(nodes[end].op, spot, shapes), None, None)
            for spot, start in enumerate(starts)
        ]
    return _Plan(nodes, edges, output, code, getattr(function, "__name__", ""), run, set())


def _check_result(function: Callable, result: Any) -> None:
    name = getattr(function, "__name__", "the function")
    name = "the function" if name == "<lambda>" else name
    shape = getattr(result, "shape", None)
    if result is None or shape is None:
        raise LearnerError(
            f"{name} returns {'nothing (None)' if result is None else 'several values'}: a gradient is "
            "that of one number; end it with return and that number."
        )
    if shape != ():
        raise LearnerError(f"{name} returns shape {shape}: a gradient is that of one number; take jnp.mean.")
    if not jnp.issubdtype(result.dtype, jnp.floating):
        raise LearnerError(
            f"{name} returns a number of type {result.dtype}, which has no gradient: compare by "
            "subtracting, not with == or jnp.round."
        )


def _nodes(
    function: Callable, call: Call, makers: Sequence[Maker], inputs: Sequence[tuple[int, ...]], output: int
) -> tuple[list[Node], str]:
    """Nodes without numbers, and the source that their lines lie in."""
    code = Code(
        function, [maker.steps[0].frames[0] for maker in makers if isinstance(maker, Piece) and maker.steps[0].frames]
    )
    nodes: list[Node] = []
    taken: set[str] = set()
    input_axes = axes.of_inputs(call.leaves)
    for number, (maker, starts) in enumerate(zip(makers, inputs, strict=True)):
        line, source, op = ("", 0), "", "input"
        if maker is None:
            leaf = call.leaves[number]
            name, role, source, shape, axis_names = (
                _short_name(leaf.source),
                leaf.role,
                leaf.source,
                leaf.shape,
                input_axes[number],
            )
        elif isinstance(maker, Constant):
            op = role = "constant"
            shape = np.shape(maker.value)
            name, axis_names = _constant_name(maker.value, function), ("",) * len(shape)
        else:
            op, role, shape = words.op_of(maker), "loss" if number == output else "middle", maker.shape
            name = maker.name or (_result_name(function) if number == output else op)
            axis_names = axes.of_result(op, shape, [(nodes[start].shape, nodes[start].axes) for start in starts])
            if maker.steps[0].frames:
                line = code.line(maker.steps[0].frames[0])
        name = _unused(name, taken)
        nodes.append(Node(name, op, starts, NOT_YET, None, shape, axis_names, *line, role, source))
    return nodes, code.text


def _unused(name: str, taken: set[str]) -> str:
    base, again = name, 2
    while name in taken:
        name, again = f"{base}_{again}", again + 1
    taken.add(name)
    return name


def _result_name(function: Callable) -> str:
    name = getattr(function, "__name__", "<lambda>")
    return "loss" if "loss" in name or name == "<lambda>" else name


def _short_name(source: str) -> str:
    parts = source.replace("]", "").replace("'", "").split("[")
    return parts[-1] if not parts[-1].isdigit() else "_".join(parts)


def _constant_name(value: Any, function: Callable) -> str:
    """A number names itself; an array has the name of the global, or of the outer variable, that holds it."""
    value = np.asarray(_numpy(jnp.asarray(value)))
    if value.ndim == 0:
        return f"{value:g}" if value.dtype.kind == "f" else str(value)
    try:
        known = inspect.getclosurevars(function)
    except TypeError:
        return "constant"
    for name, other in {**known.nonlocals, **known.globals}.items():
        if isinstance(other, np.ndarray | jax.Array) and other.shape == value.shape and np.array_equal(other, value):
            return name
    return "constant"


def _numpy(value: Any) -> np.ndarray:
    if jnp.issubdtype(value.dtype, jax.dtypes.prng_key):
        value = jax.random.key_data(value)
    return np.asarray(value)

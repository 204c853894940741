"""From a function to its graph: the value of every node, its gradient, and the chain-rule term of every edge."""

import inspect
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.graph import words
from dl_workshop.graph.jaxpr import Constant, read
from dl_workshop.graph.nodes import Edge, Node, Trace
from dl_workshop.graph.pieces import Piece, gather
from dl_workshop.shapes import LearnerError, check_params, in_words


class Leaf(NamedTuple):
    """One array among the arguments. source: "params['w1']"; argument: "params"; role: "params" or "data"."""

    source: str
    argument: str
    role: str
    value: Any


def trace(function, *args, helpers="boxes") -> Trace:
    """Graph of function(*args): its values, the gradients of its result with respect to each, and how they arise.

    The function must give one number.  Its arguments may be params, arrays, numbers, and functions (a model).
    helpers: "boxes" keeps a library's functions, such as jax.nn.softmax, as one node; "inline" opens them up.
    Raises: LearnerError if the function gives something else than one number, or cannot be traced.
    Source: Baydin et al., Automatic differentiation in machine learning: a survey (2018), section 3.2.
    """
    if helpers not in ("boxes", "inline"):
        raise LearnerError(f"helpers={helpers!r}: write helpers=\"boxes\" to keep a library's functions whole, or "
                           "helpers=\"inline\" to open them up.")
    if not callable(function):
        raise LearnerError(f"trace takes a function and its arguments, trace(loss, params, model, x, y); the first "
                           f"is {type(function).__name__}.")
    leaves, call = _arguments(function, args)
    for leaf in leaves:
        if leaf.role == "params":
            check_params(leaf.value)
    values = [leaf.value for leaf in leaves]
    program = _read(function, args, call, values)
    pieces, results = gather(program, helpers)
    return _build(function, program, pieces, results[0], leaves, values)


def _arguments(function, args):
    """Arrays among the arguments, by name; and a function of these arrays alone."""
    names = _names(function, len(args))
    fixed = [arg is None or callable(arg) or isinstance(arg, str) for arg in args]
    given = [arg for arg, is_fixed in zip(args, fixed, strict=True) if not is_fixed]
    has_tree = any(isinstance(arg, dict | list | tuple) for arg in given)
    leaves = []
    for name, arg in zip((n for n, is_fixed in zip(names, fixed, strict=True) if not is_fixed), given, strict=True):
        is_tree = isinstance(arg, dict | list | tuple)
        params = is_tree or not has_tree and not name.startswith(("x", "y", "key"))
        for path, value in jax.tree_util.tree_leaves_with_path(arg):
            source = name + jax.tree_util.keystr(path)
            leaves.append(Leaf(source, name, "params" if params else "data", value))
    tree = jax.tree.structure(given)

    def call(*values):
        rest = iter(jax.tree.unflatten(tree, values))
        return function(*(arg if is_fixed else next(rest) for arg, is_fixed in zip(args, fixed, strict=True)))

    return leaves, call


def _names(function, count):
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)][:count]
    return names + [f"input{place + 1}" for place in range(len(names), count)]


def _read(function, args, call, values):
    learners = (function, *(arg for arg in args if callable(arg)))
    try:
        result = jax.eval_shape(call, *values)
        program = read(call, values)
    except Exception as error:  # whatever a learner's function may raise
        raise in_words(error, learners, "tracing the function") from None
    name = getattr(function, "__name__", "the function")
    if getattr(result, "shape", None) != ():
        shape = getattr(result, "shape", None)
        what = f"shape {shape}" if shape is not None else f"a {type(result).__name__}"
        raise LearnerError(f"{name} returns {what}: a gradient is that of one number; take jnp.mean.")
    if not jnp.issubdtype(result.dtype, jnp.floating):
        raise LearnerError(f"{name} returns {result.dtype}, which has no gradient: it must return a float.")
    return program


def _build(function, program, pieces, result, leaves, values):
    """Put nodes in order: inputs, then each piece after the constants that it reads."""
    if result.views:
        last = result.views[-1]
        pieces = [*pieces, Piece((result._replace(views=result.views[:-1]),), (last,), last.inputs, last.outputs[0], "")]
        result = result._replace(of=last.outputs[0], views=())
    place, makers = {}, []
    for variable, leaf in zip(program.inputs, leaves, strict=True):
        place[variable] = len(makers)
        makers.append(leaf)
    for piece in pieces:
        for part in piece.inputs:
            if part.of not in place:
                place[part.of] = len(makers)
                makers.append(part.of)
        place[piece.output] = len(makers)
        makers.append(piece)
    if result.of not in place:
        place[result.of] = len(makers)
        makers.append(result.of)
    output = place[result.of]
    inputs = [tuple(place[part.of] for part in maker.inputs) if isinstance(maker, Piece) else () for maker in makers]
    got, grads, terms, locals_ = jax.jit(lambda values: _pull_back(makers, inputs, output, values))(values)
    got, grads, terms, locals_ = jax.tree.map(_numpy, (got, grads, terms, locals_))

    nodes, edges, taken = [], [], set()
    for number, maker in enumerate(makers):
        if isinstance(maker, Piece):
            op, role, source = words.op_of(maker), "loss" if number == output else "middle", ""
            name = "loss" if number == output else op
        elif isinstance(maker, Constant):
            op, role, source, name = "constant", "constant", "", f"{got[number]:g}" if got[number].ndim == 0 else "constant"
        else:
            op, role, source, name = "input", maker.role, maker.source, _short_name(maker.source)
        base, again = name, 2
        while name in taken:
            name, again = f"{base}_{again}", again + 1
        taken.add(name)
        value = got[number]
        nodes.append(Node(name, op, inputs[number], value, grads[number], value.shape, ("",) * value.ndim, "", 0, role,
                          source))
    for end, starts in enumerate(inputs):
        shapes = [nodes[start].shape for start in starts]
        for spot, start in enumerate(starts):
            edges.append(Edge(start, end, spot, words.rule_of(nodes[end].op, spot, len(starts), shapes),
                              locals_[end][spot], terms[end][spot]))
    return Trace(tuple(nodes), tuple(edges), output, "", getattr(function, "__name__", ""))


def _short_name(source):
    parts = source.replace("]", "").replace("'", "").split("[")
    return parts[-1] if not parts[-1].isdigit() else "_".join(parts)


def _numpy(value):
    if jnp.issubdtype(value.dtype, jax.dtypes.prng_key):
        value = jax.random.key_data(value)
    return np.asarray(value)


def _floats(value):
    return jnp.issubdtype(jnp.result_type(value), jnp.inexact)


def _pull_back(makers, inputs, output, values):
    """All values forward; then, from the output back, the gradient of each node as the sum of its edges' terms."""
    values, pulls, given = list(values), {}, iter(values)
    got = []
    for number, maker in enumerate(makers):
        if isinstance(maker, Constant):
            got.append(jnp.asarray(maker.value))
        elif not isinstance(maker, Piece):
            got.append(jnp.asarray(next(given)))
        else:
            value, pulls[number] = _forward(maker, [got[start] for start in inputs[number]])
            got.append(value)
    grads = [None] * len(makers)
    grads[output] = jnp.ones_like(got[output])
    terms, locals_ = [()] * len(makers), [()] * len(makers)
    for number in reversed(range(len(makers))):
        if number in pulls:
            terms[number], locals_[number] = pulls[number](grads[number])
            for start, term in zip(inputs[number], terms[number], strict=True):
                if term is not None:
                    grads[start] = term if grads[start] is None else grads[start] + term
    return got, grads, terms, locals_


def _forward(piece, values):
    """Value of a piece, and the function that takes the gradient of it to the terms of its inputs."""
    smooth = [place for place, value in enumerate(values) if _floats(value)]

    def of_smooth(*chosen):
        full = list(values)
        for place, value in zip(smooth, chosen, strict=True):
            full[place] = value
        return piece.core(*(part.view(value) for part, value in zip(piece.inputs, full, strict=True)))

    value, pull = jax.vjp(of_smooth, *(values[place] for place in smooth))

    def back(grad):
        terms, locals_ = [None] * len(values), [None] * len(values)
        if grad is not None and _floats(value):
            for place, term in zip(smooth, pull(grad), strict=True):
                terms[place] = term
        return terms, locals_

    return value, back

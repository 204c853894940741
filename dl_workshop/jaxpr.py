"""A function as a list of steps, read from JAX's own record of it (the jaxpr).

JAX does not promise to keep these interfaces. Everything that touches them is in this file, and the tests run it on
the oldest and the newest JAX that the kit supports.
"""

import itertools
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax.extend import core

from dl_workshop.written import source_line

_INLINED = {"jit", "pjit", "closed_call", "core_call", "remat", "remat2", "checkpoint"}
_KIT = str(Path(__file__).resolve().parent)
# The kit's own ways into this file. What it computes itself, in models or losses, is code to show.
_TRACING = tuple(str(Path(_KIT, name)) for name in ("graph", "training", "jaxpr.py", "optimizers.py"))
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})


class Frame(NamedTuple):
    """A place in the learner's source: the expression between two (line, column) pairs of a file."""

    file: str
    function: str
    first_line: int  # of the function
    start: tuple[int, int]
    end: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Constant:
    """A value that stands in the function itself. literal: a number written in an expression."""

    value: Any
    literal: bool


Reference = int | Constant  # the number of a variable, or what stands in the function itself


class Step(NamedTuple):
    """One primitive operation. inputs: numbers of variables, or Constants; outputs: numbers of variables.

    floats: for each output, whether it holds floats: what holds whole numbers or truth values has no gradient.
    frames: where the learner wrote it, innermost first.  helper: the library function that they called there ("mean").
    call, names: where in all the code it arose, to tell steps apart.  run(*values): the list of its results.
    """

    primitive: str
    params: dict
    inputs: tuple
    outputs: tuple[int, ...]
    shapes: tuple[tuple[int, ...], ...]
    floats: tuple[bool, ...]
    frames: tuple[Frame, ...]
    helper: str
    call: tuple
    names: str
    run: Callable


class Program(NamedTuple):
    """Steps in order; the variables of the inputs; the variable (or Constant) of each result."""

    steps: list[Step]
    inputs: list[int]
    outputs: list[Reference]


def read(function: Callable, values: Sequence, *, fold: bool = True) -> tuple[Program, Any]:
    """Steps of function(*values), jitted functions opened up, unused steps and steps on constants alone taken out.

    fold: whether what depends on constants alone is computed at once.
    Returns: (program, the shape and type of the result, or a tree of them).
    """
    jaxpr, result = jax.make_jaxpr(function, return_shape=True)(*values)
    number = itertools.count()
    known: dict[core.Var, Reference] = {}

    def new(var: core.Var) -> int:
        known[var] = place = next(number)
        return place

    inputs = [new(var) for var in jaxpr.jaxpr.invars]
    known.update(zip(jaxpr.jaxpr.constvars, (Constant(value, False) for value in jaxpr.consts), strict=True))
    steps: list[Step] = []
    _open(jaxpr.jaxpr, known, number, steps, (), "", ())
    outputs = [_reference(var, known) for var in jaxpr.jaxpr.outvars]
    steps, constants = _fold_constants(steps) if fold else (steps, {})
    outputs = [constants.get(output, output) if isinstance(output, int) else output for output in outputs]
    return Program(_used(steps, outputs), inputs, outputs), result


def _open(
    jaxpr: core.Jaxpr,
    known: dict[core.Var, Reference],
    number: Iterator[int],
    steps: list[Step],
    frames: tuple[Frame, ...],
    helper: str,
    call: tuple,
) -> None:
    """Append the jaxpr's equations to steps. frames, helper, call: of the jitted call that holds them, if any."""
    for equation in jaxpr.eqns:
        own_frames, own_helper, own_call = _where(equation)
        name = equation.primitive.name
        if frames or call:
            inner = _inside(own_frames, jaxpr)
            own_frames, own_helper = (*inner, *frames), own_helper if inner else helper
        own_call = (*own_call, *call)
        inputs = [_reference(var, known) for var in equation.invars]
        opened = equation.params.get("jaxpr") if name in _INLINED else None
        if opened is not None:
            consts = getattr(opened, "consts", ())
            opened = getattr(opened, "jaxpr", opened)
            scope = dict(zip(opened.invars, inputs, strict=True))
            scope.update(zip(opened.constvars, (Constant(value, False) for value in consts), strict=True))
            _open(opened, scope, number, steps, own_frames, own_helper or equation.params.get("name", ""), own_call)
            known.update(zip(equation.outvars, (_reference(var, scope) for var in opened.outvars), strict=True))
            continue
        outputs = tuple(next(number) for _ in equation.outvars)
        known.update(zip(equation.outvars, outputs, strict=True))
        shapes = tuple(var.aval.shape for var in equation.outvars)  # type: ignore[attr-defined]
        floats = tuple(jnp.issubdtype(getattr(var.aval, "dtype", bool), jnp.inexact) for var in equation.outvars)
        steps.append(
            Step(
                _custom_name(equation) or name,
                equation.params,
                tuple(inputs),
                outputs,
                shapes,
                floats,
                own_frames,
                own_helper,
                own_call,
                str(equation.source_info.name_stack),
                _runner(equation),
            )
        )


def _reference(var: core.Var | core.Literal, known: Mapping[core.Var, Reference]) -> Reference:
    return Constant(var.val, True) if isinstance(var, core.Literal) else known[var]


def _runner(equation: core.JaxprEqn) -> Callable[..., list]:
    def run(*values: Any) -> list:
        bound = equation.primitive.get_bind_params(equation.params)
        functions, params = bound if isinstance(bound, tuple) else ((), bound)  # older JAX, newer JAX
        results = equation.primitive.bind(*functions, *values, **params)
        return list(results) if equation.primitive.multiple_results else [results]

    return run


def _custom_name(equation: core.JaxprEqn) -> str:
    """Name of a function that brings its own derivative, such as jax.nn.relu."""
    if not equation.primitive.name.startswith("custom_"):
        return ""
    inner = equation.params.get("call_jaxpr") or equation.params.get("fun_jaxpr")
    return _function_of(getattr(inner, "jaxpr", inner))[0] if inner is not None else ""


def _function_of(jaxpr: core.Jaxpr) -> tuple[str, str]:
    """Name and file of the Python function that a jaxpr was made from."""
    about = getattr(getattr(jaxpr, "debug_info", None), "func_src_info", None) or ""
    name, _, place = about.partition(" at ")
    return name, place.rpartition(":")[0]


def _inside(frames: tuple[Frame, ...], jaxpr: core.Jaxpr) -> tuple[Frame, ...]:
    """Frames inside a learner's jitted function: beyond it stands whoever called it first, when JAX traced it."""
    name, file = _function_of(jaxpr)
    for last, frame in enumerate(frames):
        if frame.function == name and frame.file == file:
            return frames[: last + 1]
    return ()


def line_of(step: Step) -> str:
    """Give the learner's source line of a step, not too long; "" if nobody kept it, or no line of theirs led to it."""
    for frame in step.frames:
        line = source_line(frame.file, frame.start[0]).strip()
        if line:
            return line if len(line) <= 100 else f"{line[:97]}..."
    return ""


def is_learners(file: str) -> bool:
    """Whether this is code to show: not JAX or another library, nor the tracing itself."""
    if file.startswith(_TRACING) or file.startswith("<frozen"):
        return False
    return file.startswith(_KIT) or not (file.startswith(_LIBRARIES) or file.startswith(sys.base_prefix))


def _where(equation: core.JaxprEqn) -> tuple[tuple[Frame, ...], str, tuple]:
    """Learner's frames, the library function they called, and the whole stack, down from read()."""
    traceback = equation.source_info.traceback
    if traceback is None:
        return (), "", ()
    codes, places = traceback.raw_frames()
    frames, helper, call = [], "", []
    for code, place in zip(codes, places, strict=True):
        if code.co_filename == __file__:
            break
        call.append((id(code), place))
        if is_learners(code.co_filename):
            line, end_line, column, end_column = next(itertools.islice(code.co_positions(), place // 2, None))
            frames.append(
                Frame(code.co_filename, code.co_name, code.co_firstlineno, (line, column), (end_line, end_column))
            )
        elif not frames:
            helper = _helper_name(code) or helper
    return tuple(frames), helper, tuple(call)


_WRAPPERS = {
    "op",
    "meth",
    "cache_miss",
    "reraise_with_filtered_traceback",
    "_run_python_pjit",
    "bind",
    "__call__",
    "bind_with_trace",
    "process_primitive",
    "process_custom_jvp_call",
    "current",
    "deferring_binary_op",
    "vmap_f",
    "<lambda>",
    "<genexpr>",
}


def _helper_name(code: CodeType) -> str:
    return "" if code.co_name in _WRAPPERS or code.co_name.startswith("_operator") else code.co_name.strip("_")


def _fold_constants(steps: list[Step]) -> tuple[list[Step], dict[int, Constant]]:
    """Compute at once what depends on no input."""
    constants: dict[int, Constant] = {}
    rest = []
    for step in steps:
        inputs = tuple(constants.get(given, given) if isinstance(given, int) else given for given in step.inputs)
        known = [given for given in inputs if isinstance(given, Constant)]
        if len(known) == len(inputs):
            results = step.run(*(given.value for given in known))
            literal = all(given.literal for given in known)
            constants.update(zip(step.outputs, (Constant(result, literal) for result in results), strict=True))
        else:
            rest.append(step._replace(inputs=inputs))
    return rest, constants


def _used(steps: list[Step], outputs: list[Reference]) -> list[Step]:
    needed = {output for output in outputs if isinstance(output, int)}
    kept = []
    for step in reversed(steps):
        if needed.intersection(step.outputs):
            kept.append(step)
            needed.update(given for given in step.inputs if isinstance(given, int))
    return kept[::-1]

"""Steps gathered into pieces, one for each node that a learner would draw: what they wrote, and nothing else."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from dl_workshop.graph.tracing.source import name_of
from dl_workshop.jaxpr import Constant, Program, Reference, Step

# Steps that only change how a value is laid out. They are folded into the piece that reads the value.
VIEWS = {"broadcast_in_dim", "convert_element_type", "reshape", "squeeze", "expand_dims", "copy", "copy_p", "pvary"}
# Library functions that are one idea each: kept whole even where helpers are opened up.
WHOLE = {
    "mean",
    "where",
    "rewriting_take",
    "take",
    "take_along_axis",
    "square",
    "power",
    "sum",
    "max",
    "min",
    "dot",
    "matmul",
    "maximum",
    "minimum",
}
# Steps whose numbers are drawn as constants: 2 * x, but not the limits of a slice.
ARITHMETIC = {"add", "sub", "mul", "div", "pow", "max", "min", "dot_general", "atan2", "rem"}


class Input(NamedTuple):
    """One input of a piece: a variable or a Constant, and the views through which the piece reads it."""

    of: Reference
    views: tuple[Step, ...]

    def view(self, value: Any) -> Any:
        """Give the value as the piece reads it."""
        for step in self.views:
            (value,) = step.run(value)
        return value


class Slot(NamedTuple):
    """Stands in a piece's steps for its input number `place`."""

    place: int


class Piece(NamedTuple):
    """One node's computation: core(*viewed inputs) is its value.

    helper: the library function that it is, if it is kept whole.  name: the learner's variable, or "".
    """

    inputs: tuple[Input, ...]
    steps: tuple[Step, ...]
    output: int
    helper: str
    name: str

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the piece's value."""
        return next(step.shapes[step.outputs.index(self.output)] for step in self.steps if self.output in step.outputs)

    def core(self, *values: Any) -> Any:
        """Compute the piece's value from its inputs, as they look through their views."""
        known: dict[int, Any] = {}
        for step in self.steps:
            given = [
                part.value
                if isinstance(part, Constant)
                else values[part.place]
                if isinstance(part, Slot)
                else known[part]
                for part in step.inputs
            ]
            known.update(zip(step.outputs, step.run(*given), strict=True))
        return known[self.output]


class _Reading(NamedTuple):
    """What gathering goes by. readers: how many read a variable; views: by their output; names: by variable."""

    readers: Counter[int]
    views: dict[int, Step]
    names: dict[int, str]
    result: Reference
    helpers: str


def gather(program: Program, helpers: str) -> tuple[list[Piece], Input]:
    """Pieces in order, and the program's first result (which may be seen through views)."""
    readers = Counter(part for step in program.steps for part in set(step.inputs) if isinstance(part, int))
    readers.update(part for part in program.outputs if isinstance(part, int))
    reading = _Reading(readers, {}, _names(program), program.outputs[0], helpers)
    pieces: dict[int, Piece] = {}
    for run in _runs(program.steps):
        _add_run(run, reading, pieces)
    return list(pieces.values()), _input(program.outputs[0], reading.views)


def _names(program: Program) -> dict[int, str]:
    """Learner's variable for the steps that complete an expression: those read outside it."""
    made_at = {output: step.frames for step in program.steps for output in step.outputs}
    complete = set(program.outputs)
    for step in program.steps:
        complete.update(part for part in step.inputs if isinstance(part, int) and made_at.get(part) != step.frames)
    return {output: name_of(step) for step in program.steps for output in step.outputs if output in complete}


def _runs(steps: list[Step]) -> Iterator[list[Step]]:
    """Cut the steps where the learner's expression changes, or comes round again in a loop."""
    for _, same in groupby(steps, key=lambda step: (step.frames, step.helper, step.names)):
        run, first = [], None
        for step in same:
            this = (step.primitive, step.call)
            if this == first:
                yield run
                run = []
            elif first is None and step.primitive not in VIEWS:
                first = this
            run.append(step)
        yield run


def _add_run(run: list[Step], reading: _Reading, pieces: dict[int, Piece]) -> None:
    """Add the pieces of one run: a single one if it is a helper to be kept whole, else one for each step."""
    inside = Counter(part for step in run for part in set(step.inputs) if isinstance(part, int))
    results = [output for step in run for output in step.outputs if reading.readers[output] > inside[output]]
    n_core = sum(step.primitive not in VIEWS for step in run)
    helper = run[0].helper
    whole = n_core == 1 or n_core and run[0].frames and helper and (reading.helpers == "boxes" or helper in WHOLE)
    if whole and len(results) == 1:
        pieces[results[0]] = _piece(run, results[0], reading, helper if n_core > 1 else "")
        return
    for step in run:
        if step.primitive not in VIEWS:
            pieces.update(
                (output, _piece([step], output, reading, "")) for output in step.outputs if reading.readers[output]
            )
        elif not _taken_in(step, reading, pieces):
            reading.views[step.outputs[0]] = step


def _taken_in(step: Step, reading: _Reading, pieces: dict[int, Piece]) -> bool:
    """Move a view into the piece before it, if only the view reads that: z = (x @ w)[:, 0] is one node, named z."""
    (given, *_), (output,) = step.inputs, step.outputs
    name = reading.names.get(output, "")
    if given not in pieces or reading.readers[given] != 1 or not name and output != reading.result:
        return False
    before = pieces[given]
    if step.primitive == "broadcast_in_dim" and math.prod(step.shapes[0]) != math.prod(before.shape):
        return False
    del pieces[given]
    pieces[output] = before._replace(steps=(*before.steps, step), output=output, name=name or before.name)
    return True


def _piece(run: list[Step], result: int, reading: _Reading, helper: str) -> Piece:
    """One piece: views at its head belong to its inputs, all that follows to its core."""
    made: set[int] = set()
    core = []
    for step in run:
        if step.primitive in VIEWS and not made.intersection(step.inputs):
            reading.views[step.outputs[0]] = step
        else:
            made.update(step.outputs)
            core.append(step)
    # One step reads its inputs by place, so that x * x has two; a helper reads each value once.
    single = sum(step.primitive not in VIEWS for step in core) == 1
    parts: list[Reference] = []
    slots: dict[Reference, Slot] = {}
    steps = []
    for step in core:
        given: list[Reference | Slot] = []
        for part in step.inputs:
            if (
                isinstance(part, int)
                and part in made
                or isinstance(part, Constant)
                and part.literal
                and not (single and step.primitive in ARITHMETIC)
            ):
                given.append(part)
                continue
            if single or part not in slots:
                slots[part] = Slot(len(parts))
                parts.append(part)
            given.append(slots[part])
        steps.append(step._replace(inputs=tuple(given)))
    return Piece(
        tuple(_input(part, reading.views) for part in parts),
        tuple(steps),
        result,
        helper,
        reading.names.get(result, ""),
    )


def _input(part: Reference, views: Mapping[int, Step]) -> Input:
    chain = []
    while isinstance(part, int) and part in views:
        chain.append(views[part])
        (part,) = views[part].inputs
    return Input(part, tuple(reversed(chain)))

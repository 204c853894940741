"""Steps gathered into pieces, one for each node that a learner would draw: what they wrote, and nothing else."""

from collections import Counter
from itertools import groupby
from typing import NamedTuple

from dl_workshop.graph.jaxpr import Constant, Program, Step

# Steps that only change how a value is laid out. They are folded into the piece that reads the value.
VIEWS = {"broadcast_in_dim", "convert_element_type", "reshape", "squeeze", "expand_dims", "copy", "copy_p", "pvary"}
# Library functions that are one idea each: kept whole even where helpers are opened up.
WHOLE = {"mean", "where", "take", "rewriting_take", "getitem", "take_along_axis", "square", "power", "sum", "max", "min",
         "dot", "matmul", "maximum", "minimum"}


class Input(NamedTuple):
    """One input of a piece: a variable or a Constant, and the views through which the piece reads it."""

    of: object
    views: tuple[Step, ...]

    def view(self, value):
        """Give the value as the piece reads it."""
        for step in self.views:
            value, = step.run(value)
        return value


class Piece(NamedTuple):
    """One node's computation: core(*viewed inputs) is its value. helper: the library function, if it is kept whole."""

    inputs: tuple[Input, ...]
    steps: tuple[Step, ...]
    reads: tuple        # the variables (or Constants) that stand for the inputs inside the steps
    output: int
    helper: str

    def core(self, *values):
        """Compute the piece's value from its inputs, as they look through their views."""
        if len(self.steps) == 1:  # by place, so that x * x has two inputs
            step = self.steps[0]
            values = iter(values)
            given = [next(values) if shown(step, place) else part.value for place, part in enumerate(step.inputs)]
            return dict(zip(step.outputs, step.run(*given), strict=True))[self.output]
        known = dict(zip(self.reads, values, strict=True))
        for step in self.steps:
            given = [part.value if isinstance(part, Constant) and part not in known else known[part]
                     for part in step.inputs]
            known.update(zip(step.outputs, step.run(*given), strict=True))
        return known[self.output]


def shown(step, place):
    """Whether input number `place` of a step is drawn: every variable, and the numbers of plain arithmetic."""
    part = step.inputs[place]
    return isinstance(part, int) or not part.literal or step.primitive in ARITHMETIC


ARITHMETIC = {"add", "sub", "mul", "div", "pow", "max", "min", "dot_general", "atan2", "rem"}


def gather(program: Program, helpers) -> tuple[list[Piece], list]:
    """Pieces in order; and for every result of the program its Input (a result may be seen through views)."""
    readers = Counter(part for step in program.steps for part in set(step.inputs) if isinstance(part, int))
    readers.update(part for part in program.outputs if isinstance(part, int))
    views, pieces = {}, []
    for run in _runs(program.steps):
        pieces += _run_pieces(run, readers, views, helpers)
    return pieces, [_input(part, views) for part in program.outputs]


def _runs(steps):
    """Cut the steps where the learner's expression changes, or comes round again in a loop."""
    for _, same in groupby(steps, key=lambda step: (step.frames, step.helper, step.call[-1])):
        run, passed = [], set()
        for step in same:
            if step.call in passed and step.primitive not in VIEWS:
                yield run
                run, passed = [], set()
            if step.primitive not in VIEWS:
                passed.add(step.call)
            run.append(step)
        yield run


def _run_pieces(run, readers, views, helpers):
    """Pieces of one run: a single one if it is a helper to be kept whole, else one a step."""
    inside = Counter(part for step in run for part in set(step.inputs) if isinstance(part, int))
    results = [output for step in run for output in step.outputs if readers[output] > inside[output]]
    n_core = sum(step.primitive not in VIEWS for step in run)
    whole = len(results) == 1 and run[0].frames and run[0].helper and (
        helpers == "boxes" or run[0].helper in WHOLE)
    if n_core and (n_core == 1 or whole) and len(results) == 1:
        first = next(place for place, step in enumerate(run) if step.primitive not in VIEWS)
        return [_piece(run, results[0], views, run[0].helper if n_core > 1 or first + 1 < len(run) else "")]
    pieces = []
    for step in run:
        if step.primitive in VIEWS and not isinstance(step.inputs[0], Constant):
            views[step.outputs[0]] = step
        else:
            pieces += [_piece([step], output, views, "") for output in step.outputs if readers[output]]
    return pieces


def _piece(run, result, views, helper):
    """One piece: views at its head belong to its inputs, all that follows to its core."""
    made, core = set(), []
    for step in run:
        if step.primitive in VIEWS and not made.intersection(step.inputs):
            views[step.outputs[0]] = step
        else:
            made.update(step.outputs)
            core.append(step)
    if len(core) == 1:
        reads = [part for place, part in enumerate(core[0].inputs) if shown(core[0], place)]
    else:
        reads = list(dict.fromkeys(part for step in core for part in step.inputs
                                   if (part not in made if isinstance(part, int) else not part.literal)))
    return Piece(tuple(_input(part, views) for part in reads), tuple(core), tuple(reads), result, helper)


def _input(part, views):
    chain = []
    while not isinstance(part, Constant) and part in views:
        chain.append(views[part])
        part, = views[part].inputs
    return Input(part, tuple(reversed(chain)))

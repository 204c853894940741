"""What an exercise is made of: plain data, no behaviour.

How to add one (that of lesson 01 is the example to copy):

1. In the lesson's `exercises.py` write the reference as a short function with the name that the notebook uses. Its
   source is the text that `.solution()` shows, so write it as you would in the lesson (or give `solution="..."`); or
   take it from the lesson's source: `from_lesson(__file__, "name")` of solutions.py.
2. `probes(key)` returns argument tuples, random and of several shapes: they decide. `small` lists round, tiny
   argument tuples: they decide too, and one of them becomes the counterexample that the learner reads. In both, a
   list stands for a JAX array (write `[1, 2]`); a tuple stays a tuple (layer widths); NumPy arrays stay NumPy.
   Every new shape costs compilation on a learner's first check (about .1 s): draw with `draws(key)`, NumPy's own
   generator, hand over `draws(key).normal(size=5).tolist()` or jnp.asarray of it, and keep to few shapes.
3. Each `Mistake(name, function, message)` is the wrong function itself; its message says what it behaves like and
   what to do, in one or two lines: "This behaves exactly like the SUM of squared errors: divide by n." It is named
   only when it alone agrees with the learner's function on every probe, so choose probes that tell mistakes apart.
   A mistake may return another shape, or raise on some probes (never on all). Write mistakes that often come together
   as changes of one recipe, `changed(variant, name, message, average=jnp.sum)`: twos of them are then named, too.
4. `also_right`: at least two answers written differently. `hints`: three, from vague to nearly there.
5. `observe(fn, *args)`: what is compared when it is not the output itself. For random functions or training loops
   return a dict whose keys are words ("spread of the noise") with robust numbers in it, and set `rtol`, `atol`.
   It may raise LearnerError with words for the learner (a mistake that raises the same words is still named).
6. `differentiable=i`: gradients with respect to argument i are compared too. None: they are not. Where the lesson does
   not differentiate an answer but compiles it, `traced=(i, j)` names the arguments that JAX traces there: an answer in
   NumPy, which passes elsewhere with a remark, would break a cell below.
7. For an answer that is a value and not a function use `ValueExercise`: `judge(value)` returns None when it is right,
   else what is wrong, in words; a mistake is a predicate, with an `example` that it should catch.
8. A reference that compiles anew in every call (a `jax.jit` inside it) makes checks slow: give an `oracle`, the same
   function written to be fast, and answers are compared with that. The test of the solution compares the two.
9. `domain=dict(x=floats("n"), ...)` says, argument by argument, what the task promises of it (domain.py): what stands
   in the lesson's text before the exercise, no more and no less. Probes, small inputs and the lesson's own calls have
   to lie in it. From it come more rows for one of the probes, and the wrong answers of saboteurs.py, each of which has
   to be refused: so let sizes, counts and settings differ between probes, let more than 10 steps be asked for once,
   and let numbers lie on both sides of 0, beyond 5, and a little beside round ones, where the domain has them. What
   cannot be told from a right answer stands in `cannot_see={"rounded to 2 digits": "why"}`.
10. `explain(got, *args)` may say more of a wrong output that fits no known mistake (where a backward pass first parts
   company with the graph): one sentence, shown below the counterexample.
11. List it in `EXERCISES` of the lesson file. tests/exercises/test_exercises_lessons.py then tests it, with no other
    line.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import jax
import numpy as np

from dl_workshop.exercises.domain import ROWS, length, more_rows

if TYPE_CHECKING:
    from jaxtyping import PRNGKeyArray  # a hundredth of a second, which every lesson would wait for


class Mistake(NamedTuple):
    """A known wrong answer: the function itself (or a predicate of a value), and what to say about it."""

    name: str
    function: Callable
    message: str
    example: Any = None
    variant: Callable | None = None
    changes: dict[str, Any] | None = None


def changed(variant: Callable, name: str, message: str, **changes: Any) -> Mistake:
    """Declare a mistake as a change of a right function, so that it composes with mistakes that change other parts.

    `variant()` makes a right function, and `variant(**changes)` this wrong one: variant(average=jnp.sum).
    """
    return Mistake(name, variant(**changes), message, variant=variant, changes=changes)


def draws(key: "PRNGKeyArray") -> np.random.Generator:
    """Give NumPy's generator for a key: its draws need no compilation, unlike those of jax.random."""
    return np.random.default_rng(np.asarray(jax.random.key_data(key)))


def all_probes(exercise: "Exercise", key: "PRNGKeyArray") -> list[tuple]:
    """Give the round inputs and the drawn ones that decide, one of the drawn ones with more rows where it has rows.

    That one comes before the other drawn ones: gradients are taken at the last ones, and the gradient of a loop over
    many rows takes seconds to compile.
    """
    drawn = list(exercise.probes(key))
    rows = [length(exercise.domain, args) for args in drawn]
    if rows and 0 < max(rows) < ROWS:
        chosen = len(rows) - 1 - rows[::-1].index(max(rows))
        drawn.insert(0, more_rows(exercise.domain, drawn.pop(chosen), draws(key)))
    return [*exercise.small, *drawn]


def call(fn: Callable, *args: Any) -> Any:
    """Observe a function by its output: what is compared unless an exercise says otherwise."""
    return fn(*args)


class Exercise(NamedTuple):
    """A function that the learner writes, and everything needed to judge it by its behaviour."""

    name: str
    task: str
    reference: Callable
    probes: Callable
    hints: tuple[str, str, str]
    mistakes: tuple[Mistake, ...] = ()
    also_right: tuple[Callable, ...] = ()
    small: tuple[tuple, ...] = ()
    observe: Callable = call
    rtol: float = 1e-4
    atol: float = 1e-5
    differentiable: int | None = None
    solution: str = ""
    few_mistakes_because: str = ""
    zeros_are_right_because: str = ""
    oracle: Callable | None = None
    explain: Callable | None = None
    traced: tuple[int, ...] = ()
    domain: Mapping[str, Any] = MappingProxyType({})
    cannot_see: Mapping[str, str] = MappingProxyType({})


class ValueExercise(NamedTuple):
    """A value that the learner writes down (a guess, a number read from a plot), judged by a function of it."""

    name: str
    task: str
    reference: Any
    judge: Callable
    hints: tuple[str, str, str]
    mistakes: tuple[Mistake, ...] = ()
    also_right: tuple = ()
    wrong: tuple = ()
    solution: str = ""
    few_mistakes_because: str = ""


AnyExercise = Exercise | ValueExercise

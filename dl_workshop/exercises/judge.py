"""The decision: blank, passed, or failed with the most telling reason there is.

A known mistake that alone agrees with the learner's function on every probe (same shapes, same exceptions) says more
than any general sentence, so it is looked for before those: the exception, the kind or shape, the smallest
counterexample. Where all values are right the gradient is compared. The learner's function is called in bounded time
and memory (bounds.py), and what is shown is the smallest input that shows the fault (shrink.py).
"""

import inspect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import jax
import numpy as np

from dl_workshop.display.values import format_call, format_value
from dl_workshop.errors import LearnerError, explain_error, first_line
from dl_workshop.exercises.bounds import was_stopped, within_bounds
from dl_workshop.exercises.compare import Difference, difference
from dl_workshop.exercises.domain import ROWS, is_key, length
from dl_workshop.exercises.exercise import Exercise, all_probes
from dl_workshop.exercises.naming import name_mistake
from dl_workshop.exercises.running import Raised, Todo, fresh, gradient, quietly, run, trace
from dl_workshop.exercises.shrink import shrink
from dl_workshop.exercises.verdict import Verdict, blank, kits_fault

if TYPE_CHECKING:
    from jaxtyping import PRNGKeyArray  # a hundredth of a second, which every lesson would wait for

Case = tuple[tuple, Any, Any, Difference]  # an input, what was expected, what came, and where they differ


def judge(exercise: Exercise, answer: Any, key: "PRNGKeyArray") -> Verdict:
    """Judge a learner's function by what it does on the round probes and on random ones drawn with `key`."""
    if answer is ...:
        return blank(exercise)
    if not callable(answer):
        return Verdict(
            "failed",
            f"`{exercise.name}` should be a function, but it is {format_value(answer)}. Run the "
            f"cell that starts with `def {exercise.name}(` again.",
        )
    with quietly():
        try:
            probes = all_probes(exercise, key)
        except Exception as error:
            return kits_fault(error, "its inputs could not be made")
        call, got = within_bounds(), []
        spoiled: list[tuple[str, object]] = []
        for args in probes:
            got.append(call(run, exercise.observe, answer, args, spoiled))
            early = _still_blank(exercise, answer, got[-1]) or _stopped_early(exercise, answer, got[-1], args)
            if early:
                return early
        expected = [run(exercise.observe, exercise.oracle or exercise.reference, args) for args in probes]
        for outcome in expected:
            if isinstance(outcome, Raised) and not isinstance(outcome.error, LearnerError):
                return kits_fault(outcome.error, "its own answer fails")
        if any(differ(exercise, e, g) for e, g in zip(expected, got, strict=True)):
            return _judge_wrong(exercise, answer, call, probes, expected, got)
        if spoiled:
            return Verdict("failed", _spoiled(*spoiled[0]))
        if exercise.differentiable is not None:
            return _judge_gradient(exercise, exercise.differentiable, answer, call, probes, expected)
        untraceable = exercise.traced and call(trace, answer, probes[-1], exercise.traced)
        if isinstance(untraceable, Raised):
            words = explain_error(untraceable.error, [inspect.unwrap(answer)], "tracing it")
            return Verdict("failed", f"The values are right, but the lesson compiles your function with JAX. {words}")
        return Verdict("passed", f"Right: it agrees with the kit on {_count(probes)}.{_remark(expected, got)}")


def _remark(expected: list, got: list) -> str:
    """Say of a right answer in plain numbers or NumPy that it would not do everywhere; nothing of others."""
    pairs = [(e, g) for e, g in zip(expected, got, strict=True) if isinstance(e, jax.Array)]
    if not pairs or any(isinstance(g, jax.Array) for _, g in pairs):
        return ""
    return (
        "\nYours gives plain numbers or NumPy's. That is fine here, where nothing is differentiated; `jax.grad` "
        "could not go through it."
    )


def _still_blank(exercise: Exercise, answer: Callable, outcome: Any) -> Verdict | None:
    """Tell a blank answer from one that calls another function that is blank."""
    if outcome is ...:
        return blank(exercise)
    if isinstance(outcome, Raised) and isinstance(outcome.error, Todo):
        name = outcome.error.name
        if name in (exercise.name, getattr(answer, "__name__", exercise.name)):
            return blank(exercise)
        return Verdict("failed", f"It calls `{name}`, which is still blank. Write that one first.")
    return None


def _stopped_early(exercise: Exercise, answer: Callable, outcome: Any, args: tuple) -> Verdict | None:
    if was_stopped(outcome):
        return Verdict("failed", f"{_stopped(answer, outcome)}\nThe input was:\n    {_formatted(exercise, args)}")
    return None


def _spoiled(what: str, key: object) -> str:
    entry = f" (its entry {key!r} is another afterwards)" if key is not None else ""
    return (
        f"The values are right, but it changes {what} that it was handed{entry}: the caller's own, since Python "
        "does not copy what it hands to a function. Build a new one: `x = x - 1` in place of `x -= 1`, "
        "`dict(params, w=...)` in place of `params['w'] = ...`."
    )


def _judge_wrong(
    exercise: Exercise, answer: Callable, call: Callable, probes: list[tuple], expected: list, got: list
) -> Verdict:
    """Say why: known mistake, then exception, then kind or shape, then the smallest counterexample."""
    if not all(isinstance(outcome, Raised) and not isinstance(outcome.error, LearnerError) for outcome in got):
        # One type of exception is too little to name a mistake by.
        mistake = name_mistake(exercise, lambda fn: _behaves_alike(exercise, fn, probes, expected, got))
        if mistake:
            return Verdict("failed", mistake.message, mistake.name)
    found: list[Case] = [
        (args, e, g, why)
        for args, e, g in zip(probes, expected, got, strict=True)
        if (why := _difference(exercise, e, g))
    ]
    found.sort(key=lambda case: _size(case[0]))
    kinds = ("raised", "type", "shape", "value")
    worst = min(found, key=lambda case: (kinds.index(case[3].kind), not _ordinary(*case)))
    args, wanted, outcome, why = _smallest(exercise, answer, call, probes, worst)
    shown = _formatted(exercise, args)
    if why.kind == "raised":
        return Verdict("failed", f"{_stopped(answer, outcome)}\nThe input was:\n    {shown}")
    if why.kind == "value":
        more = _explained(exercise, found)
        return Verdict("failed", f"It differs here:\n    {shown}\n{_expected_and_got(exercise, wanted, outcome)}{more}")
    return Verdict("failed", f"For this input\n    {shown}\n{why.words}")


def _explained(exercise: Exercise, found: Sequence[Case]) -> str:
    """Give what the exercise itself says of a wrong output: of the largest input, where chance explains the least."""
    cases = [(args, got) for args, _, got, why in found if why.kind == "value" and not isinstance(got, Raised)]
    if exercise.explain is None or not cases:
        return ""
    args, got = cases[-1]
    try:
        return f"\n{exercise.explain(got, *fresh(args))}"
    except Exception:  # a fault of the kit's: what was said before stands
        return ""


def _smallest(exercise: Exercise, answer: Callable, call: Callable, probes: list[tuple], case: Case) -> Case:
    """Shrink a case (args, expected, got, difference) to the simplest one found that shows the same kind of fault."""

    def alike(args: tuple) -> bool:
        nonlocal case
        wanted = run(exercise.observe, exercise.oracle or exercise.reference, args)
        outcome = call(run, exercise.observe, answer, args)
        why = _difference(exercise, wanted, outcome)
        if (
            not why
            or why.kind != case[3].kind
            or _senseless(wanted)
            or was_stopped(outcome)
            or _ordinary(*case)
            and not _ordinary(args, wanted, outcome, why)
            or isinstance(outcome, Raised)
            and type(outcome.error) is not type(case[2].error)
        ):
            return False
        case = args, wanted, outcome, why
        return True

    if not isinstance(case[1], Raised):
        shrink(case[0], alike, probes)
    return case


def _ordinary(args: tuple, wanted: Any, outcome: Any, why: Difference) -> bool:
    """Say whether an input and both outputs are what one meets: finite, not all 0, nothing huge."""

    def plain(tree: Any) -> bool:
        if isinstance(tree, Raised):
            return why.kind == "raised"
        leaves = [
            leaf
            for leaf in jax.tree.leaves(tree)
            if isinstance(leaf, float | int | np.ndarray | np.generic | jax.Array) and not is_key(leaf)
        ]
        sizes = [
            np.abs(np.asarray(leaf, float)) for leaf in leaves if np.size(leaf) and np.asarray(leaf).dtype.kind in "fiu"
        ]
        return not sizes or all(np.isfinite(one).all() and one.max() < 1e6 for one in sizes) and any(map(np.any, sizes))

    return plain(args) and plain(wanted) and plain(outcome)


def _senseless(wanted: Any) -> bool:
    """Say whether even a right answer makes nothing of an input: an exception, nan or infinity."""
    return isinstance(wanted, Raised) or not all(
        np.isfinite(np.asarray(leaf, float)).all()
        for leaf in jax.tree.leaves(wanted)
        if np.size(leaf) and np.asarray(leaf).dtype.kind in "fiub"
    )


def _difference(exercise: Exercise, expected: Any, got: Any, kinds: bool = True) -> Difference | None:
    """Compare two outcomes of one probe. Exceptions agree when they have one type (and words meant for learners)."""
    if not isinstance(expected, Raised) and not isinstance(got, Raised):
        return difference(expected, got, exercise.rtol, exercise.atol, kinds=kinds)
    if (
        isinstance(expected, Raised)
        and isinstance(got, Raised)
        and type(expected.error) is type(got.error)
        and (not isinstance(got.error, LearnerError) or str(expected.error) == str(got.error))
    ):
        return None
    return Difference("raised" if isinstance(got, Raised) else "value", "")


def differ(exercise: Exercise, expected: Any, got: Any) -> bool:
    """Say whether two outcomes of an exercise are not the same answer, by its own tolerances."""
    return _difference(exercise, expected, got) is not None


def _behaves_alike(exercise: Exercise, mistaken: Callable, probes: list[tuple], expected: list, got: list) -> bool:
    differs_from_reference = False
    for args, right, answer in zip(probes, expected, got, strict=True):
        outcome = run(exercise.observe, mistaken, args)
        both_functions = callable(outcome) and callable(answer)  # as `jax.grad(loss)` that was never called
        # `w * x` of whole numbers is whole, with 0.0 added it is not: the same mistake.
        if not both_functions and _difference(exercise, outcome, answer, kinds=False):
            return False
        differs_from_reference |= differ(exercise, right, outcome)
    return differs_from_reference


def _stopped(answer: Callable, raised: Raised) -> str:
    """Put an exception in words; one that observing the output raised speaks of what was returned."""
    if isinstance(raised.error, LearnerError):
        return str(raised.error)
    if raised.inside:
        return f"Your function stopped. {explain_error(raised.error, [inspect.unwrap(answer)], 'running it')}"
    return (
        f"It returned {format_value(raised.returned)}, which is not of the kind that is needed "
        f"({type(raised.error).__name__}: {first_line(raised.error)})."
    )


def _expected_and_got(exercise: Exercise, expected: Any, got: Any) -> str:
    """Show two outcomes one above the other; of dicts only the parts that differ."""
    if isinstance(got, Raised) or isinstance(expected, Raised):
        return "    expected an error that says what is wrong with this input"
    if not isinstance(expected, dict):
        return f"    expected {format_value(expected)}\n    got      {format_value(got)}"
    return "\n".join(
        f"    {part}: expected {format_value(value)}, got {format_value(got[part])}"
        for part, value in expected.items()
        if difference(value, got[part], exercise.rtol, exercise.atol)
    )


def _judge_gradient(
    exercise: Exercise, argument: int, answer: Callable, call: Callable, probes: list[tuple], expected: list
) -> Verdict:
    """Compare gradients on a few probes, where the values agree already on all."""
    few = [args for args in probes if length(exercise.domain, args) < ROWS]  # a loop over many rows takes long
    chosen = [*few[:1], *few[-2:]]

    def gradients(fn: Callable, call: Callable = lambda work, *args: work(*args)) -> list:
        return [call(gradient, fn, args, argument) for args in chosen]

    right, got = gradients(exercise.reference), gradients(answer, call)
    wrong = [i for i in range(len(chosen)) if _gradients_differ(right[i], got[i])]
    if not wrong:
        return Verdict("passed", f"Right: it agrees with the kit on {_count(probes)}, and so does its gradient.")
    mistake = name_mistake(
        exercise,
        lambda fn: (
            not any(
                differ(exercise, e, run(exercise.observe, fn, args)) for e, args in zip(expected, probes, strict=True)
            )
            and not any(map(_gradients_differ, gradients(fn), got))
        ),
    )
    if mistake:
        return Verdict("failed", mistake.message, mistake.name)
    i = min(wrong, key=lambda i: _size(chosen[i]))
    early = _stopped_early(exercise, answer, got[i], chosen[i])
    if early:
        return early
    if isinstance(got[i], Raised):
        words = explain_error(got[i].error, [inspect.unwrap(answer)], "taking the gradient")
        return Verdict("failed", f"The values are right, but `jax.grad` cannot go through it. {words}")

    def still_differs(args: tuple) -> bool:
        wanted, outcome = gradient(exercise.reference, args, argument), call(gradient, answer, args, argument)
        return not _senseless(wanted) and not isinstance(outcome, Raised) and _gradients_differ(wanted, outcome)

    args = shrink(chosen[i], still_differs, probes, calls=30)
    by = list(inspect.signature(exercise.reference).parameters)[argument]
    return Verdict(
        "failed",
        f"The values are right, but the gradient with respect to `{by}` differs here:\n"
        f"    {_formatted(exercise, args)}\n"
        f"    expected {format_value(gradient(exercise.reference, args, argument))}\n"
        f"    got      {format_value(call(gradient, answer, args, argument))}",
    )


def _gradients_differ(expected: Any, got: Any) -> bool:
    if isinstance(expected, Raised) or isinstance(got, Raised):
        return True
    return difference(expected, got, 1e-3, 1e-4) is not None


def _formatted(exercise: Exercise, args: tuple) -> str:
    return format_call(exercise.name, exercise.reference, fresh(args))


def _size(args: tuple) -> tuple[int, int]:
    """Order inputs from easy to hard to read: few numbers first, then few characters."""
    return sum(np.size(leaf) for leaf in jax.tree.leaves(args)), len(format_value(fresh(args)))


def _count(probes: list[tuple]) -> str:
    return "1 input" if len(probes) == 1 else f"{len(probes)} inputs"

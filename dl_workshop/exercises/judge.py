"""The decision: blank, passed, or failed with the most telling reason there is.

A known mistake that alone agrees with the learner's function on every probe (same shape, same exceptions) says more
than any general sentence, so it is looked for first; then come exceptions, kinds and shapes, the smallest
counterexample, and the gradient.
"""

import inspect
from typing import NamedTuple

import numpy as np

from dl_workshop.exercises.compare import difference
from dl_workshop.exercises.running import Raised, Todo, fresh, gradient, quietly, run
from dl_workshop.exercises.words import told, told_call
from dl_workshop.shapes import in_words

GRADIENT_PROBES = 4


class Verdict(NamedTuple):
    """The outcome of a check: its status, why in words, and the name of the mistake where it is known."""

    status: str
    why: str
    mistake: str | None = None


def judge(exercise, answer, key) -> Verdict:
    """Judge a learner's function by what it does on round and on fresh random probes."""
    if answer is ...:
        return _blank(exercise)
    if not callable(answer):
        return Verdict("failed", f"`{exercise.name}` should be a function, but it is {told(answer)}. Run the cell "
                       f"that starts with `def {exercise.name}(` again.")
    with quietly():
        probes = [*exercise.small, *exercise.probes(key)]
        got = [run(exercise.observe, answer, args) for args in probes]
        still_blank = _still_blank(exercise, answer, got)
        if still_blank:
            return still_blank
        expected = [run(exercise.observe, exercise.reference, args) for args in probes]
        wrong = [_differ(exercise, e, g) for e, g in zip(expected, got, strict=True)]
        if not any(wrong):
            return _judge_gradient(exercise, answer, probes)
        mistake = _known_mistake(exercise, probes, expected, got)
        if mistake:
            return Verdict("failed", mistake.message, mistake.name)
        return Verdict("failed", _why(exercise, answer, probes, expected, got, wrong))


def judge_value(exercise, value) -> Verdict:
    """Judge a learner's value: a mistake is named when it is the only one whose predicate holds."""
    if value is ...:
        return _blank(exercise)
    with quietly():
        try:
            why = exercise.judge(value)
        except Exception as error:
            why = f"It is {told(value)}, which is of another kind than expected ({type(error).__name__}: {error})."
        if not why:
            return Verdict("passed", "Right.")
        matching = [mistake for mistake in exercise.mistakes if _holds(mistake.function, value)]
    if len(matching) == 1:
        return Verdict("failed", matching[0].message, matching[0].name)
    return Verdict("failed", why)


def _blank(exercise):
    return Verdict("blank", f"Still blank. {exercise.task}\nStuck? `ex.{exercise.name}.hint()`")


def _still_blank(exercise, answer, got):
    """Tell a blank answer from one that calls another function that is blank."""
    for outcome in got:
        if outcome is ...:
            return _blank(exercise)
        if isinstance(outcome, Raised) and isinstance(outcome.error, Todo):
            name = outcome.error.name
            if name in (exercise.name, getattr(answer, "__name__", exercise.name)):
                return _blank(exercise)
            return Verdict("failed", f"It calls `{name}`, which is still blank. Write that one first.")
    return None


def _differ(exercise, expected, got):
    """Say whether two outcomes of one probe, values or exceptions, are different to a learner."""
    if isinstance(expected, Raised) or isinstance(got, Raised):
        both = isinstance(expected, Raised) and isinstance(got, Raised)
        return not (both and type(expected.error) is type(got.error))
    return difference(expected, got, exercise.rtol, exercise.atol) is not None


def _known_mistake(exercise, probes, expected, got):
    """Give the one mistake that does what the answer does on every probe; None where none or several do."""
    if all(isinstance(outcome, Raised) for outcome in got):
        return None                                  # exceptions alone are too little to name a mistake by
    matching = [mistake for mistake in exercise.mistakes
                if _behaves_alike(exercise, mistake.function, probes, expected, got)]
    return matching[0] if len(matching) == 1 else None


def _behaves_alike(exercise, mistaken, probes, expected, got):
    differs_from_reference = False
    for args, right, answer in zip(probes, expected, got, strict=True):
        outcome = run(exercise.observe, mistaken, args)
        if _differ(exercise, outcome, answer):
            return False
        differs_from_reference |= _differ(exercise, right, outcome)
    return differs_from_reference


def _why(exercise, answer, probes, expected, got, wrong):
    """Say why an answer without a known mistake is wrong: exception, then kind or shape, then counterexample."""
    names = list(inspect.signature(exercise.reference).parameters)
    order = sorted((i for i, bad in enumerate(wrong) if bad), key=lambda i: _size(probes[i]))
    for i in order:
        if isinstance(got[i], Raised):
            return _exception(exercise, answer, told_call(exercise.name, names, fresh(probes[i])), got[i])
    found = [(i, difference(expected[i], got[i], exercise.rtol, exercise.atol)) for i in order]
    i, first = min(found, key=lambda pair: pair[1].kind == "value")
    call = told_call(exercise.name, names, fresh(probes[i]))
    if first.kind != "value":
        return f"For `{call}`\n{first.words}"
    return f"It differs here:\n    {call}\n" + _expected_and_got(exercise, expected[i], got[i])


def _exception(exercise, answer, call, raised):
    if not raised.inside:
        return (f"For `{call}`\nit returned {told(raised.returned)}, which is of another kind than expected "
                f"({type(raised.error).__name__}: {_first_line(raised.error)}).")
    context = f"running it on the input below:\n    {call}"
    words = str(in_words(raised.error, [inspect.unwrap(answer)], "running it"))
    return f"Your function stopped. {words}\nThe input was:\n    {call}" if context else words


def _expected_and_got(exercise, expected, got):
    """Show the parts of two outcomes that differ."""
    if isinstance(expected, dict):
        lines = []
        for part, value in expected.items():
            if difference(value, got[part], exercise.rtol, exercise.atol):
                lines.append(f"    {part}: expected {told(value)}, got {told(got[part])}")
        return "\n".join(lines)
    return f"    expected {told(expected)}\n    got      {told(got)}"


def _judge_gradient(exercise, answer, probes):
    """Compare gradients where the exercise asks for them; the values agree already."""
    agreed = f"Right: it agrees with the kit on {len(probes)} inputs, most of them random."
    if exercise.differentiable is None:
        return Verdict("passed", agreed)
    names = list(inspect.signature(exercise.reference).parameters)
    by = names[exercise.differentiable]
    chosen = [*probes[:1], *probes[1 - GRADIENT_PROBES:]]
    pairs = [(args, *(gradient(fn, args, exercise.differentiable) for fn in (exercise.reference, answer)))
             for args in chosen]
    wrong = [pair for pair in pairs if _gradients_differ(exercise, *pair[1:])]
    if not wrong:
        return Verdict("passed", f"{agreed} Its gradient agrees too.")
    for mistake in exercise.mistakes:
        outcomes = [gradient(mistake.function, args, exercise.differentiable) for args in chosen]
        if not any(_gradients_differ(exercise, o, got) for o, (_, _, got) in zip(outcomes, pairs, strict=True)):
            alike = [_differ(exercise, *(run(exercise.observe, f, a) for f in (exercise.reference, mistake.function)))
                     for a in probes]
            if not any(alike):
                return Verdict("failed", mistake.message, mistake.name)
    args, expected, got = min(wrong, key=lambda pair: _size(pair[0]))
    if isinstance(got, Raised):
        words = in_words(got.error, [inspect.unwrap(answer)], "taking the gradient")
        return Verdict("failed", f"The values are right, but `jax.grad` cannot go through it. {words}")
    return Verdict("failed", f"The values are right, but the gradient with respect to `{by}` is not:\n"
                   f"    {told_call(exercise.name, names, fresh(args))}\n    expected {told(expected)}\n"
                   f"    got      {told(got)}")


def _gradients_differ(exercise, expected, got):
    if isinstance(expected, Raised) or isinstance(got, Raised):
        return True
    return difference(expected, got, max(exercise.rtol, 1e-3), max(exercise.atol, 1e-4)) is not None


def _size(args):
    """Order inputs from easy to hard to read: few numbers first, then few characters."""
    leaves = [fresh(leaf) for leaf in (args.values() if isinstance(args, dict) else args)]
    count = sum(_size(leaf)[0] if isinstance(leaf, dict | tuple) else np.size(leaf) for leaf in leaves)
    return count, len("".join(told(leaf) for leaf in leaves))


def _holds(predicate, value):
    try:
        return bool(predicate(value))
    except Exception:
        return False


def _first_line(error):
    return str(error).strip().split("\n")[0]

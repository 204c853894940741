"""What has to hold for every exercise: right answers pass, mistakes are named, wrong answers are refused."""

import contextlib
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop import exercises
from dl_workshop.authoring.source import parse, read_text
from dl_workshop.display.values import format_value
from dl_workshop.exercises.domain import length, misfit, more_rows
from dl_workshop.exercises.engine import Check
from dl_workshop.exercises.exercise import AnyExercise, Exercise, ValueExercise, all_probes, draws
from dl_workshop.exercises.judge import differ
from dl_workshop.exercises.running import fresh, quietly, run, todo
from dl_workshop.exercises.saboteurs import saboteurs
from dl_workshop.packs import find


class Proof(NamedTuple):
    """What was tried of one exercise, how often, and what did not hold: a line each."""

    exercise: str
    what: str
    tried: int
    faults: list[str]


def prove(name: str) -> list[Proof]:
    """Try everything on every exercise of a lesson, `name` as in exercises.load.

    Raises: LearnerError where the lesson does not load.
    """
    lesson = exercises.load(name)
    proofs: dict[bool, dict[str, Callable]] = {True: PROOFS | OF_VALUES, False: PROOFS | OF_FUNCTIONS}
    return [
        Proof(check.name, what, *_tried(try_it(name, check.exercise)))
        for check in lesson
        for what, try_it in proofs[isinstance(check.exercise, ValueExercise)].items()
    ]


def _tried(outcomes: Iterable[str]) -> tuple[int, list[str]]:
    outcomes = list(outcomes)
    return len(outcomes), [words for words in outcomes if words]


def handed_in(name: str, exercise: AnyExercise, answer: Any) -> Check:
    """Check an answer afresh, and give the check."""
    check = getattr(exercises.load(name), exercise.name)
    with contextlib.redirect_stdout(None), quietly():
        check.check(answer)
    return check


def complete(name: str, exercise: AnyExercise) -> Iterator[str]:
    """Hints, a task that is a sentence, enough mistakes, each with words of its own, and other right answers."""
    mistakes = exercise.mistakes
    yield "" if len(set(exercise.hints)) == 3 else "it needs three different hints"
    yield "" if exercise.task.strip().endswith(".") else "its task does not end with a full stop"
    yield (
        ""
        if len(mistakes) >= 5 or exercise.few_mistakes_because
        else f"it names {len(mistakes)} mistakes: write five or more, or say why not in few_mistakes_because"
    )
    yield "" if len(exercise.also_right) >= 2 else "also_right needs two answers that are written differently"
    for field in ("name", "message"):
        values = [getattr(mistake, field) for mistake in mistakes]
        yield "" if len(set(values)) == len(values) else f"two mistakes have the same {field}"


def asked_alike(name: str, exercise: AnyExercise) -> Iterator[str]:
    """What a task quotes, code and numbers, is what the notebook asks: it stands around the exercise's cell."""
    text = around(find(name).folder / "lesson.py", exercise.name)
    quotes = [*re.findall(r"`([^`]+)`", exercise.task), *re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", exercise.task)]
    for quote in dict.fromkeys(quotes):
        there = quote in text or all(word in text for word in re.findall(r"\w+", quote))
        yield "" if there else f"its task speaks of {quote}, the notebook does not: let both ask the same"


def around(source: Path, name: str) -> str:
    """Give the notebook's text that belongs to an exercise: its cell, and what stands before it since the last one."""
    texts = []
    for cell in parse(source, read_text(source)).cells:
        texts.append(cell.text)
        if cell.options.get("exercise") == name:
            return re.sub(r"\s+", " ", " ".join(texts))
        if cell.options.keys() & {"exercise", "check"}:
            texts = []
    return ""


def blank(name: str, exercise: AnyExercise) -> Iterator[str]:
    """An untouched answer counts as blank."""
    check = handed_in(name, exercise, ... if isinstance(exercise, ValueExercise) else (lambda *args: todo()))
    yield "" if check.status == "blank" else f"a blank answer is {check.status}: {check.message}"


def solution(name: str, exercise: AnyExercise) -> Iterator[str]:
    """The solution that is shown runs with the names of the lesson, and passes."""
    text = getattr(exercises.load(name), exercise.name).solution_text()
    names = dict(getattr(exercise.reference, "__globals__", {}), jax=jax, jnp=jnp, np=np)
    try:
        exec(text, names)
    except Exception as error:
        yield f"the solution does not run: {type(error).__name__}: {error}"
        return
    check = handed_in(name, exercise, names[exercise.name])
    yield "" if check.status == "passed" else f"the solution is refused: {check.message}"


def also_right(name: str, exercise: AnyExercise) -> Iterator[str]:
    """Every other right answer passes."""
    for i, answer in enumerate(exercise.also_right):
        check = handed_in(name, exercise, answer)
        yield "" if check.status == "passed" else f"also_right[{i}] is refused: {check.message}"


def mistakes(name: str, exercise: AnyExercise) -> Iterator[str]:
    """Every mistake is told its own name and words."""
    for mistake in exercise.mistakes:
        check = handed_in(name, exercise, mistake.example if isinstance(exercise, ValueExercise) else mistake.function)
        yield (
            ""
            if check.mistake == mistake.name and mistake.message in check.message
            else f"the mistake {mistake.name} gets the name {check.mistake}: {check.message}"
        )


def wrong_values(name: str, exercise: ValueExercise) -> Iterator[str]:
    """A wrong value fails without a name."""
    for value in exercise.wrong:
        check = handed_in(name, exercise, value)
        yield "" if (check.status, check.mistake) == ("failed", None) else f"{value!r} is {check.status}"


def cheats_refused(name: str, exercise: Exercise) -> Iterator[str]:
    """Constants, arguments handed back, remembered answers, outputs of zeros and without gradient are refused."""
    with quietly():
        calls = all_probes(exercise, jax.random.key(0))
        right, tried = outcomes(exercise, calls), list(cheats(exercise))
        passed = [cheat for cheat, answer in tried if not told_apart(exercise, answer, calls, right)]
    for cheat, answer in tried:
        if cheat not in WHOLE and cheat not in passed:
            yield ""
            continue
        check = handed_in(name, exercise, answer)
        yield (
            ""
            if check.status == "failed" and "could not make sense" not in check.message
            else f"{cheat} is {check.status}: {check.message}"
        )


def probes_in_domain(name: str, exercise: Exercise) -> Iterator[str]:
    """Every argument has a domain, and every probe lies in it."""
    arguments = list(inspect.signature(exercise.reference).parameters)
    if list(exercise.domain) != arguments:
        yield f"domain should name the arguments {', '.join(arguments)}"
        return
    for seed in (1, 2, 3):
        for args in all_probes(exercise, jax.random.key(seed)):
            yield misfit(exercise.domain, fresh(args)) or ""


def saboteurs_refused(name: str, exercise: Exercise) -> Iterator[str]:
    """The general wrong answers of saboteurs.py are refused, or the exercise says why it cannot see them."""
    with quietly():
        calls, many = all_probes(exercise, jax.random.key(0)), wide(exercise)
        right, rights = outcomes(exercise, calls), outcomes(exercise, many)
        passed = [told for told, answer in saboteurs(exercise) if not told_apart(exercise, answer, calls, right)]
        again = dict(saboteurs(exercise))
        harmful = [told for told in passed if told_apart(exercise, again[told], many, rights)]
    for told in again:
        yield f"it passes one that is wrong: {told}" if told in harmful and told not in exercise.cannot_see else ""
    for told in exercise.cannot_see:
        yield "" if told in harmful else f"cannot_see names what is refused: {told}"


PROOFS = {
    "is complete": complete,
    "the notebook asks alike": asked_alike,
    "blank is blank": blank,
    "the solution passes": solution,
    "other right answers pass": also_right,
    "mistakes are named": mistakes,
}
OF_VALUES = {"wrong values fail": wrong_values}
OF_FUNCTIONS = {
    "probes lie in the domain": probes_in_domain,
    "cheats are refused": cheats_refused,
    "saboteurs are refused": saboteurs_refused,
}


def is_number(leaf: object) -> bool:
    """Say whether a leaf is an array of numbers, and no random key."""
    return hasattr(leaf, "dtype") and not jax.dtypes.issubdtype(leaf.dtype, jax.dtypes.prng_key)


def remembered(exercise: Exercise) -> Callable:
    """Answers kept from another check: right for the round probes, which never change, and for shapes seen before."""
    kept, shape = {}, lambda args: str([np.shape(leaf) for leaf in jax.tree.leaves(args)])
    for args in (*exercise.probes(jax.random.key(99)), *exercise.small):
        out = run(lambda fn, *args: fn(*args), exercise.oracle or exercise.reference, args)
        kept[shape(fresh(args))] = kept[format_value(fresh(args))] = out
    return lambda *args: kept.get(format_value(args), kept.get(shape(args), 0.0))


# Cheats that go through a whole check, words and all: other kinds of output, one wrong number, no gradient. Of the
# others it is enough that their values are told apart on the probes, which is what a check decides by.
WHOLE = ("none", "text", "empty dict", "everything", "moved a little", "no gradient")


def cheats(exercise: Exercise) -> Iterator[tuple[str, Callable]]:
    """Answers that know nothing: constants, arguments handed back, outputs of the right shape but empty."""
    reference = exercise.reference
    first = exercise.probes(jax.random.key(99))[0]
    kept = run(lambda fn, *args: fn(*args), reference, first)
    yield from {
        "zero": lambda *args: 0.0,
        "one": lambda *args: 1.0,
        "none": lambda *args: None,
        "text": lambda *args: "right",
        "empty dict": lambda *args: {},
        "first argument": lambda *args: args[0],
        "last argument": lambda *args: args[-1],
        "everything": lambda *args: args,
        "remembered": lambda *args: kept,
        "remembered by shape": remembered(exercise),
        "first argument, copied": lambda *args: jax.tree.map(
            lambda leaf: np.array(leaf) if is_number(leaf) else leaf, args[0]
        ),
        "nan": lambda *args: jax.tree.map(lambda leaf: leaf * jnp.nan, reference(*args)),
        "moved a little": lambda *args: jax.tree.map(lambda leaf: leaf * 1.5 + 0.5, reference(*args)),
    }.items()
    if not exercise.zeros_are_right_because:
        yield "zeros", lambda *args: jax.tree.map(jnp.zeros_like, reference(*args))
    if exercise.differentiable is not None:
        yield "no gradient", lambda *args: jax.tree.map(jax.lax.stop_gradient, reference(*args))


def outcomes(exercise: Exercise, calls: Iterable[tuple]) -> list[Any]:
    """Give what the right answer does on each call."""
    return [run(exercise.observe, exercise.oracle or exercise.reference, args) for args in calls]


def told_apart(exercise: Exercise, answer: Callable, calls: list[tuple], right: list) -> bool:
    """Say whether a check on these calls tells the answer from the right one: by a value, or by what it spoils."""
    for args, wanted in zip(calls, right, strict=True):
        spoiled: list[str] = []
        got = run(exercise.observe, answer, args, spoiled)
        if spoiled or differ(exercise, wanted, got):
            return True
    return False


def wide(exercise: Exercise) -> list[tuple]:
    """Draw many calls from the domain: other probes, with more rows, more steps, and other numbers in each argument."""
    domains, calls = exercise.domain, all_probes(exercise, jax.random.key(1))
    last = [args for args in calls[-1:] if length(domains, args)]
    rows = [more_rows(domains, args, draws(jax.random.key(1)), rows=300) for args in last]
    other = [
        (*args[:i], other_value(domain, args[i]), *args[i + 1 :])
        for args in calls[-2:]
        for i, domain in enumerate(domains.values())
    ]
    return calls + [args for args in rows if args] + other


def other_value(domain: Any, value: Any) -> Any:
    """Give another value of a domain: larger and with more digits, 12 in place of a count."""
    if isinstance(domain, dict):
        return {key: other_value(part, value[key]) for key, part in domain.items()}
    if type(domain) is tuple or domain.values or domain.kind not in ("float", "whole", "number"):
        return value
    if domain.kind == "whole":
        return value if np.ndim(value) or isinstance(value, list | tuple) else int(np.clip(12, domain.low, domain.high))
    low, high = (float(np.clip(bound, -30, 30)) for bound in (domain.low, domain.high))
    array = np.clip(np.asarray(value, float) * 7.0 + 0.123, low, high)
    return float(array) if array.ndim == 0 else array.tolist()

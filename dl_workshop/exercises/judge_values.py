"""The decision on a value that a learner wrote down: a guess, a number read off a picture, a word."""

from collections.abc import Callable
from typing import Any

from dl_workshop.display.values import format_value
from dl_workshop.exercises.exercise import ValueExercise
from dl_workshop.exercises.odd import odd_part
from dl_workshop.exercises.running import quietly
from dl_workshop.exercises.verdict import Verdict, blank, kits_fault


def judge_value(exercise: ValueExercise, value: Any) -> Verdict:
    """Judge a learner's value: a mistake is named when it is the only one whose predicate holds."""
    if value is ...:
        return blank(exercise)
    with quietly():
        try:
            why = exercise.judge(value) or odd_part(exercise.reference, value, exercise.name)
        except Exception as error:  # not of the kind that the judge can compute with, or a fault of the judge's
            if not _judges(exercise, exercise.reference):
                return kits_fault(error, "its own answer fails")
            why = odd_part(exercise.reference, value, exercise.name) or (
                f"It is {format_value(value)}, which is not of the kind that is asked for. {exercise.task}"
            )
        if not why:
            return Verdict("passed", "Right.")
        matching = [mistake for mistake in exercise.mistakes if _holds(mistake.function, value)]
    if len(matching) == 1:
        return Verdict("failed", matching[0].message, matching[0].name)
    return Verdict("failed", why)


def _judges(exercise: ValueExercise, value: Any) -> bool:
    """Say whether a value exercise can judge a value without an exception."""
    try:
        exercise.judge(value)
    except Exception:
        return False
    return True


def _holds(predicate: Callable, value: Any) -> bool:
    try:
        return bool(predicate(value))
    except Exception:
        return False

"""The outcome of a check, and two that say nothing of what was written: still blank, and a fault of the kit's own."""

import re
from typing import NamedTuple

from dl_workshop.errors import first_line
from dl_workshop.exercises.exercise import AnyExercise
from dl_workshop.written import last_line_in


class Verdict(NamedTuple):
    """The outcome of a check: its status, why in words, and the name of the mistake where it is known."""

    status: str
    why: str
    mistake: str | None = None
    at_fault: str = "learner"


def blank(exercise: AnyExercise) -> Verdict:
    """Say what is to be written, of an answer that is not there yet."""
    return Verdict("blank", f"{exercise.task}\nStuck? Type `ex.{exercise.name}.hint()`.")


def kits_fault(error: BaseException, what: str) -> Verdict:
    """Say that an exercise cannot judge anything, by a fault of its own: never the learner's."""
    place = last_line_in(error, lambda file: bool(re.fullmatch(r"lesson_\d\d_\w+", file.parent.name)))
    return Verdict(
        "blank",
        f"This exercise has a fault of its own: {what} ({place}{type(error).__name__}: "
        f"{first_line(error)}). It is not your answer. Please report it; the notebook goes on with what you "
        "wrote.",
        at_fault="kit",
    )

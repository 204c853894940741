"""The outcome of a check, and two that say nothing of what was written: still blank, and a fault of the kit's own."""

import re
from pathlib import Path
from typing import NamedTuple

from dl_workshop.errors import first_line


class Verdict(NamedTuple):
    """The outcome of a check: its status, why in words, and the name of the mistake where it is known."""

    status: str
    why: str
    mistake: str | None = None
    at_fault: str = "learner"


def blank(exercise) -> Verdict:
    """Say what is to be written, of an answer that is not there yet."""
    return Verdict("blank", f"{exercise.task}\nStuck? Type `ex.{exercise.name}.hint()`.")


def kits_fault(error, what) -> Verdict:
    """Say that an exercise cannot judge anything, by a fault of its own: never the learner's."""
    return Verdict("blank", f"This exercise has a fault of its own: {what} ({_place(error)}{type(error).__name__}: "
                   f"{first_line(error)}). It is not your answer. Please report it; the notebook goes on with what you "
                   "wrote.", at_fault="kit")


def _place(error):
    """Name the file and line of the lesson that the error went through last; "" where it went through none."""
    place, frame = "", error.__traceback__
    while frame is not None:
        file = Path(frame.tb_frame.f_code.co_filename)
        if re.fullmatch(r"lesson_\d\d_\w+", file.parent.name):
            place = f"{file.parent.name}/{file.name}, line {frame.tb_lineno}: "
        frame = frame.tb_next
    return place

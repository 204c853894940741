"""Exercises that say what is wrong: `ex = exercises.load("01")`, then `mse = ex.mse.check(mse)`.

Questions are asked with `ex.negative_loss.ask()`.
"""

import importlib
import importlib.util
import pkgutil

from dl_workshop.errors import LearnerError
from dl_workshop.exercises.engine import Lesson

__all__ = ["load", "numbers", "questions"]


def load(number) -> Lesson:
    """Load the exercises of a lesson, all of them blank: `load("01")`.

    Raises: LearnerError where that lesson has none.
    """
    number = str(number).zfill(2)
    if number not in numbers():
        raise LearnerError(f"There are no exercises for lesson {number}. There are some for: {', '.join(numbers())}.")
    return Lesson(number, importlib.import_module(f"{__name__}.lesson_{number}").EXERCISES, questions(number))


def questions(number) -> tuple:
    """Give the questions and quizzes of a lesson, as the plain data that they are; none where it has none."""
    if importlib.util.find_spec(f"{__name__}.questions_{number}") is None:
        return ()
    return importlib.import_module(f"{__name__}.questions_{number}").QUESTIONS


def numbers() -> list[str]:
    """List the lessons that have exercises, as ["01", "02", ...]."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name.removeprefix("lesson_") for name in names if name.startswith("lesson_"))

"""Exercises that say what is wrong: `ex = exercises.load("01")`, then `mse = ex.mse.check(mse)`."""

import importlib
import pkgutil

from dl_workshop.exercises.engine import Lesson
from dl_workshop.shapes import LearnerError

__all__ = ["load", "numbers"]


def load(number) -> Lesson:
    """Load the exercises of a lesson, all of them blank: `load("01")`.

    Raises: LearnerError where that lesson has none.
    """
    number = str(number).zfill(2)
    if number not in numbers():
        raise LearnerError(f"There are no exercises for lesson {number}. There are some for: {', '.join(numbers())}.")
    return Lesson(number, importlib.import_module(f"{__name__}.lesson_{number}").EXERCISES)


def numbers() -> list[str]:
    """List the lessons that have exercises, as ["01", "02", ...]."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name.removeprefix("lesson_") for name in names if name.startswith("lesson_"))

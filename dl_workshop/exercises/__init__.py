"""Exercises that say what is wrong: `ex = exercises.load("01")`, then `mse = ex.mse.check(mse)`.

Questions are asked with `ex.negative_loss.ask()`.
"""

from dl_workshop.errors import LearnerError
from dl_workshop.exercises.engine import Lesson
from dl_workshop.packs import Found, find, in_pack

__all__ = ["load", "numbers", "questions"]


def load(name: str) -> Lesson:
    """Load the exercises of a lesson, all of them blank: `load("01")` of the kit's, `load("pack/01")` of a pack's.

    Raises: LearnerError where there is no such lesson, or it has a fault.
    """
    lesson = find(name)
    module = lesson.module("exercises")
    if module is None:
        raise LearnerError(f"Lesson {lesson.name} has no exercises: its folder holds no exercises.py.")
    if not hasattr(module, "EXERCISES"):
        raise LearnerError(f"{module.__file__}: there is no EXERCISES, the tuple of the lesson's exercises.")
    return Lesson(lesson.name, module.EXERCISES, _questions(lesson))


def questions(name: str) -> tuple:
    """Give the questions and quizzes of a lesson, as the plain data that they are; none where it has none."""
    try:
        return _questions(find(name))
    except LearnerError:
        return ()


def _questions(lesson: Found) -> tuple:
    return getattr(lesson.module("questions"), "QUESTIONS", ())


def numbers() -> list[str]:
    """List the kit's own lessons, as ["01", "02", ...]."""
    return [lesson.number for lesson in in_pack("")]

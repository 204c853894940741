"""The list of all exercises with their known mistakes, docs/exercises.md, made from the exercises themselves."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dl_workshop.exercises.engine import Lesson
    from dl_workshop.exercises.exercise import Exercise, ValueExercise


def texts() -> dict[str, str]:
    """Make docs/exercises.md; return it by its path below root."""
    from dl_workshop import exercises  # brings JAX along: not for those who only ask for other files
    from dl_workshop.exercises.saboteurs import KINDS

    kinds = "\n".join(
        ["| wrong answer | how it is made |", "|---|---|", *(f"| {name} | {how} |" for name, how in KINDS.items())]
    )
    parts = [HEAD.format(kinds=kinds), *(_lesson(exercises.load(number), number) for number in exercises.numbers())]
    return {"docs/exercises.md": "\n".join(parts)}


HEAD = """# Exercises and the mistakes they know

Made by `dl-workshop build`; do not edit. A check names a mistake only when it alone does what the learner's answer
does, on every probe. Mistakes marked with + are also recognised two at a time.

What an exercise promises of its arguments stands below each task: every input of a check lies in it, and so do the
lesson's own calls. n counts rows.

## Wrong answers of every kind

Each of these is made out of every exercise's right answer, and has to be refused where it does any harm. What a check
cannot see is told below the exercise.

{kinds}
"""


def _lesson(lesson: "Lesson", number: str) -> str:
    return f"## Lesson {number}\n\n" + "\n".join(_exercise(check.exercise) for check in lesson)


def _exercise(exercise: "Exercise | ValueExercise") -> str:
    few = f"\n{exercise.few_mistakes_because}\n" if exercise.few_mistakes_because else ""
    rows = [
        f"| `{mistake.name}`{' +' if mistake.variant else ''} | {_cell(mistake.message)} |"
        for mistake in exercise.mistakes
    ]
    return "\n".join(
        [
            f"### `{exercise.name}`",
            "",
            exercise.task,
            "",
            *_domain(exercise),
            few,
            "| mistake | what the check says |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def _domain(exercise: "Exercise | ValueExercise") -> Iterator[str]:
    """Say what the arguments may be, and what a check cannot see."""
    from dl_workshop.exercises.domain import described

    domain = getattr(exercise, "domain", {})
    if domain:
        yield "Arguments: " + "; ".join(f"`{name}`, {described(part)}" for name, part in domain.items()) + "."
    for name, why in getattr(exercise, "cannot_see", {}).items():
        yield f"\nA check cannot see *{name}*: {why}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")

"""Questions in the notebooks: what instructors read below each, from the same data that the learner's feedback has."""

import importlib.util
from collections.abc import Sequence
from typing import Any

from dl_workshop.authoring.borrowed import borrowed
from dl_workshop.authoring.render import NOTE
from dl_workshop.authoring.source import Cell, Lesson
from dl_workshop.errors import LearnerError


def known_questions(lesson: Lesson) -> dict[str, Any]:
    """Give {name: question or quiz} of a lesson, from the file beside its source."""
    file = lesson.file.with_name("questions.py")
    if not file.exists():
        return {}
    spec = importlib.util.spec_from_file_location(f"{lesson.file.parent.name}_questions", file)
    assert spec and spec.loader, "a file that ends in .py has both"
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {question.name: question for question in module.QUESTIONS}


def answer_cells(lesson: Lesson, cell: Cell, name: str) -> list:
    """Give the cells that instructors find below a question: its right answer and why; none below other cells."""
    if "question" not in cell.options:
        return []
    new = borrowed("nbformat").v4.new_markdown_cell
    return [
        new(_note(one), id=f"{name}-answer-{i}", metadata={"dl_workshop": {"answer": one.name}})
        for i, one in enumerate(_each(known_questions(lesson)[cell.options["question"]]), 1)
    ]


def without_answers(lesson: Lesson, cells: list) -> list:
    """Drop these cells from an instructor's notebook, since they are built from data and not from the lesson's source.

    Raises: LearnerError if one was edited, which would be lost.
    """
    kept = []
    for cell in cells:
        name = cell.metadata.get("dl_workshop", {}).get("answer")
        if name is None:
            kept.append(cell)
        elif cell.source != _notes(lesson).get(name):
            raise LearnerError(
                f"The note on the question `{name}` was edited, but it is built from "
                f"{lesson.file.parent.name}/questions.py: edit it there. Nothing was written."
            )
    return kept


def _notes(lesson: Lesson) -> dict[str, str]:
    """Give {name of a question: its note} for a lesson, those in quizzes among them."""
    return {one.name: _note(one) for question in known_questions(lesson).values() for one in _each(question)}


def _each(question: Any) -> Sequence:
    from dl_workshop.exercises.question import Quiz

    return question.questions if isinstance(question, Quiz) else [question]


def _note(question: Any) -> str:
    """Write a question, its right answer and what to say to each wrong one, as Markdown in a box."""
    from dl_workshop.exercises.question import Discussion, Number, lettered

    lines = [f"{NOTE} {question.text}"]
    if isinstance(question, Discussion):
        lines.append(f"A good answer has: {question.good}")
    elif isinstance(question, Number):
        lines += [
            f"- ✓ **{question.right:g}**: {question.why}",
            *(f"- {slip.value:g}: {slip.why}" for slip in question.slips),
        ]
    else:
        lines += [
            f"- ✓ **{letter}. {option.text}**: {option.why}"
            if option.right
            else f"- {letter}. {option.text}: {option.why}"
            for letter, option in lettered(question).items()
        ]
    return "\n>\n".join([lines[0], "\n".join(f"> {line}" for line in lines[1:])])

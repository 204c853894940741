"""How far a learner is: `ex.report()`, a table to read, and the same as data that stays in the notebook's output.

The output carries, beside the table, the MIME type `application/vnd.dl-workshop.report+json`:

    {"version": 1,
     "lesson": "01",
     "exercises": [{"name": "mse", "status": "failed", "attempts": 2, "mistakes": ["sum"]}, ...],
     "questions": [{"name": "negative_loss", "kind": "choice", "status": "passed", "tries": 2,
                    "answers": ["a", "c"]}, ...],
     "quizzes": [{"name": "quiz_before", "of": 5, "answered": 5, "right": 2,
                  "questions": [as above]}, ...]}

`status` of an exercise is "blank", "failed" or "passed"; of a question one of these, or "answered" where nothing is
right or wrong, or it is not told yet. `answers` are letters ("b", "a c"), a number or the learner's words, the first
answer first. `right` counts the first answer to each question of a quiz that says at once what is right, else the last
one. A later version may add keys.

The output of each question and each quiz carries its own part as `application/vnd.dl-workshop.answers+json`:
{"version": 1, "lesson": "01", "sheet": its name, "questions": [as above]}.

All this is a learner's own word, to be trusted as far as any file of theirs: whoever grades runs the exercises again.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dl_workshop.display.blocks import MARKS, inline, table
from dl_workshop.exercises.question import reply
from dl_workshop.exercises.saved import saved

if TYPE_CHECKING:
    from dl_workshop.exercises.engine import Lesson

REPORT = "application/vnd.dl-workshop.report+json"
EXERCISE = {"passed": "passed", "failed": "not yet right", "blank": "still blank"}
QUESTION = {"passed": "right", "failed": "not yet right", "blank": "still blank", "answered": "answered"}


def record(lesson: "Lesson") -> dict[str, Any]:
    """Give how far the learner is as data, in the form above."""
    return {
        "version": 1,
        "lesson": lesson._number,
        "exercises": [
            {
                "name": check.name,
                "status": check.status,
                "attempts": check.attempts,
                "mistakes": list(check.mistakes_met),
            }
            for check in lesson
        ],
        "questions": [asked.record() for asked in lesson.questions],
        "quizzes": [quiz.record() for quiz in lesson.quizzes],
    }


def report(lesson: "Lesson") -> dict[str, Any]:
    """Give the report as plain text, as HTML and as data."""
    kept = record(lesson)
    exercises, questions, quizzes = kept["exercises"], kept["questions"], kept["quizzes"]
    rows = [("name", "kind", "status", "tries", "recognised mistakes")]
    rows += [
        (
            one["name"],
            "exercise",
            f"{MARKS[one['status']]} {EXERCISE[one['status']]}",
            str(one["attempts"]),
            ", ".join(one["mistakes"]) or "-",
        )
        for one in exercises
    ]
    rows += [
        (one["name"], "question", f"{MARKS[one['status']]} {QUESTION[one['status']]}", str(one["tries"]), "-")
        for one in questions
    ]
    text, rich = table(rows)
    line = f"Lesson {kept['lesson']}: {_count(exercises)} of {len(exercises)} passed" + (
        f", {_count(questions)} of {len(questions)} questions answered." if questions else "."
    )
    below = [one for quiz in quizzes for one in _about(quiz)]
    rich = f"<div><b>{line}</b></div>{rich}" + "".join(f"<div>{inline(one)}</div>" for one in below)
    return {"text/plain": "\n".join([line, text, *below]), "text/html": rich, REPORT: kept}


def _count(records: Sequence[dict[str, Any]]) -> int:
    return sum(one["status"] in ("passed", "answered") for one in records)


def _about(quiz: dict[str, Any]) -> Iterator[str]:
    """Say how a quiz went; after the workshop, beside how it went before."""
    answered = f"`{quiz['name']}`: {quiz['answered']} of {quiz['of']} questions answered"
    if quiz["name"] != "quiz_after":
        yield f"{answered}. The quiz at the end of lesson 05 compares."
        return
    yield f"{answered}, {quiz['right']} right at the first try."
    found = earlier("01", "quiz_before")
    if found:
        right, of, file = found
        yield f"Before the workshop: {right} of {of} right (kept in {file})."
    else:
        yield "Before the workshop: no answers found in the notebooks beside this one. Was lesson 01 saved?"


def earlier(number: str, name: str, folder: str | Path = ".") -> tuple[int, int, str] | None:
    """Say how a quiz went that another notebook in the folder holds: (right, of, name of the file), or None."""
    from dl_workshop.exercises import questions  # here, since that module imports this one

    quiz = next(one for one in questions(number) if one.name == name)
    answers, file = saved(number, name, folder)
    right = [reply(question, answers.get(question.name, [""])[-1]).status == "passed" for question in quiz.questions]
    return (sum(right), len(right), file) if file else None

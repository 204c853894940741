"""How a cell is shown to students and to instructors, and how an instructor's cell is read back."""

import re
from typing import Any

from dl_workshop.authoring.solutions import blank
from dl_workshop.authoring.source import Cell

NOTE = "> **Instructor:**"
# nbgrader takes these lines out of what it releases and puts them back when it grades: it counts a cell as failed when
# the cell raises, and a check never does.
GRADE = """
### BEGIN HIDDEN TESTS
assert ex.{0}.status == "passed", ex.{0}.message
### END HIDDEN TESTS"""
GRADED = re.compile(r"\n### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS\Z", re.S)
TIME = re.compile(r"\n\n> \*\*Instructor:\*\* (\d+) minutes?\b[^\n]*$")


def is_note(options: dict[str, Any]) -> bool:
    """Say whether a cell is for instructors only."""
    return "instructor" in options.get("tags", [])


def for_student(cell: Cell) -> str | None:
    """Give the text a student sees, or None for an instructor's cell."""
    if is_note(cell.options):
        return None
    return blank(cell.text, cell.options["exercise"]) if "exercise" in cell.options else cell.text


def for_instructor(cell: Cell, start: int = 0) -> str:
    """Give the text an instructor sees: notes in a box, times from minute `start` on, nbgrader's lines in checks."""
    text = _box(cell.text) if cell.kind == "markdown" and is_note(cell.options) else cell.text
    if "check" in cell.options:
        text += GRADE.format(cell.options["check"])
    minutes = cell.options.get("minutes")
    if minutes:
        unit = "minute" if minutes == 1 else "minutes"
        text += f"\n\n{NOTE} {minutes} {unit} ({_clock(start)} to {_clock(start + minutes)})."
    return text


def from_shown(kind: str, text: str, options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Undo for_instructor: give the text and options of the source from what an instructor saved."""
    options = {name: value for name, value in options.items() if name not in ("minutes", "tags")} | (
        {"tags": ["instructor"]} if is_note(options) else {}
    )
    text = text.strip("\n")
    if kind != "markdown":
        return GRADED.sub("", text), options
    time = TIME.search(text)
    if time:
        text, options["minutes"] = text[: time.start()], int(time[1])
    if text.startswith(NOTE):
        text, options["tags"] = _unbox(text), ["instructor"]
    return text.strip("\n"), options


def _box(text: str) -> str:
    # A heading or a list keeps its meaning only at the start of a line of its own.
    first = " " if re.match(r"[A-Za-z]", text) else "\n>\n> "
    return NOTE + first + "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))[2:]


def _unbox(text: str) -> str:
    text = text.removeprefix(NOTE)
    text = text.removeprefix("\n>\n") if text.startswith("\n>\n") else text.removeprefix(" ")
    return "\n".join(re.sub(r"^> ?", "", line) for line in text.split("\n"))


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"

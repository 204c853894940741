"""A file that Canvas's gradebook imports: one assignment a lesson, one point an exercise passed.

Canvas finds a student by ID, then by SIS User ID, SIS Login ID, and name; a row that it cannot place, it offers to add.
Source of the format: Canvas's own gradebook importer (instructure/canvas-lms, lib/gradebook_importer.rb).
"""

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

from dl_workshop.class_progress.progress import Row
from dl_workshop.class_progress.report_csv import tame
from dl_workshop.class_progress.restore import Lesson, lessons
from dl_workshop.errors import LearnerError

STUDENT = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def write_canvas(rows: Sequence[Row], file: TextIO, roster: Iterable[str] | None = None) -> list[str]:
    """Write the grades of `rows`. `roster`: lines of a gradebook exported from Canvas, to take the students from.

    A student's best submission of a lesson counts. One that could not be run has no grade, not 0: an empty field
    changes nothing in Canvas. Returns the students of `rows` whom the roster does not have.
    Raises: LearnerError if the roster is not an export of Canvas's.
    """
    heading, people = _roster(roster) if roster is not None else (STUDENT, None)
    points = {
        lesson.number: len(lesson.checks) for lesson in lessons() if any(row.lesson == lesson.number for row in rows)
    }
    titles = {lesson.number: _title(lesson, heading) for lesson in lessons() if lesson.number in points}
    grades = _best(rows)
    writer = csv.writer(file)
    writer.writerow([*STUDENT, *titles.values()])
    writer.writerow(["    Points Possible", "", "", "", "", *points.values()])
    if people is None:
        people = [dict(zip(STUDENT, (student, canvas_id, "", "", ""), strict=True)) for student, canvas_id in grades]
        placed = dict(zip(grades, people, strict=True))
    else:
        placed = {key: person for key in grades if (person := _find(key, people))}
    for person in people:
        mine = [grades[key] for key, other in placed.items() if other is person]
        best = {number: max((of[number] for of in mine if number in of), default="") for number in titles}
        writer.writerow([*(tame(person.get(column, "")) for column in STUDENT), *best.values()])
    return [student for student, canvas_id in grades if (student, canvas_id) not in placed]


def _best(rows: Sequence[Row]) -> dict[tuple[str, str], dict[str, int]]:
    """Give {(student, Canvas id): {lesson: exercises passed}}, in the order of the rows."""
    grades: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        mine = grades.setdefault((row.student, row.canvas_id), {})
        if row.exercises and not any(o.status == "not reached" for o in row.exercises.values()):
            mine[row.lesson] = max(row.passed, mine.get(row.lesson, 0))
    return grades


def _roster(lines: Iterable[str]) -> tuple[list[str], list[dict[str, str]]]:
    """Read an exported gradebook: (its heading, a dict for each student)."""
    table = list(csv.reader(lines))
    if not table or table[0][:2] != ["Student", "ID"] or "Section" not in table[0]:
        raise LearnerError(
            "The roster is not a gradebook of Canvas's: its first line should begin with Student,ID and "
            "have a Section. In Canvas choose Grades > Export."
        )
    people = [dict(zip(table[0], line, strict=False)) for line in table[1:]]
    return table[0], [
        p for p in people if p["Student"] and "Points Possible" not in p["Student"] and p.get("ID", "").strip()
    ]


def _title(lesson: Lesson, heading: Sequence[str]) -> str:
    """Give the heading of a lesson's column: that of the roster where it has one (with Canvas's number), else ours."""
    title = f"dl-workshop {lesson.number} {lesson.stem[3:].replace('_', ' ')}"
    return next((column for column in heading if column.startswith(title)), title)


def _find(key: tuple[str, str], people: Sequence[dict[str, str]]) -> dict[str, str] | None:
    """Find a student in the roster: by Canvas's id from the file's name, then by login or SIS id, then by name."""
    student, canvas_id = key
    for column, wanted in (("ID", canvas_id), ("SIS Login ID", student), ("SIS User ID", student)):
        found = [person for person in people if wanted and person.get(column, "").strip().lower() == wanted.lower()]
        if len(found) == 1:
            return found[0]
    found = [person for person in people if _letters(person["Student"]) == _letters(student)]
    return found[0] if len(found) == 1 else None


def _letters(name: str) -> list[str]:
    """Give the parts of a name in one order: "Lovelace, Ada", "ada_lovelace" and "Ada Lovelace" are one person."""
    return sorted("".join(c.lower() if c.isalnum() else " " for c in name).split())

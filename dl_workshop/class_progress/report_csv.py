"""The rows as a table for a spreadsheet, and as a short text for the terminal."""

import csv
from collections import Counter
from collections.abc import Sequence
from typing import TextIO

from dl_workshop.class_progress.progress import Row

COLUMNS = ("student", "file", "lesson", "passed", "exercises", "reason", "notes")
PARTS = ("status", "mistake", "attempts", "met")


def write_csv(rows: Sequence[Row], file: TextIO) -> None:
    """Write one line a submission; each exercise of each lesson has its status, mistake, attempts and mistakes met."""
    exercises = sorted({(row.lesson, i, name) for row in rows for i, name in enumerate(row.exercises)})
    writer = csv.writer(file)
    writer.writerow([*COLUMNS, *(f"{lesson} {name} {part}" for lesson, _, name in exercises for part in PARTS)])
    for row in rows:
        cells = [
            row.student,
            row.file,
            row.lesson,
            row.passed if row.exercises else "",
            len(row.exercises) or "",
            row.reason,
            "; ".join(row.notes),
        ]
        for lesson, _, name in exercises:
            outcome = row.exercises.get(name) if row.lesson == lesson else None
            cells += ["" if outcome is None else getattr(outcome, part) for part in PARTS]
        writer.writerow([tame(cell) for cell in cells])


def tame(cell: str | int) -> str:
    """Give a text that no spreadsheet takes for a formula: a file may be called =HYPERLINK(...)."""
    text = str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def in_short(rows: Sequence[Row]) -> str:
    """Say for each lesson how many passed each exercise and what goes wrong most, and list what could not be run."""
    lines = []
    for lesson in sorted({row.lesson for row in rows if row.exercises}):
        of = [row for row in rows if row.lesson == lesson and row.exercises]
        lines.append(f"Lesson {lesson}: {len(of)} submissions")
        for name in of[0].exercises:
            outcomes = [row.exercises[name] for row in of]
            count = Counter(outcome.status for outcome in outcomes)
            named = Counter(outcome.mistake for outcome in outcomes if outcome.mistake).most_common(1)
            most = f"; most often: {named[0][0]} ({named[0][1]})" if named else ""
            lines.append(f"  {name}: " + ", ".join(f"{n} {status}" for status, n in count.most_common()) + most)
    lines += [f"{row.file}: {row.reason}" for row in rows if row.reason]
    return "\n".join(lines)

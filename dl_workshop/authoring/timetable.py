"""The timetables of docs/instructors.md, from the minutes and notes in the lessons' sources and from measured runs."""

import re
from pathlib import Path

from dl_workshop.authoring.regions import fill

GUIDE = "docs/instructors.md"
RUNS = "benchmarks/results/notebooks.md"
THREE_HOURS = ("01", "02", "03", "04", "05")
PART = re.compile(r"^# %% \[markdown\][^\n]*minutes=(\d+)[^\n]*\n# ##? ([^\n]*)", re.MULTILINE)
MINUTES = re.compile(r"^# %%[^\n]*minutes=(\d+)", re.MULTILINE)
LATE = re.compile(r"(Late\? .*?)(?=\n\n|\n# %%|\Z)", re.DOTALL)


def texts(root: Path) -> dict[str, str]:
    """Fill in the guide's marked regions; return it by its path below root.

    Raises: LearnerError if a region is missing.
    """
    sources = sorted((root / "dl_workshop/lessons").glob("lesson_*/lesson.py"))
    lessons = {path.parent.name[7:9]: path.read_text(encoding="utf-8") for path in sources}
    runs = measured(root)
    days = {
        "three-hours": [lesson for lesson in lessons if lesson in THREE_HOURS],
        "later-lessons": [lesson for lesson in lessons if lesson not in THREE_HOURS],
    }
    tables = {name: table({lesson: lessons[lesson] for lesson in chosen}, runs) for name, chosen in days.items()}
    return {GUIDE: fill(root / GUIDE, tables | {"late": late(lessons)})}


def measured(root: Path) -> dict[str, tuple[str, str]]:
    """Read {lesson: (seconds, memory)} from what benchmarks/notebooks.py wrote."""
    rows = re.findall(r"^\| (\d\d) \| (\d+) \| (\d+ MB) \|$", (root / RUNS).read_text(encoding="utf-8"), re.MULTILINE)
    return {lesson: (seconds, memory) for lesson, seconds, memory in rows}


def table(lessons: dict[str, str], runs: dict[str, tuple[str, str]]) -> str:
    """Make a table: lesson, minutes, its parts with theirs, and how long the notebook itself runs."""
    lines = ["| lesson | minutes | parts, with their minutes | the notebook runs |", "|---|---|---|---|"]
    for lesson, source in lessons.items():
        parts = PART.findall(source)
        named = ", ".join(f"{title.strip().rstrip('.')} {minutes}" for minutes, title in parts)
        seconds, memory = runs.get(lesson, ("?", "?"))
        minutes = sum(map(int, MINUTES.findall(source)))
        lines.append(f"| {lesson} | {minutes} | {named} | {seconds} s, {memory} |")
    return "\n".join(lines)


def late(lessons: dict[str, str]) -> str:
    """List what each lesson says may be left out by those who are late."""
    lines = []
    for lesson, source in lessons.items():
        found = LATE.search(source)
        if found:
            words = " ".join(line.removeprefix("#").strip() for line in found[1].splitlines())
            lines.append(f"- **{lesson}**: {words.removeprefix('Late? ')}")
    return "\n".join(lines)

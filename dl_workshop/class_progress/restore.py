"""Match a submission with the kit's lesson, and put the check cells back: tampered, doubled or stripped ones too."""

import ast
import functools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dl_workshop import packs
from dl_workshop.class_progress.submissions import Submission

CHECK = re.compile(r"(?:\w+\s*=\s*)?ex\.(\w+)\.check\(\s*\1\s*\)")
SHOWS = re.compile(r"\b(plots|panels)\.|\bex\.report\(|\bex\.\w+\.ask\(")


class Lesson(NamedTuple):
    """What the kit knows of a lesson, from the student notebook that it built from the lesson's source."""

    number: str  # "04", or "pack/01"
    pack: str  # "" for the kit's own
    stem: str
    checks: dict[str, str]  # {exercise: source of its check cell}, in the lesson's order
    setup: str  # the cell that loads the exercises
    cells: tuple[str, ...]  # sources of all code cells
    digest: str  # fingerprint of the cells as they were handed out


class Plan(NamedTuple):
    """How to run a submission: steps ("run", code) and ("check", exercise), and what was mended on the way."""

    lesson: Lesson
    steps: tuple[tuple[str, str], ...]  # what it is, and its source or the name of an exercise
    notes: tuple[str, ...]


@functools.cache
def lessons() -> tuple[Lesson, ...]:
    """Read the lessons: the kit's, from the checkout or from what an installed kit brings; then those of packs."""
    return tuple(
        _lesson(path, pack)
        for pack, folder in packs.notebooks().items()
        for path in sorted((folder / "student").glob("[0-9][0-9]_*.ipynb"))
    )


def _lesson(path: Path, pack: str) -> Lesson:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = [
        (cell["metadata"].get("dl_workshop", {}), "".join(cell["source"]))
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]
    number = f"{pack}/{path.name[:2]}" if pack else path.name[:2]
    return Lesson(
        number,
        pack,
        path.stem,
        {ours["check"]: source for ours, source in cells if "check" in ours},
        next((source for _, source in cells if "exercises.load(" in source), ""),
        tuple(source for _, source in cells),
        notebook["metadata"]["dl_workshop"]["cells"],
    )


def plan(submission: Submission) -> Plan | str:
    """Plan how to run a submission, or say in words why it belongs to no lesson of the kit.

    A cell is a check when its text says so, or, if that was changed, its id or metadata. What was written into a check
    cell is run first, so that an answer there is not lost. A check that is missing comes after the last cell that
    gives its exercise a value. Cells of the kit's own that only show something are left out: they change no verdict.
    """
    lesson = _best(submission)
    if lesson is None:
        source = _ours(submission.metadata).get("source")
        return (
            f"a notebook of the lesson {str(source)[:60]}, which this kit does not have"
            if source
            else "no exercise of any lesson was found in it"
        )
    steps, notes = [], []
    if not any("exercises.load(" in cell["source"] for cell in submission.cells):
        steps.append(("run", lesson.setup))
        notes.append("the cell that loads the exercises was put back")
    counted = dict.fromkeys(lesson.checks, 0)
    for cell in submission.cells:
        name, exact = _check_of(cell, lesson)
        if not exact:
            steps.append(("run", cell["source"]))
        if name:
            steps.append(("check", name))
            counted[name] += 1
            if not exact:
                notes.append(f"the check of {name} had been changed")
    notes += [f"the check of {name} stood {n} times" for name, n in counted.items() if n > 1]
    for name in (name for name, n in counted.items() if n == 0):
        last = max((i for i, (kind, code) in enumerate(steps) if kind == "run" and _binds(name, code)), default=None)
        steps.insert(len(steps) if last is None else last + 1, ("check", name))
        notes.append(f"the check of {name} was missing" if last is not None else f"nothing of {name} was handed in")
    ours = _ours(submission.metadata)
    if ours.get("role") == "instructor":
        notes = ["this is the instructor's notebook, with the answers"]
    elif ours.get("cells", lesson.digest) != lesson.digest:
        notes.append("handed out by another version of the kit")
    return Plan(lesson, tuple(_needed(steps, lesson)), tuple(notes))


def _best(submission: Submission) -> Lesson | None:
    """Give the lesson of which the submission has most; where two tie, the one that it names."""

    def score(lesson: Lesson) -> float:
        found = sum(
            any(_about(cell, name) or _binds(name, cell["source"]) for cell in submission.cells)
            for name in lesson.checks
        )
        about = _ours(submission.metadata)
        named = lesson.stem in (str(about.get("source", "")).removesuffix(".py"), submission.file.stem)
        named = named and lesson.pack == about.get("pack", lesson.pack)
        return (found > 0) * (named + found / max(len(lesson.checks), 1))

    best = max(lessons(), key=score, default=None)
    return best if best and score(best) else None


def _ours(metadata: Any) -> dict[str, Any]:
    ours = metadata.get("dl_workshop")
    return ours if isinstance(ours, dict) else {}


def _labels(cell: Mapping[str, Any]) -> list[str]:
    """List what a cell is called in its id and metadata: the kit's name, and the one nbgrader uses."""
    ours, theirs = _ours(cell["metadata"]), cell["metadata"].get("nbgrader")
    labels = [cell["id"], *(f"{kind}-{ours[kind]}" for kind in ("exercise", "check") if kind in ours)]
    return [*labels, str(theirs.get("grade_id", ""))] if isinstance(theirs, dict) else labels


def _about(cell: Mapping[str, Any], name: str) -> bool:
    return any(label in (f"exercise-{name}", f"check-{name}") for label in _labels(cell))


def _check_of(cell: Mapping[str, Any], lesson: Lesson) -> tuple[str | None, bool]:
    """Give (the exercise that this cell checks, whether it says what the kit's says), or (None, False)."""
    text = _bare(cell["source"])
    for name, source in lesson.checks.items():
        if text == _bare(source):
            return name, True
    match = CHECK.fullmatch(text)
    if match and match[1] in lesson.checks:
        return match[1], False
    return next((name for name in lesson.checks if f"check-{name}" in _labels(cell)), None), False


def _bare(source: str) -> str:
    """Drop comments on lines of their own, and spaces, which tell no two check cells apart."""
    return "".join(line.replace(" ", "") for line in source.splitlines() if not line.lstrip().startswith("#"))


def _binds(name: str, code: str) -> bool:
    """Say whether a cell seems to give `name` a value; the code may hold magics, so it is not parsed."""
    code = "\n".join(line[:300] for line in code.splitlines())  # an endless line would take the search endless time
    return (
        re.search(
            rf"^(async\s+)?def\s+{name}\b|^[\w, ()]*\b{name}\b[\w, ()]*(:[^=\n]+)?=(?!=)|"
            rf"^(from|import)\s.*\b{name}\b",
            code,
            re.M,
        )
        is not None
    )


def _needed(steps: Sequence[tuple[str, str]], lesson: Lesson) -> Iterator[tuple[str, str]]:
    """Leave out the kit's cells that only draw or ask: those whose names no other step of this submission speaks of."""
    drawing = {source: _names(source) for source in lesson.cells if SHOWS.search(source) and source != lesson.setup}
    used = [set(re.findall(r"\w+", code)) for _, code in steps]
    for kind, code in steps:
        names = drawing.get(code) if kind == "run" else None
        if names is None or any(names & words for j, words in enumerate(used) if steps[j][1] != code):
            yield kind, code


def _names(source: str) -> set[str]:
    """List the names that a cell of the kit binds, without `ax`, which every drawing binds anew."""
    tree = ast.parse(source)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    names |= {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    return names - {"ax"}

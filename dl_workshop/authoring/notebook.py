"""Turn a lesson into its two notebooks, the same to the byte every time; read a notebook from disk."""

import json
import warnings
from html import escape
from pathlib import Path
from typing import Any

from dl_workshop.authoring.asked import answer_cells
from dl_workshop.authoring.borrowed import borrowed
from dl_workshop.authoring.render import for_instructor, for_student
from dl_workshop.authoring.source import MARKED, Cell, Lesson, digest
from dl_workshop.errors import LearnerError

ROLES = ("student", "instructor")
VERSION = 1
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def stills_file(source: Path) -> Path:
    """Say where the pictures of a lesson's panels are kept: beside its source."""
    return source.with_name("stills.json")


def read_stills(source: Path) -> dict[str, dict[str, str]]:
    """Read the pictures of a lesson's panels, {id of the cell: picture and words}; none where none were taken."""
    try:
        return json.loads(stills_file(source).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def write_notebook(lesson: Lesson, role: str, stills: dict[str, dict[str, str]] | None = None, pack: str = "") -> str:
    """Give the text of a lesson's student or instructor notebook; `stills` are pictures that panels leave in it.

    pack: the pack that the lesson belongs to, "" for the kit's own.
    """
    nbformat, stills = borrowed("nbformat"), stills or {}
    cells, start = [], 0
    for cell, name in zip(lesson.cells, cell_ids(lesson), strict=True):
        text = for_student(cell) if role == "student" else for_instructor(cell, start)
        start += cell.options.get("minutes", 0)
        if text is not None:
            new = nbformat.v4.new_code_cell if cell.kind == "code" else nbformat.v4.new_markdown_cell
            cells.append(new(text, id=name, metadata=_cell_metadata(cell, name, role)))
            if role == "instructor" and name in stills:
                cells[-1].outputs = [nbformat.v4.new_output("display_data", _shown(**stills[name]))]
        if role == "instructor":
            cells += answer_cells(lesson, cell, name)
    about = {
        "note": f"Built from {lesson.place}: edit that file, then run dl-workshop build.",
        "source": lesson.name,
        "role": role,
        "version": VERSION,
        "cells": cells_digest(cells),
    }
    if pack:
        about["pack"] = pack
    if role == "instructor":
        about["source_digest"] = digest(lesson.text)
    notebook = nbformat.v4.new_notebook(
        cells=cells, metadata={"dl_workshop": about, "kernelspec": KERNEL, "language_info": {"name": "python"}}
    )
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def _shown(png: str, words: str) -> dict[str, str]:
    """Give a picture as an output: JupyterLab reads the alternative text only from an <img>."""
    return {
        "image/png": png,
        "text/html": f'<img alt="{escape(words)}" src="data:image/png;base64,{png}">',
        "text/plain": words,
    }


def cell_ids(lesson: Lesson) -> list[str]:
    """Name each cell of a lesson: by its exercise, check or question, or by a hash of its text."""
    names = []
    seen: dict[str, int] = {}
    for cell in lesson.cells:
        name = next(
            (f"{kind}-{cell.options[kind]}" for kind in MARKED if kind in cell.options),
            f"{'code' if cell.kind == 'code' else 'text'}-{digest(cell.text)[:10]}",
        )
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return names


def _cell_metadata(cell: Cell, name: str, role: str) -> dict[str, Any]:
    """Give a cell's metadata; exercises and checks carry what nbgrader (schema 3) looks for."""
    ours = {key: cell.options[key] for key in MARKED if key in cell.options}
    metadata = {"dl_workshop": ours} if ours else {}
    if ours and "question" not in ours:
        grade = "check" in ours
        metadata["nbgrader"] = {
            "schema_version": 3,
            "grade_id": name,
            "grade": grade,
            "locked": grade,
            "solution": not grade,
            "task": False,
        } | ({"points": 1} if grade else {})
    if role == "instructor" and "tags" in cell.options:
        metadata["tags"] = cell.options["tags"]
    return metadata


def cells_digest(cells: list) -> str:
    """Give a fingerprint of what cells say, to see later whether somebody edited them.

    Outputs do not count, nor do empty cells: JupyterLab likes to leave one at the end.
    """
    return digest(
        repr(
            [
                (cell.cell_type, cell.source, list(cell.metadata.get("tags", [])))
                for cell in cells
                if cell.source.strip()
            ]
        )
    )


def read_notebook(path: Path) -> Any:
    """Read a notebook from disk, whatever program saved it last.

    Raises: LearnerError if it is missing or not a notebook.
    """
    nbformat = borrowed("nbformat")
    try:
        text = path.read_text(encoding="utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbformat mends missing cell ids, and says so
            notebook = nbformat.reads(text, as_version=4)
            nbformat.validate(notebook)
        return notebook
    except OSError as error:
        raise LearnerError(f"{path} cannot be read: {error.strerror or error}.") from None
    except Exception as error:  # broken files fail in many ways, and none of them should reach the reader raw
        reason = str(error).strip().split("\n")[0][:120]
        raise LearnerError(
            f"{path.name} is not a readable notebook ({reason}). Open it in JupyterLab, or take "
            "the last good copy from git."
        ) from None

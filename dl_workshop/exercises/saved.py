"""Answers that were saved: found in the outputs of the notebooks beside the one that runs.

So a quiz survives a restart of its kernel, and lesson 05 can set the quiz after the workshop beside the one before it,
which was answered in another notebook, with a kernel of its own. Nothing is read but notebooks of this folder.
"""

import json
from pathlib import Path

from dl_workshop.exercises.sheet import ANSWERS


def saved(number: str, name: str, folder: str | Path = ".") -> tuple[dict[str, list[str]], str | None]:
    """Find the saved answers to a quiz: ({question: answers}, name of the file), or ({}, None).

    Of several notebooks with answers the one that was saved last counts.
    """
    for path in sorted(Path(folder).glob("*.ipynb"), key=_age, reverse=True):
        found = _answers_in(path, number, name)
        if found:
            return found, path.name
    return {}, None


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # gone since it was listed, or a link to nowhere
        return 0.0


def _answers_in(path: Path, number: str, name: str) -> dict[str, list[str]]:
    """Give {question: answers} of a saved notebook; {} where it has none, or is no sound notebook."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        kept = [
            output["data"][ANSWERS]
            for cell in cells
            for output in cell.get("outputs", ())
            if ANSWERS in output.get("data", {})
        ]
        kept = [one for one in kept if (one["lesson"], one["sheet"]) == (number, name)]
        return {one["name"]: list(one["answers"]) for one in kept[-1]["questions"] if one["answers"]} if kept else {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}

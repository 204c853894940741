"""Find what a class handed in, and read it: a file that cannot be used becomes a submission with a reason."""

import json
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

LARGEST_MB = 50
# How Canvas names the files of a bulk download: adalovelace_LATE_1234_567890_01_linear_regression.ipynb
CANVAS_NAME = re.compile(r"(?P<name>.+?)(?:_LATE)?_(?P<id>\d{3,})_\d{3,}_.+")


class Submission(NamedTuple):
    """One file that was handed in. `reason`: why it cannot be run, or ""."""

    file: Path
    student: str
    canvas_id: str
    cells: tuple[dict[str, Any], ...] = ()  # the code cells: dicts with id, source, metadata, outputs
    metadata: dict[str, Any] = {}  # noqa: RUF012 (never changed)
    reason: str = ""


def find(paths: Iterable[str | Path]) -> list[Submission]:
    """Read every file named, and every file in the folders named, each into one submission, in a fixed order.

    Hidden files and Jupyter's checkpoints are passed over. Links are not followed: what they lead to was not handed in.
    """
    found = []
    for path in map(Path, paths):
        if path.is_dir():
            top = Path(os.path.abspath(path))
            found += [_read(file, *_student(file.relative_to(top))) for file in sorted(_files(top))]
        else:
            found.append(_read(path, *_student(Path(path.name))))
    return found


def _files(folder: Path) -> Iterator[Path]:
    """Walk a folder without following links; a link to a folder counts as a file, so that it gets its row."""
    for here, folders, names in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(here, name))]
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in links)
        yield from (Path(here, name) for name in [*names, *links] if not name.startswith("."))


def _student(path: Path) -> tuple[str, str]:
    """Give (student, Canvas id): of the folder that holds a student's files, else of the file's name."""
    if len(path.parts) > 1:
        return path.parts[0], ""
    canvas = CANVAS_NAME.fullmatch(path.name)
    if canvas:
        return canvas["name"], canvas["id"]
    return re.sub(r"[-_ ]*\d\d_[a-z0-9_]+$", "", path.stem) or path.stem, ""  # ada_01_linear_regression.ipynb


def _read(file: Path, student: str, canvas_id: str) -> Submission:
    try:
        cells, metadata = _notebook(file)
        return Submission(file, student, canvas_id, cells, metadata)
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        return Submission(file, student, canvas_id, reason=_in_words(error))


def _notebook(file: Path) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    """Read a notebook's code cells and metadata. Raises: Unusable in words, or whatever a broken file causes."""
    kind = os.lstat(file).st_mode
    if stat.S_ISLNK(kind):
        raise Unusable("a link, which is not followed: it may lead out of the folder")
    if not stat.S_ISREG(kind):
        raise Unusable("not a regular file")
    if file.suffix != ".ipynb":
        raise Unusable("not a notebook (.ipynb)")
    if os.stat(file).st_size > LARGEST_MB * 2**20:
        raise Unusable(f"larger than {LARGEST_MB} MB: ask for it with its outputs cleared")
    notebook = json.loads(file.read_bytes())
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        old = isinstance(notebook, dict) and "worksheets" in notebook
        raise Unusable(
            "a notebook of an old format (3 or earlier): open and save it in JupyterLab"
            if old
            else "JSON, but not a notebook: it has no list of cells"
        )
    metadata = _dict(notebook.get("metadata"))
    spec = _dict(metadata.get("kernelspec"))
    language = spec.get("language") or _dict(metadata.get("language_info")).get("name") or "python"
    if "python" not in str(language).lower():
        raise Unusable(f"its kernel is for {str(language)[:30]}, not for Python")
    cells = [_cell(cell) for cell in notebook["cells"] if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    if not cells:
        raise Unusable("no code cell in it")
    return tuple(cells), metadata


def _cell(cell: Any) -> dict[str, Any]:
    """Give a code cell with what we use of it, whatever is missing or of the wrong kind."""
    source = cell.get("source", "")
    outputs = cell.get("outputs")
    return {
        "id": str(cell.get("id", "")),
        "metadata": _dict(cell.get("metadata")),
        "source": "".join(map(str, source)) if isinstance(source, list) else str(source),
        "outputs": [out for out in outputs if isinstance(out, dict)] if isinstance(outputs, list) else [],
    }


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


class Unusable(ValueError):
    """A file that cannot be run, in words."""


def _in_words(error: Exception) -> str:
    if isinstance(error, Unusable):
        return str(error)
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    if isinstance(error, UnicodeDecodeError):
        return "broken: not UTF-8 text"
    if isinstance(error, json.JSONDecodeError):
        return f"broken JSON: {error.msg.lower()} at line {error.lineno}" if error.doc.strip() else "empty"
    return f"broken JSON: {type(error).__name__}"

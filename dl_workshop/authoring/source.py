"""Read a lesson's source (py:percent) into cells, keeping every byte for the way back."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from dl_workshop.authoring.borrowed import borrowed
from dl_workshop.errors import LearnerError
from dl_workshop.packs import pack_at

KIT = "dl_workshop/lessons"  # the kit's own; those of a pack lie in the folder of its package
MARKED = ("exercise", "check", "question")
OPTIONS = (*MARKED, "tags", "minutes")
HEADER = re.compile(r"#\s*%%")
# Commented magics stay comments: a learner's kernel must not run what the author switched off.
FORMAT = {"extension": ".py", "format_name": "percent", "comment_magics": False}


class Cell(NamedTuple):
    """A cell as the author wrote it: `header + body + tail` are its exact lines in the source."""

    kind: str  # "markdown", "code" or "raw"
    text: str  # what a notebook shows
    options: dict[str, Any]  # exercise, check, question, tags, minutes
    line: int  # line of the header in the source
    start: int  # line of the first line of the text
    header: str
    body: str
    tail: str  # blank lines before the next cell


class Lesson(NamedTuple):
    """A lesson's source: its file, whatever stands before the first cell, and the cells."""

    file: Path
    head: str
    cells: list[Cell]

    @property
    def name(self) -> str:
        """What notebooks call their source: 04_logistic_regression.py."""
        return f"{stem(self.file)}.py"

    @property
    def place(self) -> str:
        """What messages call it: lesson_04_logistic_regression/lesson.py."""
        return f"{self.file.parent.name}/{self.file.name}"

    @property
    def text(self) -> str:
        """The source itself, with newlines made alike."""
        return self.head + "".join(cell.header + cell.body + cell.tail for cell in self.cells)


def sources(root: str | Path) -> list[Path]:
    """List the sources of the lessons under root, in order: the kit's own, or those of a pack.

    Raises: LearnerError if root holds no lessons, or a folder of one is not called lesson_NN_name.
    """
    root = Path(root)
    packages = (
        [root / KIT]
        if (root / KIT).is_dir()
        else [path for path in (*root.glob("*"), *root.glob("src/*")) if path.is_dir()]
    )
    paths = sorted(path for package in packages for path in package.glob("lesson_*/lesson.py"))
    if not paths:
        raise LearnerError(
            f"There are no lessons in {root}: no package there holds lesson_NN_name/lesson.py. "
            "Run this in the folder of the kit, or give that of a pack with --lessons."
        )
    for path in paths:
        if not re.fullmatch(r"lesson_\d\d_[a-z0-9_]+", path.parent.name):
            raise LearnerError(
                f"{path.parent.name}: the folder of a lesson is called lesson_NN_name, for example lesson_01_lines."
            )
    return paths


def stem(source: Path) -> str:
    """Give what a lesson's notebooks are called, from its source: 04_logistic_regression."""
    return source.parent.name.removeprefix("lesson_")


def pack_of(root: str | Path, source: Path) -> str:
    """Give the name of the pack that a lesson's source belongs to; "" for the kit's own."""
    if (Path(root) / KIT).is_dir():
        return ""
    package = source.parent.parent.name
    return next((name for name, value in pack_at(root).items() if value.split(".")[-1] == package), "")


def read_text(path: Path) -> str:
    """Read a text file with its newlines made alike.

    Raises: LearnerError if the file is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise LearnerError(f"{path.name} is not UTF-8 text. Save it as UTF-8 and try again.") from None


def digest(text: str) -> str:
    """Give a short fingerprint of a text, the same on every machine."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def parse(file: Path, text: str) -> Lesson:
    """Cut the text of a source into cells. What is wrong in them is left for lint to say."""
    lines = text.splitlines(keepends=True)
    starts = [i for i, line in enumerate(lines) if HEADER.match(line)]
    head = "".join(lines[: starts[0]] if starts else lines)
    ends = [*starts, len(lines)][1:]
    return Lesson(file, head, [_cell(lines[i:j], i + 1) for i, j in zip(starts, ends, strict=True)])


def _cell(lines: list[str], number: int) -> Cell:
    """Read the lines of one cell; jupytext knows how options and comments are written."""
    header, body = lines[0], lines[1:]
    last = max((i for i, line in enumerate(body) if line.strip()), default=-1) + 1
    first = next((i for i, line in enumerate(body) if line.strip()), 0)
    notebook = borrowed("jupytext").reads("".join(lines), fmt=FORMAT)
    if len(notebook.cells) != 1:
        raise LearnerError(f"line {number}: this does not read as one cell: {header.strip()}")
    cell = notebook.cells[0]
    options = {name: value for name, value in cell.metadata.items() if name != "lines_to_next_cell"}
    return Cell(
        cell.cell_type,
        cell.source.strip("\n"),
        options,
        number,
        number + 1 + first,
        header,
        "".join(body[:last]),
        "".join(body[last:]),
    )


def write_cell(kind: str, text: str, options: dict[str, Any], tail: str = "\n") -> str:
    """Give the source lines of a cell, the reverse of reading one."""
    words = ["# %%"] + ["[markdown]"] * (kind == "markdown")
    # json.dumps writes strings with double quotes and lists in brackets, which is what jupytext reads.
    words += [f"{name}={json.dumps(options[name], ensure_ascii=False)}" for name in OPTIONS if name in options]
    if kind == "markdown":
        text = "\n".join(f"# {line}" if line else "#" for line in text.split("\n"))
    return " ".join(words) + "\n" + text + "\n" + tail

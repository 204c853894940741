"""Bring an instructor's edits of a notebook back to the lesson's source."""

from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

from dl_workshop.authoring.asked import without_answers
from dl_workshop.authoring.build import notebooks, refuse_edited, write_changed
from dl_workshop.authoring.notebook import VERSION, cell_ids, read_notebook
from dl_workshop.authoring.render import from_shown
from dl_workshop.authoring.source import MARKED, Cell, Lesson, digest, parse, read_text, sources, stem, write_cell
from dl_workshop.errors import LearnerError
from dl_workshop.files import write_whole

Saved = tuple[str, str, dict[str, Any], str]  # a cell of a notebook: kind, text, options, id


def from_instructor(root: str | Path, file: str | Path) -> Path:
    """Write the edits of an instructor's notebook to its source, rebuild the lesson, and return the source's path.

    Cells nobody touched keep their exact lines, so an unedited notebook leaves the source as it was. Outputs,
    execution counts and what JupyterLab adds do not matter.
    Raises: LearnerError, with nothing written, if the file is no instructor notebook of the kit, its source
    changed since it was built, or the edited lesson breaks a rule.
    """
    root, file = Path(root), Path(file)
    known = {f"{stem(path)}.py": path for path in sources(root)}
    notebook = read_notebook(file)
    about = notebook.metadata.get("dl_workshop", {})
    _refuse_stranger(file, about, known)
    source = known[about["source"]]
    old = read_text(source)
    if digest(old) != about.get("source_digest"):
        raise LearnerError(
            f"{source.parent.name}/lesson.py changed since {file.name} was built, so these edits "
            "could undo newer ones.\nCopy your notebook elsewhere, build afresh, and carry the edits "
            "over."
        )
    lesson = parse(source, old)
    notebook.cells = without_answers(lesson, notebook.cells)
    new = _new_source(file, lesson, notebook)
    wanted = _checked(root, source, file, notebook, new)
    if read_text(source) != old:
        raise LearnerError(f"{source.parent.name}/lesson.py changed just now: nothing was written. Try again.")
    if new != old:
        write_whole(source, new.replace("\n", "\r\n") if b"\r\n" in source.read_bytes() else new)
    write_changed(wanted)
    return source


def _refuse_stranger(file: Path, about: Mapping[str, Any], known: Mapping[str, Path]) -> None:
    if not about:
        raise LearnerError(
            f"{file.name} was not built by dl-workshop, so its source is unknown. Give a file of notebooks/instructor."
        )
    if about.get("role") != "instructor":
        raise LearnerError(
            f"{file.name} is a student notebook: it lacks the answers and notes, which would be lost. "
            "Give the one in notebooks/instructor."
        )
    if about.get("source") not in known:
        raise LearnerError(f"{file.name} belongs to the lesson {about.get('source')}, which is not here.")
    if about.get("version") != VERSION:
        raise LearnerError(
            f"{file.name} was built by another version of the kit. Build afresh, and carry the edits over."
        )


def _new_source(file: Path, lesson: Lesson, notebook: Any) -> str:
    """Give the source with the notebook's cells: the old lines where a cell is unchanged, new lines elsewhere."""
    unused = dict(zip(cell_ids(lesson), lesson.cells, strict=True))
    saved = [_saved_cell(file, i, cell, unused) for i, cell in enumerate(notebook.cells, 1)]
    saved = [cell for cell in saved if cell[1]]  # JupyterLab likes to leave an empty cell at the end
    origins = [unused.pop(name, None) for _, _, _, name in saved]
    for i, (kind, text, options, _) in enumerate(saved):
        if origins[i] is None:  # pasting gives a cell a new id: look for its twin
            twin = next((n for n, c in unused.items() if (c.kind, c.text, c.options) == (kind, text, options)), None)
            origins[i] = unused.pop(twin, None) if twin else None
    if origins == lesson.cells and all(_same(o, s) for o, s in zip(origins, saved, strict=True)):
        return lesson.text
    pieces = [
        _lines(origin, cell, last=origin is lesson.cells[-1]) for origin, cell in zip(origins, saved, strict=True)
    ]
    return lesson.head + "".join(pieces).rstrip("\n") + "\n"


def _saved_cell(file: Path, number: int, cell: Any, known: Mapping[str, Cell]) -> Saved:
    """Read a saved cell as (kind, text, options, id)."""
    if cell.cell_type not in ("code", "markdown") or cell.get("attachments"):
        what = "a pasted picture" if cell.get("attachments") else f"of type {cell.cell_type}"
        raise LearnerError(
            f"{file.name}: cell {number} is {what}, which a source cannot hold. Nothing was written. "
            "Use a code or markdown cell, and link pictures as files."
        )
    name = cell.get("id")
    ours = known[name].options if name in known else cell.metadata.get("dl_workshop", {})
    options = {key: ours[key] for key in MARKED if key in ours}
    options |= {"tags": cell.metadata["tags"]} if "tags" in cell.metadata else {}
    text, options = from_shown(cell.cell_type, cell.source, options)
    return cell.cell_type, text, options, name


def _same(origin: Cell | None, saved: Saved) -> bool:
    return origin is not None and (origin.kind, origin.text, origin.options) == saved[:3]


def _lines(origin: Cell | None, saved: Saved, *, last: bool) -> str:
    kind, text, options, _ = saved
    tail = "\n" if origin is None or last else origin.tail
    if origin and _same(origin, saved):
        return origin.header + origin.body + tail
    return write_cell(kind, text, options, tail)


def _checked(root: Path, source: Path, file: Path, notebook: Any, new: str) -> dict[Path, str]:
    """Build from the new source, and make sure that nothing is lost on the way.

    Raises: LearnerError if a rule is broken, or a cell would come out of the source unlike it went in.
    """
    arrived = [(cell.kind, cell.text) for cell in parse(source, new).cells]
    saved = [(cell.cell_type, from_shown(cell.cell_type, cell.source, {})[0]) for cell in notebook.cells]
    for before, after in zip_longest((cell for cell in saved if cell[1]), arrived):
        if before != after:
            shown = (before or after)[1].split("\n")[0][:60]
            raise LearnerError(
                f"{file.name}: the cell that begins {shown!r} cannot be written to the source as it "
                "stands: does a line of it start with %%? Nothing was written."
            )
    try:
        wanted = notebooks(root, source, new)
    except LearnerError as error:
        raise LearnerError(
            f"The edits of {file.name} were not taken, because they break a rule (lines as they would "
            f"be in the source):\n{error}"
        ) from None
    for path, text in wanted.items():
        if not (path.exists() and path.samefile(file)):
            refuse_edited(path, text)
    return wanted

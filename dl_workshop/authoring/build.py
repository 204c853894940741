"""Build every lesson's notebooks, or say which are stale."""

from collections.abc import Mapping
from pathlib import Path

from dl_workshop.authoring.borrowed import borrowed
from dl_workshop.authoring.lint import check_lesson
from dl_workshop.authoring.notebook import ROLES, cells_digest, read_notebook, read_stills, write_notebook
from dl_workshop.authoring.source import pack_of, parse, read_text, sources, stem
from dl_workshop.errors import LearnerError
from dl_workshop.files import write_whole


def build(root: str | Path) -> list[Path]:
    """Build the notebooks of every lesson; write only those that changed, and return their paths.

    A notebook that somebody edited since it was built is left alone. A lesson with a fault does not stop the others.
    Raises: LearnerError with every fault found, after the sound lessons are built.
    """
    changed, faults = [], []
    for source in sources(Path(root)):
        try:
            wanted = notebooks(Path(root), source)
            for path, text in wanted.items():
                refuse_edited(path, text)
            changed += write_changed(wanted)
        except LearnerError as error:
            faults.append(str(error))
    if faults:
        raise LearnerError("\n".join(faults))
    return changed


def stale(root: str | Path) -> list[Path]:
    """List the notebooks that are missing, differ from their source, or have no source (any more).

    Raises: LearnerError if a source has a fault.
    """
    root = Path(root)
    wanted: dict[Path, str] = {}
    for source in sources(root):
        wanted |= notebooks(root, source)
    there = {path for role in ROLES for path in (root / "notebooks" / role).glob("*.ipynb")}
    return sorted((there - set(wanted)) | {path for path, text in wanted.items() if _differs(path, text)})


def notebooks(root: Path, source: Path, text: str | None = None) -> dict[Path, str]:
    """Give {path: text} of the two notebooks of a lesson, read from its source unless `text` is given.

    Raises: LearnerError if the lesson breaks a rule of lint.py.
    """
    lesson = parse(source, read_text(source) if text is None else text)
    check_lesson(lesson)
    stills, pack = read_stills(source), pack_of(root, source)
    return {
        root / "notebooks" / role / f"{stem(source)}.ipynb": write_notebook(lesson, role, stills, pack)
        for role in ROLES
    }


def refuse_edited(path: Path, text: str) -> None:
    """Refuse to overwrite a notebook that holds somebody's edits (outputs do not count).

    Raises: LearnerError saying how to keep them.
    """
    if not path.exists() or not _differs(path, text):
        return
    notebook = read_notebook(path)
    about = notebook.metadata.get("dl_workshop", {})
    now = cells_digest(notebook.cells)
    if now not in (about.get("cells"), _digest_in(text)):
        keep = (
            "Bring them into the source with dl-workshop build --from-instructor, or"
            if path.parent.name == "instructor"
            else "To keep them, copy the file elsewhere; then"
        )
        raise LearnerError(f"{path} has edits that building would overwrite. {keep} delete the file and build again.")


def _digest_in(text: str) -> str:
    return borrowed("nbformat").reads(text, as_version=4).metadata.dl_workshop.cells


def write_changed(texts: Mapping[Path, str]) -> list[Path]:
    """Write each text that differs from what is on disk, and return the paths written."""
    changed = [path for path, text in texts.items() if _differs(path, text)]
    for path in changed:
        write_whole(path, texts[path])
    return changed


def _differs(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") != text
    except (FileNotFoundError, UnicodeDecodeError):
        return True

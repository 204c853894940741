"""The files that follow from others (uv.lock, exercises, lessons ...): made by one command, held in step by a test."""

from pathlib import Path

from dl_workshop.authoring import links, mistakes, pins, timetable
from dl_workshop.files import write_whole


def derive(root: Path) -> list[Path]:
    """Write environments, links, the list of exercises and timetables anew where stale; return the paths written."""
    changed = stale(root)
    texts = _texts(Path(root))
    for path in changed:
        write_whole(path, texts[path])
    return changed


def stale(root: Path) -> list[Path]:
    """Paths whose text is not the one that their sources give."""
    return [
        path for path, text in _texts(Path(root)).items() if not path.is_file() or path.read_bytes() != text.encode()
    ]


def _texts(root: Path) -> dict[Path, str]:
    everything = {**pins.texts(root), **links.texts(root), **mistakes.texts(), **timetable.texts(root)}
    return {root / name: text for name, text in everything.items()}

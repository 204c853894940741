"""The files that follow from uv.lock and pyproject.toml: made by one command, held in step by a test."""

from pathlib import Path

from dl_workshop.classroom import links, pins
from dl_workshop.files import write_whole


def derive(root: Path) -> list[Path]:
    """Write the environments and the README's links anew where they are stale; return the paths written."""
    changed = stale(root)
    texts = _texts(Path(root))
    for path in changed:
        write_whole(path, texts[path])
    return changed


def stale(root: Path) -> list[Path]:
    """Paths whose text is not the one that uv.lock and the repository's address give."""
    return [path for path, text in _texts(Path(root)).items()
            if not path.is_file() or path.read_bytes() != text.encode()]


def _texts(root):
    return {root / name: text for name, text in {**pins.texts(root), **links.texts(root)}.items()}

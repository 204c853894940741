"""The files that follow from uv.lock, pyproject.toml and the exercises: made by one command, held in step by a test."""

from pathlib import Path

from dl_workshop.classroom import links, mistakes, pins
from dl_workshop.files import write_whole


def derive(root: Path) -> list[Path]:
    """Write environments, the README's links and the list of exercises anew where stale; return the paths written."""
    changed = stale(root)
    texts = _texts(Path(root))
    for path in changed:
        write_whole(path, texts[path])
    return changed


def stale(root: Path) -> list[Path]:
    """Paths whose text is not the one that uv.lock, the repository's address and the exercises give."""
    return [path for path, text in _texts(Path(root)).items()
            if not path.is_file() or path.read_bytes() != text.encode()]


def _texts(root):
    return {root / name: text for name, text in {**pins.texts(root), **links.texts(root), **mistakes.texts()}.items()}

"""The folder where downloads are kept: DL_WORKSHOP_CACHE, or the user's cache folder."""

import contextlib
import os
import time
from pathlib import Path

from dl_workshop.files import write_whole


def file(name: str) -> Path:
    """Give the place of a kept download; it may not exist yet."""
    folder = os.environ.get("DL_WORKSHOP_CACHE")
    if not folder:
        import platformdirs

        folder = platformdirs.user_cache_dir("dl-workshop", appauthor=False)
    return Path(folder).expanduser() / name


def keep(path: Path, content: bytes) -> None:
    """Keep a download if that can be done: a reader in another process sees the old file or the new one, whole."""
    # A full disk or a read-only cache costs another download, no more: the data is in memory, and whole.
    with contextlib.suppress(OSError):
        write_whole(path, content)
    with contextlib.suppress(OSError):
        for left_over in path.parent.glob(f".{path.name}.*.tmp"):  # of a process that was killed while it wrote
            if left_over.stat().st_mtime < time.time() - 3600:
                left_over.unlink()

"""Write a file whole or not at all."""

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes | str) -> None:
    """Write content beside path, then move it there: an interruption leaves the old file or the new, never half.

    Text is written as UTF-8, its line ends as they are. A link is followed; the old file's permissions are kept.
    Raises: OSError if the folder cannot be written.
    """
    path = Path(path).resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())  # on disk before it takes the name: a power cut must not leave it empty
        # mkstemp makes files that only their owner may read; a notebook in a class folder is to be read by others.
        beside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise

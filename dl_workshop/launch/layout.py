"""Where the notebooks are, and laying them out in a folder of the learner's without losing the learner's work."""

import hashlib
import json
import re
from importlib.metadata import version
from pathlib import Path

from dl_workshop.files import write_whole

RECORD = ".dl-workshop.json"  # for each notebook, the hash of the kit's text that was last laid out


def find_lesson(folder: Path, number: int) -> str:
    """Find the file name of lesson `number` in folder.

    Raises: LearnerError that lists the lessons there are.
    """
    lessons = {
        int(path.name[:2]): path.name
        for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))
        if re.fullmatch(r"\d\d_[a-z0-9_]+\.ipynb", path.name)
    }
    if number in lessons:
        return lessons[number]
    there_are = ", ".join(f"{n} ({name[3:-6].replace('_', ' ')})" for n, name in lessons.items())
    raise _learner_error(
        f"there is no lesson {number}. The lessons are {there_are}."
        if lessons
        else f"no lessons in {folder}. Make them with `uv run dl-workshop build`."
    )


def lay_out(notebooks: Path, folder: Path, audience: str) -> list[str]:
    """Copy `notebooks/audience` into `folder/audience`; return what the learner should know, a line each.

    A notebook as the kit wrote it is renewed when the kit has a newer one. A notebook that the learner changed
    stays, and the kit's newer one is laid beside it under another name, once.
    Raises: LearnerError if the folder cannot be written.
    """
    try:
        (folder / audience).mkdir(parents=True, exist_ok=True)
        record, said = _read_record(folder), []
        for source in sorted((notebooks / audience).glob("*.ipynb")):
            name = f"{audience}/{source.name}"
            said += _lay_one(source.read_bytes(), folder / name, record.get(name))
            record[name] = _hash(source.read_bytes())
        write_whole(folder / RECORD, json.dumps(record, indent=1).encode())
    except OSError as error:
        raise _learner_error(
            f"the notebooks cannot be written to {folder} ({error.strerror or error}). "
            "Choose another place: dl-workshop --folder FOLDER"
        ) from None
    return said


def _lay_one(content: bytes, target: Path, recorded: str | None) -> list[str]:
    if not target.exists():
        write_whole(target, content)
        return []
    mine = _hash(target.read_bytes())
    if mine == _hash(content):
        return []
    if mine == recorded:
        write_whole(target, content)
        return [f"Renewed {target.name}: the kit has a newer one."]
    if recorded == _hash(content):
        return []  # changed by the learner, and the kit has nothing newer
    beside = _free_name(target, content)
    write_whole(beside, content)
    return [f"Kept your {target.name}; the kit's newer one is {beside.name}."]


def _free_name(target: Path, content: bytes) -> Path:
    # The learner may have worked in an earlier neighbour too, so no existing file is ever taken over.
    stem = f"{target.stem}-{version('dl-workshop')}"
    names = [target.with_name(f"{stem}.ipynb"), *(target.with_name(f"{stem}-{i}.ipynb") for i in range(2, 100))]
    return next(path for path in names if not path.exists() or path.read_bytes() == content)


def _read_record(folder: Path) -> dict[str, str]:
    try:
        record = json.loads((folder / RECORD).read_text())
    except (FileNotFoundError, ValueError):
        return {}  # unknown history: every notebook that differs counts as the learner's
    return record if isinstance(record, dict) else {}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _learner_error(words: str) -> Exception:
    # Imported late: the guards bring JAX along, which opening a notebook does not need.
    from dl_workshop.errors import LearnerError

    return LearnerError(words)

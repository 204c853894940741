"""Begin a pack: a folder with one small lesson that builds, tests and opens at once."""

import re
from pathlib import Path
from string import Template

from dl_workshop.errors import LearnerError
from dl_workshop.files import write_whole

KIT = ">=0.1,<0.2"
TEMPLATE = Path(__file__).with_name("template")


def new_lesson(folder: str | Path, title: str, number: str = "01") -> list[Path]:
    """Write the files of a new pack and give their paths.

    Raises: LearnerError if the folder holds anything already, or a name cannot be made of it.
    """
    folder = Path(folder).expanduser().absolute()
    title = " ".join(title.split())
    pack = re.sub(r"[^a-z0-9]+", "_", folder.name.lower()).strip("_")
    slug = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", pack):
        raise LearnerError(
            f"The pack is called after its folder, and {folder.name!r} makes no name for Python: "
            "begin with a letter, for example dl-workshop new-lesson clusters."
        )
    if not slug or set(title) & set('"\\$'):
        raise LearnerError(
            f"--title {title!r} makes no name for a folder: use letters of a to z and digits, without quotes."
        )
    if not re.fullmatch(r"\d\d", number):
        raise LearnerError(f"--number {number!r} is not two digits: write for example --number 01.")
    if folder.exists() and any(folder.iterdir()):
        raise LearnerError(
            f"{folder} holds files already. Give a new folder; a second lesson of a pack is a second "
            "folder lesson_NN_name in its package."
        )
    package = f"{pack}_lessons"
    lesson = f"{package}/lesson_{number}_{slug}"
    project = f"dl-workshop-{pack.replace('_', '-')}"
    names = dict(title=title, number=number, pack=pack, package=package, project=project, kit=KIT)
    places = {
        "pyproject.toml": "pyproject.toml",
        "README.md": "README.md",
        "gitignore": ".gitignore",
        "ci.yml": ".github/workflows/lessons.yml",
        "package.py": f"{package}/__init__.py",
        "lesson_init.py": f"{lesson}/__init__.py",
        "lesson.toml": f"{lesson}/lesson.toml",
        "lesson.py": f"{lesson}/lesson.py",
        "exercises.py": f"{lesson}/exercises.py",
        "questions.py": f"{lesson}/questions.py",
    }
    for source, place in places.items():
        text = (TEMPLATE / f"{source}.txt").read_text(encoding="utf-8")
        write_whole(folder / place, Template(text).substitute(names))
    return [folder / place for place in places.values()]

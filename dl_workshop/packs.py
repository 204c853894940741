"""Find lessons: the kit's own, those of installed packs, and those of the pack that somebody is writing.

A lesson is a folder `lesson_NN_name` with a `lesson.toml`; a pack is a Python package that holds some. No lesson is
imported to find it. A lesson of the kit is called "04", one of a pack "pack/01".
"""

import importlib
import importlib.util
import os
import re
import sys
import tomllib
from importlib.metadata import entry_points, version
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from dl_workshop.errors import LearnerError
from dl_workshop.written import is_no_learners, last_line_in

GROUP = "dl_workshop.lessons"  # of entry points: name of the pack = its package
FOLDER = "DL_WORKSHOP_LESSONS"  # the environment variable that names the pack being written
PACKAGE = Path(__file__).resolve().parent
KIT = PACKAGE / "lessons"
NAMED = re.compile(r"lesson_(\d\d)_([a-z0-9_]+)")
FIELDS = {"number": str, "title": str, "minutes": int, "needs": list, "language": str, "kit": str}


class Found(NamedTuple):
    """A lesson that was found: its pack ("" for the kit's own), its number, its folder, and its package's name."""

    pack: str
    number: str
    folder: Path
    package: str

    @property
    def name(self) -> str:
        """What `exercises.load` calls it: "04", or "pack/01"."""
        return f"{self.pack}/{self.number}" if self.pack else self.number

    @property
    def stem(self) -> str:
        """What its notebooks are called: 04_logistic_regression."""
        return self.folder.name.removeprefix("lesson_")

    def module(self, name: str) -> ModuleType | None:
        """Import one module of the lesson; None where it has no such module.

        Raises: LearnerError that says whose fault it is, where the module of a pack does not load.
        """
        if not (self.folder / f"{name}.py").exists() and not (self.folder / name).is_dir():
            return None
        _make_importable(self)
        is_no_learners(self.folder)
        try:
            return importlib.import_module(f"{self.package}.{name}")
        except LearnerError:
            raise
        except Exception as error:
            if not self.pack:
                raise
            place = (
                f"{error.filename}, line {error.lineno}: "
                if isinstance(error, SyntaxError)
                else last_line_in(error, lambda file: file.is_relative_to(self.folder))
            )
            what = f"{place}{type(error).__name__}: {error}"
            raise LearnerError(
                f"Lesson {self.name} does not load, which is a fault of the lesson and none of yours: "
                f"{what}. Tell its author."
            ) from error


def find(name: str | int) -> Found:
    """Find a lesson by its name: "04", 4, or "pack/01".

    Raises: LearnerError where there is none, or its lesson.toml is not in order.
    """
    pack, _, number = str(name).rpartition("/")
    lessons = in_pack(pack)
    wanted = [lesson for lesson in lessons if lesson.number == number.zfill(2)]
    if not wanted:
        there = ", ".join(lesson.name for lesson in lessons) or "none"
        where = f" in the pack {pack}" if pack else ""
        raise LearnerError(f"There are no exercises for lesson {number.zfill(2)}{where}. There are some for: {there}.")
    if len(wanted) > 1:
        raise LearnerError(
            f"Two folders hold lesson {wanted[0].name}: {wanted[0].folder.name} and "
            f"{wanted[1].folder.name} in {wanted[0].folder.parent}. Give one another number."
        )
    if pack:
        about(wanted[0])
    return wanted[0]


def installed() -> dict[str, str]:
    """Give {name: package} of the packs: those installed, and the one that is being written, which comes first."""
    return {name: package for name, (package, _) in _packs().items()}


def _packs() -> dict[str, tuple[str, Path | None]]:
    """Give {name: (package, folder)}; the folder of the one that is being written, None of those installed."""
    written = os.environ.get(FOLDER)
    packs: dict[str, tuple[str, Path | None]] = {point.name: (point.value, None) for point in entry_points(group=GROUP)}
    if written:
        packs |= {name: (package, Path(written)) for name, package in pack_at(written).items()}
    return packs


def in_pack(pack: str) -> list[Found]:
    """List the lessons of a pack by number; "" is the kit.

    Raises: LearnerError where there is no such pack, or its package is missing.
    """
    if not pack:
        return lessons_in(KIT, "", "dl_workshop.lessons")
    packs = _packs()
    if pack not in packs:
        there = ", ".join(packs) or "none"
        raise LearnerError(
            f"There is no pack of lessons called {pack}. Installed are: {there}. Install it with "
            "pip, or check its name."
        )
    package, written = packs[pack]
    return lessons_in(_folder_of(pack, package, written), pack, package)


def lessons_in(folder: str | Path, pack: str, package: str) -> list[Found]:
    """List the lessons in the folder of a package."""
    named = ((path, NAMED.fullmatch(path.name)) for path in sorted(Path(folder).iterdir()) if path.is_dir())
    return [Found(pack, match[1], path, f"{package}.{path.name}") for path, match in named if match]


def about(lesson: Found) -> dict[str, Any]:
    """Read a lesson.toml.

    Raises: LearnerError naming the file and the field that is missing, of the wrong kind, or does not fit.
    """
    path = lesson.folder / "lesson.toml"
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LearnerError(f"{path} is missing: every lesson says there what it is.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LearnerError(f"{path} cannot be read: {error}.") from None
    for field, kind in FIELDS.items():
        if field not in fields:
            raise LearnerError(f"{path}: the field `{field}` is missing.")
        if not isinstance(fields[field], kind) or isinstance(fields[field], bool):
            raise LearnerError(f"{path}: `{field}` is {fields[field]!r}, but should be {_KINDS[kind]}.")
    if fields["number"] != lesson.number:
        raise LearnerError(f"{path}: `number` is {fields['number']!r}, but the folder is called {lesson.folder.name}.")
    _check_kit(path, fields["kit"])
    return fields


_KINDS = {str: "text in quotes", int: "a whole number", list: "a list"}


def _check_kit(path: Path, wanted: str) -> None:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        fits = SpecifierSet(wanted).contains(version("dl-workshop"), prereleases=True)
    except InvalidSpecifier:
        raise LearnerError(
            f'{path}: `kit` is {wanted!r}, which names no versions: write for example ">=0.1,<0.2".'
        ) from None
    if not fits:
        raise LearnerError(
            f"{path}: `kit` asks for dl-workshop {wanted}, but this is {version('dl-workshop')}. "
            f'Install one that fits: pip install "dl-workshop{wanted}".'
        )


def _folder_of(pack: str, package: str, written: Path | None) -> Path:
    """Find the folder of a package without importing it: in the pack being written, or where it is installed."""
    if written:
        return _written_folder(written, package)
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise LearnerError(
            f"The pack {pack} is registered, but its package {package} is not installed. Install the pack again."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def find_checkout() -> Path | None:
    """Find the root of the checkout that this kit runs from, or None where it was installed from a wheel."""
    root = PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() and (root / "notebooks").is_dir() else None


def find_notebooks() -> Path:
    """Find the folder that holds `student` and `instructor`: in the checkout, or inside the installed package."""
    root = find_checkout()
    return root / "notebooks" if root else PACKAGE / "_notebooks"


def notebooks() -> dict[str, Path]:
    """Give {pack: the folder that holds `student`}: of the kit, "", and of every pack that brings notebooks."""
    found = {"": find_notebooks()}
    for pack, (package, written) in _packs().items():
        try:
            inside = written / "notebooks" if written else _folder_of(pack, package, None) / "_notebooks"
        except LearnerError:
            continue
        if (inside / "student").is_dir():
            found[pack] = inside
    return found


def pack_at(folder: str | Path) -> dict[str, str]:
    """Read {name: package} from the pyproject.toml of a pack's folder.

    Raises: LearnerError naming the file and what is missing in it.
    """
    path = Path(folder) / "pyproject.toml"
    try:
        project = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LearnerError(
            f"{folder} is no pack of lessons: it has no pyproject.toml. Make one with dl-workshop new-lesson {folder}."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LearnerError(f"{path} cannot be read: {error}.") from None
    points = project.get("project", {}).get("entry-points", {}).get(GROUP)
    if not isinstance(points, dict) or not points:
        raise LearnerError(
            f'{path} names no lessons: it needs [project.entry-points."{GROUP}"] with a line `name = "package"`.'
        )
    for package in points.values():
        _written_folder(Path(folder), package)
    return dict(points)


def _written_folder(folder: Path, package: str) -> Path:
    for root in (folder, folder / "src"):
        inside = root.resolve().joinpath(*package.split("."))
        if inside.is_dir():
            return inside
    raise LearnerError(
        f"{folder / 'pyproject.toml'} names the package {package}, but {folder} holds no folder of that name."
    )


def _make_importable(lesson: Found) -> None:
    """Put the pack that is being written on Python's path."""
    written = os.environ.get(FOLDER)
    if written and lesson.pack and lesson.folder.is_relative_to(Path(written).resolve()):
        root = str(lesson.folder.parents[lesson.package.count(".")])
        if root not in sys.path:
            sys.path.insert(0, root)

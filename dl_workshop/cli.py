"""The command dl-workshop: open the lessons, see how far a class is, or build the lessons from their source."""

import argparse
import sys
from importlib.metadata import version
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 done, 1 files are stale, 2 refused with a reason."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        # `build` is for developers, so the learner's own help stays one short screen.
        if arguments[:1] == ["build"]:
            return _build(_build_parser().parse_args(arguments[1:]))
        if arguments[:1] == ["progress"]:
            return _progress(_progress_parser().parse_args(arguments[1:]))
        if arguments[:1] == ["new-lesson"]:
            return _new_lesson(_new_lesson_parser().parse_args(arguments[1:]))
        if arguments[:1] == ["test-lesson"]:
            return _test_lesson(_test_lesson_parser().parse_args(arguments[1:]))
        return _open(_open_parser().parse_args(arguments))
    except (ValueError, OSError) as error:
        # Imported only here: the guards bring JAX along, and --help should not wait for it.
        from dl_workshop.errors import LearnerError

        if not isinstance(error, LearnerError):
            raise
        print(f"dl-workshop: {error}", file=sys.stderr)
        return 2


def _open_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dl-workshop",
        description="Open the workshop in JupyterLab, on this computer only. Ctrl-C ends it.",
        epilog="`dl-workshop progress` tells an instructor how far a class is. For authors: `dl-workshop new-lesson` "
        "begins a lesson, `build` makes its notebooks, `test-lesson` proves it. Each has a --help.",
    )
    parser.add_argument("--lesson", type=int, default=1, metavar="N", help="the lesson to open (default: 1)")
    parser.add_argument("--instructor", action="store_true", help="open the notebook with answers and notes")
    parser.add_argument(
        "--port", type=_port, default=8888, help="the port to try first; a busy one moves to the next (default: 8888)"
    )
    parser.add_argument("--no-browser", action="store_true", help="print the address only")
    parser.add_argument(
        "--folder",
        type=Path,
        help="lay the notebooks out here and work on them there (installed without a checkout: "
        "./dl-workshop). A notebook that you changed is never overwritten",
    )
    parser.add_argument(
        "--lessons",
        type=Path,
        metavar="FOLDER",
        help="open the lessons of the pack in this folder, which its author is writing",
    )
    parser.add_argument("--version", action="version", version=f"dl-workshop {version('dl-workshop')}")
    return parser


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dl-workshop build",
        description="Make the student and instructor notebooks of every lesson, and the files that follow "
        "from uv.lock and the repository's address.",
    )
    parser.add_argument(
        "--lessons",
        type=Path,
        metavar="FOLDER",
        help="build the lessons of the pack in this folder: its notebooks come to FOLDER/notebooks",
    )
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--check", action="store_true", help="change nothing; list stale files and exit with 1")
    only.add_argument(
        "--pictures",
        action="store_true",
        help="first run the instructor notebooks and take the pictures of their panels anew",
    )
    only.add_argument(
        "--from-instructor",
        type=Path,
        metavar="FILE",
        help="take the edits of an instructor notebook back into its source",
    )
    return parser


def _new_lesson_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dl-workshop new-lesson",
        description="Begin a pack of lessons: a folder with one small lesson, which builds, tests and opens at once. "
        "docs/authors.md tells how to go on.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder to make; its name names the pack")
    parser.add_argument("--title", required=True, help='what the lesson is called, for example "K-means"')
    parser.add_argument("--number", default="01", help="the lesson's number, two digits (default: 01)")
    return parser


def _test_lesson_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dl-workshop test-lesson",
        description="Prove the lessons of a pack: notebooks in step with their source, right answers pass, mistakes "
        "get their own names, wrong answers are refused, both notebooks run.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder of the pack")
    return parser


def _progress_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dl-workshop progress",
        description="Run submitted notebooks again, each in a process of its own, and say who passed what and which "
        "mistakes the class makes. docs/class.md tells more.",
    )
    parser.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="FOLDER_OR_FILE",
        help="a folder with a file or a folder for each student, or notebooks",
    )
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write a table: a line for each submission")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page with a heat map of the mistakes")
    parser.add_argument("--canvas", type=Path, metavar="FILE", help="write grades for Canvas's gradebook import")
    parser.add_argument(
        "--roster", type=Path, metavar="FILE", help="a gradebook exported from Canvas, to name its students in --canvas"
    )
    parser.add_argument(
        "--lessons",
        type=Path,
        metavar="FOLDER",
        help="the folder of a pack whose lessons were handed in, where it is not installed",
    )
    parser.add_argument(
        "--seconds",
        type=_count,
        default=120,
        metavar="N",
        help="most that a submission may run (default: 120); a cell may take a sixth of it",
    )
    parser.add_argument(
        "--memory", type=_count, default=2000, metavar="MB", help="most that a submission may use (default: 2000)"
    )
    parser.add_argument(
        "--jobs", type=_count, metavar="N", help="submissions to run at a time (default: one for each core)"
    )
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a port: write a number from 1024 to 65535, for example --port 8890"
        )
    return int(text)


def _open(options: argparse.Namespace) -> int:
    from dl_workshop import packs
    from dl_workshop.launch import jupyterlab, layout

    audience = "instructor" if options.instructor else "student"
    notebooks, root = packs.find_notebooks(), packs.find_checkout()
    if options.lessons is not None:
        root = _pack(options.lessons)
        notebooks = root / "notebooks"
    lesson = layout.find_lesson(notebooks / audience, options.lesson)
    if root is None or options.folder is not None:
        root = (options.folder or Path("dl-workshop")).expanduser().absolute()
        for line in layout.lay_out(notebooks, root, audience):
            print(line, flush=True)
        page = f"{audience}/{lesson}"
    else:
        page = f"notebooks/{audience}/{lesson}"
    return jupyterlab.launch(root, page, port=options.port, browser=not options.no_browser)


def _build(options: argparse.Namespace) -> int:
    from dl_workshop import authoring, packs
    from dl_workshop.authoring import derived

    root = packs.find_checkout() if options.lessons is None else _pack(options.lessons)
    if root is None:
        from dl_workshop.errors import LearnerError

        raise LearnerError(
            "building needs the sources of the lessons, and an installed kit has none. "
            "Clone the repository and run `uv run dl-workshop build` in it."
        )
    if options.check:
        stale = [*authoring.stale(root), *([] if options.lessons else derived.stale(root))]
        for path in stale:
            print(f"stale: {_short(path, root)}")
        again = f"dl-workshop build --lessons {options.lessons}" if options.lessons else "uv run dl-workshop build"
        print(f"Run `{again}` to renew them." if stale else "Everything is up to date.")
        return 1 if stale else 0
    if options.from_instructor:
        source = authoring.from_instructor(root, options.from_instructor)
        print(f"{_short(source, root)} has what {options.from_instructor.name} says.")
    changed = authoring.build(root)
    if options.pictures:
        changed += [*authoring.take(root), *authoring.build(root)]
    if not options.lessons:
        changed += derived.derive(root)
    for path in changed:
        print(f"wrote {_short(path, root)}")
    if not changed:
        print("Nothing to do: everything is up to date.")
    return 0


def _progress(options: argparse.Namespace) -> int:
    from dl_workshop.class_progress.progress import progress
    from dl_workshop.class_progress.report_files import refuse_early, write_reports
    from dl_workshop.class_progress.rerun import Limits

    refuse_early(options)
    if options.lessons is not None:
        _pack(options.lessons)
    rows = progress(options.paths, Limits(options.seconds, max(options.seconds // 6, 1), options.memory), options.jobs)
    write_reports(rows, options)
    return 1 if not rows or any(row.reason.startswith("not run: stopped") for row in rows) else 0


def _pack(folder: Path) -> Path:
    """Give the pack's folder, and let this process and every kernel that it starts find the lessons there."""
    import os

    from dl_workshop import packs

    folder = folder.expanduser().resolve()
    packs.pack_at(folder)
    os.environ[packs.FOLDER] = str(folder)
    return folder


def _new_lesson(options: argparse.Namespace) -> int:
    from dl_workshop.authoring.new import new_lesson

    for path in new_lesson(options.folder, options.title, options.number):
        print(f"wrote {path}")
    print(f"Next: dl-workshop build --lessons {options.folder}, then dl-workshop test-lesson {options.folder}")
    return 0


def _test_lesson(options: argparse.Namespace) -> int:
    from dl_workshop.authoring.test import test_lessons

    return test_lessons(_pack(options.folder))


def _short(path: Path, root: Path) -> Path:
    path = Path(path)
    return path.relative_to(root) if path.is_relative_to(root) else path


if __name__ == "__main__":
    sys.exit(main())

"""Write what was found about a class: words on the terminal, and the files that were asked for."""

import io
import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from dl_workshop.class_progress.canvas import write_canvas
from dl_workshop.class_progress.progress import Row
from dl_workshop.class_progress.report_csv import in_short, write_csv
from dl_workshop.class_progress.report_html import page
from dl_workshop.errors import LearnerError
from dl_workshop.files import write_whole


def refuse_early(options: Namespace) -> None:
    """Refuse, before minutes are spent, what cannot work at the end.

    Raises: LearnerError if there is nothing to run, a report cannot be written, or the system cannot run submissions.
    """
    if not hasattr(os, "fork"):
        raise LearnerError(
            "progress needs Linux or macOS. On Windows run it in WSL: https://learn.microsoft.com/windows/wsl"
        )
    for path in options.paths:
        if not os.path.lexists(path):
            raise LearnerError(f"there is no {path}. Give a folder of submitted notebooks, or notebooks.")
    for path in filter(None, (options.csv, options.html, options.canvas)):
        if path.is_dir() or not path.absolute().parent.is_dir():
            raise LearnerError(f"{path} cannot be written: {'it is a folder' if path.is_dir() else 'no such folder'}.")
    if options.roster:
        if not options.canvas:
            raise LearnerError("--roster names the students of --canvas FILE: give that too.")
        write_canvas([], io.StringIO(), _lines(options.roster))


def write_reports(rows: Sequence[Row], options: Namespace) -> None:
    """Print the rows in short and write the reports that were asked for.

    Raises: LearnerError if one cannot be written.
    """
    print(in_short(rows) or "Nothing was handed in there.", flush=True)
    for path, content in _texts(rows, options):
        try:
            write_whole(path.absolute(), content)
        except OSError as error:
            raise LearnerError(f"{path} cannot be written: {error.strerror or error}.") from None
        print(f"wrote {path}", flush=True)


def _texts(rows: Sequence[Row], options: Namespace) -> Iterator[tuple[Path, bytes]]:
    if options.csv:
        file = io.StringIO(newline="")
        write_csv(rows, file)
        yield options.csv, file.getvalue().encode("utf-8-sig", "replace")  # the mark lets Excel read names aright
    if options.html:
        yield options.html, page(rows).encode("utf-8", "replace")
    if options.canvas:
        file = io.StringIO(newline="")
        strangers = write_canvas(rows, file, _lines(options.roster) if options.roster else None)
        yield options.canvas, file.getvalue().encode("utf-8", "replace")
        if strangers:
            print(f"Not in the roster, so without a grade: {', '.join(strangers)}")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LearnerError(f"{path} cannot be read as text ({error}).") from None

"""How far a class is: every submission read, mended, run again, and put into one row."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from dl_workshop.class_progress.kept import kept
from dl_workshop.class_progress.rerun import Limits, Outcomes, rerun
from dl_workshop.class_progress.restore import Plan, plan
from dl_workshop.class_progress.submissions import Submission, find

STATUSES = ("passed", "failed", "blank", "missing")


class Outcome(NamedTuple):
    """One exercise of one submission.

    `status`: passed, failed, blank, missing (no such name in the notebook) or "not reached" (it was stopped before).
    `mistake`, `message`: from the check run now. `attempts`, `met`: what the notebook kept (see kept.py).
    """

    status: str
    mistake: str = ""
    message: str = ""
    attempts: str = ""
    met: str = ""


class Row(NamedTuple):
    """One submission. `reason`: why it could not be run to its end, or ""; `notes`: what was mended or refused."""

    student: str
    canvas_id: str
    file: str
    lesson: str = ""
    exercises: dict[str, Outcome] = {}  # noqa: RUF012 (never changed)
    reason: str = ""
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> int:
        """How many exercises are passed."""
        return sum(outcome.status == "passed" for outcome in self.exercises.values())


def progress(
    paths: Iterable[str | Path], limits: Limits | None = None, jobs: int | None = None, bar: bool = True
) -> list[Row]:
    """Run every submission in `paths` again and give a row for each file, in the order found.

    A submission that cannot be run has its reason in its row; none stops the others. Ctrl-C stops the batch: the rows
    that are missing then say so.
    """
    from tqdm import tqdm

    submissions = find(paths)
    rows = {
        i: Row(_printable(s.student), s.canvas_id, _printable(s.file), reason=s.reason)
        for i, s in enumerate(submissions)
    }
    plans = {}
    with tqdm(total=len(rows), desc="Submissions", unit="file", disable=not bar, smoothing=0) as shown:
        try:
            for i, submission in enumerate(submissions):
                planned = None if submission.reason else _plan(submission)
                if planned is None or isinstance(planned, str):
                    rows[i] = rows[i]._replace(reason=submission.reason or planned or "")
                    shown.update()
                else:
                    plans[i] = planned
                    rows[i] = rows[i]._replace(lesson=planned.lesson.number, reason="not run: stopped by Ctrl-C")

            def done(i: int, outcome: Outcomes) -> None:
                rows[i] = _row(rows[i], submissions[i], plans[i], *outcome)
                shown.update()

            if plans:
                rerun(plans, limits or Limits(), jobs or cores(), done)
        except KeyboardInterrupt:
            shown.write("Stopped. The rows so far are kept.")
    return list(rows.values())


def cores() -> int:
    """Count the processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _printable(name: str | Path) -> str:
    """Give a file's name as text that can be written, also where its bytes were no text."""
    return str(name).encode("utf-8", "replace").decode()


def _plan(submission: Submission) -> Plan | str:
    try:
        return plan(submission)
    except Exception as error:  # a file made to break us has its row too
        return f"could not be matched with a lesson ({type(error).__name__})"


def _row(
    row: Row, submission: Submission, planned: Plan, verdicts: Mapping[str, Any], notes: Iterable[str], reason: str
) -> Row:
    said = kept(submission, planned.lesson.checks)
    exercises = {}
    for name in planned.lesson.checks:
        verdict = verdicts.get(name, {"status": "not reached", "mistake": None, "message": ""})
        attempts, met = said.get(name, ("", ""))
        exercises[name] = Outcome(verdict["status"], verdict["mistake"] or "", verdict["message"], attempts, met)
    return row._replace(exercises=exercises, reason=reason, notes=(*planned.notes, *notes))

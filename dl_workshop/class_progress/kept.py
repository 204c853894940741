"""What a submitted notebook says itself: attempts and mistakes met, from the report and the checks that it kept.

A learner can edit these, so they are shown beside the verdicts and never decide one.
"""

import re
from collections.abc import Iterable
from typing import Any

from dl_workshop.class_progress.submissions import Submission
from dl_workshop.exercises.report import REPORT

MOST = 200_000  # characters read of one output: a check's is short


def kept(submission: Submission, names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Give {exercise: (attempts, mistakes met)} as texts; an exercise that the notebook says nothing of is left out.

    From the data of the last `ex.report()` in the kept outputs (see exercises/report.py). Without one, a kept check
    that was not blank counts as "1+" attempts.
    """
    said: dict[str, tuple[str, str]] = {}
    for cell in submission.cells:
        for output in cell["outputs"]:
            data = output.get("data") if isinstance(output.get("data"), dict) else {}
            said |= _report(data.get(REPORT), names)
            text = _plain(data.get("text/plain", output.get("text", "")))
            for name in names:
                if name not in said and re.search(rf"^[✓✗] {name}: ", text, re.M):
                    said[name] = ("1+", "")
    return said


def _report(data: Any, names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Read a report's data, whatever became of it in a learner's hands."""
    exercises = data.get("exercises") if isinstance(data, dict) else None
    said = {}
    for one in exercises if isinstance(exercises, list) else ():
        if isinstance(one, dict) and one.get("name") in list(names) and isinstance(one.get("attempts"), int):
            mistakes = one.get("mistakes")
            met = [str(mistake)[:60] for mistake in mistakes[:20]] if isinstance(mistakes, list) else []
            said[one["name"]] = (str(one["attempts"])[:6], ", ".join(met))
    return said


def _plain(text: Any) -> str:
    return ("".join(map(str, text)) if isinstance(text, list) else str(text))[:MOST]

"""How long does `progress` take for a class of 200, hostile submissions among them? Writes results/progress.md.

Run: uv run python benchmarks/progress.py
"""

import collections
import platform
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from handed_in import LESSONS, SUM, broken, hand_in, hostile, small, solved, spoofs, student  # noqa: E402

from dl_workshop.class_progress.progress import cores, progress  # noqa: E402

CLASS = 200


def main():
    outside, folder = Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp())
    (outside / "victim").write_text("precious")
    bad = broken(outside)
    handed = {name: what for name, (what, _) in bad.items()}
    handed |= {f"{name}.ipynb": what for name, (what, _, _) in hostile(outside).items()}
    handed |= {f"{name}.ipynb": what for name, what in spoofs().items()}
    not_run, hostiles = len(bad), len(handed) - len(bad)
    for lesson in LESSONS:
        handed |= {f"ada_{lesson}.ipynb": solved(lesson), f"bob_{lesson}.ipynb": student(lesson)}
    whole, rest = 2 * len(LESSONS), CLASS - len(handed)
    kinds = (small(), small(answer=SUM), small(answer="def mse(y_true, y_pred):\n    return ex.todo()"))
    handed |= {f"learner{i}_01_linear_regression.ipynb": kinds[i % 3] for i in range(rest)}
    for name, what in handed.items():
        hand_in(folder, name, what)
    began = time.perf_counter()
    rows = progress([folder])
    seconds = time.perf_counter() - began
    assert len(rows) == len(handed) == CLASS
    assert (outside / "victim").read_text() == "precious" and len(list(outside.iterdir())) == 1
    by_name = {Path(row.file).name: row for row in rows}
    for lesson in LESSONS:
        good, blank = by_name[f"ada_{lesson}.ipynb"], by_name[f"bob_{lesson}.ipynb"]
        assert good.passed == len(good.exercises) > 0, good
        assert {o.status for o in blank.exercises.values()} == {"blank"}, blank
    for i in range(rest):
        outcome = by_name[f"learner{i}_01_linear_regression.ipynb"].exercises["mse"]
        assert (outcome.status, outcome.mistake) == (("passed", ""), ("failed", "sum"), ("blank", ""))[i % 3], outcome
    reasons = collections.Counter("run to its end" if not row.reason else "with a reason" for row in rows)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    lines = [
        "# progress on a class of 200",
        "",
        f"{platform.system()}, Python {platform.python_version()}, {cores()} cores (shared with other work), "
        f"{time.strftime('%Y-%m-%d')}. Limits as they come: 120 s and 2000 MB a submission.",
        "",
        "| | |",
        "|---|---|",
        f"| submissions | {len(rows)} |",
        f"| of them | {whole} whole notebooks of {len(LESSONS)} lessons, {rest} with one exercise, {hostiles} hostile, "
        f"{not_run} that cannot be run |",
        f"| rows | {len(rows)}: {reasons['run to its end']} run to the end, {reasons['with a reason']} with a reason |",
        f"| time | {seconds:.0f} s, {seconds / len(rows):.1f} s a submission |",
        f"| largest process | {peak:.0f} MB |",
    ]
    text = "\n".join(lines) + "\n"
    (ROOT / "benchmarks/results/progress.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()

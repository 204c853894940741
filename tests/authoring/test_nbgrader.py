"""nbgrader itself: the instructor notebook as `source/`, our student notebook handed in, and the grades it gives."""

import functools
import json
import shutil
import sqlite3
import subprocess

import pytest
from handed_in import SUM, instructor, solved

LESSON = "01_linear_regression"
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("progress")]


@pytest.fixture(scope="module")
def nbgrader(repository):
    """Run nbgrader's own command in an environment that has it beside the kit; the kit does not depend on it."""
    if not shutil.which("uv"):
        pytest.skip("nbgrader is not tried: it needs uv, to put nbgrader beside the kit for this test")
    uv = ["uv", "run", "--project", str(repository), "--no-sync", "--frozen", "--with", "nbgrader>=0.9.5"]

    def run(*command, cwd):
        return subprocess.run([*uv, *command], cwd=cwd, capture_output=True, text=True, timeout=500)

    tried = run("python", "-c", "", cwd=repository)
    if tried.returncode:
        pytest.skip(f"nbgrader is not tried: it cannot be installed here ({tried.stderr.strip().splitlines()[-1]})")
    return functools.partial(run, "nbgrader")


def without_drawings(notebook):
    """A learner may delete cells; without the pictures a test is quicker."""
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if not ("plots." in (text := "".join(cell["source"])) or "panels." in text) or "exercises.load" in text
    ]
    return notebook


def test_nbgrader_grades_our_student_notebook(nbgrader, tmp_path):
    source, released = tmp_path / "source/lines", tmp_path / "release/lines"
    source.mkdir(parents=True)
    (source / f"{LESSON}.ipynb").write_text(json.dumps(instructor()))
    done = nbgrader("generate_assignment", "lines", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    text = (released / f"{LESSON}.ipynb").read_text()
    assert "HIDDEN TESTS" not in text and "BEGIN SOLUTION" not in text

    good, bad = without_drawings(solved()), without_drawings(solved())
    for cell in bad["cells"]:
        match cell["id"]:
            case "exercise-mse":
                cell["source"] = SUM
            case "exercise-mse_one_line":
                cell["source"] = "def mse_one_line(y_true, y_pred):\n    return ex.todo()"
            case "check-mse" | "check-linear":
                cell["source"] = "print('passed')"  # tampered with: nbgrader puts its own back
    for name, notebook in (("ada", good), ("bob", bad)):
        folder = tmp_path / f"submitted/{name}/lines"
        folder.mkdir(parents=True)
        (folder / f"{LESSON}.ipynb").write_text(json.dumps(notebook))
    done = nbgrader("autograde", "lines", cwd=tmp_path)
    assert done.returncode == 0, done.stderr

    with sqlite3.connect(tmp_path / "gradebook.db") as book:
        rows = book.execute(
            "select submitted_assignment.student_id, base_cell.name, grade.auto_score from grade "
            "join base_cell on base_cell.id = grade.cell_id "
            "join submitted_notebook on submitted_notebook.id = grade.notebook_id "
            "join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id"
        ).fetchall()
    scores = {who: {cell: score for student, cell, score in rows if student == who} for who in ("ada", "bob")}
    checks = ["check-simulate_line", "check-linear", "check-bad_guess", "check-mse", "check-mse_one_line"]
    assert scores["ada"] == dict.fromkeys(checks, 1)
    assert scores["bob"] == dict.fromkeys(checks, 1) | {"check-mse": 0, "check-mse_one_line": 0}
    graded = (tmp_path / f"autograded/bob/lines/{LESSON}.ipynb").read_text()
    assert "SUM of squared errors" in graded  # what the feedback shows

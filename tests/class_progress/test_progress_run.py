"""Progress in real processes: good and wrong work is told apart, and nothing hostile stops or bends a row."""

import copy
import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from handed_in import (
    NAMES,
    SUM,
    broken,
    code,
    hand_in,
    hostile,
    instructor,
    report,
    small,
    solved,
    spoofs,
    student,
    with_metadata,
)

from dl_workshop.class_progress.progress import progress
from dl_workshop.class_progress.rerun import Limits

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("progress")]
LIMITS = Limits(seconds=8, step_seconds=2, memory=1200)  # of processor time: a busy machine changes nothing


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One batch for all tests here: {name: row}, and the folder that nothing may touch."""
    outside, folder = tmp_path_factory.mktemp("outside"), tmp_path_factory.mktemp("class")
    (outside / "victim").write_text("precious")
    (outside / "secret.ipynb").write_text(json.dumps(small()))
    told = {
        **spoofs(),
        **{name: what for name, (what, _, _) in hostile(outside).items()},
        "solved": solved(),
        "blank": student(),
        "second": solved("02_gradient_descent"),
        **honest(),
    }
    for name, notebook in told.items():
        hand_in(folder, f"{name}.ipynb", notebook)
    for name, (what, _) in broken(outside).items():
        hand_in(folder, name, what)
    rows = progress([folder], LIMITS, bar=False)
    return {row.file.rsplit("/", 1)[1].removesuffix(".ipynb"): row for row in rows}, outside


def honest():
    """Learners who deleted, moved or renamed things in good faith."""
    in_check = small(answer="pass", check="def mse(y_true, y_pred):\n    return ((y_true - y_pred) ** 2).mean()")
    late = small(
        answer="def mse(y_true, y_pred):\n    return helper(y_true - y_pred)",
        after=["def helper(d):\n    return (d ** 2).mean()"],
    )
    again = small(answer=SUM, after=["def mse(y_true, y_pred):\n    return ((y_true - y_pred) ** 2).mean()"])
    no_setup = {**small(), "cells": small()["cells"][1:]}
    older = copy.deepcopy(solved())
    older["metadata"]["dl_workshop"]["cells"] = "0" * 32
    older["cells"] = [cell for cell in older["cells"] if "mse_one_line" not in cell["id"]]
    bare = with_metadata(
        {
            **solved(),
            "cells": [
                code(cell["source"])
                for cell in solved()["cells"]
                if cell["cell_type"] == "code" and ".check(" not in "".join(cell["source"])
            ],
        }
    )
    kept = {**small(answer=SUM), "cells": [*small(answer=SUM)["cells"], report(3, "half", "root")]}
    machine = small(before=["!ls", "%%bash\nls"], check="if True:\n    !pip list\nmse = ex.mse.check(mse)")
    machine["cells"][3]["source"] = "%pip install optax\n" + machine["cells"][3]["source"]
    return {
        "machine": machine,
        "in_check": in_check,
        "late": late,
        "again": again,
        "no_setup": no_setup,
        "older": older,
        "bare": bare,
        "kept": kept,
    }


def status(row, name="mse"):
    return row.exercises[name].status


def test_every_file_has_a_row(made):
    rows, outside = made
    wanted = {
        *spoofs(),
        *hostile(outside),
        *honest(),
        "solved",
        "blank",
        "second",
        *(name.removesuffix(".ipynb") for name in broken(outside)),
    }
    assert set(rows) == wanted


def test_right_wrong_and_blank_work(made):
    rows, _ = made
    assert {name: status(rows["solved"], name) for name in NAMES} == dict.fromkeys(NAMES, "passed")
    assert {name: status(rows["blank"], name) for name in NAMES} == dict.fromkeys(NAMES, "blank")
    assert rows["solved"].reason == rows["blank"].reason == "" and rows["solved"].notes == ()
    assert status(rows["kept"]) == "failed" and "sum" in rows["kept"].exercises["mse"].mistake
    assert "SUM" in rows["kept"].exercises["mse"].message
    assert status(rows["kept"], "linear") == "missing"
    assert rows["second"].lesson == "02" and rows["second"].passed == len(rows["second"].exercises) == 7


@pytest.mark.parametrize("name", spoofs())
def test_a_wrong_answer_never_passes(made, name):
    row = made[0][name]
    assert status(row) == "failed" and row.passed == 0 and row.reason == ""


def test_what_was_changed_is_noted(made):
    rows, _ = made
    assert "the check of mse had been changed" in rows["tampered_check"].notes
    assert "the check of mse was missing" in rows["stripped_check"].notes
    assert "the check of mse stood 3 times" in rows["doubled_check"].notes
    for name in ("checks_replaced", "libraries_replaced"):
        assert any("put back for the checks" in note for note in rows[name].notes), name


def test_hostile_work_has_its_row_and_reason(made):
    rows, outside = made
    for name, (_, reason, wanted) in hostile(outside).items():
        row = rows[name]
        assert reason in row.reason and bool(reason) == bool(row.reason), (name, row)
        assert status(row) == wanted, (name, row)
    assert any("ran too long" in note for note in rows["endless_cell"].notes)
    assert "ran too long" in rows["endless_answer"].exercises["mse"].message
    assert "in 'import signal" in rows["deaf"].reason


def test_files_that_cannot_be_run_have_a_reason(made):
    rows, outside = made
    for name, (_, reason) in broken(outside).items():
        row = rows[name.removesuffix(".ipynb")]
        assert reason in row.reason and row.exercises == {}, (name, row)


def test_nothing_outside_is_touched(made):
    rows, outside = made
    assert sorted(path.name for path in outside.iterdir()) == ["secret.ipynb", "victim"]
    assert (outside / "victim").read_text() == "precious"
    assert any(f"tried to change {outside}" in note for note in rows["writes"].notes)


def test_learners_who_moved_things_keep_what_they_did(made):
    rows, _ = made
    for name in ("in_check", "late", "again", "no_setup", "kept"):
        assert status(rows[name]) == ("failed" if name == "kept" else "passed"), (name, rows[name])
    assert "the cell that loads the exercises was put back" in rows["no_setup"].notes
    assert rows["bare"].passed == 5 and sum("was missing" in note for note in rows["bare"].notes) == 5
    assert rows["older"].passed == 4 and status(rows["older"], "mse_one_line") == "missing"
    assert "handed out by another version of the kit" in rows["older"].notes


def test_lines_for_the_learners_machine_are_left_out_with_a_note_and_the_answer_stays(made):
    row = made[0]["machine"]
    assert status(row) == "passed" and row.reason == ""
    assert row.notes[-1] == (
        "left out, as lines for the learner's own machine: !ls, %%bash, %pip install optax and 1 more"
    )


def test_attempts_and_mistakes_met_come_from_the_kept_report(made):
    rows, _ = made
    outcome = rows["kept"].exercises["mse"]
    assert (outcome.attempts, outcome.met) == ("3", "half, root")
    assert rows["says_so"].exercises["mse"].attempts == "1"  # shown, but it decides nothing
    assert rows["again"].exercises["mse"].attempts == ""


def test_ctrl_c_leaves_the_rows_so_far_and_no_process(tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    hand_in(folder, "ada.ipynb", small())
    hand_in(folder, "bob.ipynb", small("import time\ntime.sleep(1000)"))
    command = [sys.executable, "-m", "dl_workshop.cli", "progress", "class", "--jobs", "1", "--csv", "rows.csv"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as started:
        said = b""
        while b" 1/2 " not in said:
            said += (more := started.stderr.read(1))
            assert more, said
        running = psutil.Process(started.pid).children(recursive=True)
        started.send_signal(signal.SIGINT)
        started.stderr.read()
        assert started.wait(60) == 1
    assert len(running) >= 1 and not psutil.wait_procs(running, timeout=30)[1]
    rows = list(csv.DictReader((tmp_path / "rows.csv").read_text("utf-8-sig").splitlines()))
    assert [(row["student"], row["01 mse status"], row["reason"]) for row in rows] == [
        ("ada", "passed", ""),
        ("bob", "", "not run: stopped by Ctrl-C"),
    ]


# Student notebooks as they were before the lessons had folders of their own: 12 imports from where its lab was then.
HANDED_OUT = Path(__file__).with_name("handed_out")


@pytest.mark.slow
@pytest.mark.parametrize("lesson", sorted(path.stem for path in HANDED_OUT.glob("*.ipynb")))
def test_what_was_handed_out_before_is_still_checked(lesson, tmp_path):
    answers = {cell["id"]: cell["source"] for cell in instructor(lesson)["cells"]}
    notebook = json.loads((HANDED_OUT / f"{lesson}.ipynb").read_text())
    for cell in notebook["cells"]:
        if cell["id"].startswith("exercise-"):
            cell["source"] = answers[cell["id"]]
    (tmp_path / f"{lesson}.ipynb").write_text(json.dumps(notebook))
    (row,) = progress([tmp_path], bar=False)
    assert (row.lesson, row.reason) == (lesson[:2], "") and row.passed == len(row.exercises) > 5, row

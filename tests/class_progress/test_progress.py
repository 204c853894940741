"""Reading, mending and reporting submissions, without running one."""

import copy
import csv
import io
import json
import os
import re
from xml.etree import ElementTree

import pytest
from handed_in import MSE, NAMES, broken, code, doubled, hand_in, instructor, report, small, solved, student
from hypothesis import given
from hypothesis import strategies as st

from dl_workshop import exercises
from dl_workshop.class_progress.canvas import write_canvas
from dl_workshop.class_progress.kept import kept
from dl_workshop.class_progress.progress import Outcome, Row
from dl_workshop.class_progress.report_csv import in_short, write_csv
from dl_workshop.class_progress.report_html import page
from dl_workshop.class_progress.restore import lessons, plan
from dl_workshop.class_progress.submissions import find
from dl_workshop.cli import main
from dl_workshop.errors import LearnerError
from dl_workshop.exercises.report import REPORT
from dl_workshop.exercises.report import report as report_of


@pytest.fixture
def planned(tmp_path):
    """Hand in one notebook and plan its run."""

    def of(notebook, name="ada.ipynb"):
        (submission,) = find([hand_in(tmp_path, name, notebook)])
        return plan(submission)

    return of


def checks(plan):
    return [what for kind, what in plan.steps if kind == "check"]


# Finding


def test_students_are_named_by_folder_file_or_canvas(tmp_path):
    for path in (
        "ada/01_linear_regression.ipynb",
        "bob/deep/x.ipynb",
        "cleo_01_linear_regression.ipynb",
        "dan.ipynb",
        "evans_1234_567890_01_linear_regression.ipynb",
        "fay_LATE_777_88888_work.ipynb",
        ".ipynb_checkpoints/ada-checkpoint.ipynb",
        ".hidden.ipynb",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        hand_in(tmp_path, path, small())
    assert [(s.student, s.canvas_id) for s in find([tmp_path])] == [
        ("ada", ""),
        ("bob", ""),
        ("cleo", ""),
        ("dan", ""),
        ("evans", "1234"),
        ("fay", "777"),
    ]
    assert find([tmp_path / "dan.ipynb"])[0].student == "dan"


def test_a_file_that_is_no_notebook_has_a_reason_and_is_not_followed(tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    (tmp_path / "secret.ipynb").write_text(json.dumps(small()))
    made = {name: what for name, what in broken(tmp_path).items() if "other_" not in name}
    for name, (what, _) in made.items():
        hand_in(folder, name, what)
    found = {s.file.name: s for s in find([folder])}
    assert set(found) == set(made)
    for name, (_, reason) in made.items():
        assert reason in found[name].reason and found[name].cells == ()


# Mending


def test_an_untouched_notebook_needs_nothing(planned):
    for lesson in lessons():
        made = planned(student(lesson.stem))
        assert made.notes == () and checks(made) == list(lesson.checks) and made.lesson == lesson
        assert not any("ex.report()" in what for _, what in made.steps)  # only draws
        assert all(
            source not in [what for kind, what in made.steps if kind == "run"] for source in lesson.checks.values()
        )


@pytest.mark.parametrize(
    "check, words",
    [
        ("mse=ex.mse.check( mse )  ", None),
        ("# mine\nmse = ex.mse.check(mse)", None),
        ("ex.mse.check(mse)", "had been changed"),
        ("print('passed')", "had been changed"),
        ("", "was missing"),
        ("# mse = ex.mse.check(mse)", "had been changed"),
    ],
)
def test_a_check_is_put_where_it_belongs(planned, check, words):
    made = planned(small(check=check, after=["y = mse(1, 2)"]))
    steps = list(made.steps)
    assert steps.index(("check", "mse")) < steps.index(("run", "y = mse(1, 2)"))
    assert steps.index(("check", "mse")) > steps.index(("run", MSE))
    said = [note for note in made.notes if "check of mse" in note]
    assert (words in said[0]) if words else not said


def test_a_check_without_id_and_metadata_is_known_by_its_text(planned):
    cells = [code(cell["source"]) for cell in solved()["cells"] if cell["cell_type"] == "code"]
    notebook = {**solved(), "cells": cells}
    made = planned(notebook)
    assert made.notes == () and checks(made) == list(NAMES)
    other = copy.deepcopy(notebook) | {"metadata": {}}
    assert planned(other).lesson.number == "01"


def test_cells_that_draw_stay_when_the_learner_uses_their_names(planned):
    notebook = student("02_gradient_descent")
    cell = next(c for c in notebook["cells"] if "paths = {" in "".join(c["source"]))
    text = "".join(cell["source"])
    assert ("run", text) not in planned(notebook).steps
    notebook["cells"].append(code("last = paths[0.1][-1]"))
    assert ("run", text) in planned(notebook).steps


def test_what_was_mended_is_told(planned):
    assert "the check of mse stood 3 times" in planned(doubled(small())).notes
    assert planned(instructor()).notes == ("this is the instructor's notebook, with the answers",)
    no_setup = {**small(), "cells": small()["cells"][1:]}
    assert planned(no_setup).steps[0] == ("run", planned(student()).lesson.setup)
    assert "77_quantum.py" in planned(
        {**student(), "cells": [code("a = 1")], "metadata": {"dl_workshop": {"source": "77_quantum.py"}}}
    )


@given(st.lists(st.tuples(st.text(max_size=30), st.sampled_from(["check-mse", "exercise-mse", "x"])), max_size=5))
def test_whatever_cells_say_each_exercise_is_checked(cells):
    from pathlib import Path

    from dl_workshop.class_progress.submissions import Submission

    cells = tuple({"id": name, "source": text, "metadata": {}, "outputs": []} for text, name in cells)
    made = plan(Submission(Path("a.ipynb"), "a", "", cells, student()["metadata"]))
    if any(cell["id"] != "x" for cell in cells):
        assert set(checks(made)) == set(NAMES)
        assert [what for kind, what in made.steps if kind == "run"][-len(cells) :] == [c["source"] for c in cells]
    else:
        assert isinstance(made, str) or set(checks(made)) == set(NAMES)


def test_a_long_line_does_not_hold_up_the_batch(planned):
    made = planned(small(answer=MSE, before=["x = '" + "mse " * 300_000 + "'"]))
    assert checks(made)[0] == "mse"


def test_the_kept_report_is_read_and_the_last_one_counts(tmp_path):
    checked = code("mse = ex.mse.check(mse)") | {
        "outputs": [{"output_type": "display_data", "data": {"text/plain": ["✗ mse: not yet right\n", "Sum."]}}]
    }
    notebook = {**small(), "cells": [report(1), checked, report(4, "sum", "half")]}
    (one,) = find([hand_in(tmp_path, "a.ipynb", notebook)])
    assert kept(one, NAMES) == {"mse": ("4", "sum, half"), "linear": ("0", "")}
    (two,) = find([hand_in(tmp_path, "b.ipynb", {**small(), "cells": [checked]})])
    assert kept(two, NAMES) == {"mse": ("1+", "")}
    strange = {
        **small(),
        "cells": [
            checked
            | {
                "outputs": [
                    "x",
                    {"data": 3},
                    {"text": None},
                    *(
                        {"data": {REPORT: data}}
                        for data in (
                            3,
                            [],
                            {"exercises": 3},
                            {
                                "exercises": [
                                    3,
                                    {"name": ["mse"]},
                                    {"name": "mse", "attempts": "9"},
                                    {"name": "unknown", "attempts": 1},
                                ]
                            },
                        )
                    ),
                ]
            }
        ],
    }
    (three,) = find([hand_in(tmp_path, "c.ipynb", strange)])
    assert kept(three, NAMES) == {}


def test_the_report_that_the_kit_shows_is_the_one_that_is_read(tmp_path):
    ex = exercises.load("01")
    ex.mse.check(lambda y_true, y_pred: ((y_true - y_pred) ** 2).sum())
    shown = code("ex.report()") | {"outputs": [{"output_type": "display_data", "data": report_of(ex)}]}
    (submission,) = find([hand_in(tmp_path, "a.ipynb", {**small(), "cells": [shown]})])
    said = kept(submission, NAMES)
    assert said["mse"] == ("1", "sum") and said["linear"] == ("0", "") and set(said) == set(NAMES)


# Reporting


def rows():
    def row(student, *statuses, canvas_id="", **more):
        return Row(student, canvas_id, f"{student}.ipynb", "01", dict(zip(NAMES, statuses, strict=True)), **more)

    passed, blank = Outcome("passed", attempts="2"), Outcome("blank")
    total = Outcome("failed", "sum", "the <SUM>", "3", "half, root")
    return [
        row("Lovelace, Ada", passed, passed, passed, passed, passed, canvas_id="11"),
        row("Lovelace, Ada", blank, blank, blank, total, blank, canvas_id="11"),
        row("bob", passed, blank, blank, total, Outcome("failed"), notes=("a <note>",)),
        row("late", *[Outcome("not reached")] * 5, reason="ran longer than 9 s"),
        Row("=cmd()", "", "x<b>.ipynb", reason="broken JSON"),
    ]


def test_the_table_has_a_line_for_each_submission():
    file = io.StringIO()
    write_csv(rows(), file)
    table = list(csv.DictReader(io.StringIO(file.getvalue())))
    assert len(table) == 5 and table[0]["passed"] == "5" and table[2]["01 mse mistake"] == "sum"
    assert table[2]["01 mse met"] == "half, root" and table[0]["01 linear attempts"] == "2"
    assert table[4]["student"] == "'=cmd()" and table[4]["reason"] == "broken JSON" and table[4]["01 mse status"] == ""


def test_the_short_report_names_the_commonest_mistake():
    text = in_short(rows())
    assert "mse: 2 failed, 1 passed, 1 not reached; most often: sum (2)" in text
    assert "x<b>.ipynb: broken JSON" in text


def test_the_page_is_whole_escaped_and_says_what_it_shows():
    text = page(rows())
    ElementTree.fromstring(re.sub(r"<!DOCTYPE html>|<meta[^>]*>|<br>", "", text))  # every tag is closed
    assert "<b>.ipynb" not in text and "&lt;SUM&gt;" in text and "=cmd()" in text
    assert not re.search(r"(src|href)=|https?:|<script|@import|url\(", text)  # nothing is fetched
    assert "prefers-color-scheme: dark" in text
    assert 'aria-label="Passed by exercise. simulate_line: 2 passed, 0 not yet right, 2 without an answer.' in text
    tile = re.search(r'<td class="heat" style="--share:([\d.]+)">sum<br><b>(\d)</b> <small>\((\d)\)', text)
    assert tile.groups() == ("0.44", "2", "2")  # .08 + .72 * 2 / 4
    assert re.search(r'--share:0.00">half<br><b>0</b> <small>\(2\)', text)  # met, and mended
    assert "no known mistake" in text


def canvas(rows, roster=None):
    file = io.StringIO()
    strangers = write_canvas(rows, file, roster)
    return list(csv.reader(io.StringIO(file.getvalue()))), strangers


def test_canvas_gets_the_best_of_each_and_no_zero_for_what_did_not_run():
    table, strangers = canvas(rows())
    assert table[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "dl-workshop 01 linear regression"]
    assert table[1] == ["    Points Possible", "", "", "", "", "5"]
    assert table[2:] == [
        ["Lovelace, Ada", "11", "", "", "", "5"],
        ["bob", "", "", "", "", "1"],
        ["late", "", "", "", "", ""],
        ["'=cmd()", "", "", "", "", ""],
    ]
    assert strangers == []


def test_canvas_takes_its_students_from_an_export():
    export = [
        "Student,ID,SIS User ID,SIS Login ID,Section,dl-workshop 01 linear regression (998),Final Score",
        "    Points Possible,,,,,5,(read only)",
        '"Lovelace, Ada",11,S1,ada@x.edu,Maths,,3',
        '"Builder, Bob",12,S2,BOB,Maths,,3',
        '"Student, Late The",13,S3,l,Maths,,',
        '"Student, Test",,,x,Maths,,',
    ]
    table, strangers = canvas(rows(), export)
    assert table[0][-1] == "dl-workshop 01 linear regression (998)" and len(table[0]) == 6
    assert table[2:] == [
        ["Lovelace, Ada", "11", "S1", "ada@x.edu", "Maths", "5"],
        ["Builder, Bob", "12", "S2", "BOB", "Maths", "1"],
        ["Student, Late The", "13", "S3", "l", "Maths", ""],
    ]
    assert strangers == ["late", "=cmd()"]
    by_name, _ = canvas([rows()[0]._replace(student="ada lovelace", canvas_id="")], export)
    assert by_name[2][-1] == "5"
    with pytest.raises(LearnerError, match="Grades > Export"):
        canvas(rows(), ["Name,Number"])


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["nowhere"], "there is no nowhere"),
        ([".", "--csv", "no/such/file.csv"], "no such folder"),
        ([".", "--html", "."], "it is a folder"),
        ([".", "--roster", "x.csv"], "--canvas FILE"),
        ([".", "--canvas", "o.csv", "--roster", "x.csv"], "cannot be read"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_runs(tmp_path, monkeypatch, capsys, arguments, words):
    monkeypatch.chdir(tmp_path)
    assert main(["progress", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_the_command_writes_what_was_asked_for(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "class").mkdir()
    hand_in(tmp_path / "class", "ada.ipynb", b"{")
    hand_in(tmp_path / "class", os.fsdecode(b"caf\xe9.ipynb"), b"{")  # a name that is no text
    assert main(["progress", "class", "--csv", "o.csv", "--html", "o.html", "--canvas", "c.csv"]) == 0
    assert "broken JSON" in (tmp_path / "o.csv").read_text("utf-8-sig") and "ada" in (tmp_path / "c.csv").read_text()
    assert "broken JSON" in (tmp_path / "o.html").read_text()
    said = capsys.readouterr()
    assert "class/ada.ipynb: broken JSON" in said.out and "2/2" in said.err  # the progress bar

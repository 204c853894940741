"""One source a lesson: both notebooks from it, the rules it must hold to, and what stays untouched."""

import os
import re
import stat

import jupytext
import nbformat
import pytest
from lesson_in_tests import EXERCISE, LESSON, built, edit, paths, run_and_save, texts, write_lesson

from dl_workshop import authoring
from dl_workshop.errors import LearnerError


@pytest.fixture
def root(tmp_path):
    write_lesson(tmp_path, LESSON)
    return tmp_path


# What students and instructors see


def test_student_finds_blanks_and_the_first_lines(root):
    _, student, _ = built(root)
    assert texts(student) == [
        "## A line\nWe begin with a guess.",
        "# !pip install nothing\nx = 1.0\nex = None",
        'def mse(y_true, y_pred):\n    """Mean of the squared differences."""\n    n = len(y_true)\n'
        "    return ex.todo()",
        "mse = ex.mse.check(mse)",
        "# Which w is best?\nbest_w = ...",
        "ex.best_w.check(best_w)",
        "The end.",
    ]


def test_instructor_finds_answers_notes_and_times(root):
    _, _, instructor = built(root)
    shown = texts(instructor)
    assert shown[0] == "## A line\nWe begin with a guess.\n\n> **Instructor:** 10 minutes (0:00 to 0:10)."
    assert shown[1] == "> **Instructor:** Ask the room first.\n>\n> - Skip this when late."
    assert "    # BEGIN SOLUTION\n    squares = (y_true - y_pred) ** 2\n" in shown[3]
    assert shown[-1] == "The end.\n\n> **Instructor:** 5 minutes (0:10 to 0:15)."


@pytest.mark.parametrize(
    "solution, blank",
    [
        ("BEGIN\na, b = 1, 2\nEND", "a = ...\nb = ..."),
        ("BEGIN\nhelper = 3\nit = helper ** 2\nEND", "it = ..."),
        ("BEGIN\nit: float = 3.5\nEND\nprint(1)", "it = ...\nprint(1)"),
        (
            "def it(x):\n    for i in x:\n        BEGIN\n        return i\n        END\n    return 0",
            "def it(x):\n    for i in x:\n        return ex.todo()\n    return 0",
        ),
        (
            "def it(x):\n    BEGIN\n    return x\n    END\n\n\ndef also(x):\n  BEGIN\n  return x\n  END",
            "def it(x):\n    return ex.todo()\n\n\ndef also(x):\n  return ex.todo()",
        ),
    ],
)
def test_blanks(root, solution, blank):
    solution = solution.replace("BEGIN", "# BEGIN SOLUTION").replace("END", "# END SOLUTION")
    text = f'# %% exercise="it"\n{solution}\n\n# %% check="it"\nex.it.check(it)\n'
    assert texts(built(root, text)[1])[0] == blank


def test_graders_find_their_metadata_on_unique_cells(root):
    _, student, instructor = built(root)
    for notebook in (student, instructor):
        graded = {c.id: c.metadata.nbgrader for c in notebook.cells if "nbgrader" in c.metadata}
        assert list(graded) == ["exercise-mse", "check-mse", "exercise-best_w", "check-best_w"]
        assert graded["check-mse"] == {
            "grade": True,
            "grade_id": "check-mse",
            "locked": True,
            "points": 1,
            "schema_version": 3,
            "solution": False,
            "task": False,
        }
        assert graded["exercise-mse"] == {
            "grade": False,
            "grade_id": "exercise-mse",
            "locked": False,
            "schema_version": 3,
            "solution": True,
            "task": False,
        }


def test_only_the_instructors_checks_end_in_what_nbgrader_grades_by(root):
    _, student, instructor = built(root)
    theirs, ours = ({c.id: c.source for c in notebook.cells} for notebook in (instructor, student))
    assert ours["check-best_w"] == "ex.best_w.check(best_w)"
    assert theirs["check-best_w"] == (
        "ex.best_w.check(best_w)\n### BEGIN HIDDEN TESTS\n"
        'assert ex.best_w.status == "passed", ex.best_w.message\n### END HIDDEN TESTS'
    )


def test_notebooks_are_the_same_to_the_byte_and_clean(root, tmp_path):
    build_again = tmp_path / "again"
    write_lesson(build_again, LESSON)
    assert len(authoring.build(root)) == len(authoring.build(build_again)) == 2
    for one, other in zip(paths(root)[1:], paths(build_again)[1:], strict=True):
        assert one.read_bytes() == other.read_bytes()
        assert one.read_bytes().endswith(b"}\n") and b"lines_to_next_cell" not in one.read_bytes()
        notebook = nbformat.read(one, 4)
        nbformat.validate(notebook)
        assert notebook.metadata.kernelspec.name == "python3"
        assert notebook.metadata.language_info == {"name": "python"}
        assert notebook.metadata.dl_workshop.source == "01_line.py"
        assert all(c.get("outputs", []) == [] and c.get("execution_count") is None for c in notebook.cells)


def test_repeated_text_gets_ids_of_its_own_that_both_notebooks_share(root):
    _, student, instructor = built(root, "# %%\nx = 1\n\n# %%\nx = 1\n\n# %% [markdown]\n# x = 1\n")
    ids = [cell.id for cell in student.cells]
    assert len(set(ids)) == 3 and ids == [cell.id for cell in instructor.cells]
    assert ids[1] == ids[0] + "-2"


def test_jupytext_reads_the_source_as_we_do(root):
    _, _, instructor = built(root, '# %%\na = """\n#   indented"""\n\n\n# %% [markdown]\n# $x$  \n#\n#     code\n')
    theirs = jupytext.read(paths(root)[0])
    assert texts(instructor) == texts(theirs)


# What a build refuses, with file and line

LONG = "\n".join(f"a = {i}" for i in range(16))


@pytest.mark.parametrize(
    "text, line, words",
    [
        ("# %% exercise=mse\nx = 1\n", 1, "options need quotes"),
        ("# %% [markdown] tags=[instructor]\n# x\n", 1, "options need quotes"),
        ('# %%\nx = 1\n\n# %% excercise="mse"\nx = 1\n', 4, "unknown option 'excercise'"),
        ("# %% A title\nx = 1\n", 1, "unknown option 'A title'"),
        ('# %% tags=["hide"]\nx = 1\n', 1, "the only tag"),
        ('# %% [markdown] minutes="10"\n# x\n', 1, "whole number"),
        ("# %% [markdown] minutes=0\n# x\n", 1, "whole number"),
        ("# %% minutes=5\nx = 1\n", 1, "minutes belong to"),
        ('# %% exercise="m s"\nx = 1\n', 1, "Python name"),
        ('# %% exercise="mse" tags=["instructor"]\nx = 1\n', 1, "that students see"),
        ('# %% [markdown] exercise="mse"\n# x\n', 1, "is a code cell"),
        ("# %% [raw]\n# x\n", 1, "a raw cell"),
        ("#%%\nx = 1\n", 1, "exactly"),
        ("x = 1\n# %%\nx = 1\n", 1, "before the first cell"),
        ("# nothing\n", 1, "no cells"),
        ("# %%\n\n# %%\nx = 1\n", 1, "an empty cell"),
        ("# %% [markdown]\n# x\nplain\n", 3, "starts with #"),
        ('# %% [markdown]\n"""\nx\n"""\n', 1, "unknown option 'cell_marker'"),
        ("# %% [markdown]\n# ![](a.png)\n", 1, "alt text"),
        ("# %% [markdown]\n# > **Instructor:** x\n", 1, "note for instructors"),
        ("# %%\nx = = 1\n", 2, "not valid Python"),
        ("# %%\n\nx = 1\n%matplotlib inline\n", 4, "not valid Python"),
        ("# %%\nx = '\\d'\n", 2, "not valid Python"),
        (f"# %%\n{LONG}\n", 1, "16 lines"),
        (f"# %%\na = 1\nb = '{'c' * 90}'\n", 3, "a code line of 96 characters"),
        ("# %% [markdown]\n" + "# a\n" * 16, 1, "16 lines"),
        ('# %% [markdown] tags=["instructor"]\n# - a\n' + "# a\n" * 13, 1, "16 lines"),
        (f'# %% exercise="a"\n# BEGIN SOLUTION\n{LONG[:-7]}\n# END SOLUTION\n', 1, "17 lines"),
        ("# %%\n# BEGIN SOLUTION\nx = 1\n# END SOLUTION\n", 2, "a solution outside an exercise"),
        ('# %% exercise="mse"\nx = 1\n', 1, "without # BEGIN SOLUTION"),
        (EXERCISE.replace("    # END SOLUTION\n", ""), 5, "# BEGIN SOLUTION without # END"),
        (EXERCISE.replace("    # BEGIN SOLUTION\n", ""), 7, "# END SOLUTION without # BEGIN"),
        (EXERCISE.replace("# BEGIN", "#BEGIN"), 5, "write the marker exactly"),
        (EXERCISE.replace("# END", "# BEGIN"), 8, "a second # BEGIN"),
        ('# %% exercise="f"\n# BEGIN SOLUTION\ndef f():\n    pass\n# END SOLUTION\n', 2, "inside the function"),
        ('# %% exercise="f"\n# BEGIN SOLUTION\nprint(1)\n# END SOLUTION\n', 2, "must assign a name"),
        ('# %% exercise="f"\nif 1:\n    # BEGIN SOLUTION\n    f = 1\n    # END SOLUTION\n', 1, "without its solution"),
        (EXERCISE.replace("# %% check", "# %%\nx = 1\n# %% check") + EXERCISE, 15, "already on line 1"),
        (EXERCISE + EXERCISE[EXERCISE.index("# %% check") :], 13, 'check="mse" is already on line 10'),
        (EXERCISE[: EXERCISE.index("# %% check")], 1, "without check"),
        (EXERCISE[EXERCISE.index("# %% check") :], 1, 'check="mse" without exercise'),
        (EXERCISE[EXERCISE.index("# %% check") :] + EXERCISE[: EXERCISE.index("# %% check")], 1, "without exercise"),
        (EXERCISE.replace("ex.mse.check", "ex.other.check"), 10, "must call ex.mse.check"),
        (EXERCISE + "# %%\nx = 1\nerror = (y_true-y_pred)**2\n", 15, "shows students the answer"),
        (EXERCISE + "# %% [markdown]\n# Write `squares.sum() / n`.\n", 14, "shows students the answer"),
    ],
)
def test_faults_are_refused_with_file_and_line(root, text, line, words):
    write_lesson(root, text)
    with pytest.raises(LearnerError, match=re.escape(words)) as error:
        authoring.build(root)
    assert f"lesson_01_line/lesson.py:{line}: " in str(error.value)
    assert not paths(root)[1].exists()


def test_a_note_may_give_the_answer_away_and_a_plain_line_is_no_answer(root):
    note = '# %% [markdown] tags=["instructor"]\n# It is `squares.sum() / n`.\n\n# %%\nsquares = n\n'
    assert len(built(root, EXERCISE + note)[1].cells) == 3


def test_a_faulty_lesson_does_not_stop_the_others_and_all_faults_are_told(root):
    write_lesson(root, "# %%\nx = = 1\n\n# %%\n", "02_bad")
    with pytest.raises(LearnerError) as error:
        authoring.build(root)
    assert len(str(error.value).split("\n")) == 2
    assert paths(root)[1].exists() and not paths(root, "02_bad")[1].exists()


def test_a_root_without_lessons(tmp_path):
    for act in (authoring.build, authoring.stale, lambda root: authoring.from_instructor(root, root / "x.ipynb")):
        with pytest.raises(LearnerError, match=r"no lessons in .*lesson_NN_name/lesson\.py"):
            act(tmp_path)
    write_lesson(tmp_path, LESSON, "line")
    with pytest.raises(LearnerError, match="called lesson_NN_name"):
        authoring.build(tmp_path)


def test_a_source_that_is_not_text(root):
    paths(root)[0].write_bytes(b"# %%\n\xff\n")
    with pytest.raises(LearnerError, match="UTF-8"):
        authoring.build(root)


def test_missing_libraries_are_named(root, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "jupytext", None)
    with pytest.raises(LearnerError, match=r'jupytext.*\n?.*pip install "dl-workshop\[build\]"'):
        authoring.build(root)


# Writing and staleness


def test_build_writes_only_what_changed_and_leaves_no_litter(root):
    source, student, instructor = paths(root)
    assert authoring.build(root) == [student, instructor]
    assert authoring.build(root) == authoring.stale(root) == []
    source.write_text(LESSON.replace("Ask the room", "Ask everyone"))
    assert authoring.stale(root) == [instructor]
    assert authoring.build(root) == [instructor]
    assert sorted(p.name for p in (root / "notebooks").rglob("*.*")) == ["01_line.ipynb"] * 2
    assert stat.S_IMODE(student.stat().st_mode) == 0o666 & ~current_umask()


def current_umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_stale_finds_missing_changed_and_stray_notebooks(root):
    _, student, instructor = paths(root)
    assert authoring.stale(root) == [instructor, student]
    authoring.build(root)
    stray = student.with_name("09_gone.ipynb")
    stray.write_text(student.read_text())
    instructor.write_text(instructor.read_text() + "\n")
    assert authoring.stale(root) == [instructor, stray]


def test_a_write_that_fails_leaves_the_old_file(root, monkeypatch):
    source, student, _ = paths(root)
    authoring.build(root)
    before = student.read_bytes()
    source.write_text(LESSON.replace("guess", "thought"))
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        authoring.build(root)
    assert student.read_bytes() == before and len(list(student.parent.iterdir())) == 1


@pytest.mark.parametrize("role", [1, 2])
def test_building_never_overwrites_edits(root, role):
    built(root)
    notebook = paths(root)[role]
    edit(notebook, lambda nb: nb["cells"].append(dict(nb["cells"][0], id="mine", source="my work")))
    before = notebook.read_bytes()
    write_lesson(root, LESSON.replace("guess", "thought"))
    with pytest.raises(LearnerError, match="edits that building would overwrite"):
        authoring.build(root)
    assert notebook.read_bytes() == before
    notebook.unlink()
    assert notebook in authoring.build(root)


def test_building_drops_outputs(root):
    student = paths(root)[1]
    built(root)
    before = student.read_bytes()
    edit(student, run_and_save)
    assert authoring.build(root) == [student] and student.read_bytes() == before

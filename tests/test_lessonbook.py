"""One source a lesson: both notebooks from it, and an instructor's edits back to it."""

import json
import os
import re
import stat
import warnings
from pathlib import Path

import jupytext
import nbformat
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from dl_workshop import lessonbook
from dl_workshop.shapes import LearnerError

LESSON = '''\
# ---
# jupyter: a header that jupytext writes is kept
# ---

# %% [markdown] minutes=10
# ## A line
# We begin with a guess.

# %% [markdown] tags=["instructor"]
# Ask the room first.
#
# - Skip this when late.

# %%
# !pip install nothing
x = 1.0
ex = None


# %% exercise="mse"
def mse(y_true, y_pred):
    """Mean of the squared differences."""
    n = len(y_true)
    # BEGIN SOLUTION
    squares = (y_true - y_pred) ** 2
    return squares.sum() / n
    # END SOLUTION

# %% check="mse"
mse = ex.mse.check(mse)

# %% exercise="best_w"
# Which w is best?
# BEGIN SOLUTION
best_w = 2.0 + 0.5
# END SOLUTION

# %% check="best_w"
ex.best_w.check(best_w)

# %% [markdown] minutes=5
# The end.
'''


@pytest.fixture
def root(tmp_path):
    write_lesson(tmp_path, LESSON)
    return tmp_path


def write_lesson(root, text, name="01_line.py"):
    path = root / "notebooks/source" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def paths(root, stem="01_line"):
    return (root / f"notebooks/source/{stem}.py", root / f"notebooks/student/{stem}.ipynb",
            root / f"notebooks/instructor/{stem}.ipynb")


def built(root, text=LESSON):
    source, student, instructor = paths(root)
    write_lesson(root, text)
    lessonbook.build(root)
    return source, nbformat.read(student, 4), nbformat.read(instructor, 4)


def texts(notebook):
    return [cell.source for cell in notebook.cells]


def edit(path, change):
    """Change a saved notebook as a program would that knows nothing of the kit."""
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    change(notebook)
    path.write_text(json.dumps(notebook))


def one_cell(notebook, beginning):
    return next(cell for cell in notebook["cells"] if cell["source"].startswith(beginning))


# What students and instructors see

def test_student_finds_blanks_and_the_first_lines(root):
    _, student, _ = built(root)
    assert texts(student) == [
        "## A line\nWe begin with a guess.",
        "# !pip install nothing\nx = 1.0\nex = None",
        'def mse(y_true, y_pred):\n    """Mean of the squared differences."""\n    n = len(y_true)\n'
        "    return ex.todo()", "mse = ex.mse.check(mse)",
        "# Which w is best?\nbest_w = ...", "ex.best_w.check(best_w)", "The end."]


def test_instructor_finds_answers_notes_and_times(root):
    _, _, instructor = built(root)
    shown = texts(instructor)
    assert shown[0] == "## A line\nWe begin with a guess.\n\n> **Instructor:** 10 minutes (0:00 to 0:10)."
    assert shown[1] == "> **Instructor:** Ask the room first.\n>\n> - Skip this when late."
    assert "    # BEGIN SOLUTION\n    squares = (y_true - y_pred) ** 2\n" in shown[3]
    assert shown[-1] == "The end.\n\n> **Instructor:** 5 minutes (0:10 to 0:15)."


@pytest.mark.parametrize("solution, blank", [
    ("BEGIN\na, b = 1, 2\nEND", "a = ...\nb = ..."),
    ("BEGIN\nhelper = 3\nit = helper ** 2\nEND", "it = ..."),
    ("BEGIN\nit: float = 3.5\nEND\nprint(1)", "it = ...\nprint(1)"),
    ("def it(x):\n    for i in x:\n        BEGIN\n        return i\n        END\n    return 0",
     "def it(x):\n    for i in x:\n        return ex.todo()\n    return 0"),
    ("def it(x):\n    BEGIN\n    return x\n    END\n\n\ndef also(x):\n  BEGIN\n  return x\n  END",
     "def it(x):\n    return ex.todo()\n\n\ndef also(x):\n  return ex.todo()"),
])
def test_blanks(root, solution, blank):
    solution = solution.replace("BEGIN", "# BEGIN SOLUTION").replace("END", "# END SOLUTION")
    text = f'# %% exercise="it"\n{solution}\n\n# %% check="it"\nex.it.check(it)\n'
    assert texts(built(root, text)[1])[0] == blank


def test_graders_find_their_metadata_on_unique_cells(root):
    _, student, instructor = built(root)
    for notebook in (student, instructor):
        graded = {c.id: c.metadata.nbgrader for c in notebook.cells if "nbgrader" in c.metadata}
        assert list(graded) == ["exercise-mse", "check-mse", "exercise-best_w", "check-best_w"]
        assert graded["check-mse"] == {"grade": True, "grade_id": "check-mse", "locked": True, "points": 1,
                                       "schema_version": 3, "solution": False, "task": False}
        assert graded["exercise-mse"] == {"grade": False, "grade_id": "exercise-mse", "locked": False,
                                          "schema_version": 3, "solution": True, "task": False}


def test_notebooks_are_the_same_to_the_byte_and_clean(root, tmp_path):
    build_again = tmp_path / "again"
    write_lesson(build_again, LESSON)
    assert len(lessonbook.build(root)) == len(lessonbook.build(build_again)) == 2
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

EXERCISE = LESSON[LESSON.index('# %% exercise="mse"'):LESSON.index('# %% exercise="best_w"')]
LONG = "\n".join(f"a = {i}" for i in range(16))


@pytest.mark.parametrize("text, line, words", [
    ("# %% exercise=mse\nx = 1\n", 1, "options need quotes"),
    ('# %% [markdown] tags=[instructor]\n# x\n', 1, "options need quotes"),
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
    (EXERCISE + EXERCISE[EXERCISE.index("# %% check"):], 13, 'check="mse" is already on line 10'),
    (EXERCISE[:EXERCISE.index("# %% check")], 1, "without check"),
    (EXERCISE[EXERCISE.index("# %% check"):], 1, 'check="mse" without exercise'),
    (EXERCISE[EXERCISE.index("# %% check"):] + EXERCISE[:EXERCISE.index("# %% check")], 1, "without exercise"),
    (EXERCISE.replace("ex.mse.check", "ex.other.check"), 10, "must call ex.mse.check"),
    (EXERCISE + "# %%\nx = 1\nerror = (y_true-y_pred)**2\n", 15, "shows students the answer"),
    (EXERCISE + "# %% [markdown]\n# Write `squares.sum() / n`.\n", 14, "shows students the answer"),
])
def test_faults_are_refused_with_file_and_line(root, text, line, words):
    write_lesson(root, text)
    with pytest.raises(LearnerError, match=re.escape(words)) as error:
        lessonbook.build(root)
    assert f"notebooks/source/01_line.py:{line}: " in str(error.value)
    assert not paths(root)[1].exists()


def test_a_note_may_give_the_answer_away_and_a_plain_line_is_no_answer(root):
    note = '# %% [markdown] tags=["instructor"]\n# It is `squares.sum() / n`.\n\n# %%\nsquares = n\n'
    assert len(built(root, EXERCISE + note)[1].cells) == 3


def test_a_faulty_lesson_does_not_stop_the_others_and_all_faults_are_told(root):
    write_lesson(root, "# %%\nx = = 1\n\n# %%\n", "02_bad.py")
    with pytest.raises(LearnerError) as error:
        lessonbook.build(root)
    assert len(str(error.value).split("\n")) == 2
    assert paths(root)[1].exists() and not paths(root, "02_bad")[1].exists()


def test_a_root_without_lessons(tmp_path):
    for act in (lessonbook.build, lessonbook.stale, lambda root: lessonbook.from_instructor(root, root / "x.ipynb")):
        with pytest.raises(LearnerError, match="no folder notebooks/source"):
            act(tmp_path)
    (tmp_path / "notebooks/source").mkdir(parents=True)
    assert lessonbook.build(tmp_path) == lessonbook.stale(tmp_path) == []
    write_lesson(tmp_path, LESSON, "line.py")
    with pytest.raises(LearnerError, match="NN_name"):
        lessonbook.build(tmp_path)


def test_a_source_that_is_not_text(root):
    paths(root)[0].write_bytes(b"# %%\n\xff\n")
    with pytest.raises(LearnerError, match="UTF-8"):
        lessonbook.build(root)


def test_missing_libraries_are_named(root, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "jupytext", None)
    with pytest.raises(LearnerError, match=r'jupytext.*\n?.*pip install "dl-workshop\[build\]"'):
        lessonbook.build(root)


# Writing and staleness

def test_build_writes_only_what_changed_and_leaves_no_litter(root):
    source, student, instructor = paths(root)
    assert lessonbook.build(root) == [student, instructor]
    assert lessonbook.build(root) == lessonbook.stale(root) == []
    source.write_text(LESSON.replace("Ask the room", "Ask everyone"))
    assert lessonbook.stale(root) == [instructor]
    assert lessonbook.build(root) == [instructor]
    assert sorted(p.name for p in (root / "notebooks").rglob("*.*")) == ["01_line.ipynb"] * 2 + ["01_line.py"]
    assert stat.S_IMODE(student.stat().st_mode) == 0o666 & ~current_umask()


def current_umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_stale_finds_missing_changed_and_stray_notebooks(root):
    _, student, instructor = paths(root)
    assert lessonbook.stale(root) == [instructor, student]
    lessonbook.build(root)
    stray = student.with_name("09_gone.ipynb")
    stray.write_text(student.read_text())
    instructor.write_text(instructor.read_text() + "\n")
    assert lessonbook.stale(root) == [instructor, stray]


def test_a_write_that_fails_leaves_the_old_file(root, monkeypatch):
    source, student, _ = paths(root)
    lessonbook.build(root)
    before = student.read_bytes()
    source.write_text(LESSON.replace("guess", "thought"))
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        lessonbook.build(root)
    assert student.read_bytes() == before and len(list(student.parent.iterdir())) == 1


@pytest.mark.parametrize("role", [1, 2])
def test_building_never_overwrites_edits(root, role):
    built(root)
    notebook = paths(root)[role]
    edit(notebook, lambda nb: nb["cells"].append(dict(nb["cells"][0], id="mine", source="my work")))
    before = notebook.read_bytes()
    write_lesson(root, LESSON.replace("guess", "thought"))
    with pytest.raises(LearnerError, match="edits that building would overwrite"):
        lessonbook.build(root)
    assert notebook.read_bytes() == before
    notebook.unlink()
    assert notebook in lessonbook.build(root)


def test_building_drops_outputs(root):
    student = paths(root)[1]
    built(root)
    before = student.read_bytes()
    edit(student, run_and_save)
    assert lessonbook.build(root) == [student] and student.read_bytes() == before


# And back

def run_and_save(notebook):
    """What JupyterLab leaves behind when a notebook is run and saved."""
    notebook["metadata"]["language_info"] |= {"version": "3.12.1", "file_extension": ".py"}
    notebook["metadata"]["widgets"] = {"state": {}}
    notebook["nbformat_minor"] = 5
    for i, cell in enumerate(notebook["cells"]):
        cell["metadata"] |= {"scrolled": True, "editable": True, "slideshow": {"slide_type": ""}}
        if cell["cell_type"] == "code":
            cell["execution_count"] = i
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "out"}]
    notebook["cells"].append({"cell_type": "code", "id": "empty", "metadata": {}, "source": "", "outputs": [],
                              "execution_count": None})


def take_back(root, change, text=LESSON):
    source, _, instructor = paths(root)
    built(root, text)
    edit(instructor, change)
    assert lessonbook.from_instructor(root, instructor) == source
    assert lessonbook.build(root) in ([], [instructor])
    assert lessonbook.stale(root) == []
    return source.read_bytes().decode()


def test_an_unedited_notebook_leaves_the_source_alone(root):
    assert take_back(root, lambda nb: None) == LESSON
    assert take_back(root, run_and_save) == LESSON


@pytest.mark.parametrize("beginning, old, new", [
    ("## A line", "a guess", "another guess\n\nand one more"),
    ("> **Instructor:** Ask", "Ask the room", "Ask everyone"),
    ("def mse", "squares.sum() / n", "jnp.mean(squares)"),
    ("def mse", "Mean of the squared", "The mean squared"),
    ("# Which", "2.0 + 0.5", "2.5 * 1.0"),
])
def test_an_edit_reaches_the_source_and_nothing_else_does(root, beginning, old, new):
    def change(notebook):
        run_and_save(notebook)
        cell = one_cell(notebook, beginning)
        assert old in cell["source"]
        cell["source"] = cell["source"].replace(old, new)
    commented = new.replace("\n\n", "\n#\n# ")
    assert take_back(root, change) == LESSON.replace(old, commented)
    student = texts(nbformat.read(paths(root)[1], 4))
    assert student[2].endswith("return ex.todo()") and student[4].endswith("best_w = ...")


def test_times_notes_and_tags_may_be_edited(root):
    def change(notebook):
        first = one_cell(notebook, "## A line")
        first["source"] = first["source"].replace("10 minutes (0:00 to 0:10)", "20 minutes")
        last = one_cell(notebook, "The end.")
        last["source"] = "The end."
        notebook["cells"].append(dict(last, id="n1", source="> **Instructor:** Thank them."))
        notebook["cells"].append(dict(last, id="n2", source="- Wait\n- Wave", metadata={"tags": ["instructor"]}))
        one_cell(notebook, "> **Instructor:** Ask")["source"] = "Look around."
        one_cell(notebook, "Look around.")["metadata"] = {}
    text = LESSON.replace("minutes=10", "minutes=20").replace(" minutes=5", "")
    note = text[text.index("# %% [markdown] tags"):text.index("# %%\n")]
    text = text.replace(note, "# %% [markdown]\n# Look around.\n\n")
    header = '\n# %% [markdown] tags=["instructor"]\n'
    text += f"{header}# Thank them.\n{header}# - Wait\n# - Wave\n"
    assert take_back(root, change) == text


def test_cells_may_be_added_moved_and_deleted(root):
    def change(notebook):
        cells = notebook["cells"]
        cells.insert(0, dict(cells.pop(), id="pasted"))  # a pasted cell has a new id
        del cells[3]
        cells.insert(1, {"cell_type": "code", "id": "new", "metadata": {}, "source": "y = 2\n\nprint(y)",
                         "outputs": [], "execution_count": None})
    text = LESSON.replace("\n# %% [markdown] minutes=5\n# The end.\n", "")
    middle = text[text.index("# %%\n"):text.index('# %% exercise="mse"')]
    text = text.replace(middle, "").replace(
        "# %% [markdown] minutes=10",
        "# %% [markdown] minutes=5\n# The end.\n\n# %%\ny = 2\n\nprint(y)\n\n# %% [markdown] minutes=10")
    assert take_back(root, change) == text


def test_metadata_and_ids_that_a_program_stripped_do_not_unmark_a_note(root):
    def change(notebook):
        for cell in notebook["cells"]:
            cell["metadata"] = {}
    assert take_back(root, change) == LESSON


def test_windows_newlines_are_kept(root):
    windows = LESSON.replace("\n", "\r\n")
    assert take_back(root, lambda nb: None, windows) == windows
    change = lambda nb: one_cell(nb, "The end").update(source="The very end.")  # noqa: E731
    assert take_back(root, change, windows) == windows.replace("The end.", "The very end.").replace(" minutes=5", "")


def test_a_copy_elsewhere_may_be_taken_back(root, tmp_path):
    source, _, instructor = paths(root)
    built(root)
    copy = tmp_path / "downloaded.ipynb"
    copy.write_text(instructor.read_text())
    edit(copy, lambda nb: one_cell(nb, "## A line").update(source="## A curve"))
    lessonbook.from_instructor(root, str(copy))
    assert "# ## A curve\n" in source.read_text() and lessonbook.stale(root) == []


def set_source(notebook, beginning, text):
    one_cell(notebook, beginning)["source"] = text


REFUSED = {
    "broken JSON": (lambda p: p.write_text('{"cells": [\n<<<<<<< HEAD'), "not a readable notebook"),
    "not a notebook": (lambda p: p.write_text("[1]"), "not a readable notebook"),
    "binary": (lambda p: p.write_bytes(b"\xff\xfe"), "not a readable notebook"),
    "missing": (lambda p: p.unlink(), "cannot be read"),
    "a stranger": (lambda p: edit(p, lambda nb: nb["metadata"].pop("dl_workshop")), "not built by dl-workshop"),
    "no instructor's": (lambda p: edit(p, lambda nb: nb["metadata"]["dl_workshop"].update(role="student")),
                        "student notebook"),
    "unknown lesson": (lambda p: edit(p, lambda nb: nb["metadata"]["dl_workshop"].update(source="../../x.py")),
                       "not in notebooks/source"),
    "other version": (lambda p: edit(p, lambda nb: nb["metadata"]["dl_workshop"].update(version=0)), "version"),
    "newer source": (lambda p: write_lesson(p.parents[2], LESSON + "# More.\n"), "changed since"),
    "marker deleted": (lambda p: edit(p, lambda nb: set_source(nb, "# Which", "best_w = 2.0")), "BEGIN SOLUTION"),
    "check deleted": (lambda p: edit(p, lambda nb: nb["cells"].remove(one_cell(nb, "mse = ex"))), "without check"),
    "answer given away": (lambda p: edit(p, lambda nb: set_source(nb, "## A", "`best_w = 2.0 + 0.5`")), "answer"),
    "a magic": (lambda p: edit(p, lambda nb: set_source(nb, "# !pip", "!pip install x")), "not valid Python"),
    "cell marker": (lambda p: edit(p, lambda nb: set_source(nb, "# !pip", "x = 1\n# %%\ny = 2")),
                    "'x = 1' cannot be written"),
    "marker in text": (lambda p: edit(p, lambda nb: set_source(nb, "The end", "one\n%% two")),
                       "'one' cannot be written"),
    "a raw cell": (lambda p: edit(p, lambda nb: nb["cells"].append(
        {"cell_type": "raw", "id": "raw", "metadata": {}, "source": "x"})), "of type raw"),
    "a pasted picture": (lambda p: edit(p, lambda nb: one_cell(nb, "The end").update(
        attachments={"a.png": {"image/png": "aGk="}})), "pasted picture"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_taken_back_is_refused_in_words_and_nothing_is_lost(root, case):
    spoil, words = REFUSED[case]
    source, student, instructor = paths(root)
    built(root)
    spoil(instructor)
    before = [path.read_bytes() if path.exists() else None for path in (source, student, instructor)]
    with pytest.raises(LearnerError, match=re.escape(words)) as error:
        lessonbook.from_instructor(root, instructor)
    assert len(str(error.value).split("\n")) <= 2
    assert [path.read_bytes() if path.exists() else None for path in (source, student, instructor)] == before


def test_a_downloaded_copy_does_not_overwrite_edits_in_the_tree(root, tmp_path):
    source, _, instructor = paths(root)
    built(root)
    copy = tmp_path / "copy.ipynb"
    copy.write_text(instructor.read_text())
    for path, text in ((copy, "## A curve"), (instructor, "## A circle")):
        edit(path, lambda nb, text=text: one_cell(nb, "## A line").update(source=text))
    with pytest.raises(LearnerError, match="edits that building would overwrite"):
        lessonbook.from_instructor(root, copy)
    assert source.read_text() == LESSON and "A circle" in instructor.read_text()


# Generated lessons

words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" >#*-|$`%"),
                min_size=1, max_size=30).filter(str.strip)
gaps = st.integers(0, 3).map("\n".__mul__)


@st.composite
def markdown(draw):
    lines = [draw(words), *draw(st.lists(words | st.just(""), max_size=4)), draw(words)]
    options = draw(st.sampled_from(["", ' tags=["instructor"]', " minutes=7", ' tags=["instructor"] minutes=90']))
    return f"# %% [markdown]{options}\n" + "".join(f"# {line}\n" if line else "#\n" for line in lines) + draw(gaps)


@st.composite
def code(draw):
    lines = draw(st.lists(st.sampled_from(["x = 1", "# !ls", "", 'y = """\n  a\n"""', "é = 'ü'"]), max_size=4))
    tag = draw(st.sampled_from(["", ' tags=["instructor"]']))
    return f"# %%{tag}\n{draw(gaps)}" + "".join(f"{line}\n" for line in lines) + "z = 0\n" + draw(gaps)


@st.composite
def lessons(draw):
    cells = draw(st.lists(markdown() | code() | st.just(EXERCISE), min_size=1, max_size=6, unique=True))
    return draw(st.sampled_from(["", "\n", "# ---\n# a: b\n# ---\n\n"])) + "".join(cells)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=lessons(), other=words, which=st.integers(0, 9))
def test_any_lesson_comes_back_identical_and_any_edit_arrives(tmp_path_factory, text, other, which):
    root = tmp_path_factory.mktemp("lesson")
    source, _, instructor = paths(root)
    write_lesson(root, text)
    try:
        lessonbook.build(root)
    except LearnerError:
        event("refused")  # text that looks like a cell marker is refused, and tested above
        return
    edit(instructor, run_and_save)
    lessonbook.from_instructor(root, instructor)
    assert source.read_bytes().decode() == text

    prose = [cell for cell in nbformat.read(instructor, 4).cells if cell.cell_type == "markdown"]
    if not prose:
        return
    cell = prose[which % len(prose)]
    edit(instructor, lambda nb: next(c for c in nb["cells"] if c["id"] == cell.id).update(source=other))
    try:
        lessonbook.from_instructor(root, instructor)
    except LearnerError:
        event("edit refused")
        assert source.read_bytes().decode() == text
    else:
        event("edit taken")
        assert lessonbook.stale(root) == [] and lessonbook.build(root) == []
        assert any(other.strip("\n") in shown for shown in texts(nbformat.read(instructor, 4)))


# Running

@pytest.mark.slow
def test_running_reports_statuses_memory_and_trouble(tmp_path):
    (tmp_path / "here.txt").write_text("found")
    cells = ["from types import SimpleNamespace as S",
             "ex = [S(name='mse', status='passed'), S(name='w', status='blank')]",
             "print(open('here.txt').read())", "1 / 0", "import warnings\nwarnings.warn('old')",
             "import sys\nprint('oops', file=sys.stderr)", "print('UserWarning: shown')"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    path = tmp_path / "it.ipynb"
    nbformat.write(notebook, path)
    before = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = lessonbook.execute(path, timeout=60)
    assert lessonbook.statuses(done) == {"mse": "passed", "w": "blank"}
    assert done.cells[2].outputs[0].text == "found\n"
    assert 20 < lessonbook.memory(done) < 600
    assert [line.split(":")[0] for line in lessonbook.trouble(done)] == ["cell 4", "cell 5", "cell 6", "cell 7"]
    assert path.read_bytes() == before
    with pytest.raises(LearnerError, match="no report"):
        lessonbook.statuses(notebook)


@pytest.mark.slow
@pytest.mark.parametrize("code, words", [("while True: pass", "longer than 2 s"),
                                         ("import os; os._exit(1)", "kernel died")])
def test_running_ends_in_words_when_a_notebook_does_not(tmp_path, code, words):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    with pytest.raises(LearnerError, match=words):
        lessonbook.execute(notebook, timeout=2, cwd=Path(tmp_path))

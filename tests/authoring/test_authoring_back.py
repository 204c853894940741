"""An instructor's edits come back to the source: all of them, or none and a reason."""

import re

import nbformat
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from lesson_in_tests import EXERCISE, LESSON, built, edit, one_cell, paths, run_and_save, texts, write_lesson

from dl_workshop import authoring
from dl_workshop.errors import LearnerError


@pytest.fixture
def root(tmp_path):
    write_lesson(tmp_path, LESSON)
    return tmp_path


def take_back(root, change, text=LESSON):
    source, _, instructor = paths(root)
    built(root, text)
    edit(instructor, change)
    assert authoring.from_instructor(root, instructor) == source
    assert authoring.build(root) in ([], [instructor])
    assert authoring.stale(root) == []
    return source.read_bytes().decode()


def test_an_unedited_notebook_leaves_the_source_alone(root):
    assert take_back(root, lambda nb: None) == LESSON
    assert take_back(root, run_and_save) == LESSON


@pytest.mark.parametrize(
    "beginning, old, new",
    [
        ("## A line", "a guess", "another guess\n\nand one more"),
        ("> **Instructor:** Ask", "Ask the room", "Ask everyone"),
        ("def mse", "squares.sum() / n", "jnp.mean(squares)"),
        ("def mse", "Mean of the squared", "The mean squared"),
        ("# Which", "2.0 + 0.5", "2.5 * 1.0"),
    ],
)
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
    note = text[text.index("# %% [markdown] tags") : text.index("# %%\n")]
    text = text.replace(note, "# %% [markdown]\n# Look around.\n\n")
    header = '\n# %% [markdown] tags=["instructor"]\n'
    text += f"{header}# Thank them.\n{header}# - Wait\n# - Wave\n"
    assert take_back(root, change) == text


def test_cells_may_be_added_moved_and_deleted(root):
    def change(notebook):
        cells = notebook["cells"]
        cells.insert(0, dict(cells.pop(), id="pasted"))  # a pasted cell has a new id
        del cells[3]
        cells.insert(
            1,
            {
                "cell_type": "code",
                "id": "new",
                "metadata": {},
                "source": "y = 2\n\nprint(y)",
                "outputs": [],
                "execution_count": None,
            },
        )

    text = LESSON.replace("\n# %% [markdown] minutes=5\n# The end.\n", "")
    middle = text[text.index("# %%\n") : text.index('# %% exercise="mse"')]
    text = text.replace(middle, "").replace(
        "# %% [markdown] minutes=10",
        "# %% [markdown] minutes=5\n# The end.\n\n# %%\ny = 2\n\nprint(y)\n\n# %% [markdown] minutes=10",
    )
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
    authoring.from_instructor(root, str(copy))
    assert "# ## A curve\n" in source.read_text() and authoring.stale(root) == []


def set_source(notebook, beginning, text):
    one_cell(notebook, beginning)["source"] = text


REFUSED = {
    "broken JSON": (lambda p: p.write_text('{"cells": [\n<<<<<<< HEAD'), "not a readable notebook"),
    "not a notebook": (lambda p: p.write_text("[1]"), "not a readable notebook"),
    "binary": (lambda p: p.write_bytes(b"\xff\xfe"), "not a readable notebook"),
    "missing": (lambda p: p.unlink(), "cannot be read"),
    "a stranger": (lambda p: edit(p, lambda nb: nb["metadata"].pop("dl_workshop")), "not built by dl-workshop"),
    "no instructor's": (
        lambda p: edit(p, lambda nb: nb["metadata"]["dl_workshop"].update(role="student")),
        "student notebook",
    ),
    "unknown lesson": (
        lambda p: edit(p, lambda nb: nb["metadata"]["dl_workshop"].update(source="../../x.py")),
        "which is not here",
    ),
    "other version": (lambda p: edit(p, lambda nb: nb["metadata"]["dl_workshop"].update(version=0)), "version"),
    "newer source": (lambda p: write_lesson(p.parents[2], LESSON + "# More.\n"), "changed since"),
    "marker deleted": (lambda p: edit(p, lambda nb: set_source(nb, "# Which", "best_w = 2.0")), "BEGIN SOLUTION"),
    "check deleted": (lambda p: edit(p, lambda nb: nb["cells"].remove(one_cell(nb, "mse = ex"))), "without check"),
    "answer given away": (lambda p: edit(p, lambda nb: set_source(nb, "## A", "`best_w = 2.0 + 0.5`")), "answer"),
    "a magic": (lambda p: edit(p, lambda nb: set_source(nb, "# !pip", "!pip install x")), "not valid Python"),
    "cell marker": (
        lambda p: edit(p, lambda nb: set_source(nb, "# !pip", "x = 1\n# %%\ny = 2")),
        "'x = 1' cannot be written",
    ),
    "marker in text": (
        lambda p: edit(p, lambda nb: set_source(nb, "The end", "one\n%% two")),
        "'one' cannot be written",
    ),
    "a raw cell": (
        lambda p: edit(
            p, lambda nb: nb["cells"].append({"cell_type": "raw", "id": "raw", "metadata": {}, "source": "x"})
        ),
        "of type raw",
    ),
    "a pasted picture": (
        lambda p: edit(p, lambda nb: one_cell(nb, "The end").update(attachments={"a.png": {"image/png": "aGk="}})),
        "pasted picture",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_taken_back_is_refused_in_words_and_nothing_is_lost(root, case):
    spoil, words = REFUSED[case]
    source, student, instructor = paths(root)
    built(root)
    spoil(instructor)
    before = [path.read_bytes() if path.exists() else None for path in (source, student, instructor)]
    with pytest.raises(LearnerError, match=re.escape(words)) as error:
        authoring.from_instructor(root, instructor)
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
        authoring.from_instructor(root, copy)
    assert source.read_text() == LESSON and "A circle" in instructor.read_text()


# Generated lessons

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" >#*-|$`%"), min_size=1, max_size=30
).filter(str.strip)
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


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=lessons(), other=words, which=st.integers(0, 9))
def test_any_lesson_comes_back_identical_and_any_edit_arrives(tmp_path_factory, text, other, which):
    root = tmp_path_factory.mktemp("lesson")
    source, _, instructor = paths(root)
    write_lesson(root, text)
    try:
        authoring.build(root)
    except LearnerError:
        event("refused")  # text that looks like a cell marker is refused, and tested above
        return
    edit(instructor, run_and_save)
    authoring.from_instructor(root, instructor)
    assert source.read_bytes().decode() == text

    prose = [cell for cell in nbformat.read(instructor, 4).cells if cell.cell_type == "markdown"]
    if not prose:
        return
    cell = prose[which % len(prose)]
    edit(instructor, lambda nb: next(c for c in nb["cells"] if c["id"] == cell.id).update(source=other))
    try:
        authoring.from_instructor(root, instructor)
    except LearnerError:
        event("edit refused")
        assert source.read_bytes().decode() == text
    else:
        event("edit taken")
        assert authoring.stale(root) == [] and authoring.build(root) == []
        assert any(other.strip("\n") in shown for shown in texts(nbformat.read(instructor, 4)))

"""Questions in a lesson's source: the mark, the rules, the instructor's answer, and the way back."""

import re

import pytest
from lesson_in_tests import built, edit, one_cell, paths, texts, write_lesson

from dl_workshop import authoring
from dl_workshop.errors import LearnerError

LESSON = """\
# %% [markdown]
# ## A loss

# %% question="negative_loss"
ex.negative_loss.ask()

# %% question="quiz_before"
ex.quiz_before.ask()

# %% [markdown]
# The end.
"""


def test_students_are_asked_and_instructors_told(tmp_path):
    _, student, instructor = built(tmp_path, LESSON)
    assert texts(student) == ["## A loss", "ex.negative_loss.ask()", "ex.quiz_before.ask()", "The end."]
    assert student.cells[1].id == "question-negative_loss" and "nbgrader" not in student.cells[1].metadata
    told = [cell.source for cell in instructor.cells if "answer" in cell.metadata.get("dl_workshop", {})]
    assert len(told) == 6 and len(instructor.cells) == 10
    assert told[0].startswith("> **Instructor:** Can the mean squared error be negative")
    assert [line[:8] for line in told[0].split("\n")[2:]] == ["> - a. Y", "> - b. N", "> - ✓ **", "> - d. N"]
    assert len({cell.id for cell in instructor.cells}) == 10


def test_the_way_back_leaves_the_answers_out(tmp_path):
    source, _, _ = built(tmp_path, LESSON)
    instructor = paths(tmp_path)[2]
    edit(instructor, lambda nb: one_cell(nb, "## A loss").update(source="## The loss"))
    authoring.from_instructor(tmp_path, instructor)
    assert source.read_text() == LESSON.replace("## A loss", "## The loss")
    assert authoring.stale(tmp_path) == []


def test_an_edited_answer_is_refused_with_the_place_to_edit_it(tmp_path):
    source, _, _ = built(tmp_path, LESSON)
    instructor = paths(tmp_path)[2]
    edit(instructor, lambda nb: one_cell(nb, "> **Instructor:** Can").update(source="> **Instructor:** mine"))
    with pytest.raises(LearnerError, match=r"`negative_loss` was edited.*lesson_01_line/questions\.py"):
        authoring.from_instructor(tmp_path, instructor)
    assert source.read_text() == LESSON


@pytest.mark.parametrize(
    "text, line, words",
    [
        ('# %% question="nonsense"\nex.nonsense.ask()\n', 1, "not in lesson_01_line/questions.py"),
        ('# %% question="negative_loss"\nex.loss_unit.ask()\n', 1, "must be ex.negative_loss.ask()"),
        ('# %% question="negative_loss"\nex.negative_loss.ask()\nx = 1\n', 1, "and nothing else"),
        (LESSON + LESSON, 15, "already on line 4"),
        ('# %% [markdown] question="negative_loss"\n# x\n', 1, "is a code cell"),
        ('# %% question="negative_loss" exercise="mse"\nx = 1\n', 1, "is a code cell"),
        ('# %% question="negative_loss" tags=["instructor"]\nex.negative_loss.ask()\n', 1, "that students see"),
        ('# %% question="a b"\nx = 1\n', 1, "Python name"),
    ],
)
def test_faults_are_refused_with_file_and_line(tmp_path, text, line, words):
    write_lesson(tmp_path, text)
    with pytest.raises(LearnerError, match=re.escape(words)) as error:
        authoring.build(tmp_path)
    assert f"lesson_01_line/lesson.py:{line}: " in str(error.value)


def test_a_lesson_without_questions_of_its_own(tmp_path):
    write_lesson(tmp_path, '# %% question="negative_loss"\nex.negative_loss.ask()\n', "77_more")
    with pytest.raises(LearnerError, match="which has: none"):
        authoring.build(tmp_path)

"""Questions: their data keeps its promises, replies are right, and what was answered is kept."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_workshop import exercises
from dl_workshop.exercises.engine import Lesson
from dl_workshop.exercises.question import Choice, Discussion, Number, Option, Quiz, Several, Slip, lettered, reply
from dl_workshop.exercises.report import REPORT, earlier, record, report
from dl_workshop.exercises.sheet import ANSWERS

ROOT = Path(__file__).parents[2]
LESSONS = [f"{n:02}" for n in range(1, 13)]
PICK = Choice(
    "pick", "Which?", (Option("one", "Not one."), Option("two", "Yes, two.", right=True), Option("3", "Not 3."))
)
TICK = Several(
    "tick",
    "Which ones?",
    (Option("x", "x is right.", right=True), Option("y", "No `y`."), Option("z", "z is right.", right=True)),
)
COUNT = Number("count", "How many?", 2.42, "It is.", (Slip(2.58, "Other way."),), "Count again.", tolerance=1e-3)
TALK = Discussion("talk", "What do you think?", "a reason.")
QUIZ = Quiz("quiz_before", "Two.", (PICK, TICK), told=False)


def flat(questions):
    return [one for each in questions for one in (each.questions if isinstance(each, Quiz) else [each])]


ALL = [pytest.param(one, id=f"{number}-{one.name}") for number in LESSONS for one in flat(exercises.questions(number))]


@pytest.fixture
def ex():
    return Lesson("07", (), (PICK, TICK, COUNT, TALK, QUIZ))


# The data


@pytest.mark.parametrize("question", ALL)
def test_every_wrong_answer_has_an_explanation_of_its_own(question):
    assert question.text.strip()[-1] in "?." and "$" not in repr(question)  # no formulas: widgets do not typeset them
    if isinstance(question, Discussion):
        assert len(question.good.split()) > 15
    elif isinstance(question, Number):
        values = [question.right, *(slip.value for slip in question.slips)]
        assert len(values) >= 4 and all(
            abs(a - b) > 2 * question.tolerance for i, a in enumerate(values) for b in values[:i]
        )
        whys = [question.why, question.otherwise, *(slip.why for slip in question.slips)]
        assert len(set(whys)) == len(whys) and all(len(why.split()) >= 4 for why in whys)
        for slip in question.slips:
            assert reply(question, slip.value)[:2] == ("failed", slip.why)
        assert reply(question, question.right)[:2] == ("passed", question.why)
    else:
        right = [option for option in question.options if option.right]
        assert len(right) == 1 if isinstance(question, Choice) else 2 <= len(right) < len(question.options)
        assert 3 <= len(question.options) <= 6 and len({option.text for option in question.options}) >= 3
        wrong = [option.why for option in question.options if not option.right and option.text != "I do not know yet."]
        assert len(set(wrong)) == len(wrong) and all(len(why.split()) >= 8 for why in wrong)


def test_lessons_ask_some_questions_and_names_do_not_clash():
    for number in LESSONS:
        names = [one.name for one in exercises.questions(number)]
        names += [check.name for check in exercises.load(number)]
        assert len(set(names)) == len(names) and all(name.isidentifier() for name in names)
        assert not {"todo", "report", "questions", "quizzes"} & set(names)
        assert 3 <= len(exercises.load(number).questions) <= 10
    assert exercises.questions("77") == ()


def test_the_two_quizzes_ask_the_same_five_subjects_with_other_words():
    before, after = exercises.questions("01")[0], exercises.questions("05")[-1]
    assert [one.name for one in before.questions] == [one.name for one in after.questions] and len(after.questions) == 5
    assert not {one.text for one in before.questions} & {one.text for one in after.questions}
    assert all(
        one.options[-1].text == "I do not know yet." and not one.options[-1].right
        for one in before.questions + after.questions
    )
    # Worked out here, not read off: the mean squared error and the step, in both.
    for quiz, errors, (w, slope) in ((before, (-1, 3), (1, 4)), (after, (-2, 4), (2, -5))):
        texts = {one.name: next(o.text for o in one.options if o.right) for one in quiz.questions}
        assert float(texts["loss"]) == sum(e**2 for e in errors) / 2
        assert float(texts["step"].removeprefix("At ")) == pytest.approx(w - 0.1 * slope)


def test_numbers_asked_for_are_right():
    y_at_three, first_step, cube = (
        next(q for q in exercises.questions(n) if q.name == name)
        for n, name in (("01", "y_at_three"), ("02", "first_step"), ("02", "slope_of_cube"))
    )
    assert y_at_three.right == 2 * 3 + 20
    assert first_step.right == pytest.approx(2.5 - 0.01 * (2 * 2.5 + 3))
    assert cube.right == pytest.approx(((2 + 1e-4) ** 3 - (2 - 1e-4) ** 3) / 2e-4)


# Replies


@pytest.mark.parametrize(
    "question, answer, status, why",
    [
        (PICK, "b", "passed", "b: Yes, two."),
        (PICK, " B ", "passed", "two"),
        (PICK, "b.", "passed", "two"),
        (PICK, "a", "failed", "a: Not one."),
        (PICK, "a b", "blank", "one letter of a, b, c"),
        (PICK, "", "blank", "one letter"),
        (PICK, "d", "blank", "one letter"),
        (PICK, None, "blank", "one letter"),
        (PICK, 2, "blank", "one letter"),
        (TICK, "a c", "passed", "x is right"),
        (TICK, "ca", "passed", "z is right"),
        (TICK, ["a", "c"], "passed", "x is"),
        (TICK, "a, c", "passed", "x"),
        (TICK, "a", "failed", "not ticked yet"),
        (TICK, "a b c", "failed", "b: No `y`."),
        (TICK, "b", "failed", "2 that belong here"),
        (TICK, "all", "blank", "letters of a, b, c"),
        (COUNT, "2.42", "passed", "It is."),
        (COUNT, 2.4204, "passed", "It is."),
        (COUNT, "2,42", "passed", "It is."),
        (COUNT, 2.58, "failed", "Other way."),
        (COUNT, "−1", "failed", "Count again."),
        (COUNT, "nan", "blank", "a number"),
        (COUNT, "two", "blank", "a number"),
        (COUNT, "", "blank", "a number"),
        (TALK, "because", "answered", "a good answer has: a reason."),
        (TALK, " . ", "blank", "of your own"),
    ],
)
def test_replies(question, answer, status, why):
    said = reply(question, answer)
    assert said.status == status and why in said.why and (said.answer == "") == (status == "blank")


@given(
    st.sampled_from([PICK, TICK, COUNT, TALK]),
    st.one_of(
        st.text(), st.integers(), st.floats(), st.none(), st.lists(st.sampled_from("abcz")), st.binary(), st.booleans()
    ),
)
def test_a_reply_never_raises_and_only_the_right_answer_passes(question, answer):
    said = reply(question, answer)
    assert said.why and said.status in ("blank", "failed", "passed", "answered")
    if said.status == "passed":
        right = {"pick": "b", "tick": "a c", "count": said.answer}[question.name]
        assert said.answer == right and (question is not COUNT or abs(float(said.answer) - 2.42) <= 1e-3)


@given(st.sets(st.sampled_from("abc"), min_size=1), st.sampled_from(["", " ", ", "]))
def test_all_right_ones_and_no_other_pass(letters, between):
    right = {letter for letter, option in lettered(TICK).items() if option.right}
    assert (reply(TICK, between.join(letters)).status == "passed") == (letters == right)


# In a learner's hands


def test_wrong_then_right_then_looking_round(ex, capsys):
    assert ex.pick.status == "blank" and "still blank" in repr(ex.pick)
    for answer in ("a", "a", "x", "b", "c"):
        ex.pick.answer(answer)
    assert (ex.pick.status, ex.pick.answers, ex.pick.message) == ("passed", ["a", "b"], "c: Not 3.")
    out = capsys.readouterr().out
    assert "✗ pick: not right\na: Not one." in out and "✓ pick: right\nb: Yes, two." in out


def test_without_a_browser_a_question_is_words_that_say_how_to_answer(ex, capsys):
    for asked, how in (
        (ex.pick, 'ex.pick.answer("b")'),
        (ex.tick, 'ex.tick.answer("a b")'),
        (ex.count, "ex.count.answer(0)"),
        (ex.talk, 'ex.talk.answer("your words")'),
    ):
        asked.ask()
        shown = capsys.readouterr().out
        assert asked.question.text in shown and how in shown
        assert all(
            f"{letter}. {option.text}" in shown and option.why not in shown
            for letter, option in lettered(asked.question).items()
        )
    ex.pick.answer("b")
    capsys.readouterr()
    ex.pick.ask()
    assert "Your answer: b\n✓ Right\nb: Yes, two." in capsys.readouterr().out


def test_a_quiz_before_keeps_answers_and_tells_nothing(ex, capsys):
    quiz = ex.quiz_before
    quiz["pick"].answer("a")
    quiz["pick"].answer("b")
    quiz["tick"].answer("b")
    quiz.ask()
    ex.report()
    shown = capsys.readouterr().out + repr(quiz["pick"])
    assert not re.search(r"[✓✗]|not right|Yes, two|belong here", shown)
    kept = quiz.record()
    assert (kept["of"], kept["answered"], kept["right"]) == (2, 2, 1)  # the last answer counts where nothing is told
    assert [one["status"] for one in kept["questions"]] == ["answered", "answered"]


def test_in_a_quiz_that_tells_the_first_answer_counts():
    ex = Lesson("05", (), (Quiz("quiz_after", "Two.", (PICK, TICK), told=True),))
    ex.quiz_after["pick"].answer("a")
    ex.quiz_after["pick"].answer("b")
    ex.quiz_after["tick"].answer("a c")
    assert ex.quiz_after.record()["right"] == 1 and ex.quiz_after["pick"].status == "passed"


def test_the_report_has_exercises_and_questions_in_words_and_as_data(capsys):
    ex = exercises.load("01")
    ex.negative_loss.answer("a")
    ex.negative_loss.answer("c")
    ex.where_a_line.answer("<b>springs</b>")
    capsys.readouterr()
    ex.report()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Lesson 01: 0 of 5 passed, 2 of 5 questions answered."
    rows = {line.split()[0]: line.split()[1:] for line in lines[2:]}
    assert rows["negative_loss"] == ["question", "✓", "right", "2", "-"]
    assert rows["mse"] == ["exercise", "○", "still", "blank", "0", "-"]
    data = json.loads(json.dumps(report(ex)[REPORT]))
    assert data == record(ex) and (data["version"], data["lesson"]) == (1, "01")
    assert data["questions"][2] == {
        "name": "negative_loss",
        "kind": "choice",
        "status": "passed",
        "tries": 2,
        "answers": ["a", "c"],
    }
    assert data["exercises"][3] == {"name": "mse", "status": "blank", "attempts": 0, "mistakes": []}
    assert "<b>springs" not in ex.where_a_line.sheet.still()["text/html"]


# Before and after


def save_quiz(folder, name, answers):
    """Leave in a folder what a learner's notebook holds after the first quiz."""
    asked = exercises.load("01").quiz_before
    for question, answer in zip(asked.questions.values(), answers, strict=True):
        question.take(answer)
    data = asked.sheet.still()
    output = nbformat.v4.new_output("display_data", {ANSWERS: data[ANSWERS], "text/plain": "words"})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("ex.quiz_before.ask()", outputs=[output])])
    nbformat.write(notebook, folder / name)


def test_lesson_05_compares_with_the_quiz_saved_in_lesson_01(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ex = exercises.load("05")
    for question in ex.quiz_after.questions.values():
        question.take(next(letter for letter, option in lettered(question.question).items() if option.right))
    assert "no answers found" in report(ex)["text/plain"]
    for name, text in (("broken.ipynb", "{"), ("list.ipynb", "[]"), ("other.ipynb", '{"cells": [{"outputs": [3]}]}')):
        (tmp_path / name).write_text(text)
    save_quiz(tmp_path, "01_mine.ipynb", ["c", "a", "b", "", ""])  # two right, one wrong, two left out
    assert earlier("01", "quiz_before") == (2, 5, "01_mine.ipynb")
    again = exercises.load("01").quiz_before  # after a restart the quiz is taken up where it was
    again.ask()
    assert (again.record()["answered"], again["loss"].answers, again["too_large"].answers) == (3, ["c"], ["b"])
    words = report(ex)["text/plain"]
    assert "5 of 5 questions answered, 5 right at the first try" in words
    assert "Before the workshop: 2 of 5 right (kept in 01_mine.ipynb)." in words


# In the notebooks


@pytest.mark.parametrize("number", LESSONS)
def test_each_question_is_asked_once_and_only_instructors_read_the_answer(number):
    student, instructor = (
        nbformat.read(next((ROOT / "notebooks" / role).glob(f"{number}_*.ipynb")), 4)
        for role in ("student", "instructor")
    )
    asked = [cell.source for cell in student.cells if "question" in cell.metadata.get("dl_workshop", {})]
    assert sorted(asked) == sorted(f"ex.{one.name}.ask()" for one in exercises.questions(number))
    for one in flat(exercises.questions(number)):
        whys = [option.why for option in lettered(one).values()] + [getattr(one, "why", ""), getattr(one, "good", "")]
        for why in filter(None, whys):
            assert not any(why in cell.source for cell in student.cells)
            assert any(why in cell.source for cell in instructor.cells)

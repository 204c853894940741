"""The exercise engine: what it decides, what it says, what it hands back."""

import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from exercise_in_tests import HINTS, double, exercise_of

from dl_workshop import exercises
from dl_workshop.errors import LearnerError
from dl_workshop.exercises.engine import Check, Lesson
from dl_workshop.exercises.exercise import Mistake, ValueExercise
from dl_workshop.exercises.running import Todo, todo

# What it hands back


def test_a_right_answer_comes_back_itself(mse_check):
    def mse(y_true, y_pred):
        return ((y_true - y_pred) ** 2).mean()

    assert mse_check.check(mse) is mse
    assert (mse_check.status, mse_check.mistake) == ("passed", None)


def test_a_wrong_answer_is_replaced_openly(mse_check):
    kits = mse_check.check(lambda y_true, y_pred: jnp.sum((y_true - y_pred) ** 2))
    assert float(kits(jnp.array([1.0, 2.0]), jnp.array([3.0, 2.0]))) == 2.0
    assert "divide by n" in mse_check.message
    assert "Carrying on with the kit's `mse`" in mse_check.message


def test_checking_again_tests_the_learners_own(mse_check):
    first = mse_check.check(lambda y_true, y_pred: jnp.sum((y_true - y_pred) ** 2))
    second = mse_check.check(first)
    third = mse_check.check(second)
    assert (mse_check.status, mse_check.mistake) == ("failed", "sum")
    assert mse_check.attempts == 1  # the same answer, looked at three times
    assert third is not first


def test_the_stand_in_is_known_after_loading_again_and_under_jit(mse_check):
    kits = mse_check.check(lambda y_true, y_pred: jnp.sum((y_true - y_pred) ** 2))
    again = exercises.load("01").mse
    again.check(kits)
    assert again.mistake == "sum"
    again.check(jax.jit(kits))
    assert again.mistake == "sum"


def test_a_mended_answer_passes_after_a_failed_one(mse_check):
    mse_check.check(lambda y_true, y_pred: 0.0)
    mse_check.check(lambda y_true, y_pred: jnp.mean((y_true - y_pred) ** 2))
    assert (mse_check.status, mse_check.attempts) == ("passed", 2)


@pytest.mark.parametrize("wrap", [lambda f: f, jax.jit])
def test_the_kits_own_function_is_no_answer(mse_check, wrap):
    mse_check.check(wrap(mse_check.exercise.reference))
    assert mse_check.status == "blank"
    assert "kit's own" in mse_check.message


def test_a_stand_in_keeps_defaults_and_closure():
    offset = 5.0

    def shifted(x, *, by=1.0):
        return x + offset * by

    kits = exercise_of(shifted, name="shifted").check(...)
    assert float(kits(jnp.array(1.0))) == 6.0 and kits.__name__ == "shifted"
    assert kits is not shifted and not hasattr(kits, "__wrapped__")


# Blank


def test_todo_says_which_function_is_blank_in_one_line():
    def mse(y_true, y_pred):
        return exercises.load("01").todo()

    with pytest.raises(Todo) as caught:
        jax.grad(lambda w: mse(w, w))(1.0)  # from inside JAX, too
    assert len(caught.value._render_traceback_()) == 1
    assert "`mse` is still blank" in caught.value._render_traceback_()[0]


@pytest.mark.parametrize("blank", [..., lambda a, b: todo(), lambda a, b: ...])
def test_blank(mse_check, blank):
    mse_check.check(blank)
    assert (mse_check.status, mse_check.attempts) == ("blank", 0)
    assert "ex.mse.hint()" in mse_check.message


def test_another_blank_function_is_named():
    def helper(x):
        todo()

    def learners(x):
        return helper(x)

    check = exercise_of(double)
    check.check(learners)
    assert check.status == "failed" and "`helper`, which is still blank" in check.message


# Manners


def test_prints_and_warnings_of_the_learner_do_not_flood_the_check(mse_check, capsys, recwarn):
    def mse(y_true, y_pred):
        for _ in range(1000):
            print("here")
        print("there", file=sys.stderr)
        np.log(np.array(-1.0))
        return jnp.mean((y_true - y_pred) ** 2)

    mse_check.check(mse)
    shown = capsys.readouterr()
    assert "here" not in shown.out and not shown.err and not recwarn.list
    assert shown.out == mse_check.message + "\n" and mse_check.status == "passed"


class Hostile:
    def __getattr__(self, name):
        raise RuntimeError("hands off")

    def __repr__(self):
        raise RuntimeError("hands off")


@pytest.mark.parametrize(
    "make",
    [lambda: Hostile(), lambda: lambda a, b: Hostile(), lambda: lambda a, b: [Hostile()], lambda: type, lambda: print],
)
def test_a_check_never_raises(mse_check, make):
    mse_check.check(make())
    assert mse_check.status == "failed"


def test_hints_grow_and_the_last_one_stays(mse_check, capsys):
    for hint in (*mse_check.exercise.hints, mse_check.exercise.hints[2]):
        mse_check.hint()
        assert hint in capsys.readouterr().out


def test_the_solution_is_shown_and_nothing_else_happens(mse_check, capsys):
    assert mse_check.solution() is None
    assert "def mse(y_true, y_pred):" in capsys.readouterr().out
    assert mse_check.status == "blank"


def test_a_notebook_gets_html_and_text(mse_check, monkeypatch):
    shown = []
    fake = type("IPython", (), {"get_ipython": staticmethod(lambda: object())})
    display = type("display", (), {"display": staticmethod(lambda data, raw: shown.append(data))})
    monkeypatch.setitem(sys.modules, "IPython", fake)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    mse_check.check(...)
    assert len(shown) == 1 and shown[0]["text/plain"] == mse_check.message and "<div" in shown[0]["text/html"]


# Values

GUESS = ValueExercise(
    "guess",
    "Write a number above 2.",
    3.5,
    lambda value: None if value > 2 else "It is not above 2.",
    HINTS,
    mistakes=(
        Mistake("negative", lambda value: value < 0, "Leave the minus out.", example=-3.0),
        Mistake("far", lambda value: value < -10, "Much too low.", example=-30.0),
    ),
)


@pytest.mark.parametrize(
    "value, status, mistake, words",
    [
        (..., "blank", None, "Write a number above 2."),
        (3, "passed", None, "Right."),
        (1.0, "failed", None, "not above 2"),
        (-3.0, "failed", "negative", "minus"),
        (-30.0, "failed", None, "not above 2"),
        ("a", "failed", None, "'a'"),
    ],
)
def test_values(value, status, mistake, words):
    check = Check(GUESS)
    back = check.check(value)
    assert (check.status, check.mistake) == (status, mistake) and words in check.message
    assert back is None and "3.5" not in check.message  # a notebook would print it


# The lesson


def test_lesson_iterates_completes_and_reports(capsys):
    ex = exercises.load(1)
    assert [check.name for check in ex][:2] == ["simulate_line", "linear"] and len(ex) == 5
    assert "mse" in dir(ex) and "mse: still blank" in repr(ex)
    ex.mse.check(lambda a, b: jnp.sum((a - b) ** 2))
    ex.linear.check(lambda x, w, b: w * x + b)
    capsys.readouterr()
    ex.report()
    lines = capsys.readouterr().out.splitlines()
    assert "1 of 5 passed" in lines[0]
    assert next(line for line in lines if line.startswith("mse ")).split()[-2:] == ["1", "sum"]


def test_nothing_leaks_from_one_load_to_the_next():
    exercises.load("01").mse.check(lambda a, b: 0.0)
    assert {check.status for check in exercises.load("01")} == {"blank"}


def test_unknown_names_are_answered_in_words():
    with pytest.raises(LearnerError, match=r"no exercise `mes`. It has: .*mse"):
        exercises.load("01").mes  # noqa: B018
    assert not hasattr(Lesson("01", ()), "_repr_html_")
    with pytest.raises(LearnerError, match="no exercises for lesson 77"):
        exercises.load("77")

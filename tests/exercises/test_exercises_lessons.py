"""Every exercise of every lesson keeps its promises: right answers pass, mistakes are named, cheats fail."""

import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import exercises
from dl_workshop.authoring import prove
from dl_workshop.exercises.exercise import ValueExercise
from dl_workshop.exercises.running import Raised, run, todo
from dl_workshop.packs import find

ALL = [(number, check.name) for number in exercises.numbers() for check in exercises.load(number)]
FUNCTIONS, VALUES = [], []
for number, name in ALL:
    exercise = getattr(exercises.load(number), name).exercise
    (VALUES if isinstance(exercise, ValueExercise) else FUNCTIONS).append((number, exercise))


def case(number, name, *rest, id):
    """One test of an exercise; a quick run makes do with `mse`, since each exercise compiles its own probes.

    All tests of a lesson's exercises are for one worker, which then compiles once what they share.
    """
    marks = [pytest.mark.xdist_group(f"exercises-{number}"), *([] if name == "mse" else [pytest.mark.slow])]
    return pytest.param(number, *rest, id=f"{number}-{id}", marks=marks)


def each(cases, parts):
    """One test a (lesson, exercise, part of it)."""
    return pytest.mark.parametrize(
        "number, name, i",
        [
            case(number, e.name, e.name, i, id=f"{e.name}-{i}")
            for number, e in cases
            for i in range(len(getattr(e, parts)))
        ],
    )


def every(cases):
    """One test a (lesson, exercise)."""
    return pytest.mark.parametrize("number, exercise", [case(number, e.name, e, id=e.name) for number, e in cases])


def fresh_check(number, name):
    return getattr(exercises.load(number), name)


every_function, every_value, every_exercise = every(FUNCTIONS), every(VALUES), every(FUNCTIONS + VALUES)


def test_there_are_exercises_of_lesson_01():
    assert "01" in exercises.numbers()


@every_exercise
def test_has_hints_mistakes_and_another_right_answer(number, exercise):
    assert len(exercise.hints) == 3 and len(set(exercise.hints)) == 3
    assert exercise.task.strip().endswith(".")
    assert len(exercise.mistakes) >= 5 or exercise.few_mistakes_because
    assert len(exercise.also_right) >= 2
    names = [mistake.name for mistake in exercise.mistakes]
    messages = [mistake.message for mistake in exercise.mistakes]
    assert len(set(names)) == len(names) and len(set(messages)) == len(messages)
    assert all(name.isidentifier() for name in [exercise.name, *names])
    assert exercise.name not in ("todo", "report")


@pytest.mark.parametrize("number, exercise", FUNCTIONS + VALUES, ids=lambda value: getattr(value, "name", value))
def test_the_task_and_the_notebook_ask_the_same(number, exercise):
    assert list(filter(None, prove.asked_alike(number, exercise))) == []


@every_exercise
def test_blank_is_blank(number, exercise):
    check = fresh_check(number, exercise.name)
    blank = ... if isinstance(exercise, ValueExercise) else (lambda *args: todo())
    stand_in = check.check(blank)
    assert (check.status, check.mistake) == ("blank", None)
    if not isinstance(exercise, ValueExercise):
        assert stand_in.__code__ is exercise.reference.__code__


@every_function
def test_the_solution_runs_and_passes(number, exercise):
    check = fresh_check(number, exercise.name)
    # The notebook has these names, and those of the lesson's own functions.
    names = dict(exercise.reference.__globals__, jax=jax, jnp=jnp, np=np)
    exec(check.solution_text(), names)
    check.check(names[exercise.name])
    assert check.status == "passed", check.message


@pytest.mark.parametrize("number, exercise", FUNCTIONS, ids=lambda value: getattr(value, "name", value))
def test_the_solution_is_written_once_in_the_lessons_source(number, exercise):
    source = find(number).folder / "lesson.py"
    assert exercise.reference.__code__.co_filename == str(source)
    shown = fresh_check(number, exercise.name).solution_text()
    assert shown in re.sub(r" *# (BEGIN|END) SOLUTION\n", "", source.read_text()) and "SOLUTION" not in shown


@every_value
def test_the_solution_of_a_value_passes(number, exercise):
    check = fresh_check(number, exercise.name)
    names = dict(jax=jax, jnp=jnp, np=np)
    exec(check.solution_text(), names)
    check.check(names[exercise.name])
    assert check.status == "passed", check.message


@every_function
def test_a_right_answer_as_numpy_passes_where_no_gradient_is_needed(number, exercise):
    """Other kinds of right: NumPy's float64 in place of JAX's float32."""
    check = fresh_check(number, exercise.name)
    right = exercise.oracle or exercise.reference
    check.check(
        lambda *args: jax.tree.map(lambda leaf: np.asarray(leaf, np.asarray(leaf).dtype.kind + "8"), right(*args))
    )
    if exercise.differentiable is None and not exercise.traced:
        assert check.status == "passed", check.message
    else:
        assert (check.status, check.mistake) == ("failed", None) and "values are right, but" in check.message


@every_function
def test_the_solution_is_shown_and_no_name_of_the_learner_is_touched(number, exercise, capsys):
    check = fresh_check(number, exercise.name)
    before = dict(globals())
    check.solution()
    shown = capsys.readouterr().out
    assert all(line in shown for line in check.solution_text().splitlines())
    assert globals() == before and (check.status, check.attempts) == ("blank", 0)


@each(FUNCTIONS + VALUES, "also_right")
def test_another_right_answer_passes(number, name, i):
    check = fresh_check(number, name)
    answer = check.exercise.also_right[i]
    back = check.check(answer)
    assert back is (None if isinstance(check.exercise, ValueExercise) else answer)
    assert (check.status, check.mistake) == ("passed", None), check.message


def assert_named(number, name, i, answer):
    """Hand in the mistake's function or its example, and expect its name."""
    check = fresh_check(number, name)
    mistake = check.exercise.mistakes[i]
    check.check(getattr(mistake, answer))
    assert (check.status, check.mistake) == ("failed", mistake.name), check.message
    assert mistake.message in check.message


@each(FUNCTIONS, "mistakes")
def test_a_mistake_is_named(number, name, i):
    assert_named(number, name, i, "function")


@each(VALUES, "mistakes")
def test_a_mistaken_value_is_named(number, name, i):
    assert_named(number, name, i, "example")


@each(VALUES, "wrong")
def test_a_wrong_value_fails_without_a_name(number, name, i):
    check = fresh_check(number, name)
    check.check(check.exercise.wrong[i])
    assert (check.status, check.mistake) == ("failed", None), check.message


@every_function
def test_cheats_fail(number, exercise):
    assert not isinstance(run(exercise.observe, exercise.reference, exercise.probes(jax.random.key(0))[0]), Raised)
    assert list(filter(None, prove.cheats_refused(number, exercise))) == []

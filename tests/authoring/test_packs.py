"""Lessons that others write: found, begun, built, proved, handed in; and what is said where one is broken."""

import json
import shutil
import subprocess
import sys

import pytest

from dl_workshop import exercises, packs
from dl_workshop.authoring import build, stale
from dl_workshop.authoring.new import new_lesson
from dl_workshop.authoring.prove import prove
from dl_workshop.class_progress import progress, restore
from dl_workshop.class_progress.rerun import Limits
from dl_workshop.errors import LearnerError


def kit(*arguments, **more):
    command = [sys.executable, "-m", "dl_workshop.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, **more)


@pytest.fixture
def pack(tmp_path, monkeypatch):
    """A new pack, which this process finds; its modules are forgotten afterwards."""
    folder = tmp_path / "clusters"
    new_lesson(folder, "Near and far")
    monkeypatch.setenv(packs.FOLDER, str(folder))
    monkeypatch.setattr(sys, "path", sys.path.copy())
    restore.lessons.cache_clear()
    yield folder
    restore.lessons.cache_clear()
    for name in [name for name in sys.modules if name.split(".")[0] == "clusters_lessons"]:
        del sys.modules[name]


def lesson_of(folder):
    return folder / "clusters_lessons/lesson_01_near_and_far"


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_new_lesson_loads_beside_the_kits(pack):
    ex = exercises.load("clusters/01")
    assert [check.name for check in ex] == ["squared_distances"] and "Lesson clusters/01" in repr(ex)
    assert [one.name for one in ex.questions] == ["closer"]
    assert exercises.load("01").mse.name == "mse" and exercises.numbers()[0] == "01"
    assert [lesson.name for lesson in packs.in_pack("clusters")] == ["clusters/01"]


def test_its_solution_is_the_text_of_its_source(pack):
    shown = exercises.load("clusters/01").squared_distances.solution_text()
    assert shown == "def squared_distances(points, centre):\n    return jnp.sum((points - centre) ** 2, axis=1)"


def test_its_notebooks_lie_beside_it_and_go_stale(pack):
    assert [path.relative_to(pack).as_posix() for path in build(pack)] == [
        "notebooks/student/01_near_and_far.ipynb",
        "notebooks/instructor/01_near_and_far.ipynb",
    ]
    assert stale(pack) == []
    edit(lesson_of(pack) / "lesson.py", "You will be able", "You shall be able")
    assert len(stale(pack)) == 2


TOML = "lesson.toml"
BROKEN = {
    "no lesson.toml": (lambda folder: (folder / TOML).unlink(), ["lesson.toml is missing"]),
    "a field is missing": (lambda folder: edit(folder / TOML, "minutes = 10\n", ""), [TOML, "`minutes` is missing"]),
    "of another kind": (
        lambda folder: edit(folder / TOML, "minutes = 10", 'minutes = "10"'),
        [TOML, "`minutes` is '10'", "whole number"],
    ),
    "not TOML": (lambda folder: (folder / TOML).write_text("number ="), [TOML, "cannot be read"]),
    "another number": (lambda folder: edit(folder / TOML, '"01"', '"02"'), [TOML, "`number` is '02'"]),
    "for another kit": (lambda folder: edit(folder / TOML, ">=0.1,<0.2", ">=7"), [TOML, "asks for dl-workshop >=7"]),
    "no versions": (lambda folder: edit(folder / TOML, ">=0.1,<0.2", "new"), [TOML, "names no versions"]),
    "of one number": (
        lambda folder: shutil.copytree(folder, folder.with_name("lesson_01_again")),
        ["Two folders", "lesson_01_again", "lesson_01_near_and_far"],
    ),
    "does not run": (
        lambda folder: edit(folder / "exercises.py", "EXERCISES = (SQUARED_DISTANCES,)", "1 / 0"),
        ["fault of the lesson", "exercises.py, line 53", "ZeroDivisionError"],
    ),
    "does not parse": (
        lambda folder: edit(folder / "exercises.py", "EXERCISES = (", "EXERCISES = (("),
        ["fault of the lesson", "exercises.py, line", "SyntaxError"],
    ),
    "without the tuple": (lambda folder: edit(folder / "exercises.py", "EXERCISES =", "ALL ="), ["no EXERCISES"]),
    "without exercises": (lambda folder: (folder / "exercises.py").unlink(), ["no exercises.py"]),
    "without its solution": (
        lambda folder: edit(folder / "lesson.py", '# %% exercise="squared_distances"', "# %%"),
        ["lesson.py has no cell", "squared_distances"],
    ),
    "no such lesson": (
        lambda folder: folder.rename(folder.with_name("lesson_03_near_and_far")),
        ["no exercises for lesson 01 in the pack clusters", "clusters/03"],
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_lesson_says_what_is_wrong_and_costs_only_itself(pack, fault):
    break_it, words = BROKEN[fault]
    break_it(lesson_of(pack))
    with pytest.raises(LearnerError) as error:
        exercises.load("clusters/01")
    assert all(word in str(error.value) for word in words), str(error.value)
    assert exercises.load("02").f.name == "f"


def test_what_is_no_pack(tmp_path, monkeypatch):
    with pytest.raises(LearnerError, match="no pack of lessons called clouds"):
        exercises.load("clouds/01")
    for text, words in (
        (None, "no pyproject"),
        ("[project]\n", "names no lessons"),
        ("[", "cannot be read"),
        ('[project.entry-points."dl_workshop.lessons"]\na = "absent"\n', "no folder of"),
    ):
        if text is not None:
            (tmp_path / "pyproject.toml").write_text(text)
        with pytest.raises(LearnerError, match=words):
            packs.pack_at(tmp_path)


@pytest.mark.parametrize(
    "folder, title, number, words",
    [
        ("1st", "A", "01", "begin with a letter"),
        ("fine", "日本", "01", "makes no name"),
        ("fine", 'a "b"', "01", "quotes"),
        ("fine", "A", "1", "two digits"),
    ],
)
def test_names_that_make_no_lesson(tmp_path, folder, title, number, words):
    with pytest.raises(LearnerError, match=words):
        new_lesson(tmp_path / folder, title, number)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_files_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(LearnerError, match="holds files already"):
        new_lesson(tmp_path, "A")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def faults(name):
    return {words for proof in prove(name) for words in proof.faults}


@pytest.mark.slow
def test_the_proof_holds_and_finds_what_is_wrong(pack):
    assert faults("clusters/01") == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    "old, new, words",
    [
        (
            'jnp.einsum("nd,nd->n", points - centre, points - centre)',
            "jnp.zeros(len(points))",
            "also_right[1] is refused",
        ),
        (
            "jnp.sum(jnp.abs(points - centre), axis=1)",
            "jnp.sum((centre - points) ** 2, axis=1)",
            "the mistake absolute gets the name None",
        ),
        ('points=floats("n d")', 'points=floats("n d", low=0)', "points"),
        ("((1, 2), (4, 3), (12, 4), (3, 1))", "((1, 2),)", "it passes one that is wrong"),
        ('of shape (n,)."', 'of shape (n,)"', "full stop"),
    ],
)
def test_a_fault_of_a_lesson_is_found(pack, old, new, words):
    edit(lesson_of(pack) / "exercises.py", old, new)
    assert any(words in fault for fault in faults("clusters/01")), faults("clusters/01")


@pytest.mark.slow
def test_from_nothing_to_a_green_test_in_one_command_each(tmp_path):
    for arguments, words in (
        (("new-lesson", "waves", "--title", "Waves & more"), "wrote"),
        (("build", "--lessons", "waves"), "wrote notebooks/student/01_waves_more.ipynb"),
        (("build", "--lessons", "waves", "--check"), "up to date"),
        (("test-lesson", "waves"), "Everything holds."),
    ):
        done = kit(*arguments, cwd=tmp_path)
        assert done.returncode == 0 and words in done.stdout, done.stdout + done.stderr
    edit(tmp_path / "waves/waves_lessons/lesson_01_waves_more/lesson.py", "axis=1", "axis=0")
    kit("build", "--lessons", "waves", cwd=tmp_path)
    done = kit("test-lesson", "waves", cwd=tmp_path)
    assert done.returncode == 1 and "✗ waves/01 squared_distances" in done.stdout, done.stdout


@pytest.mark.slow
def test_what_a_class_hands_in_of_a_pack(pack, tmp_path):
    build(pack)
    handed = tmp_path / "handed"
    (handed / "ada").mkdir(parents=True)
    (handed / "bob").mkdir()
    notebook = json.loads((pack / "notebooks/student/01_near_and_far.ipynb").read_text())
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "exercise-squared_distances")
    for who, end in (("ada", "sum(1)"), ("bob", "mean(1)")):
        cell["source"] = f"def squared_distances(points, centre):\n    return ((points - centre) ** 2).{end}"
        (handed / who / "01_near_and_far.ipynb").write_text(json.dumps(notebook))
    ada, bob = progress.progress([handed], Limits(120, 60, 2000), bar=False)
    assert (ada.lesson, ada.passed, ada.reason) == ("clusters/01", 1, "")
    assert bob.exercises["squared_distances"].mistake == "mean" and bob.reason == ""

"""Every lesson's notebooks: in step with their source, running clean, giving nothing away."""

import functools
import html
import re
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from lesson_calls import calls_outside, look_on, tell

from dl_workshop import authoring
from dl_workshop.authoring.execute import REPORT

ROOT = Path(__file__).parents[2]
LESSONS = sorted(path.name.removeprefix("lesson_") for path in (ROOT / "dl_workshop/lessons").glob("lesson_*"))
MEMORY_MB = 800
SMALL_MB = 600  # the three-hour workshop, for small machines
HEAVIEST = ("05", "10")  # of both; they find nothing compiled, which takes memory and is what a first run does
JAX_0_10 = 2 if sys.version_info < (3, 12) else 1  # it takes up to twice as much; Binder and hubs have a newer one
LINES = 15

# Two groups, so that pytest-xdist runs two notebooks at a time and no more: a kernel is heavy.
each_lesson = pytest.mark.parametrize(
    "lesson",
    [pytest.param(name, marks=pytest.mark.xdist_group(f"notebooks-{i % 2}")) for i, name in enumerate(LESSONS)],
)


def notebook(role, lesson):
    return ROOT / "notebooks" / role / f"{lesson}.ipynb"


def source_cells(lesson):
    """Read {exercise: code with its markers} from the source, without the kit's own reader."""
    text = (ROOT / f"dl_workshop/lessons/lesson_{lesson}/lesson.py").read_text(encoding="utf-8")
    cells = re.split(r"^# %%(.*)\n", text, flags=re.M)[1:]
    named = [
        (re.search(r'exercise="(\w+)"', header), code) for header, code in zip(cells[::2], cells[1::2], strict=True)
    ]
    return {name[1]: code.strip("\n") for name, code in named if name}


def solution_lines(code):
    bodies = re.findall(r"# BEGIN SOLUTION\n(.*?)# END SOLUTION", code, flags=re.S)
    return [line.strip() for body in bodies for line in body.split("\n") if line.strip()]


@functools.cache
def run(lesson):
    """Run the instructor's notebook, then, every name forgotten, the student's in the same kernel; give {role: both}.

    Half the work of a run is starting, importing and compiling. The memory that is checked is the instructor's.
    """
    with tempfile.TemporaryDirectory() as empty, pytest.MonkeyPatch.context() as patch:
        if lesson.startswith(HEAVIEST):
            patch.setenv("JAX_COMPILATION_CACHE_DIR", empty)
        return _run(lesson)


def _run(lesson):
    both = nbformat.read(notebook("instructor", lesson), 4)
    if sys.version_info >= (3, 12):
        both.cells = [look_on(), *both.cells, tell()]
    both.cells.append(nbformat.v4.new_code_cell(REPORT, id="report"))
    end = len(both.cells)
    both.cells.append(nbformat.v4.new_code_cell("%reset -f", id="reset"))
    for cell in nbformat.read(notebook("student", lesson), 4).cells:
        both.cells.append(cell | {"id": f"student-{cell.id}"})
    done = authoring.execute(both, timeout=300, cwd=ROOT / "notebooks/student")  # where a learner sits
    return {
        "instructor": nbformat.from_dict(done | {"cells": done.cells[:end]}),
        "student": nbformat.from_dict(done | {"cells": done.cells[end:]}),
    }


def test_notebooks_are_in_step_with_their_source():
    assert authoring.stale(ROOT) == [], "run dl-workshop build"


@each_lesson
def test_no_answer_and_no_long_cell(lesson):
    student = nbformat.read(notebook("student", lesson), 4)
    instructor = nbformat.read(notebook("instructor", lesson), 4)
    for cell in [*student.cells, *instructor.cells]:
        assert len(cell.source.split("\n")) <= LINES, cell.source
    shown = [line.strip() for cell in student.cells for line in cell.source.split("\n")]
    plain = re.compile(r"(return )?[\w., ()=]*$")  # `return params`, `y_pred = model(params, x)` tell nothing
    for name, code in source_cells(lesson).items():
        told = [line for line in solution_lines(code) if line in shown and not plain.match(line)]
        assert not told, f"{name}: {told}"
    assert not re.search(r"\*\*Instructor|(BEGIN|END) SOLUTION", "\n".join(shown))


def alternatives(notebook):
    """The words that stand for each picture of an executed notebook."""
    return [
        html.unescape(words)
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        for words in re.findall(r'<img[^>]* alt="([^"]*)"', "".join(output.get("data", {}).get("text/html", "")))
    ]


@pytest.mark.slow
@each_lesson
def test_the_instructors_notebook_passes_everything(lesson):
    done = run(lesson)["instructor"]
    assert authoring.trouble(done) == []
    assert authoring.statuses(done) == dict.fromkeys(source_cells(lesson), "passed")
    if sys.version_info >= (3, 12):  # the probes' domains are those of the lesson's own calls
        assert calls_outside(done) == []
    assert [words for words in alternatives(done) if not re.search(r"^Panel: |\w{3,}.*\.$", words)] == []
    peak = authoring.memory(done)
    assert peak < JAX_0_10 * (SMALL_MB if lesson < "06" else MEMORY_MB)


@pytest.mark.slow
@each_lesson
def test_an_untouched_student_notebook_runs_and_is_blank(lesson):
    done = run(lesson)["student"]
    assert authoring.trouble(done) == []
    assert authoring.statuses(done) == dict.fromkeys(source_cells(lesson), "blank")


@each_lesson
def test_right_answers_typed_into_a_student_notebook_make_the_instructors(lesson):
    # So the run of the instructor's notebook is one of the student's with right answers too.
    answers = source_cells(lesson)

    def code(role):
        return [cell for cell in nbformat.read(notebook(role, lesson), 4).cells if cell.cell_type == "code"]

    def plain(text):
        text = re.sub(r"### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS", "", text, flags=re.S)  # for nbgrader alone
        return re.sub(r".*# (BEGIN|END) SOLUTION\n?", "", text).strip()

    typed = [plain(answers.get(cell.id.removeprefix("exercise-"), cell.source)) for cell in code("student")]
    assert typed == [plain(cell.source) for cell in code("instructor")]


@each_lesson
def test_every_panel_leaves_its_picture_in_the_instructor_notebook(lesson):
    cells = [
        cell
        for cell in nbformat.read(notebook("instructor", lesson), 4).cells
        if cell.cell_type == "code" and "panels." in cell.source
    ]
    for cell in cells:
        data = cell.outputs[0].data
        assert data["image/png"].startswith("iVBOR") and 'alt="Panel: ' in data["text/html"]
    assert cells or lesson.startswith("05")

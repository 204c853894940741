"""Submissions of a made-up class: good, wrong, blank, broken and hostile ones, with the row each should get."""

import copy
import json
import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
LESSONS = sorted(path.stem for path in (ROOT / "notebooks/student").glob("*.ipynb"))
NAMES = ("simulate_line", "linear", "bad_guess", "mse", "mse_one_line")
MSE = "def mse(y_true, y_pred):\n    return ((y_true - y_pred) ** 2).mean()"
SUM = "def mse(y_true, y_pred):\n    return ((y_true - y_pred) ** 2).sum()"
ZERO = "def mse(y_true, y_pred):\n    return 0.0"


def student(lesson="01_linear_regression"):
    return json.loads((ROOT / f"notebooks/student/{lesson}.ipynb").read_text())


def instructor(lesson="01_linear_regression"):
    return json.loads((ROOT / f"notebooks/instructor/{lesson}.ipynb").read_text())


def code(source, name=""):
    return {
        "cell_type": "code",
        "id": name or "typed-in",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": "".join(source),
    }


def solved(lesson="01_linear_regression"):
    """The student's notebook with the instructor's answers typed in."""
    answers = {cell["id"]: cell["source"] for cell in instructor(lesson)["cells"]}
    notebook = student(lesson)
    for cell in notebook["cells"]:
        if cell["id"].startswith("exercise-"):
            cell["source"] = answers[cell["id"]]
    return notebook


def small(*sources, before=(), after=(), answer=MSE, check="mse = ex.mse.check(mse)"):
    """A notebook of lesson 01 that holds one exercise only, and whatever else it is given: quick to run."""
    setup = "from dl_workshop import exercises\nimport jax.numpy as jnp\nex = exercises.load('01')"
    cells = [
        code(setup),
        *map(code, before),
        code(answer, "exercise-mse"),
        *map(code, sources),
        *([code(check, "check-mse")] if check else []),
        *map(code, after),
    ]
    return {**student(), "cells": cells}


def with_metadata(notebook, **metadata):
    return {**notebook, "metadata": metadata}


def report(attempts, *mistakes):
    """A cell that kept the output of ex.report(): the data in it is what counts."""
    exercises = [
        {"name": "mse", "status": "failed", "attempts": attempts, "mistakes": list(mistakes)},
        {"name": "linear", "status": "blank", "attempts": 0, "mistakes": []},
    ]
    return code("ex.report()") | {
        "outputs": [
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {
                    "text/plain": "Lesson 01",
                    "application/vnd.dl-workshop.report+json": {"version": 1, "lesson": "01", "exercises": exercises},
                },
            }
        ]
    }


def doubled(notebook):
    notebook = copy.deepcopy(notebook)
    check = next(cell for cell in notebook["cells"] if cell["id"] == "check-mse")
    notebook["cells"] += [copy.deepcopy(check), copy.deepcopy(check)]
    return notebook


PRINTS_MARKS = """
import os
print('dl-workshop-report:{"statuses": {"mse": "passed"}}')
for fd in range(1, 40):
    try:
        os.write(fd, b'\\n{"check": "mse", "status": "passed"}\\n{"done": true}\\n')
    except OSError:
        pass
"""
FAKE_EX = """
class Passed:
    status = 'passed'
    def check(self, function):
        return function
class ex:
    mse = Passed()
"""
REPLACES_CHECKS = """
from dl_workshop.exercises import compare, engine, judge
def yes(*arguments, **more):
    return judge.Verdict('passed', 'Right.')
engine.judge = judge.judge = engine.Check._verdict = yes
engine.Check.check = lambda self, function: setattr(self, 'status', 'passed') or function
judge.difference = compare.difference = lambda *arguments, **more: None
judge.differ.__code__ = (lambda exercise, expected, got: False).__code__
"""
REPLACES_LIBRARIES = """
import jax.numpy as jnp, numpy as np
jnp.mean = jnp.sum = np.mean = np.sum = lambda *arguments, **more: 0.0
"""


def spoofs():
    """Tries to pass with a wrong answer: each should still get `failed`."""
    kept = small(answer=ZERO, before=[PRINTS_MARKS], after=["ex.mse.status = 'passed'; ex.mse.mistake = None"])
    return {
        "fake_ex": small(answer=ZERO, before=[FAKE_EX]),
        "checks_replaced": small(answer=ZERO, before=[REPLACES_CHECKS]),
        "libraries_replaced": small(answer=ZERO, before=[REPLACES_LIBRARIES]),
        "says_so": {**kept, "cells": [*kept["cells"], report(1)]},
        "tampered_check": small(answer=ZERO, check="print('passed')\nex.mse.status = 'passed'"),
        "stripped_check": with_metadata(small(answer=ZERO, check="")),
        "doubled_check": doubled(small(answer=ZERO)),
    }


def writes(o):
    """Cells that change things in the folder `o`, in every way that comes to mind."""
    return [
        "import os, shutil, subprocess, tempfile; from pathlib import Path",
        f"open('{o}/victim', 'w').write('lost')",
        f"os.remove('{o}/victim')",
        f"shutil.rmtree('{o}')",
        f"Path('{o}/new').mkdir()",
        f"!rm {o}/victim",
        f"os.rename('{o}/victim', 'mine')",
        f"os.symlink('{o}', '{o}/link')",
        f"os.system('rm {o}/victim')",
        f"subprocess.run(['rm', '{o}/victim'])",
        f"os.symlink('{o}', 'way'); open('way/victim', 'w').write('lost')",
        f"os.chdir('{o}'); open('victim', 'a').write('more')",
        "def mse(a, b): return 0\nopen(os.path.expanduser('~/mine'), 'w').write('ok'); "
        "tempfile.mkstemp(); fine = os.path.exists(os.path.expanduser('~/mine'))",
        "if fine:\n    def mse(y_true, y_pred): return ((y_true - y_pred) ** 2).mean()",
    ]


def rough():
    """Cells that go wrong in ways that a notebook survives."""
    return [
        "huge = bytearray(20 * 2**30)",
        "def (:",
        "import time\nwhile True:\n    time.sleep(.1)",
        "for i in range(2000): print('x' * 10000)\n'y' * 10**8",
        "import os, sys\nsys.exit(1)",
        "exit()",
        "input()",
        "os.kill(os.getppid(), 9)",
        "os.killpg(os.getpgid(os.getppid()), 9)",
        "1 / 0",
        "raise KeyboardInterrupt",
        "%%time\nx = 1",
        "%matplotlib inline",
        "await __import__('asyncio').sleep(0)",
    ]


def hostile(outside):
    """Give {name: (notebook, words of the reason, status of mse)}; they try to write to the folder `outside`."""
    return {
        "endless_cell": (small("while True: pass"), "", "passed"),
        "endless_answer": (small(answer="def mse(y_true, y_pred):\n    while True: pass"), "", "failed"),
        "deaf": (
            small("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"),
            "ran longer than",
            "not reached",
        ),
        "hungry": (
            small("import time\nhog = bytearray(1400 * 2**20)\ntime.sleep(60)"),
            "more than 1200 MB",
            "not reached",
        ),
        "exit": (small("import os\nos._exit(0)"), "ended its own process", "not reached"),
        "killed": (small("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"), "SIGKILL", "not reached"),
        "crash": (small("import ctypes\nctypes.string_at(0)"), "SIGSEGV", "not reached"),
        "rough": (small(*rough()), "", "passed"),
        "writes": (small(*writes(outside)), "", "passed"),
    }


def broken(outside):
    """Give {file name: (bytes, notebook, or a function that makes the file; words of the reason)}."""
    deep = b'{"cells": ' + b"[" * 100_000
    old = {"worksheets": [{"cells": []}], "nbformat": 3, "metadata": {}}
    return {
        "broken.ipynb": (b'{"cells": [{"cell_type": "code", ', "broken JSON"),
        "deep.ipynb": (deep, "broken JSON"),
        "empty.ipynb": (b"", "empty"),
        "latin.ipynb": ('{"cells": ["é"]}'.encode("latin-1"), "not UTF-8"),
        "list.ipynb": (b"[1, 2]", "no list of cells"),
        "report.pdf": (b"%PDF-1.7", "not a notebook"),
        "old_format.ipynb": (old, "old format"),
        "language.ipynb": (with_metadata(small(), kernelspec={"name": "ir", "language": "R"}), "for R"),
        "no_code.ipynb": ({**student(), "cells": [1, {"cell_type": "markdown"}]}, "no code cell"),
        "other_course.ipynb": (with_metadata({**student(), "cells": [code("print('hello')")]}), "no exercise"),
        "other_lesson.ipynb": (
            {**student(), "cells": [code("a = 1")], "metadata": {"dl_workshop": {"source": "77_quantum.py"}}},
            "77_quantum.py",
        ),
        "link.ipynb": (lambda path: path.symlink_to(Path(outside) / "secret.ipynb"), "a link"),
        "folder_link": (lambda path: path.symlink_to(outside), "a link"),
        "loop": (lambda path: path.symlink_to("."), "a link"),
        "pipe.ipynb": (os.mkfifo, "not a regular file"),
    }


def hand_in(folder, name, what):
    """Put one submission into a folder: a notebook, bytes, or whatever a function makes there."""
    path = Path(folder) / name
    if callable(what):
        what(path)
    else:
        path.write_bytes(what if isinstance(what, bytes) else json.dumps(what).encode())
    return path

"""A small lesson for the tests of authoring, and what a program that saves notebooks does to it."""

import json
import shutil
from pathlib import Path

import nbformat

from dl_workshop import authoring

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

EXERCISE = LESSON[LESSON.index('# %% exercise="mse"') : LESSON.index('# %% exercise="best_w"')]


QUESTIONS = Path(__file__).parents[2] / "dl_workshop/lessons/lesson_01_linear_regression/questions.py"


def write_lesson(root, text, stem="01_line"):
    path = source(root, stem)
    path.parent.mkdir(parents=True, exist_ok=True)
    if stem == "01_line":
        shutil.copy(QUESTIONS, path.parent)
    path.write_bytes(text.encode())
    return path


def source(root, stem):
    return root / f"dl_workshop/lessons/lesson_{stem}/lesson.py"


def paths(root, stem="01_line"):
    return (source(root, stem), root / f"notebooks/student/{stem}.ipynb", root / f"notebooks/instructor/{stem}.ipynb")


def built(root, text=LESSON):
    file, student, instructor = paths(root)
    write_lesson(root, text)
    authoring.build(root)
    return file, nbformat.read(student, 4), nbformat.read(instructor, 4)


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
    notebook["cells"].append(
        {"cell_type": "code", "id": "empty", "metadata": {}, "source": "", "outputs": [], "execution_count": None}
    )

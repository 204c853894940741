"""Lesson 01 as a learner meets it: open it in JupyterLab, run all cells, move w, see line and loss change."""

import json
import re
from pathlib import Path

import pytest
from driving import Panel, keep_screenshot, run_all

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

LESSON = Path(__file__).resolve().parents[2] / "notebooks" / "instructor" / "01_linear_regression.ipynb"
# The lesson's own data, asked for in a cell of its own: the expected loss is computed from it here, in plain Python.
ASK = """
import json, numpy as np
print("DATA" + json.dumps([np.asarray(x).tolist(), np.asarray(y).tolist()]))
"""


@pytest.fixture(scope="module")
def page(open_notebook, tmp_path_factory):
    """Open a copy of the lesson, with one cell more that prints its data, and run it."""
    notebook = json.loads(LESSON.read_text())
    notebook["cells"].append({"cell_type": "code", "id": "ask", "metadata": {}, "source": ASK, "outputs": [],
                              "execution_count": None})
    path = tmp_path_factory.mktemp("lesson") / LESSON.name
    path.write_text(json.dumps(notebook))
    page = open_notebook(path)
    run_all(page)
    return page


def test_moving_w_by_keyboard_moves_line_and_loss(page):
    panel = Panel(page)
    words = panel.press("w", "ArrowRight", "PageUp", "PageUp")
    panel.canvas().scroll_into_view_if_needed()
    keep_screenshot(page, "lesson_01")
    w, b = panel.value("w"), panel.value("b")
    x, y = data_of(page)
    mse = sum((yi - (w * xi + b)) ** 2 for xi, yi in zip(x, y, strict=True)) / len(x)
    assert float(re.search(r"loss ([\d.e+-]+)", words)[1]) == pytest.approx(mse, rel=1e-3)


def data_of(page):
    """The lesson's x and y, as its last cell printed them."""
    return page.evaluate("""() => {
        const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
        const last = cells.get(cells.length - 1).outputs.toJSON().map(output => [output.text].flat().join("")).join("");
        return JSON.parse(last.slice(last.indexOf("DATA") + 4));
    }""")

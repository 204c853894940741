"""Lesson 01 as a learner meets it: open it in JupyterLab, run all cells, move w, see line and loss change."""

import json
import re
from pathlib import Path

import pytest
from driving import Panel, keep_screenshot, run_all
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

LESSON = Path(__file__).resolve().parents[2] / "notebooks" / "instructor" / "01_linear_regression.ipynb"
STUDENT = LESSON.parents[1] / "student" / LESSON.name
# The lesson's own data, asked for in a cell of its own: the expected loss is computed from it here, in plain Python.
ASK = """
import json, numpy as np
data = [[minutes, litres], [x, y]]
print("DATA" + json.dumps([[np.asarray(one).tolist() for one in pair] for pair in data]))
"""


@pytest.fixture(scope="module")
def page(open_notebook, tmp_path_factory):
    """Open a copy of the lesson, with one cell more that prints its data, and run it."""
    notebook = json.loads(LESSON.read_text())
    notebook["cells"].append(
        {"cell_type": "code", "id": "ask", "metadata": {}, "source": ASK, "outputs": [], "execution_count": None}
    )
    path = tmp_path_factory.mktemp("lesson") / LESSON.name
    path.write_text(json.dumps(notebook))
    page = open_notebook(path)
    run_all(page)
    return page


FIRST, LAST = 0, 1  # panels


def test_the_first_screen_holds_the_cell_that_opens_a_panel(open_notebook):
    """A learner who has just opened the lesson sees it, without scrolling and before any question."""
    page = open_notebook(STUDENT)
    keep_screenshot(page, "lesson_01_opened")
    expect(page.get_by_text("panels.fit_by_hand").first).to_be_in_viewport()


@pytest.mark.parametrize("nth", [FIRST, LAST])
def test_moving_w_by_keyboard_moves_line_and_loss(page, nth):
    panel = Panel(page, nth)
    words = panel.press("w", "ArrowRight", "PageUp", "PageUp")
    panel.canvas().scroll_into_view_if_needed()
    keep_screenshot(page, f"lesson_01_{nth}")
    assert_loss(page, panel, nth, words)


def test_the_first_panel_comes_before_all_questions_and_the_line_it_asks_for_fits(page):
    panel = Panel(page, FIRST)
    top, question = (page.locator(one).first.bounding_box()["y"] for one in (".dlw[data-move]", ".dlq"))
    assert top < question
    panel.type("w", 9)
    words = panel.type("b", 15)
    keep_screenshot(panel.box, "lesson_01_first_panel")
    assert assert_loss(page, panel, FIRST, words) < 3


def assert_loss(page, panel, nth, words):
    """The loss in the words is the one of the line on the sliders; give it."""
    w, b = panel.value("w"), panel.value("b")
    x, y = data_of(page)[nth]
    mse = sum((yi - (w * xi + b)) ** 2 for xi, yi in zip(x, y, strict=True)) / len(x)
    assert float(re.search(r"loss ([\d.e+-]+)", words)[1]) == pytest.approx(mse, rel=1e-3)
    return mse


def data_of(page):
    """The data of the lesson's panels, [x, y] each, as its last cell printed them."""
    return page.evaluate("""() => {
        const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
        const last = cells.get(cells.length - 1).outputs.toJSON().map(output => [output.text].flat().join("")).join("");
        return JSON.parse(last.slice(last.indexOf("DATA") + 4));
    }""")

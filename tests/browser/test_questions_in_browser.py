"""Questions as a learner meets them: answered by mouse and keyboard, reported, saved, and after the kernel stopped."""

import json
import re

import pytest
from driving import keep_screenshot, run_all, write_notebook
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

REPORT, ANSWERS = "application/vnd.dl-workshop.report+json", "application/vnd.dl-workshop.answers+json"
SET_UP = 'from dl_workshop import exercises\nex = exercises.load("01")\nlater = exercises.load("03")'
CELLS = [
    SET_UP,
    "ex.negative_loss.ask()",
    "ex.y_at_three.ask()",
    "later.what_changes.ask()",
    "ex.where_a_line.ask()",
    "ex.quiz_before.ask()",
    "ex.report()",
]


@pytest.fixture(scope="module")
def page(open_notebook, tmp_path_factory):
    """Open a notebook of questions and run it."""
    page = open_notebook(write_notebook(tmp_path_factory.mktemp("questions") / "questions.ipynb", *CELLS), height=1000)
    run_all(page)
    page.locator(".dlq fieldset").nth(8).wait_for()
    page.get_by_text("Lesson 01: 0 of 5 passed").wait_for()
    return page


def question(page, name):
    box = page.locator(f".dlq fieldset[data-question={name}]")
    box.scroll_into_view_if_needed()
    return box


def answer(box):
    box.get_by_role("button", name="Answer", exact=True).click()


def says(box, words):
    expect(box.get_by_role("status")).to_contain_text(words)


def outputs(page):
    """What the notebook would save: the outputs of each cell."""
    return page.evaluate("""() => {
        const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
        return [...Array(cells.length).keys()].map(i => cells.get(i).outputs.toJSON());
    }""")


def kept(page, cell):
    """The output of a cell that holds answers or the report: {MIME type: what is kept}."""
    return next(data for output in outputs(page)[cell] if {ANSWERS, REPORT} & set(data := output.get("data", {})))


def until_kept(page, cell, mime, words):
    page.wait_for_function(
        """([cell, mime, words]) => JSON.stringify(
        window.jupyterapp.shell.currentWidget.content.model.cells.get(cell).outputs.toJSON()
        .map(output => output.data?.[mime])).includes(words)""",
        arg=[cell, mime, words],
    )


def test_by_mouse_wrong_then_right(page):
    box = question(page, "negative_loss")
    answer(box)
    says(box, "Choose first")
    box.get_by_text("the true line").click()
    answer(box)
    says(box, "✗ Not right")
    says(box, "d: The true line misses the points, too")
    box.get_by_text("through every point").click()
    answer(box)
    says(box, "✓ Right")
    expect(box.locator(".dlq-failed")).to_have_count(0)


def test_by_keyboard_alone(page):
    box = question(page, "what_changes")
    box.get_by_role("checkbox").first.focus()
    for key in ("Space", "Tab", "Tab", "Space", "Tab", "Space", "Tab", "Space", "Tab", "Space"):  # x, w, b, loss, slope
        page.keyboard.press(key)
    assert box.locator(":focus").evaluate("one => getComputedStyle(one).outline").endswith("solid 3px")
    page.keyboard.press("Enter")
    says(box, "a: x was measured")
    box.get_by_role("checkbox").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    says(box, "✓ Right")
    # Arrow keys choose among radios, and move no cell.
    radios = question(page, "negative_loss").get_by_role("radio")
    radios.nth(2).focus()
    page.keyboard.press("ArrowUp")
    expect(radios.nth(1)).to_be_checked()
    page.keyboard.press("Enter")
    says(question(page, "negative_loss"), "b: Errors cancel only if")


def test_a_number_and_words(page):
    box = question(page, "y_at_three")
    field = box.get_by_role("textbox", name=re.compile("Your number"))
    for typed, words in (("6", "✗ Not right"), ("many", "Answer with a number"), ("26", "✓ Right")):
        field.fill(typed)
        field.press("Enter")
        says(box, words)
    box = question(page, "where_a_line")
    field = box.get_by_role("textbox", name=re.compile("Your words"))
    field.click()
    page.keyboard.type("a spring, dd until it is overstretched")  # dd deletes a cell where the notebook hears it
    answer(box)
    says(box, "What a good answer has")
    assert len(outputs(page)) == len(CELLS)


def test_the_quiz_before_says_that_it_keeps_and_not_more(page):
    for name, letter in (("loss", "c"), ("step", "b"), ("sure", "c")):
        box = question(page, name)
        box.get_by_role("radio").nth("abcde".index(letter)).check()
        answer(box)
        says(box, f"Kept: {letter}.")
        expect(box).not_to_contain_text("Right")


def test_the_report_follows_and_everything_is_kept_in_the_notebook(page):
    until_kept(page, 6, REPORT, "overstretched")
    until_kept(page, 6, REPORT, '"right":2')
    report = kept(page, 6)[REPORT]
    asked = {one["name"]: one for one in report["questions"]}
    assert asked["negative_loss"] == {
        "name": "negative_loss",
        "kind": "choice",
        "status": "passed",
        "tries": 2,
        "answers": ["d", "c"],
    }
    assert asked["y_at_three"]["answers"] == ["6", "26"]
    assert report["quizzes"][0]["answered"] == 3 and report["quizzes"][0]["right"] == 2
    assert len(report["exercises"]) == 5
    line = "Lesson 01: 0 of 5 passed, 3 of 5 questions answered."
    expect(page.locator(".jp-OutputArea-output", has_text=line)).to_be_visible()
    still = kept(page, 1)
    assert "Your answer: c" in still["text/plain"] and "Your answer: <b>c</b>" in still["text/html"]
    assert "Errors cancel only if" not in still["text/html"]  # only looked at, after the right one
    # Nothing that was saved gives away what was not told: neither the settings of the widget nor the words.
    everything = json.dumps(outputs(page)[5], ensure_ascii=False)
    assert "their squares 1 and 9" not in everything and "against the slope" not in everything


def test_light_and_dark(page):
    question(page, "negative_loss")
    keep_screenshot(page, "questions_light")
    question(page, "loss")
    keep_screenshot(page, "questions_quiz_light")
    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    page.wait_for_selector("body[data-jp-theme-light=false]", state="attached")
    for name in ("negative_loss", "what_changes"):
        box = question(page, name)
        keep_screenshot(page, f"questions_dark_{name}")
        ink, paper = box.evaluate("""box => { const root = box.closest(".dlq"); return [getComputedStyle(box).color,
            getComputedStyle(root).backgroundColor]; }""")
        assert min(map(int, re.findall(r"\d+", ink)[:3])) - max(map(int, re.findall(r"\d+", paper)[:3])) > 120


def test_a_stopped_kernel_is_told_and_a_new_one_asks_afresh(page):
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.evaluate("window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()")
    page.evaluate("window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.info")
    box = question(page, "negative_loss")
    says(box, "Errors cancel only if")  # what was answered stays on the page
    answer(box)
    expect(page.locator(".dlq-note", has_text="has stopped").first).to_be_visible()
    assert kept(page, 1)[ANSWERS]["questions"][0]["status"] == "passed"
    run_all(page)
    expect(question(page, "negative_loss").get_by_role("status")).to_be_empty()
    says(question(page, "sure"), "Kept: c.")  # a quiz is taken up again from the saved notebook
    box = question(page, "negative_loss")
    box.get_by_role("radio").nth(2).check()
    answer(box)
    says(box, "✓ Right")


def test_without_a_kernel_the_saved_notebook_shows_what_was_answered(page, open_notebook, tmp_path):
    until_kept(page, 1, ANSWERS, "passed")
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    notebook = page.evaluate("window.jupyterapp.shell.currentWidget.context.model.toJSON()")
    path = tmp_path / "saved.ipynb"
    path.write_text(json.dumps(notebook))
    again = open_notebook(path, noise=re.compile("favicon|widget", re.I))  # JupyterLab says that no model is there
    expect(again.get_by_text("Your answer: c").first).to_be_visible()
    expect(again.get_by_text("✓ Right").first).to_be_visible()
    keep_screenshot(again, "questions_saved")

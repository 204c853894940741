"""How a test moves a panel, as a person would, and reads what it shows."""

from contextlib import contextmanager
from pathlib import Path

import nbformat

SCREENSHOTS = Path(__file__).resolve().parents[1] / "screenshots"


def write_notebook(path, *cells):
    """Write a notebook with these code cells; give its path."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
    return path


def keep_screenshot(what, name):
    """Keep a PNG of a page or a part of it in tests/screenshots, for people to look at."""
    what.screenshot(path=SCREENSHOTS / f"{name}.png")


def run_all(page):
    """Run all cells and wait for the last; fail if one raised."""
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    errors = page.locator(
        "[data-mime-type='application/vnd.jupyter.error'], [data-mime-type='application/vnd.jupyter.stderr']"
    )
    assert errors.count() == 0, errors.first.inner_text()


def set_screen(page, *, dark, width, height=900):
    """Give the page another size and theme, and wait until JupyterLab has drawn itself anew."""
    page.set_viewport_size({"width": width, "height": height})
    theme = "JupyterLab Dark" if dark else "JupyterLab Light"
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    page.wait_for_selector(f"body[data-jp-theme-light={str(not dark).lower()}]", state="attached")
    page.wait_for_function("width => document.querySelector('.dlw').getBoundingClientRect().right <= width", arg=width)


class Panel:
    """One panel on the page, the nth from above."""

    def __init__(self, page, nth=0):
        self.page = page
        self.box = page.locator(".dlw[data-move]").nth(nth)
        self.box.wait_for()
        self.box.scroll_into_view_if_needed()
        self.words = self.box.get_by_role("status")
        self.trouble = self.box.locator(".dlw-trouble")

    def slider(self, name):
        """The slider with this label."""
        return self.box.get_by_role("slider", name=name, exact=True)

    def field(self, name):
        """The field beside the slider, where any number can be typed."""
        return self.box.get_by_role("spinbutton", name=f"{name}, typed", exact=True)

    def value(self, name):
        """The number that stands beside the slider."""
        return float(self.field(name).input_value())

    def button(self, name):
        """The button with this label."""
        return self.box.get_by_role("button", name=name, exact=True)

    def choice(self, name):
        """The list of choices with this label."""
        return self.box.get_by_role("combobox", name=name, exact=True)

    def canvas(self, nth=0):
        """The nth picture."""
        return self.box.locator("canvas").nth(nth)

    def press(self, name, *keys):
        """Focus the slider, press the keys, wait until the last is answered and painted; give the words."""
        return self.after(lambda: [self.slider(name).press(key) for key in keys])

    def type(self, name, value):
        """Type a number beside the slider and press Enter; give the words."""

        def act():
            self.field(name).fill(str(value))
            self.field(name).press("Enter")

        return self.after(act)

    def after(self, act):
        """Do something that asks Python, wait until its answer is painted, and give the words."""
        asked = self.box.get_attribute("data-asked")
        act()
        self.until("(box, asked) => box.dataset.asked !== asked && box.dataset.move === box.dataset.asked", asked)
        return self.words.inner_text()

    def until(self, condition, value=None):
        """Wait until a condition of the panel's element holds, written in JavaScript: (box, value) => ..."""
        self.page.wait_for_function(
            f"([box, value]) => ({condition})(box, value)", arg=[self.box.element_handle(), value]
        )

    def settled(self, quiet=400):
        """The words, once the last wish is answered and nothing has been painted for `quiet` milliseconds."""
        painted = None
        while painted != (painted := self.box.get_attribute("data-painted")):
            self.page.wait_for_timeout(quiet)
        return self.words.inner_text()

    def picture(self, nth=0):
        """The nth picture's pixels, to compare with those of another time."""
        return self.canvas(nth).evaluate("canvas => canvas.toDataURL()")

    def colour_at(self, x, y, nth=0):
        """The colour [red, green, blue] that is painted at a place, in the data's own coordinates."""
        return self.canvas(nth).evaluate(
            """(canvas, [x, y]) => {
            const fine = canvas.width / canvas.clientWidth, { axes } = canvas;
            return [...axes.pen.getImageData(axes.px(x) * fine, axes.py(y) * fine, 1, 1).data].slice(0, 3);
        }""",
            [x, y],
        )

    def alternative(self, nth=0):
        """The words that a screen reader reads for the nth picture."""
        return self.canvas(nth).get_attribute("aria-label")


@contextmanager
def kernel_with(page, code, back):
    """Run code in the notebook's kernel without a cell; at the end of the block run `back`, whatever happens in it."""
    run = """code => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel
        .requestExecute({ code, silent: true }).done"""
    page.evaluate(run, code)
    try:
        yield
    finally:
        page.evaluate(run, back)

"""How a test moves a panel, as a person would, and reads what it shows."""

from pathlib import Path

import nbformat
from playwright.sync_api import expect

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
    errors = page.locator("[data-mime-type='application/vnd.jupyter.error'], "
                          "[data-mime-type='application/vnd.jupyter.stderr']")
    assert errors.count() == 0, errors.first.inner_text()


class Panel:
    """One panel on the page, the nth picture from above."""

    def __init__(self, page, nth=0):
        self.page = page
        self.box = page.locator(".jp-OutputArea-output > .widget-vbox").nth(nth)
        self.image = self.box.locator("img.widget-image")
        self.image.wait_for()
        self.box.scroll_into_view_if_needed()
        self.words = self.box.get_by_role("status")
        self.trouble = self.box.get_by_role("alert")

    def slider(self, name):
        """The row of the slider with this label."""
        return self.box.locator(".widget-hslider").filter(has=self.page.get_by_text(name, exact=True))

    def value(self, name):
        """The number that stands beside the slider."""
        return float(self.slider(name).locator(".widget-readout").inner_text().replace("\N{MINUS SIGN}", "-"))

    def button(self, name):
        """The button with this label."""
        return self.box.get_by_role("button", name=name, exact=True)

    def press(self, name, *keys):
        """Focus the slider's handle, press the keys, and wait until picture and words have changed."""
        return self.after(lambda: [self.slider(name).locator(".noUi-handle").press(key) for key in keys])

    def after(self, act):
        """Do something, wait until picture and words have changed, and give the words."""
        words, source = self.words.inner_text(), self.image.get_attribute("src")
        act()
        expect(self.words).not_to_have_text(words)
        expect(self.image).not_to_have_attribute("src", source)
        return self.settled()

    def settled(self):
        """The words, once the same picture has stood for four frames of the kernel's slowest play."""
        source = None
        while source != (source := self.image.get_attribute("src")):
            self.page.wait_for_timeout(400)
        return self.words.inner_text()

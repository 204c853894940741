"""Every panel in a real Notebook 7, moved by keys alone."""

import re

import every_panel
import pytest
from driving import keep_screenshot, run_all
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


OWN_NOISE = r"reading 'schema'"  # what Notebook 7.6 says of its own settings, with any notebook and without panels


@pytest.fixture(scope="module")
def page(open_notebook, tmp_path_factory):
    page = open_notebook(every_panel.notebook(tmp_path_factory.mktemp("every")), server="notebook7", noise=OWN_NOISE)
    run_all(page)
    page.set_default_timeout(15_000)
    return page


@pytest.mark.parametrize("name", every_panel.NAMES)
def test_a_panel_is_painted_moves_by_keys_and_hides_its_picture(page, name):
    panel = every_panel.panel(page, name)
    before, words = [panel.picture(nth) for nth in range(panel.box.locator("canvas").count())], panel.words.inner_text()
    moved = every_panel.move(page, name)
    assert moved != words
    assert any(panel.picture(nth) != picture for nth, picture in enumerate(before))

    cell = page.locator(".jp-Notebook .jp-mod-active").first.element_handle()
    it = every_panel.widget(page, name)
    it.press("ArrowDown")
    it.press("ArrowUp")
    assert it.evaluate("it => document.activeElement === it")
    assert cell.evaluate("cell => cell === document.querySelector('.jp-Notebook .jp-mod-active')")

    still = page.locator("figure[class^=dlw-] img").nth(every_panel.NAMES.index(name))
    expect(still).to_have_attribute("alt", re.compile("Panel: "))
    expect(still).to_be_hidden()
    keep_screenshot(panel.box, f"notebook7_{name}")

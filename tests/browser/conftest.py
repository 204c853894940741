"""A real JupyterLab or Notebook 7 with a real kernel, driven in a real browser."""

import contextlib
import os
import re
import shutil

import pytest
from finding import NoBrowser, must_be_there
from serving import NOTEBOOK, jupyterlab, running_browser, show_notebook

NOISE = re.compile(r"favicon")  # JupyterLab's own complaints. Anything else on the console fails the tests.


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Start JupyterLab on a free port; give its address, token and folder."""
    with jupyterlab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="session")
def notebook7(tmp_path_factory):
    """Start Notebook 7 likewise."""
    with jupyterlab(tmp_path_factory.mktemp("notebook7"), NOTEBOOK) as running:
        yield running


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """Start a browser. Where none can be had, leave its tests out and say what to type; with CI=true fail them."""
    folder = tmp_path_factory.getbasetemp()
    of_the_run = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    with contextlib.ExitStack() as stack:
        try:
            browser = stack.enter_context(running_browser(of_the_run))
        except NoBrowser as none:
            (pytest.fail if must_be_there() else pytest.skip)(str(none))
        yield browser


@pytest.fixture(scope="module")
def open_notebook(chromium, request):
    """Give open_notebook(path, dark=False, ...): a page with a copy of that notebook open and its kernel ready.

    When the module's tests are done, nothing unexpected may have been said on the browser's console.
    """
    said, contexts = [], []

    def open_(path, *, server="lab", dark=False, files=False, width=1024, height=900, scale=1, noise=NOISE):
        lab = request.getfixturevalue(server)
        name = f"{path.stem}_{len(contexts)}.ipynb"
        shutil.copy(path, lab["folder"] / name)
        context = chromium.new_context(viewport={"width": width, "height": height}, device_scale_factor=scale)
        contexts.append(context)
        page = context.new_page()

        def hear(text):
            if not re.search(noise, text):
                said.append(text)

        page.on("console", lambda message: hear(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: hear(str(error)))
        return show_notebook(page, lab, name, dark=dark, files=files)

    yield open_
    for context in contexts:
        context.close()
    assert not said, f"on the browser's console: {said}"


@pytest.fixture(scope="module")
def open_page(chromium, tmp_path_factory):
    """Give open_page(panel): its saved page in a browser without a network. Nothing but the file may be asked for."""
    asked, said, contexts = [], [], []

    def open_(panel, **options):
        path = tmp_path_factory.mktemp("saved") / "panel.html"
        panel.save_html(path)
        contexts.append(chromium.new_context(offline=True, **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not said, f"on the browser's console: {said}"
    assert all(url.startswith(("file:", "data:")) for url in asked), asked

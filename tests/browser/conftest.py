"""A real JupyterLab with a real kernel, driven in the system's Chromium."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
NOISE = re.compile(r"favicon")  # JupyterLab's own complaints. Anything else on the console fails the tests.
READY = """async () => {
    const session = window.jupyterapp.shell.currentWidget.context.sessionContext;
    await session.ready;
    await session.session.kernel.info;
}"""


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Start JupyterLab on a free port; give its address, token and folder."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "work"
    settings = home / "config" / "labconfig"
    for path in (folder, settings):
        path.mkdir(parents=True)
    (settings / "page_config.json").write_text(json.dumps(
        {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = "for-the-tests-only"
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"), "IPYTHONDIR": str(home / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    with open(home / "server.log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
             f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
             f"--ServerApp.root_dir={folder}", "--LabApp.expose_app_in_browser=True"],
            env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=folder, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        until_it_answers(f"{address}/api/status?token={token}", server, home / "server.log")
        yield {"address": address, "token": token, "folder": folder}
    finally:
        os.kill(server.pid, signal.SIGTERM)  # the server ends its kernels first
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def until_it_answers(address, server, log, patience=90):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def chromium():
    """Start the system's Chromium; its absence is a failure, not a skip."""
    from playwright.sync_api import sync_playwright
    binary = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if binary is None:
        pytest.fail("No Chromium found: install it, for example `apt-get install chromium`. The panels are only "
                    "known to work when a real browser has shown them.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=FLAGS, headless=True)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def open_notebook(lab, chromium):
    """Give open_notebook(path, dark=False): a page with a copy of that notebook open and its kernel ready.

    When the module's tests are done, nothing unexpected may have been said on the browser's console.
    """
    said, contexts = [], []

    def open_(path, *, dark=False, width=1024, height=900):
        name = f"{path.stem}_{len(contexts)}.ipynb"
        shutil.copy(path, lab["folder"] / name)
        context = chromium.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{lab['address']}/lab/workspaces/test-{name[:-6]}/tree/{name}?token={lab['token']}")
        page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell")
        page.evaluate(READY)
        if dark:
            page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
            page.wait_for_selector("body[data-jp-theme-light=false]", state="attached")
        if page.locator("#jp-left-stack").is_visible():
            page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
        return page

    yield open_
    for context in contexts:
        context.close()
    unexpected = [text for text in said if not NOISE.search(text)]
    assert not unexpected, f"on the browser's console: {unexpected}"

"""Start a real JupyterLab or Notebook 7 and a real browser; for the tests and for benchmarks/panels.py."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from functools import partial

import finding
from playwright.sync_api import Error, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TOKEN = "for-the-tests-only"
# module, class that takes its settings, the address of a notebook in it
JUPYTERLAB = ("jupyterlab", "LabApp", "lab/workspaces/test-{stem}/tree/{stem}.ipynb")
NOTEBOOK = ("notebook", "JupyterNotebookApp", "notebooks/{stem}.ipynb")
READY = """async () => {
    const session = window.jupyterapp.shell.currentWidget.context.sessionContext;
    const late = new Promise((_, refuse) => setTimeout(refuse, 60_000, new Error("no kernel after a minute")));
    await Promise.race([late, session.ready.then(() => session.session.kernel.info)]);
}"""


@contextmanager
def jupyterlab(home, app=JUPYTERLAB):
    """Run JupyterLab or NOTEBOOK on a free port, with nothing of this machine's settings.

    Gives what show_notebook needs: its address, the token, the folder it serves, and how a notebook is addressed.
    """
    module, settings_of, notebooks = app
    folder, settings = home / "work", home / "config" / "labconfig"
    for path in (folder, settings):
        path.mkdir(parents=True)
    (settings / "page_config.json").write_text(
        json.dumps({"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}})
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    with open(home / "server.log", "w") as log:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                module,
                "--no-browser",
                "--allow-root",
                "--ServerApp.ip=127.0.0.1",
                f"--ServerApp.port={port}",
                "--ServerApp.port_retries=0",
                f"--IdentityProvider.token={TOKEN}",
                f"--ServerApp.root_dir={folder}",
                f"--{settings_of}.expose_app_in_browser=True",
            ],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        until_it_answers(f"{address}/api/status?token={TOKEN}", server, home / "server.log")
        yield {"address": address, "token": TOKEN, "folder": folder, "notebooks": notebooks}
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
    raise RuntimeError(f"Jupyter did not start:\n{log.read_text()[-3000:]}")


@contextmanager
def running_browser(shared=None):
    """Run a browser that starts on this machine; raise NoBrowser, with what to type, where there is none.

    shared: a folder where one of several processes looks for it on behalf of all.
    """
    with sync_playwright() as playwright:
        launch = partial(playwright.chromium.launch, args=FLAGS, headless=True)
        look = partial(finding.find, launch)
        browser = launch(executable_path=finding.once(shared, look) if shared else look())
        yield browser
        browser.close()


def show_notebook(page, lab, name, *, dark=False, files=False):
    """Open a notebook of the server's folder and wait for its kernel. files: leave JupyterLab's file browser open."""
    page.set_default_timeout(60_000)
    page.goto(f"{lab['address']}/{lab['notebooks'].format(stem=name[:-6])}?token={lab['token']}")
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell")
    try:
        page.evaluate(READY)
    except Error:  # two servers may have chosen one port for their kernels, and then one kernel never answers
        page.evaluate("window.jupyterapp.shell.currentWidget.context.sessionContext.changeKernel({name: 'python3'})")
        page.evaluate(READY)
    if dark:
        page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
        page.wait_for_selector("body[data-jp-theme-light=false]", state="attached")
    if lab["notebooks"] == JUPYTERLAB[2] and page.locator("#jp-left-stack").is_visible() != files:
        page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    return page

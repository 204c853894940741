"""Find a browser that starts: the system's Chrome, Chromium or Edge, else Playwright's own, else fetch Playwright's.

DL_WORKSHOP_BROWSER=PATH names one, and then no other is looked for; `none` stands for a machine without any.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Error

VARIABLE = "DL_WORKSHOP_BROWSER"
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
    "brave-browser",
)
LINUX = (
    "/usr/bin/chromium",
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/opt/google/chrome/chrome",
    "/opt/microsoft/msedge/msedge",
)
MAC = ("Google Chrome", "Chromium", "Microsoft Edge", "Brave Browser")
WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "BraveSoftware/Brave-Browser/Application/brave.exe",
)
ABSENT = "Executable doesn't exist"  # how Playwright says that its own browser is not there
PATIENCE = 300  # seconds for Playwright's download
CURES = (
    "Type `uv run playwright install --with-deps chromium`, or install Chrome or Chromium (on Debian and Ubuntu: "
    f"`apt-get install chromium`), or name one: {VARIABLE}=PATH."
)


class NoBrowser(RuntimeError):
    """No browser can be had; the words say why and what to type."""


def system_browsers(platform=sys.platform, environment=os.environ, which=shutil.which, is_file=os.path.isfile):
    """List the paths of this machine's browsers, those on the PATH first."""
    if platform == "win32":
        roots = [environment.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        usual = [f"{root}/{path}" for path in WINDOWS for root in roots if root]
    elif platform == "darwin":
        roots = ("/Applications", f"{environment.get('HOME', '')}/Applications")
        usual = [f"{root}/{name}.app/Contents/MacOS/{name}" for name in MAC for root in roots]
    else:
        usual = LINUX
    return list(dict.fromkeys([*filter(None, map(which, NAMES)), *filter(is_file, usual)]))


def find(launch, browsers=None, install=None, named=None):
    """Give the path of a browser that starts, or None for Playwright's own; raise NoBrowser where there is none.

    launch(executable_path=PATH) is Playwright's. browsers, install and named are for tests.
    """
    named = os.environ.get(VARIABLE) if named is None else named
    if named == "none":
        raise NoBrowser(f"No browser: {VARIABLE}=none hides all of them; take it away to use one. {CURES}")
    if named:
        if problem := _problem(launch, named):
            raise NoBrowser(f"The browser that {VARIABLE} names, {named}, does not start: {problem}")
        return named

    broken = []
    for path in [*(system_browsers() if browsers is None else browsers), None]:
        problem = _problem(launch, path)
        if problem is None:
            return path
        if path is not None:
            broken.append(f"{path} ({problem})")
    failure = (install or _install)() if ABSENT in problem else None
    if failure is None:
        problem = _problem(launch, None)
        if problem is None:
            return None
        broken.append(f"Playwright's own ({problem})")
    raise NoBrowser(_words(broken, failure))


def _words(broken, failure):
    begin = (
        f"A browser is there, but does not start: {'; '.join(broken)}"
        if broken
        else "No browser: neither Chrome nor Chromium nor Edge was found"
    )
    end = f", and `playwright install chromium` failed ({failure}). " if failure else ". "
    return begin + end + CURES


def _problem(launch, path):
    """Start a browser and end it; say in a few words why it did not start."""
    try:
        launch(executable_path=path).close()
    except Error as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        told = [line.partition("[err] ")[2] for line in lines if "[err] " in line]  # what the browser itself said
        return (told[-1] if told else lines[0].removeprefix("BrowserType.launch: "))[:200]
    return None


def _install(command=(sys.executable, "-m", "playwright", "install", "chromium"), patience=PATIENCE):
    """Let Playwright fetch its Chromium; say why it did not. Bounded in time, with all that it started."""
    with tempfile.TemporaryFile("w+") as log:  # no pipe: what outlives its parent would hold it open
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            code = process.wait(patience)
        except subprocess.TimeoutExpired:
            return f"no end after {patience} seconds"
        finally:
            _end(process)
        log.seek(0)
        errors = [line.strip() for line in log if line.startswith("Error: ")]
    return None if code == 0 else (errors or [f"exit code {code}"])[0][:200]


def _end(process):
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def once(folder, look):
    """Let one of the processes that share a folder look for a browser; all of them get its answer."""
    answer = Path(folder) / "browser.json"
    try:
        (Path(folder) / "looking_for_a_browser").touch(exist_ok=False)
    except FileExistsError:
        deadline = time.monotonic() + PATIENCE + 120
        while not answer.exists():
            if time.monotonic() > deadline:
                raise NoBrowser(f"No browser: another process looked for one and never came back. {CURES}") from None
            time.sleep(0.1)
    else:
        try:
            found = {"path": look()}
        except NoBrowser as none:
            found = {"none": str(none)}
        written = answer.with_suffix(".tmp")
        written.write_text(json.dumps(found))
        written.replace(answer)
    found = json.loads(answer.read_text())
    if "none" in found:
        raise NoBrowser(found["none"])
    return found["path"]


def must_be_there(environment=os.environ):
    """Say whether a missing browser is a failure: where CI is set, and where somebody named a browser."""
    named = environment.get(VARIABLE, "none") != "none"
    return named or environment.get("CI", "").lower() not in ("", "0", "false", "no")

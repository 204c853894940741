"""The tests find a browser on any system, and say what to type where there is none."""

import os
import select
import subprocess
import sys
import threading
from pathlib import Path

import finding
import pytest
from finding import CURES, NoBrowser, find
from playwright.sync_api import Error

MISSING = "BrowserType.launch: Executable doesn't exist at /root/.cache/ms-playwright/chromium-1/chrome"
SILENT = "BrowserType.launch: Target page, context or browser has been closed\nBrowser logs:\n"


class Launch:
    """Launches what it is told to, and remembers what was tried. In place of a machine with these browsers."""

    def __init__(self, *start, own=MISSING, error=SILENT + "- [pid=7][err] libnss3.so is missing"):
        self.start, self.own, self.error, self.tried = start, own, error, []

    def __call__(self, executable_path):
        self.tried.append(executable_path)
        if executable_path in self.start or executable_path is None and self.own is None:
            return self
        raise Error(self.own if executable_path is None else self.error)

    def close(self):
        pass


def never():
    raise AssertionError("nothing was to be installed")


@pytest.mark.parametrize(
    "platform, environment, there",
    [
        ("linux", {}, "/usr/bin/chromium"),
        ("linux", {}, "/opt/google/chrome/chrome"),
        ("linux", {}, "/snap/bin/chromium"),
        ("darwin", {"HOME": "/Users/ada"}, "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        ("darwin", {"HOME": "/Users/ada"}, "/Users/ada/Applications/Chromium.app/Contents/MacOS/Chromium"),
        ("darwin", {}, "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
        ("win32", {"PROGRAMFILES": "C:/Program Files"}, "C:/Program Files/Google/Chrome/Application/chrome.exe"),
        (
            "win32",
            {"PROGRAMFILES(X86)": "C:/Program Files (x86)"},
            "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
        ),
        (
            "win32",
            {"LOCALAPPDATA": "C:/Users/ada/AppData/Local"},
            "C:/Users/ada/AppData/Local/Google/Chrome/Application/chrome.exe",
        ),
    ],
)
def test_every_system_keeps_it_somewhere_else(platform, environment, there):
    def which(name):
        return None

    assert finding.system_browsers(platform, environment, which, lambda path: path == there) == [there]
    assert finding.system_browsers(platform, environment, which, lambda path: False) == []


def test_the_path_comes_first_and_nothing_twice():
    on_path = {"chromium": "/usr/bin/chromium", "google-chrome": "/home/ada/bin/google-chrome"}
    found = finding.system_browsers("linux", {}, on_path.get, {"/usr/bin/chromium", "/snap/bin/chromium"}.__contains__)
    assert found == ["/usr/bin/chromium", "/home/ada/bin/google-chrome", "/snap/bin/chromium"]


def test_the_systems_then_playwrights_own_then_one_fetched():
    launch = Launch("a", "b")
    assert find(launch, ["a", "b"], never, "") == "a" and launch.tried == ["a"]
    launch = Launch("b")
    assert find(launch, ["a", "b"], never, "") == "b" and launch.tried == ["a", "b"]
    launch = Launch(own=None)
    assert find(launch, ["a"], never, "") is None and launch.tried == ["a", None]
    launch = Launch()

    def install():
        assert launch.tried == ["a", None]
        launch.own = None

    assert find(launch, ["a"], install, "") is None and launch.tried == ["a", None, None]


def test_none_anywhere_says_why_and_what_to_type():
    with pytest.raises(NoBrowser) as none:
        find(Launch(), [], lambda: "Error: no network", "")
    assert str(none.value) == (
        "No browser: neither Chrome nor Chromium nor Edge was found, and `playwright install "
        f"chromium` failed (Error: no network). {CURES}"
    )


def test_one_that_does_not_start_is_told_apart_from_none():
    with pytest.raises(NoBrowser) as none:
        find(Launch(), ["/usr/bin/chromium"], lambda: "Error: no network", "")
    assert "is there, but does not start: /usr/bin/chromium (libnss3.so is missing)" in str(none.value)
    with pytest.raises(NoBrowser, match=r"does not start: Playwright's own \(Target page"):
        launch = Launch()

        def install():
            launch.own = SILENT

        find(launch, [], install, "")
    with pytest.raises(NoBrowser, match=r"does not start: a \(lib.*\); Playwright's own \(Target .*\)\. Type"):
        find(Launch(own=SILENT), ["a"], never, "")  # it is there: to install it again would mend nothing


def test_a_browser_that_is_named_is_the_only_one_tried():
    launch = Launch("a", "mine")
    assert find(launch, ["a"], never, "mine") == "mine"
    with pytest.raises(NoBrowser, match=r"DL_WORKSHOP_BROWSER names, /nowhere, does not start: libnss3"):
        find(launch, ["a"], never, "/nowhere")
    with pytest.raises(NoBrowser, match="hides all of them"):
        find(launch, ["a"], never, "none")
    assert launch.tried == ["mine", "/nowhere"]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for a browser with a library missing")
def test_what_a_real_launch_says_is_understood(tmp_path):
    broken = tmp_path / "chrome"
    broken.write_text("#!/bin/sh\necho 'error while loading shared libraries: libnss3.so' >&2\nexit 127\n")
    broken.chmod(0o755)
    code = "from serving import running_browser\nwith running_browser(): pass"
    for path, words in ((broken, "error while loading shared libraries: libnss3.so"), (tmp_path / "none", "none")):
        tried = subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(finding.__file__).parent,
            capture_output=True,
            text=True,
            env=os.environ | {"DL_WORKSHOP_BROWSER": str(path)},
        )
        last = tried.stderr.strip().splitlines()[-1]
        assert last.startswith("finding.NoBrowser: The browser that DL_WORKSHOP_BROWSER names, ")
        assert f"{path}, does not start: " in last
        assert last.endswith(words)


@pytest.mark.parametrize(
    "environment, must",
    [
        ({}, False),
        ({"CI": ""}, False),
        ({"CI": "false"}, False),
        ({"CI": "true"}, True),
        ({"CI": "1"}, True),
        ({"DL_WORKSHOP_BROWSER": "none"}, False),
        ({"DL_WORKSHOP_BROWSER": "/opt/mine"}, True),
        ({"DL_WORKSHOP_BROWSER": "none", "CI": "true"}, True),
    ],
)
def test_where_a_browser_must_be_there(environment, must):
    assert finding.must_be_there(environment) is must


def test_one_process_looks_and_all_get_its_answer(tmp_path):
    looked, answers = [], []
    everybody = threading.Barrier(4)

    def look():
        looked.append(1)
        raise NoBrowser("none here")

    def worker():
        everybody.wait(10)
        with pytest.raises(NoBrowser) as none:
            finding.once(tmp_path, look)
        answers.append(str(none.value))

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (looked, answers) == ([1], ["none here"] * 4)


@pytest.mark.parametrize(
    "code, problem",
    [
        ("pass", None),
        ("raise SystemExit(3)", "exit code 3"),
        ("import sys; sys.exit('noise\\nError: getaddrinfo ENOTFOUND\\n    at node')", "Error: getaddrinfo ENOTFOUND"),
    ],
)
def test_an_installation_that_fails_says_why(code, problem):
    assert finding._install((sys.executable, "-c", code), patience=60) == problem


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="Windows has no groups of processes")
def test_an_installation_that_hangs_is_ended_with_all_that_it_started(tmp_path):
    os.mkfifo(tmp_path / "alive")
    alive = os.open(tmp_path / "alive", os.O_RDONLY | os.O_NONBLOCK)
    command = ("sh", "-c", f"(echo here; sleep 600) > {tmp_path / 'alive'} & sleep 600")
    assert finding._install(command, patience=2) == "no end after 2 seconds"
    assert os.read(alive, 100) == b"here\n"
    assert select.select([alive], [], [], 60)[0] and os.read(alive, 100) == b""  # nobody has it open any more
    os.close(alive)

"""The command in real processes: it opens the lesson, keeps to its own folders, ends when told."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from dl_workshop.errors import LearnerError
from dl_workshop.launch import jupyterlab, layout

LESSON = "01_linear_regression.ipynb"


@pytest.fixture
def checkout(repository, tmp_path):
    """A copy of the checkout, so that no lesson of ours is touched."""
    root = tmp_path / "checkout"
    shutil.copytree(
        repository / "dl_workshop", root / "dl_workshop", ignore=shutil.ignore_patterns("__pycache__", "_notebooks")
    )
    shutil.copytree(repository / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copy(repository / "pyproject.toml", root)
    return root


@pytest.fixture
def notebooks(tmp_path):
    """Two small lessons as a wheel would carry them."""
    for audience in ("student", "instructor"):
        (tmp_path / "kit" / audience).mkdir(parents=True)
        for name in (LESSON, "02_gradient_descent.ipynb"):
            (tmp_path / "kit" / audience / name).write_text(f"{audience} {name}, first edition")
    return tmp_path / "kit"


def run(*arguments, **keywords):
    return subprocess.run(
        [sys.executable, "-m", "dl_workshop.cli", *arguments], capture_output=True, text=True, timeout=120, **keywords
    )


@contextlib.contextmanager
def workshop(folder, home, *arguments, command=(sys.executable, "-m", "dl_workshop.cli")):
    """Start the launcher; give the process and the address it prints. Whatever happens, nothing keeps running."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("XDG_", "JUPYTER", "IPYTHON", "MPL", "PYTHONPATH"))
    }
    started = subprocess.Popen(
        [*command, "--no-browser", *arguments],
        cwd=folder,
        text=True,
        env={**environment, "HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        address = None
        for line in started.stdout:
            if found := re.search(r"http://\S+", line):
                address = found[0]
                break
        assert address, started.stderr.read()
        yield started, address
    finally:
        if started.poll() is None:
            started.terminate()
            started.communicate(timeout=30)


def ask(address, path, data=None):
    base, token = address.split("/lab/")[0], address.split("token=")[1]
    asked = urllib.request.Request(
        f"{base}{path}", data=data and json.dumps(data).encode(), headers={"Authorization": f"token {token}"}
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return answer.status, json.load(answer)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children_of(pid):
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    return [int(word) for word in listed.stdout.split()]


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_opens_on_a_busy_port_and_ends_at_once(checkout, tmp_path, ending):
    home = tmp_path / "home"
    home.mkdir()
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with workshop(checkout, home, "--port", str(port)) as (started, address):
            assert f"/lab/tree/notebooks/student/{LESSON}?token=" in address
            assert int(address.split(":")[2].split("/")[0]) != port

            assert ask(address, f"/api/contents/notebooks/student/{LESSON}")[0] == 200
            _, kernel = ask(address, "/api/kernels", {"name": "python3"})
            (server,) = children_of(started.pid)
            kernels = children_of(server)
            assert kernel["id"] and kernels
            for pid in (server, started.pid):  # other users of the computer can read these
                assert address.split("token=")[1] not in Path(f"/proc/{pid}/cmdline").read_text()

            started.send_signal(ending)
            rest, errors = started.communicate(timeout=30)
    assert (started.returncode, errors) == (0, "")
    assert rest.strip().splitlines()[-1] == "The workshop has ended."
    assert not [pid for pid in (server, *kernels) if alive(pid)]

    ours = home / ".local/state/dl-workshop"
    strangers = [path for path in home.rglob("*") if path.is_file() and not path.is_relative_to(ours)]
    assert strangers == []


@pytest.mark.slow
def test_the_instructors_notebook_opens_in_a_folder_of_choice(checkout, tmp_path):
    folder, home = tmp_path / "my class", tmp_path / "home"
    home.mkdir()
    with workshop(checkout, home, "--instructor", "--folder", str(folder), "--port", "18888") as (_, address):
        assert f"/lab/tree/instructor/{LESSON}?token=" in address
        assert ask(address, f"/api/contents/instructor/{LESSON}")[0] == 200
    assert not (folder / "student").exists()


@pytest.mark.slow
def test_words_in_place_of_tracebacks(checkout, tmp_path):
    unknown = run("--lesson", "77", cwd=checkout)
    assert unknown.returncode == 2
    assert unknown.stderr.startswith("dl-workshop: there is no lesson 77. The lessons are 1 (linear regression), 2 (")
    assert len(unknown.stderr.splitlines()) == 1

    for port in ("70000", "-1", "eight"):
        refused = run(f"--port={port}", cwd=checkout)
        assert refused.returncode == 2
        assert f"'{port}' is not a port: write a number from 1024 to 65535" in refused.stderr

    (tmp_path / "file").write_text("not a folder")
    refused = run("--folder", str(tmp_path / "file"), cwd=checkout)
    assert refused.returncode == 2
    assert "cannot be written" in refused.stderr and "--folder FOLDER" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_help_and_version_answer(checkout):
    assert "--instructor" in run("--help", cwd=checkout).stdout
    assert "--from-instructor" in run("build", "--help", cwd=checkout).stdout
    assert run("--version", cwd=checkout).stdout.startswith("dl-workshop 0.")


@pytest.mark.slow
def test_check_lists_what_is_stale(checkout, repository):
    for name in ("README.md", "uv.lock", "environment.yml", "binder", "docs", "benchmarks"):
        source = repository / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, checkout / name)
    fresh = run("build", "--check", cwd=checkout)
    assert (fresh.returncode, fresh.stderr) == (0, "")

    (checkout / "environment.yml").write_text("edited")
    (checkout / "notebooks/student" / LESSON).unlink()
    stale = run("build", "--check", cwd=checkout)
    assert stale.returncode == 1
    assert "stale: environment.yml" in stale.stdout
    assert f"stale: notebooks/student/{LESSON}" in stale.stdout

    built = run("build", cwd=checkout)
    assert (built.returncode, built.stderr) == (0, "")
    assert f"wrote notebooks/student/{LESSON}" in built.stdout
    for name in ("environment.yml", f"notebooks/student/{LESSON}"):
        assert (checkout / name).read_bytes() == (repository / name).read_bytes()

    lesson = f"notebooks/instructor/{LESSON}"
    back = run("build", "--from-instructor", lesson, cwd=checkout)
    assert (back.returncode, back.stderr) == (0, "")
    assert back.stdout.startswith("dl_workshop/lessons/lesson_01_linear_regression/lesson.py has what")
    refused = run("build", "--from-instructor", "nowhere.ipynb", cwd=checkout)
    assert refused.returncode == 2
    assert refused.stderr.startswith("dl-workshop: nowhere.ipynb cannot be read")


def test_no_free_port_is_said_in_words():
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 65535))
        busy.listen()
        with pytest.raises(LearnerError, match="no port from 65535 to 65535 is free"):
            jupyterlab.free_port(65535)


def test_lays_out_one_audience_and_renews_what_was_not_touched(notebooks, tmp_path):
    assert layout.lay_out(notebooks, tmp_path / "mine", "student") == []
    mine = tmp_path / "mine/student"
    assert {path.name for path in mine.iterdir()} == {LESSON, "02_gradient_descent.ipynb"}
    assert not (tmp_path / "mine/instructor").exists()

    (notebooks / "student" / LESSON).write_text("second edition")
    assert layout.lay_out(notebooks, tmp_path / "mine", "student") == [f"Renewed {LESSON}: the kit has a newer one."]
    assert (mine / LESSON).read_text() == "second edition"


@pytest.mark.parametrize("record_lost", [False, True])
def test_never_overwrites_what_the_learner_wrote(notebooks, tmp_path, record_lost):
    folder, mine = tmp_path / "mine", tmp_path / "mine/student" / LESSON
    layout.lay_out(notebooks, folder, "student")
    mine.write_text("my answers")
    assert layout.lay_out(notebooks, folder, "student") == []  # nothing newer: nothing to say

    (notebooks / "student" / LESSON).write_text("second edition")
    if record_lost:
        (folder / layout.RECORD).write_text("{half")
    (said,) = layout.lay_out(notebooks, folder, "student")
    beside = mine.with_name(re.search(r"newer one is (\S+\.ipynb)\.", said)[1])
    assert (mine.read_text(), beside.read_text()) == ("my answers", "second edition")

    assert layout.lay_out(notebooks, folder, "student") == []  # told once
    beside.write_text("my answers, in the new one")
    (notebooks / "student" / LESSON).write_text("third edition")
    layout.lay_out(notebooks, folder, "student")
    assert (mine.read_text(), beside.read_text()) == ("my answers", "my answers, in the new one")
    assert sorted(path.read_text() for path in mine.parent.glob("01*"))[-1] == "third edition"


def test_an_interrupted_lay_out_leaves_whole_files(notebooks, tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    layout.lay_out(notebooks, folder, "student")
    (notebooks / "student" / LESSON).write_text("second edition")

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(os, "replace", interrupted)
        layout.lay_out(notebooks, folder, "student")
    assert (folder / "student" / LESSON).read_text() == f"student {LESSON}, first edition"
    assert not list(folder.rglob("*.tmp"))

    layout.lay_out(notebooks, folder, "student")
    assert (folder / "student" / LESSON).read_text() == "second edition"


@pytest.mark.slow
def test_a_wheel_brings_the_notebooks_along(repository, tmp_path):
    uv = shutil.which("uv")
    assert uv, "uv is not on PATH: run the tests with `uv run pytest`"
    clean = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    clean["HOME"] = str(tmp_path)
    cache = subprocess.run([uv, "cache", "dir"], capture_output=True, text=True, check=True).stdout.strip()
    clean["UV_CACHE_DIR"] = cache

    def do(*command, **keywords):
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=clean, **keywords)
        assert done.returncode == 0, done.stderr
        return done

    do(uv, "build", "--wheel", "--out-dir", tmp_path / "dist", repository)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    do(uv, "venv", "--python", sys.executable, tmp_path / "venv")
    do(uv, "pip", "install", "--python", tmp_path / "venv/bin/python", wheel)

    empty = tmp_path / "empty"
    empty.mkdir()
    python = tmp_path / "venv/bin/python"
    where = do(python, "-c", "from dl_workshop import packs as l; print(l.find_checkout())", cwd=empty)
    assert where.stdout.strip() == "None"

    laid = empty / "dl-workshop/student" / LESSON
    kit = (tmp_path / "venv/bin/dl-workshop",)
    with workshop(empty, tmp_path, "--port", "19888", command=kit) as (_, address):
        assert f"/lab/tree/student/{LESSON}?token=" in address
        assert ask(address, f"/api/contents/student/{LESSON}")[0] == 200
        assert laid.read_bytes() == (repository / "notebooks/student" / LESSON).read_bytes()

    mine = json.dumps({**json.loads(laid.read_text()), "metadata": {"mine": True}})
    laid.write_text(mine)
    with workshop(empty, tmp_path, "--port", "19888", command=kit) as (_, address):
        assert ask(address, f"/api/contents/student/{LESSON}")[1]["content"]["metadata"]["mine"]
    assert laid.read_text() == mine

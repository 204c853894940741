"""Binder and conda get the versions of uv.lock, and Binder's own build plan works in a fresh environment."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from dl_workshop.authoring import derived, links
from dl_workshop.errors import LearnerError

SOURCES = (
    "uv.lock",
    "pyproject.toml",
    "README.md",
    "environment.yml",
    "binder",
    "benchmarks",
    "docs",
    "dl_workshop/lessons",
)
LINUX = dict(
    sys_platform="linux",
    platform_system="Linux",
    os_name="posix",
    platform_machine="x86_64",
    python_version="3.12",
    python_full_version="3.12.1",
    platform_python_implementation="CPython",
    implementation_name="cpython",
    extra="",
)


@pytest.fixture
def copy(repository, tmp_path):
    for name in SOURCES:
        source = repository / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    return tmp_path


def pips(path):
    return next(part["pip"] for part in yaml.safe_load(path.read_text())["dependencies"] if isinstance(part, dict))


def edit(path, pattern, new):
    text, changes = re.subn(pattern, new, path.read_text(), count=1)
    assert changes == 1
    path.write_text(text)


def test_the_repository_is_in_step(repository):
    assert derived.stale(repository) == []


def test_pins_are_the_ones_that_uv_itself_exports(repository):
    exported = subprocess.run(
        ["uv", "export", "--frozen", "--no-dev", "--no-hashes", "--no-emit-project", "--no-header", "--no-annotate"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    wanted = [Requirement(line) for line in exported.splitlines()]
    on_linux = {f"{one.name}{one.specifier}" for one in wanted if not one.marker or one.marker.evaluate(LINUX)}
    binder, conda = pips(repository / "binder/environment.yml"), pips(repository / "environment.yml")
    assert {*binder} == on_linux | {"-e .."}
    assert {pin.split(";")[0] for pin in conda} >= on_linux | {"-e ."}
    assert len(on_linux) > 50


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "pattern", "new", "found"),
    [
        (
            "uv.lock",
            r'name = "optax"\nversion = "[^"]+"',
            'name = "optax"\nversion = "0.0.1"',
            {"binder/environment.yml", "environment.yml"},
        ),
        ("pyproject.toml", r"https://github.com/[^\"]+", "https://github.com/somebody/elsewhere", {"README.md"}),
        ("binder/environment.yml", r"jax==\S+", "jax==0.4.0", {"binder/environment.yml"}),
        ("environment.yml", r"python=3.12", "python=3.10", {"environment.yml"}),
        ("README.md", r"mybinder.org/v2/gh/", "mybinder.org/v2/gl/", {"README.md"}),
        ("docs/exercises.md", r"`sum`", "`total`", {"docs/exercises.md"}),
        ("pyproject.toml", r'\npython = "3.12"', '\npython = "3.13"', {"binder/environment.yml", "environment.yml"}),
    ],
)
def test_drift_is_found_and_mended(copy, path, pattern, new, found):
    edit(copy / path, pattern, new)
    assert {str(stale.relative_to(copy)) for stale in derived.stale(copy)} == found
    derived.derive(copy)
    assert derived.stale(copy) == []


def test_every_address_follows_from_the_one(copy):
    edit(copy / "pyproject.toml", r"https://github.com/[^\"]+", "https://github.com/somebody/elsewhere")
    derived.derive(copy)
    readme = (copy / "README.md").read_text()
    assert (
        "(https://mybinder.org/v2/gh/somebody/elsewhere/main"
        "?urlpath=lab%2Ftree%2Fnotebooks%2Fstudent%2F01_linear_regression.ipynb)"
    ) in readme
    assert "git clone https://github.com/somebody/elsewhere.git\ncd elsewhere\n" in readme
    assert (
        "git-pull?repo=https%3A%2F%2Fgithub.com%2Fsomebody%2Felsewhere&branch=main&urlpath=lab%2Ftree%2Felsewhere"
        "%2Fnotebooks%2Fstudent%2F01_linear_regression.ipynb%3Fautodecode"
    ) in readme
    assert "OWNER" not in readme


def test_the_address_leads_to_a_lesson_that_exists(repository):
    assert (repository / links.FIRST_PAGE).is_file()


def test_an_address_that_binder_cannot_open_is_refused(copy):
    edit(copy / "pyproject.toml", r"https://github.com/[^\"]+", "https://example.org/kit")
    with pytest.raises(LearnerError, match=r"made for GitHub: write https://github.com/OWNER/NAME"):
        derived.stale(copy)


def test_a_readme_without_the_marks_is_refused(copy):
    edit(copy / "README.md", r"<!-- derived: badge -->", "")
    with pytest.raises(LearnerError, match="no place for the badge"):
        derived.stale(copy)


def binders_python():
    """Give the path of a Python 3.12: the one that runs, one that uv finds, or one that pyenv keeps in store."""
    if sys.version_info[:2] == (3, 12):
        return sys.executable
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    kept = sorted(map(str, pyenv.glob("versions/3.12.*/bin/python3.12")))
    found = subprocess.run(
        ["uv", "python", "find", "--no-python-downloads", "--system", "3.12"], capture_output=True, text=True
    ).stdout.strip()
    return next(filter(None, [found, *kept]), None) or pytest.skip("Binder's plan is not tried: it needs Python 3.12")


@pytest.mark.slow
def test_binders_own_plan_builds(repository, tmp_path):
    python = binders_python()
    checkout, venv = tmp_path / "checkout", tmp_path / "venv"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=repository, capture_output=True, check=True).stdout
    for name in filter(None, tracked.decode().split("\0")):
        if (repository / name).is_file():
            (checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(repository / name, checkout / name)

    plan = subprocess.run(
        [Path(sys.executable).parent / "jupyter-repo2docker", "--no-build", "--debug", "."],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    )
    plan = plan.stdout + plan.stderr
    assert "environment-2epy-2d3-2e12-2dlinux" in plan, "Binder would not take Python 3.12"
    assert 'env update -p ${NB_PYTHON_PREFIX} --file "binder/environment.yml"' in plan
    assert "RUN ./binder/postBuild" in plan

    # The replay of what the plan does with pip, in the folder where conda runs it.
    environment = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    environment |= {"HOME": str(tmp_path / "home"), "PATH": f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    environment["UV_CACHE_DIR"] = subprocess.run(
        ["uv", "cache", "dir"], capture_output=True, text=True, check=True
    ).stdout.strip()
    (tmp_path / "home").mkdir()

    def do(*command, cwd=checkout):
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    (checkout / "binder/requirements.txt").write_text("\n".join(pips(checkout / "binder/environment.yml")))
    do("uv", "venv", "--python", python, str(venv))
    do("uv", "pip", "install", "--python", str(venv / "bin/python"), "-r", "requirements.txt", cwd=checkout / "binder")
    do("./binder/postBuild")

    where = do("python", "-c", "import jax, dl_workshop; print(dl_workshop.__file__)", cwd=tmp_path)
    assert where.strip() == str(checkout / "dl_workshop/__init__.py")
    assert do("jupyter", "lab", "--version").startswith("4.")
    extensions = subprocess.run(["jupyter", "labextension", "list"], env=environment, capture_output=True, text=True)
    assert "announcements" in extensions.stdout + extensions.stderr
    extensions = subprocess.run(
        ["jupyter", "server", "extension", "list"], env=environment, capture_output=True, text=True
    )
    assert re.search(r"dl_workshop\.launch\.at_once.*OK", extensions.stdout + extensions.stderr)

"""The house rules that a machine can hold us to."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

PACKAGE = Path(__file__).resolve().parent.parent / "dl_workshop"
FILES = sorted(PACKAGE.rglob("*.py"))


def tool(name, *arguments):
    command = [str(Path(sys.executable).parent / name), *arguments]
    return subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True)


def test_imports_run_one_way():
    done = tool("lint-imports", "--no-cache")
    assert done.returncode == 0, done.stdout


def test_every_part_has_a_layer(repository):
    contract = tomllib.loads((repository / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    named = {
        part.strip(" ()").removeprefix("dl_workshop.") for layer in contract["layers"] for part in layer.split("|")
    }
    there = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()} - {
        "__init__"
    }
    assert there <= named, f"no layer for {sorted(there - named)}: name it in [tool.importlinter]"


def test_the_folders_of_the_tests_are_those_of_the_package(repository):
    folders = {path.name for path in (repository / "tests").iterdir() if any(path.glob("test_*.py"))}
    assert folders - {"browser"} <= {path.name for path in PACKAGE.iterdir() if path.is_dir()}


def test_everything_imported_is_declared():
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text())["project"]
    declared = {re.split(r"[^\w-]", name)[0].replace("-", "_").lower() for name in project["dependencies"]}
    declared |= {{"scikit_learn": "sklearn", "matplotlib": "mpl_toolkits"}.get(name, name) for name in declared}
    imported = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom) and not node.level
                else []
            )
            imported |= {name.split(".")[0] for name in names}
    undeclared = {name for name in imported - set(sys.stdlib_module_names) if name.lower() not in declared}
    assert undeclared == {"dl_workshop"}


def test_an_error_of_the_kit_needs_no_jax():
    code = "import sys, dl_workshop.errors; print([m for m in ('jax', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_the_places_that_reading_a_function_leaves_out_are_there():
    from dl_workshop.jaxpr import _TRACING

    assert [path for path in _TRACING if not Path(path).exists()] == []


def test_ruff_is_content():
    done = tool("ruff", "check", "--no-cache")
    assert done.returncode == 0, done.stdout


def test_a_commit_is_checked_as_ci_checks_it(repository):
    hooks = [
        hook["entry"]
        for repo in yaml.safe_load((repository / ".pre-commit-config.yaml").read_text())["repos"]
        for hook in repo["hooks"]
    ]
    ci = (repository / ".ci/run").read_text()
    before_tests = ci[ci.index('say "Style') : ci.index('say "Without a browser')]
    assert hooks == re.findall(r"^uv run --locked .*$", before_tests, re.M)


def test_types_are_handed_on():
    assert (PACKAGE / "py.typed").is_file()


def test_no_file_grows_past_one_subject():
    lengths = {
        str(path.relative_to(PACKAGE)): len(path.read_text().splitlines()) for path in FILES if path.name != "lesson.py"
    }  # a notebook's source: as long as its lesson
    assert {name: length for name, length in lengths.items() if length > 420} == {}


def test_every_public_function_says_what_it_does():
    # What the files of a lesson's exercises define are answers, shown to learners as they would write them.
    answers = ("lessons/*/*.py",)
    files = [path for path in FILES if not any(path.match(name) for name in answers)]
    silent = [
        f"{path.relative_to(PACKAGE)}: {node.name}"
        for path in files
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_learner_side_starts_without_the_tools_that_build_notebooks():
    # A learner's machine has no jupytext: importing the kit must not ask for it, nor for slow scikit-learn.
    code = (
        "import sys, dl_workshop; from dl_workshop import cli; "
        "print([m for m in ('jax', 'jupytext', 'nbclient', 'sklearn', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr

"""Running a notebook in a fresh kernel, and reading off what a reader would see."""

import warnings

import nbformat
import pytest

from dl_workshop import authoring
from dl_workshop.errors import LearnerError


@pytest.mark.slow
def test_running_reports_statuses_memory_and_trouble(tmp_path):
    (tmp_path / "here.txt").write_text("found")
    cells = [
        "from types import SimpleNamespace as S",
        "ex = [S(name='mse', status='passed'), S(name='w', status='blank')]",
        "print(open('here.txt').read())",
        "1 / 0",
        "import warnings\nwarnings.warn('old')",
        "import sys\nprint('oops', file=sys.stderr)",
        "print('UserWarning: shown')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    path = tmp_path / "it.ipynb"
    nbformat.write(notebook, path)
    before = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = authoring.execute(path, timeout=60)
    assert authoring.statuses(done) == {"mse": "passed", "w": "blank"}
    assert done.cells[2].outputs[0].text == "found\n"
    assert 20 < authoring.memory(done) < 600
    assert [line.split(":")[0] for line in authoring.trouble(done)] == ["cell 4", "cell 5", "cell 6", "cell 7"]
    assert path.read_bytes() == before
    with pytest.raises(LearnerError, match="no report"):
        authoring.statuses(notebook)


@pytest.mark.slow
@pytest.mark.parametrize(
    "code, words", [("while True: pass", "longer than 2 s"), ("import os; os._exit(1)", "kernel died")]
)
def test_running_ends_in_words_when_a_notebook_does_not(tmp_path, code, words):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    with pytest.raises(LearnerError, match=words):
        authoring.execute(notebook, timeout=2, cwd=tmp_path)

"""Lines for the learner's machine are left out of a cell, wherever they stand; all else in the cell is run."""

import json
import subprocess
import sys

import pytest

ANSWER = "\nanswer = 1"
RUNS = """
import json, sys
from traitlets.config import Config
from dl_workshop.class_progress import left_out
shell = left_out.LeavesOut.instance(config=Config(HistoryManager={"enabled": False}))
left_out.leave_out_programs(shell)
def refuse(event, arguments):
    if event in ("subprocess.Popen", "os.system", "socket.connect"):
        raise PermissionError(event)
sys.addaudithook(refuse)
for name, cell in json.load(sys.stdin).items():
    shell.user_ns.pop("answer", None)
    shell.run_cell(cell)
    print("SEEN" + json.dumps([name, shell.user_ns.get("answer"), shell.left_out]))
    shell.left_out.clear()
    shell.noted.clear()
"""
LEFT_OUT = {
    "%pip install optax" + ANSWER: ["%pip install optax"],
    "%conda install x -y" + ANSWER: ["%conda install x -y"],
    "!pip install x" + ANSWER: ["!pip install x"],
    "!!ls" + ANSWER: ["!ls"],
    "files = !ls /" + ANSWER + "\nassert files == []": ["!ls /"],
    "where = %cd /" + ANSWER: ["%cd /"],
    "%sx ls" + ANSWER: ["!ls"],
    "if True:\n    !ls {1}\nelse:\n    %pip list" + ANSWER: ["!ls {1}"],
    "for i in range(3):\n    !ls\nelse: answer = 1": ["!ls"],
    "def f():\n    !ls\n    return 1\nanswer = f()": ["!ls"],
    "!cd data && \\\n  ls" + ANSWER: ["!cd data &&    ls"],
    "%%time\n!ls" + ANSWER: ["!ls"],
    "%%capture\n%pip install x" + ANSWER: ["%pip install x"],
    "%time x = !ls" + ANSWER: ["!ls"],
    "%run helper.py" + ANSWER: ["%run helper.py"],
    "%load helper.py" + ANSWER: ["%load helper.py"],
    "%load_ext nobody_has_it" + ANSWER: ["%load_ext nobody_has_it"],
    "%nobody_has_it 3" + ANSWER: ["%nobody_has_it 3"],
    "get_ipython().system('ls')" + ANSWER: ["!ls"],
    "get_ipython().run_line_magic('pip', 'list')" + ANSWER: ["%pip list"],
    "import os\nanswer = 1 + os.system('pip list')": ["os.system: pip list"],
    "import os\nanswer = 1 + len(os.popen('pip list').read())": ["os.popen: pip list"],
    "from subprocess import run\nrun(['pip', 'list'], check=True, text=True).stdout.split()" + ANSWER: [
        "subprocess.run: pip list"
    ],
    "import subprocess as s\nanswer = 1 + s.check_call('pip list', shell=True)": ["subprocess.check_call: pip list"],
    "answer = 1 + len(s.check_output(args=['ls']))": ["subprocess.check_output: ls"],
    "!ls " + 100 * "x" + ANSWER: ["!ls " + 56 * "x" + " ..."],
}
ALL_OF_IT = {
    cell: ["%%" + cell[2:].split("\n")[0]]
    for cell in ("%%bash\nls", "%%sh\nls" + ANSWER, "%%script false" + ANSWER, "%%nobody_has_it 3" + ANSWER)
}
UNTOUCHED = [
    "%matplotlib inline" + ANSWER,
    "%config InlineBackend.figure_format = 'retina'" + ANSWER,
    "%time answer = 1",
    "%%time" + ANSWER,
    "%%capture seen" + ANSWER,
    "%timeit -n1 -r1 2 + 2" + ANSWER,
    "%env LINES=3" + ANSWER,
    "here = %pwd" + ANSWER,
    "len?" + ANSWER,
    "%who" + ANSWER,
    "s = '!ls'  # !ls\nt = '''\n!ls\n%pip install x\n'''\nassert '\\n' + chr(33) + 'ls' in t and '\\n%pip' in t"
    + ANSWER,
    "a = (7\n % 4)\nb = 17 \\\n % 5\nanswer = a - b",
    "pip = 3\nname = 8\nanswer = (name\n%pip) - 1",
    "answer = 1 != 2",
]
FAILS = "%timeit -n1 -r1 1 / 0" + ANSWER


@pytest.fixture(scope="module")
def seen():
    """What each cell left in `answer`, and what was left out of it: {cell: (answer, lines)}."""
    cells = [*LEFT_OUT, *ALL_OF_IT, *UNTOUCHED, FAILS]
    done = subprocess.run(
        [sys.executable, "-c", RUNS],
        input=json.dumps({cell: cell for cell in cells}),
        text=True,
        capture_output=True,
        timeout=120,
    )
    told = [json.loads(line[4:]) for line in done.stdout.splitlines() if line.startswith("SEEN")]
    assert len(told) == len(cells), done.stdout[-2000:] + done.stderr[-2000:]
    return {name: (answer, lines) for name, answer, lines in told}


@pytest.mark.parametrize("cell", LEFT_OUT)
def test_a_line_for_the_machine_is_left_out_and_the_rest_of_its_cell_is_run(seen, cell):
    assert seen[cell] == (1, LEFT_OUT[cell])


@pytest.mark.parametrize("cell", ALL_OF_IT)
def test_a_whole_cell_for_another_program_is_left_out(seen, cell):
    assert seen[cell] == (None, ALL_OF_IT[cell])


@pytest.mark.parametrize("cell", UNTOUCHED)
def test_what_measures_shows_or_only_looks_like_it_is_run(seen, cell):
    assert seen[cell] == (1, [])


def test_what_a_learners_own_code_raises_under_a_magic_is_not_called_left_out(seen):
    assert seen[FAILS] == (None, [])

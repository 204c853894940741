"""Run a notebook in a fresh kernel, and read off what a reader would see."""

import json
import re
from pathlib import Path
from typing import Any

from dl_workshop.authoring.borrowed import borrowed
from dl_workshop.authoring.notebook import read_notebook
from dl_workshop.errors import LearnerError

MARK = "dl-workshop-report:"
# A kernel's own peak (VmHWM) where there is one: ru_maxrss also counts the process that started it.
REPORT = f'''
def _report():
    import json, re, sys
    try:
        peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
    except (OSError, TypeError):
        import resource
        unit = 2**20 if sys.platform == "darwin" else 2**10
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    statuses = {{exercise.name: exercise.status for exercise in globals().get("ex", ())}}
    print("{MARK}" + json.dumps({{"statuses": statuses, "peak_mb": peak}}))
_report()
'''


def execute(notebook: Any, *, timeout: int = 120, cwd: str | Path | None = None) -> Any:
    """Run a notebook (a path, or one already read) to its end in a fresh kernel, errors and all.

    `timeout` is in seconds a cell; `cwd` is the folder it runs in, by default its own. Returns the executed
    notebook, with a last cell of the kit's that reports statuses and memory.
    Raises: LearnerError if a cell runs too long or the kernel dies.
    """
    nbclient, nbformat = borrowed("nbclient"), borrowed("nbformat")
    if isinstance(notebook, str | Path):
        path = Path(notebook)
        notebook, cwd = read_notebook(path), cwd or path.parent
    notebook = nbformat.from_dict(json.loads(json.dumps(notebook)))  # leave the caller's as it was
    notebook.cells.append(nbformat.v4.new_code_cell(REPORT, id="dl-workshop-report"))
    client = nbclient.NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        allow_errors=True,
        resources={"metadata": {"path": str(cwd or Path.cwd())}},
    )
    try:
        return client.execute()
    except nbclient.exceptions.CellTimeoutError:
        raise LearnerError(f"A cell ran longer than {timeout} s, so the notebook was stopped.") from None
    except nbclient.exceptions.DeadKernelError:
        raise LearnerError("The kernel died while the notebook ran: it may have run out of memory.") from None


def statuses(notebook: Any) -> dict[str, str]:
    """Give {exercise: status} of an executed notebook: "blank", "failed" or "passed"."""
    return _report(notebook)["statuses"]


def memory(notebook: Any) -> float:
    """Give the peak memory of the kernel that executed a notebook, in MB."""
    return _report(notebook)["peak_mb"]


def trouble(notebook: Any) -> list[str]:
    """List what an executed notebook should not show a reader: errors, text on stderr, warnings."""
    found = []
    for i, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                found.append(f"cell {i}: {output.ename}: {output.evalue}")
            elif output.get("name") == "stderr" and output.text.strip():
                found.append(f"cell {i}: stderr: {output.text.strip()}")
            else:
                shown = output.get("text", "") + "".join(str(v) for v in output.get("data", {}).values())
                found += [
                    f"cell {i}: {line.strip()}" for line in shown.split("\n") if re.search(r"\b\w*Warning\b:", line)
                ]
    return found


def _report(notebook: Any) -> dict[str, Any]:
    for output in notebook.cells[-1].get("outputs", ()) if notebook.cells else ():
        if output.get("name") == "stdout" and MARK in output.text:
            return json.loads(output.text.split(MARK)[1])
    raise LearnerError("This notebook has no report in its last cell: run it with authoring.execute first.")

"""Run one submission in a process of its own: its cells in a fresh IPython, its checks with the kit's own exercises.

The submission's `ex`, what it prints and what it changes in the kit count for nothing: each verdict comes from a check
that its code has no name for, with the kit put back as it was, and goes out by a pipe, marked with a number drawn
for this run.
"""

import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

from dl_workshop.class_progress.guard import guard
from dl_workshop.class_progress.pristine import remember

MISSING = object()


def run(job: dict[str, Any], pipe: int, mark: str) -> None:
    """Run the steps of a job and write what happened to `pipe`, a JSON line each, until the last: {"done": true}."""

    def tell(**what: Any) -> None:
        os.write(pipe, f"{mark}{json.dumps(what)}\n".encode())

    shell = _shell(job["folder"])
    from dl_workshop import exercises, packs

    checks = {check.name: check for check in exercises.load(job["number"])}
    put_back = remember(packs.find(job["number"]))
    interrupt = _Interrupt()
    guard(job["folder"], lambda what: tell(note=f"tried to {what}, which was refused"))
    left_out = shell.left_out
    judged: dict[str, tuple[Any, int | None]] = {}  # {exercise: (answer, cells run when it failed, or None)}
    ran = 0

    def judge(name: str) -> None:
        answer = shell.user_ns.get(name, MISSING)
        if answer is MISSING:
            tell(check=name, status="missing", mistake=None, message="")
            return
        seen, failed_after = judged.get(name, (MISSING, None))
        if seen is answer and failed_after in (None, ran):
            return
        changed = put_back()
        if changed:
            tell(note=f"changed {', '.join(changed[:3])} of the kit or a library: put back for the checks")
        check, result = checks[name], None
        with interrupt.caught() as stopped:
            result = check.check(answer)
        if stopped:
            tell(check=name, status="failed", mistake=None, message=f"{name}: {stopped[0]}")
        else:
            tell(check=name, status=check.status, mistake=check.mistake, message=check.message)
        if result is not None:
            shell.user_ns[name] = result
        # One that failed gets another try at the end: what it calls may come in a later cell.
        judged[name] = shell.user_ns[name], None if stopped or check.status == "passed" else ran

    for i, (kind, what) in enumerate(job["steps"]):
        tell(step=i)
        if kind == "check":
            judge(what)
        else:
            with interrupt.caught() as stopped:
                shell.run_cell(what)
            ran += 1
            if stopped:
                tell(note=f"cell {i + 1} {stopped[0]}")
        while left_out:
            tell(left_out=left_out.pop(0))
    for i, name in enumerate(checks):  # what was given another value after its check, or failed it
        tell(step=len(job["steps"]) + i)
        judge(name)
    tell(done=True)


class _Interrupt:
    """Turn the host's SIGINT (a step that takes too long) into an exception, but only while a step runs."""

    def __init__(self) -> None:
        self.running = self.arrived = False
        signal.signal(signal.SIGINT, self._arrive)

    def _arrive(self, *_: Any) -> None:
        self.arrived = True
        if self.running:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def caught(self) -> Iterator[list[str]]:
        """Give a list that holds, afterwards, why the step was stopped, in words; empty where it ended by itself."""
        stopped: list[str] = []
        self.arrived, self.running = False, True
        try:
            yield stopped
        except BaseException as error:  # whatever a submission raises, the next step is run
            stopped.append(f"stopped with {type(error).__name__}")
        finally:
            self.running = False
        if self.arrived:
            stopped[:] = ["ran too long and was stopped"]


def _shell(folder: str) -> Any:
    """Start a fresh IPython in the submission's folder, which is its home too; it leaves lines for the machine out."""
    for name in ("home", "tmp", "work"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    home, tmp = os.path.join(folder, "home"), os.path.join(folder, "tmp")
    os.environ.update(
        HOME=home,
        USERPROFILE=home,
        TMPDIR=tmp,
        TEMP=tmp,
        TMP=tmp,
        IPYTHONDIR=home,
        MPLCONFIGDIR=home,
        JUPYTER_CONFIG_DIR=home,
        JUPYTER_DATA_DIR=home,
        JUPYTER_RUNTIME_DIR=home,
    )
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        os.environ[f"XDG_{name}_HOME"] = home
    import tempfile

    tempfile.tempdir = tmp
    os.chdir(os.path.join(folder, "work"))
    sys.path.insert(0, "")  # as in a notebook: a module beside it can be imported
    sys.dont_write_bytecode = True
    from traitlets.config import Config

    from dl_workshop.class_progress.left_out import LeavesOut, leave_out_programs

    shell = LeavesOut.instance(config=Config(HistoryManager={"enabled": False}, InteractiveShell={"colors": "nocolor"}))
    leave_out_programs(shell)
    return shell

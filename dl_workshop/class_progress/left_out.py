"""A shell in which a submission's lines for the machine (`%pip install`, `!ls`, `%%bash`) are left out, not run.

IPython itself turns such a line into a call of the shell, wherever it stands: in a block, behind `x =`, under `%%time`.
So the shell leaves the call out and goes on, and the answer in the same cell stays in force. What only shows or
measures (`%time`, `%%capture`, `%matplotlib inline`) is run.
"""

import functools
import io
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList

# Magics that install, start programs, or ask somebody who is not there. Others that fail here are left out as well.
NEVER = {
    "pip",
    "conda",
    "mamba",
    "micromamba",
    "uv",
    "script",
    "bash",
    "sh",
    "cmd",
    "powershell",
    "pwsh",
    "perl",
    "ruby",
    "pypy",
    "python",
    "python2",
    "python3",
    "cd",
    "pushd",
    "popd",
    "load",
    "loadpy",
    "edit",
    "ed",
    "debug",
    "pdb",
}
QUIET = {"matplotlib", "pylab", "config", "gui"}  # how pictures look, here where nobody looks: no note where they fail
RUN = {"time", "timeit", "prun", "capture"}  # they run the learner's own code: what it raises is the learner's
LONGEST = 60
MOST = 20  # that are told


class LeavesOut(InteractiveShell):
    """IPython's shell, which writes into the list `left_out` what it did not run."""

    def __init__(self, *arguments: Any, **more: Any) -> None:  # noqa: D107
        self.left_out: list[str] = []
        self.noted: set[str] = set()
        super().__init__(*arguments, **more)

    def leave_out(self, line: str) -> None:
        """Note a line that is not run."""
        first, *more = str(line).strip().splitlines() or [""]
        line = first[:LONGEST] + (" ..." if more or len(first) > LONGEST else "")
        if line not in self.noted and len(self.noted) < MOST:
            self.noted.add(line)
            self.left_out.append(line)

    def system(self, cmd: str) -> None:
        """Leave out `!cmd`: as if it had gone well."""
        self.leave_out(f"!{cmd}")
        self.user_ns["_exit_code"] = 0

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Leave out `x = !cmd`: it gives no lines."""
        self.leave_out(f"!{cmd}")
        return SList() if split else ""

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a line magic; leave it out where it is not for here, or fails."""
        if magic_name in RUN:
            return super().run_line_magic(magic_name, line, _stack_depth=_stack_depth + 1)
        run = functools.partial(super().run_line_magic, magic_name, line, _stack_depth=_stack_depth + 2)
        return self._tried(f"%{magic_name} {line}", magic_name, run)

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Run a cell magic; leave the whole cell out where it is not for here, or fails."""
        if magic_name in RUN:
            return super().run_cell_magic(magic_name, line, cell)
        run = functools.partial(super().run_cell_magic, magic_name, line, cell)
        return self._tried(f"%%{magic_name} {line}", magic_name, run)

    def _tried(self, written: str, name: str, run: Callable) -> Any:
        if name not in NEVER:
            try:
                return run()
            except Exception:  # a magic of the learner's machine, or a file that was not handed in
                pass
        if name not in QUIET:
            self.leave_out(written)
        return None


def leave_out_programs(shell: LeavesOut) -> None:
    """From now on leave out what a cell starts with `os.system` or `subprocess`, as if it had gone well in silence."""
    for module, names in (
        (os, "system popen"),
        (subprocess, "run call check_call check_output getoutput getstatusoutput"),
    ):
        for name in names.split():
            setattr(module, name, _not_from_a_cell(shell, f"{module.__name__}.{name}", getattr(module, name)))


def _not_from_a_cell(shell: LeavesOut, name: str, real: Callable) -> Callable:
    """Leave a call that starts a program out where a cell makes it; a library's goes on, to be refused by the guard."""

    @functools.wraps(real)
    def instead(*arguments: Any, **more: Any) -> Any:
        if sys._getframe(1).f_globals is not shell.user_ns:
            return real(*arguments, **more)
        command = arguments[0] if arguments else more.get("args", more.get("command", more.get("cmd", "")))
        words = " ".join(map(str, command)) if isinstance(command, list | tuple) else str(command)
        shell.leave_out(f"{name}: {words}")
        text = any(more.get(asked) for asked in ("text", "universal_newlines", "encoding", "errors"))
        return _silence(name, command, "" if text else b"")

    return instead


def _silence(name: str, command: Any, said: str | bytes) -> Any:
    """Give what a program that ends well and says nothing would give."""
    return {
        "os.popen": io.StringIO(),
        "subprocess.run": subprocess.CompletedProcess(command, 0, said, said),
        "subprocess.check_output": said,
        "subprocess.getoutput": "",
        "subprocess.getstatusoutput": (0, ""),
    }.get(name, 0)

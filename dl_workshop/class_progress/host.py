"""A process that has imported what lessons need, and forks a fresh copy of itself for each submission.

A kernel that starts from nothing spends four seconds on imports; a fork of this one spends none. JAX must not have
begun to compute before the fork (its threads would not survive it), so no lesson and no panel is imported here.
Run as `python -m dl_workshop.class_progress.host`: a job, in JSON, a line on stdin; its outcome, in JSON, a line on
stdout.
"""

import contextlib
import json
import os
import resource
import secrets
import select
import signal
import time
import warnings
from typing import Any

MB = 2**20
ADDRESSES = 3000  # MB of addresses that JAX, its threads and its libraries reserve and hardly use
FILE = 200  # MB, the largest file a submission may write
WAIT = 4  # seconds asleep, or waiting for a processor, that count as one
LINES = 2  # MB of what a submission has to tell; no honest one comes near
_child = 0  # the process that runs a submission; 0 where none does


def main() -> None:
    """Run jobs until stdin ends."""
    signal.signal(signal.SIGTERM, _end)
    jobs, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    _import()
    answers.write("ready\n")
    answers.flush()
    for line in jobs:
        answers.write(json.dumps(outcome(json.loads(line))) + "\n")
        answers.flush()


def _import() -> None:
    import anywidget  # noqa: F401
    import IPython.core.interactiveshell  # noqa: F401
    import ipywidgets  # noqa: F401
    import jax.numpy  # noqa: F401
    import matplotlib.pyplot  # noqa: F401
    import optax  # noqa: F401

    import dl_workshop.class_progress.run_one
    import dl_workshop.exercises.engine
    import dl_workshop.losses
    import dl_workshop.models
    import dl_workshop.plots
    import dl_workshop.training.fit  # noqa: F401

    if os.path.isdir("/proc/self/task") and len(os.listdir("/proc/self/task")) > 1:
        raise RuntimeError("a thread was started before the fork")


def outcome(job: dict[str, Any]) -> dict[str, Any]:
    """Fork, let the copy run the job, and give {"told": [...], "ended": how, "step": the last one begun}."""
    global _child
    mark = secrets.token_hex(16)
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # JAX warns of any fork; here it has not begun to compute
        _child = os.fork()
    if _child == 0:
        _be_the_copy(job, writer, mark)
    os.close(writer)
    try:
        return _follow(job, reader, mark)
    finally:
        _kill()
        os.close(reader)


def _be_the_copy(job: dict[str, Any], writer: int, mark: str) -> None:
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with contextlib.suppress(Exception):
            import ctypes

            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # should the host die, this copy dies too
        os.dup2(os.open(os.devnull, os.O_RDWR), 2)
        for other in range(3, 256):
            if other != writer:
                with contextlib.suppress(OSError):
                    os.close(other)
        for what, most in (
            (resource.RLIMIT_AS, (job["memory"] + ADDRESSES) * MB),
            (resource.RLIMIT_FSIZE, FILE * MB),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_CPU, 4 * job["seconds"] + 60),
        ):
            resource.setrlimit(what, (most, most))
        from dl_workshop.class_progress.run_one import run

        run(job, writer, mark)
    except BaseException as error:
        os.write(writer, f"{mark}{json.dumps({'note': f'{type(error).__name__}: {str(error)[:200]}'})}\n".encode())
    finally:
        os._exit(0)


def _follow(job: dict[str, Any], reader: int, mark: str) -> dict[str, Any]:
    """Read what the copy tells, until it ends or passes a limit."""
    began, step_began = time.monotonic(), 0.0
    told, rest, size, step, ended = [], b"", 0, -1, None
    while ended is None:
        readable, _, _ = select.select([reader], [], [], 0.05)
        used = _seconds(_child, time.monotonic() - began)
        chunk = os.read(reader, 65536) if readable else None
        if chunk:
            size += len(chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            for line in (line for line in lines if line.startswith(mark.encode())):
                what = json.loads(line[len(mark) :])
                if "step" in what:
                    step, step_began = what["step"], used
                told.append(what)
        if chunk == b"" or {"done": True} in told[-1:]:
            ended = "done" if {"done": True} in told[-1:] else _how_it_ended()
        elif used > job["seconds"]:
            ended = "time"
        elif _memory(_child) > job["memory"]:
            ended = "memory"
        elif size > LINES * MB:
            ended = "flood"
        elif used - step_began > job["step_seconds"]:
            step_began = used
            with contextlib.suppress(ProcessLookupError):
                os.kill(_child, signal.SIGINT)
    return {"told": told, "ended": ended, "step": step}


def _how_it_ended() -> str:
    """Say how the copy came to its end, where it closed its pipe without being done."""
    for _ in range(40):
        pid, status = os.waitpid(_child, os.WNOHANG)
        if pid:
            return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "exit"
        time.sleep(0.05)
    return "exit"


def _seconds(pid: int, by_the_clock: float) -> float:
    """Give the seconds that count against a limit: processor time, so that a busy machine fails nobody.

    Sleeping and waiting count a quarter (WAIT). Where the system does not tell, the clock counts.
    """
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return max((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), by_the_clock / WAIT)
    except (OSError, IndexError):
        return by_the_clock


def _memory(pid: int) -> float:
    """Give a process's memory in MB, where the system tells; 0 elsewhere."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MB
    except (OSError, IndexError):
        return 0


def _kill() -> None:
    for end in (os.killpg, os.kill):  # whatever it started, and itself where it had no group yet
        with contextlib.suppress(ProcessLookupError, PermissionError):
            end(_child, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(_child, 0)


def _end(*_: Any) -> None:
    if _child:
        _kill()
    os._exit(1)


if __name__ == "__main__":
    main()

"""Run many submissions again, several at a time, each in a process and a folder of its own."""

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from dl_workshop.class_progress.restore import Plan
from dl_workshop.packs import PACKAGE

ENDS = {
    "time": "ran longer than {seconds} s and was stopped",
    "memory": "used more than {memory} MB and was stopped",
    "flood": "sent more than a submission may tell, and was stopped",
    "exit": "ended its own process",
}
CTRL_C = "Ctrl-C"


Outcomes = tuple[dict[str, dict[str, Any]], Iterable[str], str]  # verdicts, notes, why it was stopped or ""


class Limits(NamedTuple):
    """What one submission may use: seconds of processor time, in all and in one cell, and MB of memory."""

    seconds: int = 120
    step_seconds: int = 20
    memory: int = 2000


def rerun(plans: Mapping[Any, Plan], limits: Limits, jobs: int, done: Callable[[Any, Outcomes], None]) -> None:
    """Run {key: Plan}, `jobs` at a time; call `done(key, outcome)` for each as it ends, in this thread.

    An outcome is (verdicts {exercise: dict}, notes, why it was stopped or ""). A KeyboardInterrupt ends what runs.
    """
    waiting: queue.Queue = queue.Queue()
    ended: queue.SimpleQueue = queue.SimpleQueue()  # a signal's handler may put into a SimpleQueue
    for item in plans.items():
        waiting.put(item)
    with (
        tempfile.TemporaryDirectory(prefix="dl-workshop-", ignore_cleanup_errors=True) as folder,
        _ctrl_c_as_an_end(ended),
    ):
        hosts = [_Host(Path(folder) / f"host-{i}", limits) for i in range(min(jobs, len(plans)))]
        threads = [threading.Thread(target=_work, args=(host, waiting, ended), daemon=True) for host in hosts]
        try:
            for thread in threads:
                thread.start()
            for _ in plans:
                end = ended.get()
                if end is CTRL_C:
                    raise KeyboardInterrupt
                done(*end)
        finally:
            with contextlib.suppress(queue.Empty):
                while True:
                    waiting.get_nowait()
            for host in hosts:
                host.close()


@contextlib.contextmanager
def _ctrl_c_as_an_end(ended: queue.SimpleQueue) -> Iterator[None]:
    """Let Ctrl-C stand in the queue with what has ended: also where it is ignored, as a shell's background jobs do."""
    ours = threading.current_thread() is threading.main_thread()  # only there can a program say what a signal does
    before = signal.signal(signal.SIGINT, lambda *_: ended.put(CTRL_C)) if ours else None
    try:
        yield
    finally:
        if ours:
            signal.signal(signal.SIGINT, before)


def _work(host: "_Host", waiting: queue.Queue, ended: queue.SimpleQueue) -> None:
    with contextlib.suppress(queue.Empty):
        while True:
            key, plan = waiting.get_nowait()
            try:
                outcome = host.run(plan)
            except Exception as error:  # one submission never ends the batch
                outcome = ({}, [], f"could not be run ({type(error).__name__}: {str(error)[:120]})")
            ended.put((key, outcome))


class _Host:
    """A host process (host.py), started when needed, and again where a submission took it along."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder, self.limits = folder, limits
        self.process: Any = None
        self.count, self.closed = 0, False

    def run(self, plan: Plan) -> Outcomes:
        """Run one plan in a folder that is deleted afterwards, and give its outcome (see rerun)."""
        self.count += 1
        folder = self.folder / str(self.count)
        folder.mkdir(parents=True)
        try:
            answer = self._ask(
                {"number": plan.lesson.number, "steps": plan.steps, "folder": str(folder), **self.limits._asdict()}
            )
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return self._read(answer, plan)

    def _ask(self, job: dict[str, Any]) -> dict[str, Any]:
        for _ in range(2):  # a host that died while it waited is no fault of this submission
            if self.closed:
                break
            if self.process is None or self.process.poll() is not None:
                self._start()
            try:
                self.process.stdin.write(json.dumps(job) + "\n")
                self.process.stdin.flush()
                return json.loads(self.process.stdout.readline())
            except (OSError, ValueError):
                self._stop()
        return {"told": [], "ended": "ended the process that runs submissions", "step": -1}

    def _start(self) -> None:
        self.folder.mkdir(exist_ok=True)
        # One thread a kernel for BLAS: several kernels share the cores, and a thread in the host forbids the fork.
        env = {
            **os.environ,
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "MPLBACKEND": "agg",
            "MPLCONFIGDIR": str(self.folder),
            "TQDM_DISABLE": "1",
            # What the instructor's JAX keeps compiled is run as it is: no submission may read or write there.
            "JAX_ENABLE_COMPILATION_CACHE": "false",
            # The kit from where it is, and nothing from the folder where the command was given.
            "PYTHONSAFEPATH": "1",
            "PYTHONPATH": os.pathsep.join(map(str, filter(None, (PACKAGE.parent, os.environ.get("PYTHONPATH"))))),
        }
        with open(self.folder / "said.txt", "wb") as said:
            # A session of its own, so that Ctrl-C reaches us alone and the rows so far are written.
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dl_workshop.class_progress.host"],
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                start_new_session=True,
            )
        if self.process.stdout.readline() != "ready\n":
            words = (self.folder / "said.txt").read_text(errors="replace").strip().splitlines() or ["it said nothing"]
            raise RuntimeError(f"no Python process could be prepared: {words[-1]}")

    def _read(self, answer: dict[str, Any], plan: Plan) -> Outcomes:
        verdicts: dict[str, dict[str, Any]] = {}
        notes: list[str] = []
        left_out: list[str] = []
        for what in answer["told"]:
            if what.get("check") in plan.lesson.checks:
                verdicts[what["check"]] = {name: what[name] for name in ("status", "mistake", "message")}
            elif "note" in what and what["note"] not in notes and len(notes) < 5:
                notes.append(str(what["note"]))
            elif "left_out" in what:
                left_out.append(str(what["left_out"]))
        if left_out:
            more = f" and {len(left_out) - 3} more" if len(left_out) > 3 else ""
            notes.append(f"left out, as lines for the learner's own machine: {', '.join(left_out[:3])}{more}")
        if answer["ended"] == "done":
            return verdicts, notes, ""
        why = ENDS.get(answer["ended"], answer["ended"]).format(**self.limits._asdict())
        if why.startswith("signal "):
            why = f"its process was ended by {signal.Signals(int(why.split()[1])).name}"
        step = answer["step"]
        if 0 <= step < len(plan.steps):
            kind, what = plan.steps[step]
            why += f" (in {'the check of ' + what if kind == 'check' else repr(what.strip()[:40])})"
        return verdicts, notes, why

    def close(self) -> None:
        """End the host, and what it runs, for good."""
        self.closed = True
        self._stop()

    def _stop(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with contextlib.suppress(OSError):  # a job that it never read
            process.stdin.close()

"""Call somebody's function so that it comes back: in bounded time and with bounded memory.

The function runs in a thread of its own, in this process, because it lives in the learner's notebook (a forked copy of
a process that runs JAX may hang, and a new process does not know the function). What is bounded:

- Time, on every system, and longer where the machine is busy with something else. Python code is interrupted,
  `time.sleep` and compiled loops are left behind: their thread goes on, other computations do too, and the words say
  that restarting the kernel ends it.
- Memory, on Linux: the process may not grow by more than half of the machine's memory, nor by more than 4 GiB, so a
  table too large is refused (macOS and Windows have no such limit).
- `sys.exit()` and endless recursion are exceptions like any other (running.py), `input()` is refused there.

Not bounded: one long call into C that never lets Python look up, such as `sum(range(10**12))`, and `os._exit`.
"""

import contextlib
import contextvars
import ctypes
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp

from dl_workshop.errors import LearnerError
from dl_workshop.exercises.running import Raised

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

SECONDS = 20.0  # for all calls of one check together
MOST_MEMORY = 4 * 2**30
_limiting = threading.Lock()


class Stopped(LearnerError):
    """A learner's function was stopped from outside."""


class _Interrupt(BaseException):
    """Raised inside the learner's code by the thread that waits for it; no Exception, so `except` lets it through."""


def within_bounds() -> Callable:
    """Give a function call(work, *args) that may take SECONDS over all its calls, then gives Raised(Stopped)."""
    left = SECONDS

    def call(work: Callable, *args: Any) -> Any:
        nonlocal left
        spent = _stopwatch()
        try:
            return _in_a_thread(work, args, max(left, 0.1))
        finally:
            left -= spent()

    return call


def _stopwatch() -> Callable[[], float]:
    """Give a function that says how many seconds count since now.

    Where a busy machine, a full hub say, gives this process less than its time, those of the processor count, yet a
    third of all at least. Where next to nothing is computed, somebody sleeps, and all count.
    """
    began, cpu = time.monotonic(), time.process_time()

    def spent() -> float:
        wall, used = time.monotonic() - began, time.process_time() - cpu
        return wall if used < wall / 10 else max(min(used, wall), wall / 3)

    return spent


def _wait(worker: threading.Thread, seconds: float) -> None:
    """Wait until a thread has ended, or until so many seconds count."""
    spent = _stopwatch()
    while worker.is_alive() and spent() < seconds:
        worker.join(max(seconds - spent(), 0.05))


def was_stopped(outcome: object) -> bool:
    """Say whether an outcome is that of a function which was stopped from outside, or had no memory left."""
    return isinstance(outcome, Raised) and (
        isinstance(outcome.error, Stopped | MemoryError) or str(outcome.error).startswith("RESOURCE_EXHAUSTED")
    )


def _in_a_thread(work: Callable, args: tuple, seconds: float) -> Any:
    results: list[Any] = []
    errors: list[BaseException] = []

    def target() -> None:
        try:
            results.append(work(*args))
        except _Interrupt:
            pass
        except BaseException as error:
            errors.append(error)

    worker = threading.Thread(target=contextvars.copy_context().run, args=(target,), daemon=True)
    earlier = {id(array): array for array in _unfinished()}  # what earlier checks left behind
    with _memory_limited():
        worker.start()
        try:
            _wait(worker, seconds)
        finally:  # also when the learner interrupts the kernel
            computing = [array for array in _unfinished() if worker.is_alive() and id(array) not in earlier]
            ended = _interrupt(worker) and _get_ready(computing)
    if errors:
        raise errors[0]
    if results:
        return results[0]
    words = f"Your function did not come back, and was stopped (a check gives it {SECONDS:.0f} seconds)."
    words += (
        " Is there a loop that never ends? Look at what should make it stop."
        if ended
        else " It sleeps, or it loops where it cannot be interrupted, as inside `jax.lax`: mend it, then restart the "
        "kernel, since it still runs."
    )
    return Raised(Stopped(words), inside=True)


def _interrupt(worker: threading.Thread) -> bool:
    """Raise an exception inside a thread that still runs, again where it is swallowed; say whether it has ended."""
    for _ in range(20):
        if not worker.is_alive():
            return True
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident or 0), ctypes.py_object(_Interrupt))
        worker.join(0.05)
    return not worker.is_alive()


def _unfinished() -> list[jax.Array]:
    """List the arrays that JAX is still computing.

    From Python 3.15 on, a thread that waits for a compiled loop can be interrupted, and the loop goes on without it.
    """
    return [array for array in jax.live_arrays() if not _is_ready(array)]


def _get_ready(arrays: Iterable[jax.Array]) -> bool:
    """Say whether arrays become ready within a second."""
    for _ in range(20):
        if all(map(_is_ready, arrays)):
            return True
        time.sleep(0.05)
    return False


def _is_ready(array: jax.Array) -> bool:
    try:
        return array.is_ready()  # type: ignore[attr-defined]
    except RuntimeError:  # given away or deleted meanwhile
        return True


@contextlib.contextmanager
def _memory_limited() -> Iterator[None]:
    """Let the process grow no further than by its allowance. One check at a time sets the limit and takes it back."""
    statm = Path("/proc/self/statm")
    if resource is None or not statm.exists() or not _limiting.acquire(blocking=False):
        yield
        return
    try:
        jnp.add(1.0, 1.0)  # JAX starts its threads before there is a limit
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = int(statm.read_text().split()[0]) * resource.getpagesize() + _allowance()
        limits = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
        resource.setrlimit(resource.RLIMIT_AS, (min([wanted, *limits]), hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    finally:
        _limiting.release()


def _allowance() -> int:
    """Give half of the memory of this machine, or of the container that it is, up to MOST_MEMORY."""
    sizes = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    with contextlib.suppress(OSError, ValueError):  # no container, or "max"
        sizes.append(int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return min(MOST_MEMORY, min(sizes) // 2)

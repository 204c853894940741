"""A learner's function comes back in bounded time and with bounded memory, and the kernel lives on."""

import contextlib
import io
import sys
import threading
import time

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop.exercises import bounds


@pytest.fixture
def quick(mse_check, monkeypatch):
    """A check of mse that waits one second instead of twenty."""
    mse_check.check(lambda y_true, y_pred: jnp.sum((y_true - y_pred) ** 2))  # compiled before the clock runs
    monkeypatch.setattr(bounds, "SECONDS", 1.0)
    return mse_check


def endless(y_true, y_pred):
    while True:
        pass


def printing(y_true, y_pred):
    while True:
        print("flood")


def swallowing(y_true, y_pred):
    ended = time.monotonic() + 4
    while time.monotonic() < ended:
        with contextlib.suppress(BaseException):
            time.sleep(0.001)


def sleeping(y_true, y_pred):
    time.sleep(6)


def compiled(y_true, y_pred):
    """Some seconds inside one compiled loop; not for ever, since the thread goes on beside the next tests."""
    square = jnp.full((300, 300), 1 / 300)
    return jax.lax.while_loop(lambda s: s[1] < 20000, lambda s: (s[0] @ square, s[1] + 1), (square, 0))[0].sum()


@pytest.mark.parametrize(
    "answer, words",
    [
        (endless, "a loop that never ends"),
        (printing, "a loop that never ends"),
        (swallowing, "restart the kernel"),
        (sleeping, "restart the kernel"),
        (compiled, "restart the kernel"),
    ],
)
def test_what_does_not_come_back_is_stopped_with_words(quick, capsys, answer, words):
    capsys.readouterr()
    quick.check(answer)
    assert (quick.status, quick.mistake) == ("failed", None)
    assert "did not come back" in quick.message and words in quick.message
    assert "mse(y_true=[1], y_pred=[2])" in quick.message
    assert capsys.readouterr().out == quick.message + "\n"  # none of its own printing
    assert float(jnp.sum(jnp.arange(4.0))) == 6.0  # JAX goes on for others


def test_python_code_that_was_stopped_does_not_run_on(quick):
    counted = []

    def counting(y_true, y_pred):
        while True:
            counted.append(1)
            time.sleep(0.001)

    quick.check(counting)
    before = len(counted)
    threading.Event().wait(0.2)
    assert len(counted) == before > 0


def test_the_bounds_hold_outside_the_main_thread_too(quick):
    thread = threading.Thread(target=quick.check, args=(endless,))
    thread.start()
    thread.join(30)
    assert not thread.is_alive() and "a loop that never ends" in quick.message


def test_all_calls_of_a_check_share_the_time(monkeypatch):
    monkeypatch.setattr(bounds, "SECONDS", 0.5)
    call, done = bounds.within_bounds(), []
    outcomes = [call(lambda: done.append(time.sleep(0.3))) for _ in range(9)]
    assert bounds.was_stopped(outcomes[-1]) and not bounds.was_stopped(outcomes[0])


@pytest.mark.skipif(bounds.resource is None or sys.platform != "linux", reason="memory is limited on Linux alone")
@pytest.mark.parametrize(
    "answer",
    [
        lambda y_true, y_pred: jnp.sum(jnp.zeros((200_000, 200_000)) + y_pred.sum()),
        lambda y_true, y_pred: np.zeros((200_000, 200_000)).sum(),
        lambda y_true, y_pred: [0.0] * 10**11,
    ],
)
def test_an_array_too_large_is_refused_in_words(quick, answer):
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    quick.check(answer)
    assert quick.status == "failed" and "more memory than there is in `" in quick.message
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_deep_recursion_exits_and_questions_are_answered(quick, monkeypatch):
    def deep(y_true, y_pred):
        return deep(y_true, y_pred)

    def asking(y_true, y_pred):
        return float(input("How large? "))

    quick.check(deep)
    assert "calls itself without end" in quick.message
    quick.check(asking)
    assert "`input()` waits for somebody to type" in quick.message
    monkeypatch.setattr("sys.stdin", io.StringIO("1.5\n"))
    assert input() == "1.5"  # it is back
    quick.check(lambda y_true, y_pred: sys.exit(1))
    assert "SystemExit" in quick.message


@pytest.mark.parametrize(
    "wall, cpu, counts",
    [
        (10, 10, 10),  # a quiet machine
        (10, 40, 10),  # several cores at work
        (10, 5, 5),  # a busy one: half of the time was another's
        (10, 2, 10 / 3),  # a very busy one: a check ends nevertheless
        (10, 0.1, 10),  # it sleeps
    ],
)
def test_on_a_busy_machine_the_processors_time_counts(monkeypatch, wall, cpu, counts):
    now = dict(wall=5.0, cpu=7.0)
    monkeypatch.setattr(bounds.time, "monotonic", lambda: now["wall"])
    monkeypatch.setattr(bounds.time, "process_time", lambda: now["cpu"])
    spent = bounds._stopwatch()
    now.update(wall=5.0 + wall, cpu=7.0 + cpu)
    assert spent() == pytest.approx(counts)


def test_an_exception_of_the_work_is_passed_on():
    with pytest.raises(KeyError):
        bounds.within_bounds()(lambda: {}["a"])

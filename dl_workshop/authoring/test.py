"""Prove the lessons of a pack, and say in a table what holds and what does not."""

import time
import timeit
from functools import partial
from pathlib import Path

from dl_workshop.authoring.build import stale
from dl_workshop.authoring.execute import execute, memory, statuses, trouble
from dl_workshop.authoring.prove import handed_in, prove
from dl_workshop.errors import LearnerError
from dl_workshop.packs import Found, about, in_pack, pack_at

SLOW_CHECK = 0.3  # seconds, after the first
SLOW_NOTEBOOK = 90


def test_lessons(folder: str | Path) -> int:
    """Prove every lesson of the pack in folder; print a table; return 0 if all holds, else 1."""
    faults = [
        (one.relative_to(folder).as_posix(), f"is not in step with its source: dl-workshop build --lessons {folder}")
        for one in stale(folder)
    ]
    if not faults:
        for pack in pack_at(folder):
            for lesson in in_pack(pack):
                faults += _one(Path(folder), lesson)
    for where, words in faults:
        print(f"✗ {where}: {words}")
    print(f"{len(faults)} to mend." if faults else "Everything holds.")
    return 1 if faults else 0


def _one(folder: Path, lesson: Found) -> list[tuple[str, str]]:
    """Prove one lesson; print its table; give what does not hold, as (where, words)."""
    try:
        title = about(lesson)["title"]
        print(f"\nLesson {lesson.name}: {title}", flush=True)
        proofs = prove(lesson.name)
    except LearnerError as error:
        return [(lesson.name, str(error))]
    faults = []
    for proof in proofs:
        print(f"{'✗' if proof.faults else '✓'} {proof.exercise:24} {proof.what:26} {proof.tried:3} tried", flush=True)
        faults += [(f"{lesson.name} {proof.exercise}", words) for words in proof.faults]
    faults += _timing(lesson)
    for role, wanted in (("instructor", "passed"), ("student", "blank")):
        began = time.perf_counter()
        try:
            done = execute(folder / "notebooks" / role / f"{lesson.stem}.ipynb")
        except LearnerError as error:
            faults.append((f"{lesson.name} {role}", str(error)))
            continue
        seconds = time.perf_counter() - began
        wrong = [f"{name} is {status}, not {wanted}" for name, status in statuses(done).items() if status != wanted]
        wrong += trouble(done) + ([f"takes {seconds:.0f} s" for _ in (1,) if seconds > SLOW_NOTEBOOK])
        print(
            f"{'✗' if wrong else '✓'} {f'the {role} notebook':24} {f'runs, all {wanted}':26} {seconds:3.0f} s, "
            f"{memory(done):.0f} MB",
            flush=True,
        )
        faults += [(f"{lesson.name} {role} notebook", words) for words in wrong]
    return faults


def _timing(lesson: Found) -> list[tuple[str, str]]:
    """Measure later checks of each exercise's right answer, since a learner waits for them.

    The processor's time of the fastest of five counts: what else the machine does should not.
    """
    from dl_workshop import exercises

    faults = []
    for check in exercises.load(lesson.name):
        right = check.exercise.reference
        answer = (lambda *args, right=right: right(*args)) if callable(right) else right
        handed_in(lesson.name, check.exercise, answer)
        seconds = min(
            timeit.repeat(
                partial(handed_in, lesson.name, check.exercise, answer), timer=time.process_time, number=1, repeat=5
            )
        )
        slow = seconds > SLOW_CHECK
        print(f"{'✗' if slow else '✓'} {check.name:24} {'a check takes':26} {1000 * seconds:3.0f} ms", flush=True)
        faults += (
            [
                (
                    f"{lesson.name} {check.name}",
                    f"a check takes {seconds:.1f} s, which one waits for: draw fewer shapes, or give a fast oracle",
                )
            ]
            if slow
            else []
        )
    return faults

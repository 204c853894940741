"""How long does a check take? Every exercise: its first check, and later ones, of right and of wrong answers.

Run: uv run python benchmarks/checks.py
Prints a table and writes it to benchmarks/results/checks.md. The first check of a lesson compiles for everything after
it. `right` is the solution as a learner would type it; `named` the slowest known mistake; `unknown` an answer that is
wrong in no known way: all mistakes and pairs of them are tried, and the counterexample is shrunk.
"""

import contextlib
import io
import statistics
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop import exercises
from dl_workshop.exercises.exercise import ValueExercise

MOST = 300  # milliseconds, for each check but the first


def milliseconds(check, answer, times=1):
    """Median (wall, processor) milliseconds of a check; the processor's tell more where others use the machine."""
    walls, processors = [], []
    for _ in range(times):
        wall, processor = time.perf_counter(), time.process_time()
        with contextlib.redirect_stdout(io.StringIO()):
            check.check(answer)
        walls.append(1000 * (time.perf_counter() - wall))
        processors.append(1000 * (time.process_time() - processor))
    return statistics.median(walls), statistics.median(processors)


def typed(number, check):
    """Run the text of the solution, as a learner would, with the names that the notebook has."""
    names = dict(getattr(check.exercise.reference, "__globals__", {}), jax=jax, jnp=jnp, np=np)
    exec(check.solution_text(), names)
    return names[check.name]


def spoiled(answer):
    """Make an answer that is wrong in no known way."""

    def wrong(*args):
        return jax.tree.map(lambda leaf: leaf * 1.37 + 0.11, answer(*args))

    return wrong


def row(number, check):
    """Time one exercise: (lesson, name, first, right, named, unknown), each time a pair (wall, processor)."""
    exercise, right = check.exercise, typed(number, check)
    first = milliseconds(check, right)
    answers = [
        mistake.example if isinstance(exercise, ValueExercise) else mistake.function for mistake in exercise.mistakes
    ]
    for answer in answers:
        milliseconds(check, answer)  # compiled, as it is when a learner tries for the second time
    named = max((milliseconds(check, answer) for answer in answers), key=lambda pair: pair[1])
    unknown = "not that" if isinstance(exercise, ValueExercise) else spoiled(right)
    milliseconds(check, unknown)
    return number, check.name, first, milliseconds(check, right, 3), named, milliseconds(check, unknown, 3)


def main():
    jnp.dot(jnp.ones(3), jnp.ones(3)).block_until_ready()  # JAX itself is started before anything is timed
    lines = [
        "Milliseconds of a check, wall / processor: the first of an exercise, later ones of a right answer,",
        f"of the slowest known mistake, of an unknown one. Wanted: under {MOST} after the first.",
        "",
        "| lesson | exercise | first | right | known mistake | unknown mistake | |",
        "|---|---|---|---|---|---|---|",
    ]
    print("\n".join(lines))
    for number in exercises.numbers():
        for check in exercises.load(number):
            *name, first, right, named, unknown = row(number, check)
            slow = "" if all(pair[0] < MOST for pair in (right, named, unknown)) else "slow"
            lines.append(
                f"| {' | '.join(name)} | "
                + " | ".join(f"{wall:.0f} / {processor:.0f}" for wall, processor in (first, right, named, unknown))
                + f" | {slow} |"
            )
            print(lines[-1], flush=True)
    results = Path(__file__).resolve().parent / "results" / "checks.md"
    results.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

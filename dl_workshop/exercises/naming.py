"""Which known mistake is it? Named only when it alone does what the answer does, on every probe.

Two mistakes at once are tried where no single one fits: those that are changes of different parts of one right
function (`changed` in exercise.py) compose into a function that has both.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence

from dl_workshop.exercises.exercise import Exercise, Mistake


def name_mistake(exercise: Exercise, alike: Callable[[Callable], bool]) -> Mistake | None:
    """Give the one mistake for which alike(function) holds, else the one pair of them; None where several fit."""
    for candidates in (exercise.mistakes, pairs(exercise.mistakes)):
        matching = [mistake for mistake in candidates if alike(mistake.function)]
        if matching:
            return matching[0] if len(matching) == 1 else None
    return None


def pairs(mistakes: Sequence[Mistake]) -> Iterator[Mistake]:
    """Go through all twos of mistakes that change different parts of one function, each a mistake with both changes."""
    for one, other in itertools.combinations(mistakes, 2):
        first, second = one.changes or {}, other.changes or {}
        if one.variant and one.variant is other.variant and not first.keys() & second.keys():
            yield Mistake(
                f"{one.name} + {other.name}",
                one.variant(**first, **second),
                f"Two things at once, `{one.name}` and `{other.name}`. Of each alone we would say:\n"
                f"• {one.message}\n• {other.message}",
            )

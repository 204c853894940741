"""What JAX may know by its identity, with what it reached when it was last looked at: functions, classes, objects."""

import functools
import itertools
import types
import weakref
from typing import Any

from dl_workshop.training.compile_cache.reached import in_library


class Watched:
    """A function, class or object of the learner's, its number, and its own token when it was last looked at."""

    def __init__(self, ref: weakref.ref, number: int) -> None:
        """Take a weak reference, and a number that no other has."""
        self.ref, self.name = ref, f"number {number}"
        self.token: str | None = None


_watched: dict[int, Watched] = {}  # by id, as long as they live
_numbers = itertools.count()


def watch(thing: Any) -> Watched | None:
    """Give what is remembered of something that JAX may know by its identity; None for anything else."""
    known = _watched.get(id(thing))
    if known is not None and known.ref() is thing:
        return known
    if (
        not issubclass(type(thing), types.FunctionType)
        and in_library(type(thing).__module__)
        and not (issubclass(type(thing), type) and not in_library(thing.__module__))
    ):
        return None
    try:
        ref = weakref.ref(thing, functools.partial(_forget, id(thing)))
    except TypeError:  # an object without room for a reference to it
        return None
    _watched[id(thing)] = Watched(ref, next(_numbers))
    return _watched[id(thing)]


def _forget(place: int, ref: weakref.ref) -> None:
    if place in _watched and _watched[place].ref is ref:
        del _watched[place]

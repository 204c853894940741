"""LearnerError, and the words for what a learner's function raises: what happened, and what to type. Needs no JAX."""

import re
from collections.abc import Callable, Iterable, Sequence

from dl_workshop.written import OF_TRACING, learners_frame, learners_line, while_traced


class LearnerError(ValueError):
    """Something a learner can mend: a notebook shows the words alone, without a traceback of the kit."""

    def _render_traceback_(self) -> list[str]:
        # IPython asks the exception itself what to show; the frames of the kit would only bury the message.
        return [f"{type(self).__name__}: {self}"]


def explain_error(error: BaseException, functions: Iterable[Callable | None], context: str) -> LearnerError:
    """Turn an exception from a learner's function into a LearnerError with their line and what to try.

    `functions` are the learner's own; `context` says when it happened ("computing the loss").
    """
    if isinstance(error, LearnerError):
        return error
    line = learners_line(error, functions)
    where = f" in `{line}`" if line else ""
    kind = type(error).__name__
    first = str(error).strip().split("\n")[0]
    if kind in OF_TRACING or "Tracer" in str(error):
        return LearnerError(while_traced(kind, learners_frame(error, functions), where))
    if isinstance(error, TypeError) and ("for ^" in first or first.startswith("xor ")):
        return LearnerError(f"In Python `^` is not a power{where} (it compares the bits of whole numbers): write `**`.")
    if isinstance(error, KeyError) and line and "params" in line:
        return LearnerError(
            f"Your function asks for params[{first}]{where}, but there is no such key. Check the names in your dict."
        )
    if isinstance(error, TypeError) and "does not support item assignment" in first or "immutable" in first:
        return LearnerError(f"JAX arrays cannot be changed in place{where}. Write a = a.at[i].set(value) instead.")
    if isinstance(error, MemoryError) or first.startswith("RESOURCE_EXHAUSTED"):
        return LearnerError(
            f"It asks for more memory than there is{where}. Print the shapes: an (n, 1) array and an "
            "(n,) one give (n, n)."
        )
    if isinstance(error, RecursionError):
        return LearnerError(f"It calls itself without end{where}. Is another function meant?")
    shapes = re.findall(r"\(\d[\d, ]*\)", first)
    misfit = isinstance(error, TypeError | ValueError) and re.search("incompatible|contracting|broadcast", first)
    if misfit and len(shapes) >= 2:
        return LearnerError(
            f"Arrays of shapes {shapes[0]} and {shapes[1]} do not fit together{where}. Print the "
            "shapes of x and params: for x @ w the last of x must equal the first of w."
        )
    return LearnerError(f"{kind} while {context}{where}: {first}")


def short(value: object, limit: int = 60) -> str:
    """Give a value as it is written in Python, on one line of at most `limit` characters."""
    text = " ".join(repr(value).split())
    return text if len(text) <= limit else f"{text[:limit]}..."


def joined(names: Sequence[str], most: int = 4) -> str:
    """Give names in a row: a, b and c; of many the first three, and how many more."""
    if len(names) > most:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def first_line(error: BaseException) -> str:
    """Give the first line of an exception's words."""
    return str(error).strip().split("\n")[0]

"""Run somebody's function on a probe and keep what came out: a value, or the exception."""

import builtins
import contextlib
import io
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, NoReturn

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError


class Todo(LearnerError):
    """A function that is still blank was called. `name` is that function's."""

    def __init__(self, name: str) -> None:
        """Say which function is blank."""
        self.name = name
        super().__init__(
            f"`{name}` is still blank: write your own code in place of `ex.todo()`, run its cell, then "
            "run this one again."
        )

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def todo() -> NoReturn:
    """Stand for code that the learner has not written yet. Raises: Todo, whenever it is called."""
    raise Todo(sys._getframe(1).f_code.co_name)


class Raised(NamedTuple):
    """An exception in place of an output. `inside`: it came from the function, and not from observing its output."""

    error: BaseException
    inside: bool
    returned: Any = None


class _Sink(io.TextIOBase):
    """Swallow what a function prints, however much it is."""

    def write(self, text: str) -> int:
        return len(text)


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Keep prints and warnings of the functions that are run out of the notebook, and let none wait for a key."""
    asks, keyboard = builtins.input, sys.stdin
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        builtins.input, sys.stdin = _no_input, io.StringIO()
        try:
            with contextlib.redirect_stdout(_Sink()), contextlib.redirect_stderr(_Sink()):
                yield
        finally:
            builtins.input, sys.stdin = asks, keyboard


def _no_input(*args: object) -> NoReturn:
    raise LearnerError(
        "`input()` waits for somebody to type, but the kit calls your function many times: take what "
        "it needs from its arguments."
    )


def fresh(args: Any) -> Any:
    """Copy a probe, so that a function that changes its arguments spoils nothing; lists become JAX arrays."""
    if isinstance(args, dict):
        return {key: fresh(value) for key, value in args.items()}
    if type(args) is tuple:
        return tuple(fresh(value) for value in args)
    if isinstance(args, list):
        return jnp.asarray(np.asarray(args))  # by way of NumPy: JAX alone looks at each number of a list in turn
    return args.copy() if isinstance(args, np.ndarray) else args


def finished(out: Any) -> Any:
    """Wait for the arrays in an output: JAX hands them over before they are computed."""
    jax.block_until_ready([leaf for leaf in jax.tree.leaves(out) if isinstance(leaf, jax.Array)])
    return out


def run(observe: Callable, fn: Callable, args: Sequence, spoiled: list | None = None) -> Any:
    """Give what `observe` sees of `fn` on one probe, or Raised; add to `spoiled` what it did to its input."""
    seen, handed = {}, fresh(args)
    before = fresh(handed)

    def watched(*args: Any, **kwargs: Any) -> Any:
        seen["inside"] = True
        seen["returned"] = out = fn(*args, **kwargs)
        seen["inside"] = False
        return out

    try:
        return finished(observe(watched, *handed))
    except (Exception, SystemExit) as error:
        return Raised(error, seen.get("inside", True), seen.get("returned"))
    finally:
        if spoiled is not None:
            spoiled.extend(_changes(before, handed))


def _changes(before: Any, after: Any) -> Iterator[tuple[str, Any]]:
    """Go through what of a dict or a NumPy array is another than it was: ("a dict", its key) or ("an array", None)."""
    if isinstance(before, dict):
        if before.keys() != after.keys():
            yield "a dict", next(iter(before.keys() ^ after.keys()))
        for key in before.keys() & after.keys():
            if any(_changes(before[key], after[key])) or not _same(before[key], after[key]):
                yield "a dict", key
    elif type(before) is tuple:
        for one, other in zip(before, after, strict=True):
            yield from _changes(one, other)
    elif isinstance(before, np.ndarray) and not _same(before, after):
        yield "an array", None


def _same(one: Any, other: Any) -> bool:
    """Say whether two parts of an input hold the same; a number turned into an array of it is no change."""
    if one is other or isinstance(one, dict | tuple) or callable(one):
        return isinstance(other, type(one))
    try:
        return np.shape(one) == np.shape(other) and np.allclose(
            np.asarray(one, float), np.asarray(other, float), rtol=1e-6, atol=0, equal_nan=True
        )
    except (TypeError, ValueError):  # random keys, texts
        return type(one) is type(other)


def trace(fn: Callable, args: Sequence, arguments: tuple[int, ...]) -> Raised | None:
    """Let JAX trace fn in some of its arguments, or give Raised."""
    args = list(fresh(args))

    def partly(*traced: Any) -> Any:
        return fn(*(traced[arguments.index(i)] if i in arguments else arg for i, arg in enumerate(args)))

    try:
        jax.eval_shape(partly, *(args[i] for i in arguments))
    except (Exception, SystemExit) as error:
        return Raised(error, True)
    return None


def gradient(fn: Callable, args: Sequence, argument: int) -> Any:
    """Give the gradient of fn with respect to one argument, or Raised.

    An output that is not one number is summed with unequal weights, so that no part of it goes unseen.
    """
    args = fresh(args)

    def weighted(varied: Any) -> Any:
        out = fn(*args[:argument], varied, *args[argument + 1 :])
        leaves = [jnp.ravel(leaf) for leaf in jax.tree.leaves(out)]
        return sum(jnp.dot(leaf, np.cos(np.arange(leaf.size)).astype(np.float32)) for leaf in leaves)

    try:
        return finished(jax.grad(weighted)(jax.tree.map(lambda leaf: jnp.asarray(leaf, float), args[argument])))
    except (Exception, SystemExit) as error:
        return Raised(error, True)

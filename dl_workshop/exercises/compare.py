"""Where two outputs differ: in kind, in shape or in value, and how to say so."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from dl_workshop.display.values import as_array


class Difference(NamedTuple):
    """The first difference found: `kind` is "type", "shape" or "value", `words` say what was expected and got."""

    kind: str
    words: str


def difference(
    expected: Any, got: Any, rtol: float, atol: float, place: str = "", kinds: bool = True
) -> Difference | None:
    """Give the first difference between two outputs (arrays, numbers, tuples or dicts of them), or None.

    Whole numbers do not pass for floats, unless `kinds` is False; True and False never do.
    Values agree when they are within atol + rtol * (the largest expected size) of each other; nan agrees with nan.
    """
    it = f"`{place}`" if place else "the result"
    if isinstance(expected, dict):
        return _dict_difference(expected, got, rtol, atol, place, kinds)
    if isinstance(expected, tuple | list):
        return _tuple_difference(expected, got, rtol, atol, place, kinds)
    if got is None and expected is not None:
        return Difference(
            "type", f"{it} is None: end the function with `return ...`." if not place else f"{it} is None."
        )
    if expected is None or isinstance(expected, str | bool) or callable(expected):
        same = type(got) in (type(expected), np.bool_) and bool(got == expected)
        return None if same else Difference("value", f"{it} should be {_told(expected)}, got {_told(got)}.")
    return _array_difference(as_array(expected), got, rtol, atol, it, kinds)


def _dict_difference(expected: dict, got: Any, rtol: float, atol: float, place: str, kinds: bool) -> Difference | None:
    it = f"`{place}`" if place else "the result"
    keys = ", ".join(map(str, expected))
    if not isinstance(got, dict):
        return Difference("type", f"{it} should be a dict with the keys {keys}, got {_kind(got)}.")
    for key in expected:
        if key not in got:
            return Difference(
                "type", f"{it} has no key {key!r}: its keys should be {keys}, got {', '.join(map(str, got)) or 'none'}."
            )
    for key in got:
        if key not in expected:
            return Difference("type", f"{it} has a key {key!r} too many: its keys should be {keys}.")
    found = (
        difference(expected[key], got[key], rtol, atol, f"{place}[{key!r}]" if place else str(key), kinds)
        for key in expected
    )
    return _first(found)


def _tuple_difference(
    expected: tuple | list, got: Any, rtol: float, atol: float, place: str, kinds: bool
) -> Difference | None:
    it = f"`{place}`" if place else "the result"
    if not isinstance(got, tuple | list):
        return Difference("type", f"{it} should be {len(expected)} things, got {_kind(got)}.")
    if len(got) != len(expected):
        return Difference("type", f"{it} should be {len(expected)} things, got {len(got)}.")
    found = (
        difference(e, g, rtol, atol, f"{place or 'result'}[{i}]", kinds)
        for i, (e, g) in enumerate(zip(expected, got, strict=True))
    )
    return _first(found)


def _array_difference(
    expected: np.ndarray, got: Any, rtol: float, atol: float, it: str, kinds: bool
) -> Difference | None:
    if isinstance(got, list | tuple | dict | set) or callable(got):
        wanted = "one number" if expected.ndim == 0 else "an array"
        more = " Make it one with `jnp.array(...)`." if isinstance(got, list) and expected.ndim else ""
        return Difference("type", f"{it} should be {wanted}, got {_kind(got)}.{more}")
    try:
        got = as_array(got)
    except (TypeError, ValueError):
        return Difference("type", f"{it} should be a number or an array, got {_kind(got)}.")
    if got.shape != expected.shape:
        return Difference("shape", f"{it} should {_shape(expected)}, got {_kind(got)}.")
    if expected.dtype.kind == "f" and got.dtype.kind in ("iub" if kinds else "b"):
        return Difference(
            "type", f"{it} should hold floats, got {_kind(got)}: gradients need floats, write 0.0 instead of 0."
        )
    if got.dtype.kind == "c" and expected.dtype.kind != "c":
        return Difference("type", f"{it} should hold real numbers, got complex ones.")
    if not _close(expected, got, rtol, atol):
        return Difference("value", f"{it} has other values.")
    return None


def _close(expected: np.ndarray, got: np.ndarray, rtol: float, atol: float) -> bool:
    wide = np.complex128 if expected.dtype.kind == "c" else np.float64
    expected, got = expected.astype(wide), got.astype(wide)
    finite = np.isfinite(expected)
    if not np.array_equal(finite, np.isfinite(got)):
        return False
    if not np.array_equal(expected[~finite], got[~finite], equal_nan=True):
        return False
    scale = np.abs(expected[finite]).max(initial=0.0)
    return bool((np.abs(expected[finite] - got[finite]) <= atol + rtol * scale).all())


def _first(differences: Iterable[Difference | None]) -> Difference | None:
    """Kinds and shapes are told before values: a learner mends them first."""
    found = [d for d in differences if d is not None]
    return min(found, key=lambda d: d.kind == "value", default=None)


def _shape(array: np.ndarray) -> str:
    return "be one number (shape ())" if array.ndim == 0 else f"have shape {array.shape}"


def _told(thing: object) -> str:
    return repr(thing) if not callable(thing) else getattr(thing, "__name__", "a function")


def _kind(thing: object) -> str:
    if isinstance(thing, dict):
        return f"a dict with the keys {', '.join(map(str, thing))}"
    if isinstance(thing, list | tuple):
        return f"a {type(thing).__name__} of {len(thing)}"
    if callable(thing):
        return "a function (did you forget to call it?)"
    if isinstance(thing, str):
        return "text"
    try:
        array = as_array(thing)
    except (TypeError, ValueError):
        return f"a {type(thing).__name__}"
    number = {"i": "whole number", "u": "whole number", "b": "True or False", "c": "complex number"}.get(
        array.dtype.kind, "number"
    )
    if array.ndim:
        return f"shape {array.shape}" + ("" if array.dtype.kind == "f" else f" of type {array.dtype}")
    return number if number.startswith("True") else f"one {number}"

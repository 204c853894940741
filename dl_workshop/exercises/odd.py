"""What is odd about a value that a learner wrote down, where numbers are asked for: a text, None, a function."""

import contextlib
from typing import Any

import numpy as np

from dl_workshop.display.values import format_value


def odd_part(reference: Any, value: Any, place: str) -> str | None:
    """Say which part of a value is no number where the right one has a number, and what to write; None if none is."""
    if isinstance(reference, dict) and isinstance(value, dict):
        parts = [(reference[key], value[key], f"{place}[{key!r}]") for key in reference if key in value]
    elif isinstance(reference, list | tuple) and isinstance(value, list | tuple):
        parts = [(one, other, f"{place}[{i}]") for i, (one, other) in enumerate(zip(reference, value, strict=False))]
    elif isinstance(reference, int | float) and not isinstance(reference, bool):
        return _no_number(value, place)
    else:
        return None
    return next(filter(None, (odd_part(*part) for part in parts)), None)


def _no_number(value: Any, place: str) -> str | None:
    if isinstance(value, str | bytes):
        text = value if isinstance(value, str) else value.decode(errors="replace")
        with contextlib.suppress(ValueError):
            float(text)
            return f"`{place}` is {value!r}, a text: write the number without quotes, `{text.strip()}`."
        return f"`{place}` is {value!r}, a text: write a number there."
    if value is None or value is ...:
        return f"`{place}` is {value!r}: write a number there."
    if isinstance(value, bool | np.bool_):
        return f"`{place}` is {value}: write a number there."
    if callable(value):
        return f"`{place}` is the function `{format_value(value)}`: write a number there."
    if isinstance(value, dict | set | frozenset) or np.ndim(value):
        return f"`{place}` is {format_value(value)}: write one number there."
    if isinstance(value, complex | np.complexfloating):
        return f"`{place}` is {value!r}, a complex number: write an ordinary one."
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        if np.isfinite(float(value)) and abs(float(value)) < 1e30:
            return None
    return f"`{place}` is {format_value(value)}: write an ordinary number."

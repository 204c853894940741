"""Numbers, counts and lists as one says them, for the words of a picture."""

import re
from collections.abc import Sequence


def number(value: float) -> str:
    """Give a number with up to three digits; one of five to seven in full, which is easier to hear than a power."""
    value = float(value)
    if 1e4 <= abs(value) < 1e7:
        return f"{value:,.0f}"
    return f"{value:.0f}" if 1e3 <= abs(value) < 1e4 else f"{value or 0.0:.3g}"  # -0.0 is 0


def near(value: float, span: float) -> str:
    """Give a number as `number` does, unless it is far too small to be seen in a picture of this span."""
    if abs(value) < 1e-6 * span:  # what is left of a 0 in floating point
        return "0"
    return "nearly 0" if abs(value) < 1e-3 * span else number(value)


def counted(n: int, one: str) -> str:
    """Give a count with its noun: 1 point, 2 points."""
    return f"{n} {one}" if n == 1 else f"{n} {one}s"


def listed(parts: Sequence[str]) -> str:
    """Join parts of a sentence: a, b and c."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def plain(text: object) -> str:
    """Give a label without the signs of mathematical type, on one line."""
    return " ".join(re.sub(r"[$\\{}]", "", str(text).replace("_{", " ").replace("\n", ", ")).split())


def capital(text: str) -> str:
    """Begin a sentence with a capital, unless it begins with a name such as y or f(w)."""
    return text[:1].upper() + text[1:] if text[1:2].isalpha() or text.startswith("a ") else text

"""What a learner reads: values in a few characters, and one block with a mark, a title and some lines."""

import html
import inspect
import re
import sys

import jax
import numpy as np

from dl_workshop.exercises.compare import as_array

MARKS = {"passed": "✓", "failed": "✗", "blank": "○", "answered": "●", "note": "→"}
_COLOURS = {"passed": "#009e73", "failed": "#d55e00", "blank": "#e69f00", "answered": "#0072b2", "note": "#0072b2"}


def told(value, most=8):
    """Give a value in a few characters: 2, [1, 2.5], dict(w=1, b=0), or its shape where it is long."""
    if isinstance(value, dict):
        if all(str(key).isidentifier() for key in value):
            return "dict(" + ", ".join(f"{key}={told(leaf, most)}" for key, leaf in value.items()) + ")"
        return "{" + ", ".join(f"{key}: {told(leaf, most)}" for key, leaf in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(told(leaf, most) for leaf in value) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, jax.Array) and jax.dtypes.issubdtype(value.dtype, jax.dtypes.prng_key):
        return "a random key"
    if callable(value):
        return getattr(value, "__name__", type(value).__name__)
    try:
        array = as_array(value)
    except (TypeError, ValueError):
        text = " ".join(repr(value).split())
        return text if len(text) <= 60 else f"{text[:60]}..."
    if array.size > most:
        head = ", ".join(_number(number) for number in array.ravel()[:3])
        return f"[{head}, ...] of shape {array.shape}"
    return np.array2string(array, separator=", ", formatter={"all": _number}, max_line_width=1000).replace("\n", "")


def told_call(name, reference, args):
    """Give a call in one line, with the names of the reference's arguments: mse(y_true=[1, 2], y_pred=[3, 2])."""
    names = inspect.signature(reference).parameters
    return f"{name}(" + ", ".join(f"{n}={told(a)}" for n, a in zip(names, args, strict=False)) + ")"


def first_line(error):
    """Give the first line of an exception's words."""
    return str(error).strip().split("\n")[0]


def _number(number):
    if isinstance(number, bool | np.bool_):
        return str(bool(number))
    return f"{number:.4g}" if abs(number) < 1e4 or not np.isfinite(number) else f"{number:.6g}"


def as_text(status, title, message):
    """Give a block as plain text."""
    return f"{MARKS[status]} {title}\n{message}"


def as_html(status, title, message):
    """Give a block as HTML: a coloured edge, and a mark and a word for those who do not see the colour."""
    parts = []
    for indented, lines in _runs(message.split("\n")):
        if indented:
            code = html.escape("\n".join(lines))
            parts.append(f"<pre style='margin:.3em 0 .3em 1em;white-space:pre-wrap'>{code}</pre>")
        else:
            parts += [f"<div>{inline(line)}</div>" for line in lines]
    return (f"<div style='border-left:5px solid {_COLOURS[status]};padding:.4em .8em;margin:.3em 0'>"
            f"<div><b>{MARKS[status]} {inline(title)}</b></div>{''.join(parts)}</div>")


def _runs(lines):
    """Group neighbouring lines that are indented by four (code, numbers) or not."""
    runs = []
    for line in lines:
        indented = line.startswith("    ")
        if not runs or runs[-1][0] != indented:
            runs.append((indented, []))
        runs[-1][1].append(line[4:] if indented else line)
    return runs


def inline(line):
    """Give a line as HTML: what stands between backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(line))


def show(text, rich):
    """Show HTML in a notebook, plain text anywhere else."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.display import display
        display({"text/plain": text, "text/html": rich}, raw=True)
    else:
        print(text)


def show_block(status, title, message):
    """Show one block."""
    show(as_text(status, title, message), as_html(status, title, message))


def table(rows):
    """Give rows (the first one the headings) as plain text and as HTML."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    text = "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
                     for row in rows)
    cells = ["".join(f"<{tag} style='text-align:left;padding:.2em .8em'>{html.escape(cell)}</{tag}>" for cell in row)
             for tag, row in zip(["th"] + ["td"] * len(rows), rows, strict=False)]
    return text, "<table style='color:inherit'>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"

"""One block of words with a mark, a title and some lines; and tables: as plain text and as HTML."""

import html
import re
from collections.abc import Sequence

from dl_workshop.display.kernel import show
from dl_workshop.display.palette import BLUE, GREEN, ORANGE, VERMILLION

MARKS = {"passed": "✓", "failed": "✗", "blank": "○", "answered": "●", "note": "→"}
_COLOURS = {"passed": GREEN, "failed": VERMILLION, "blank": ORANGE, "answered": BLUE, "note": BLUE}


def as_text(status: str, title: str, message: str) -> str:
    """Give a block as plain text."""
    return f"{MARKS[status]} {title}\n{message}"


def as_html(status: str, title: str, message: str) -> str:
    """Give a block as HTML: a coloured edge, and a mark and a word for those who do not see the colour."""
    parts = []
    for indented, lines in _runs(message.split("\n")):
        if indented:
            code = html.escape("\n".join(lines))
            parts.append(f"<pre style='margin:.3em 0 .3em 1em;white-space:pre-wrap'>{code}</pre>")
        else:
            parts += [f"<div>{inline(line)}</div>" for line in lines]
    return (
        f"<div style='border-left:5px solid {_COLOURS[status]};padding:.4em .8em;margin:.3em 0'>"
        f"<div><b>{MARKS[status]} {inline(title)}</b></div>{''.join(parts)}</div>"
    )


def _runs(lines: Sequence[str]) -> list[tuple[bool, list[str]]]:
    """Group neighbouring lines that are indented by four (code, numbers) or not."""
    runs: list[tuple[bool, list[str]]] = []
    for line in lines:
        indented = line.startswith("    ")
        if not runs or runs[-1][0] != indented:
            runs.append((indented, []))
        runs[-1][1].append(line[4:] if indented else line)
    return runs


def inline(line: str) -> str:
    """Give a line as HTML: what stands between backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(line))


def show_block(status: str, title: str, message: str) -> None:
    """Show one block."""
    show(as_text(status, title, message), as_html(status, title, message))


def table(rows: Sequence[Sequence[str]]) -> tuple[str, str]:
    """Give rows (the first one the headings) as plain text and as HTML."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    text = "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
    cells = [
        "".join(f"<{tag} style='text-align:left;padding:.2em .8em'>{html.escape(cell)}</{tag}>" for cell in row)
        for tag, row in zip(["th"] + ["td"] * len(rows), rows, strict=False)
    ]
    return text, "<table style='color:inherit'>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"

"""A page about a class: who is where, and a heat map of its misconceptions. One file, no script, nothing fetched."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from dl_workshop.class_progress.progress import Outcome, Row

MARKS = {"passed": "✓", "failed": "✗", "blank": "○", "missing": "–", "not reached": "…"}
STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --line: #bbb; --heat: 213, 94, 0; }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --paper: #16181b; --line: #555; --heat: 230, 140, 60; } }
body { font: 16px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2em; }
table { border-collapse: collapse; margin: 1em 0; }
th, td { border: 1px solid var(--line); padding: .25em .6em; text-align: left; vertical-align: top; }
caption { text-align: left; padding: .3em 0; }
.scroll { overflow-x: auto; }
.passed { border-left: 4px solid #009e73; } .failed { border-left: 4px solid #d55e00; }
.blank, .missing, .reached { border-left: 4px solid #999; }
.heat { background: rgba(var(--heat), var(--share)); } small { opacity: .8; }
svg text { fill: var(--ink); font: 14px system-ui, sans-serif; }
"""


def page(rows: Sequence[Row]) -> str:
    """Give the page for these rows."""
    parts = [
        "<h1>How far the class is</h1>",
        f"<p>{len(rows)} submissions, run again with the kit's own checks. "
        "✓ passed, ✗ not yet right, ○ still blank, – not in the notebook, … not reached. Attempts and mistakes "
        "met earlier are what each notebook kept, so a learner can edit them; the marks are not.</p>",
    ]
    for lesson in sorted({row.lesson for row in rows if row.exercises}):
        of = [row for row in rows if row.lesson == lesson and row.exercises]
        parts += [f"<h2>Lesson {escape(lesson)}</h2>", _bars(of), _heat(of), _students(of)]
    parts.append(_trouble(rows))
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>How far the class is</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _bars(rows: Sequence[Row]) -> str:
    """Draw a bar for each exercise: passed, not yet right, the rest."""
    names, height = list(rows[0].exercises), 26
    said, drawn = [], []
    for i, name in enumerate(names):
        count = Counter(row.exercises[name].status for row in rows)
        passed, failed = count["passed"], count["failed"]
        said.append(f"{name}: {passed} passed, {failed} not yet right, {len(rows) - passed - failed} without an answer")
        x, y = 230.0, i * height + 3
        drawn.append(f'<text x="220" y="{y + 15}" text-anchor="end">{escape(name)}</text>')
        for n, colour in ((passed, "#009e73"), (failed, "#d55e00"), (len(rows) - passed - failed, "#999")):
            drawn.append(f'<rect x="{x:.1f}" y="{y}" width="{400 * n / len(rows):.1f}" height="20" fill="{colour}"/>')
            x += 400 * n / len(rows)
        drawn.append(f'<text x="640" y="{y + 15}">{passed} of {len(rows)}</text>')
    words = escape(". ".join(said))
    return (
        "<p>Green: passed. Orange: not yet right. Grey: without an answer.</p>"
        f'<svg role="img" aria-label="Passed by exercise. {words}." width="740" height="{len(names) * height}" '
        f'viewBox="0 0 740 {len(names) * height}" style="max-width:100%"><title>{words}</title>'
        f"{''.join(drawn)}</svg>"
    )


def _heat(rows: Sequence[Row]) -> str:
    """Give the heat map: an exercise a line, its named mistakes from the commonest on, darker where more have them."""
    lines = []
    for name in rows[0].exercises:
        outcomes = [row.exercises[name] for row in rows]
        now = Counter(outcome.mistake for outcome in outcomes if outcome.mistake)
        met = Counter(
            mistake
            for outcome in outcomes
            for mistake in {outcome.mistake, *map(str.strip, outcome.met.split(","))} - {""}
        )
        cells = "".join(
            _tile(mistake, now[mistake], n, len(rows))
            for mistake, n in sorted(met.items(), key=lambda item: (-now[item[0]], -item[1], item[0]))
        )
        unnamed = sum(outcome.status == "failed" and not outcome.mistake for outcome in outcomes)
        cells += _tile("not yet right, no known mistake", unnamed, unnamed, len(rows)) if unnamed else ""
        lines.append(f'<tr><th scope="row">{escape(name)}</th>{cells or "<td>no mistake</td>"}</tr>')
    return (
        '<div class="scroll"><table><caption>Heat map of misconceptions: how many learners have each mistake now, '
        "and in brackets how many met it on the way. The stronger the colour, the more of the class.</caption>"
        f"{''.join(lines)}"
        "</table></div>"
    )


def _tile(mistake: str, now: int, met: int, of: int) -> str:
    return (
        f'<td class="heat" style="--share:{0.08 + 0.72 * now / of if now else 0:.2f}">{escape(mistake)}<br>'
        f"<b>{now}</b> <small>({met})</small></td>"
    )


def _students(rows: Sequence[Row]) -> str:
    """Give the table of student by exercise."""
    names = list(rows[0].exercises)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    lines = []
    for row in rows:
        cells = "".join(_outcome(row.exercises[name]) for name in names)
        lines.append(f'<tr><th scope="row">{escape(row.student)}</th><td>{row.passed} of {len(names)}</td>{cells}</tr>')
    return (
        '<div class="scroll"><table><caption>Each learner: mark, attempts, named mistake.</caption><tr>'
        f'<th scope="col">student</th><th scope="col">passed</th>{head}</tr>{"".join(lines)}</table></div>'
    )


def _outcome(outcome: Outcome) -> str:
    attempts = f", {escape(outcome.attempts)} attempt{'s' * (outcome.attempts != '1')}" if outcome.attempts else ""
    mistake = f"<br><small>{escape(outcome.mistake)}</small>" if outcome.mistake else ""
    return (
        f'<td class="{outcome.status.split()[-1]}" title="{escape(outcome.message[:500])}">'
        f"{MARKS[outcome.status]} {outcome.status}{attempts}{mistake}</td>"
    )


def _trouble(rows: Sequence[Row]) -> str:
    lines = [
        f"<tr><td>{escape(row.student)}</td><td>{escape(row.file)}</td><td>{escape(row.reason)}</td>"
        f"<td>{escape('; '.join(row.notes))}</td></tr>"
        for row in rows
        if row.reason or row.notes
    ]
    if not lines:
        return ""
    return (
        '<h2>What to know of single submissions</h2><div class="scroll"><table><caption>Not run, or not to the '
        'end; what was mended or refused.</caption><tr><th scope="col">student</th><th scope="col">file</th>'
        f'<th scope="col">why it was not run to its end</th><th scope="col">notes</th></tr>{"".join(lines)}'
        "</table></div>"
    )

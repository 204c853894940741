"""What a submitted notebook says itself: attempts and mistakes met, from the report and the checks that it kept.

A learner can edit these, so they are shown beside the verdicts and never decide one.
"""

import re

MOST = 200_000    # characters read of one output: a report is short


def kept(submission, names) -> dict[str, tuple[str, str]]:
    """Give {exercise: (attempts, mistakes met)} as texts; "" where the notebook does not say.

    From the last table of `ex.report()` in the kept outputs. Where there is none, a kept check that was not blank
    counts as "1+" attempts.
    """
    said = {}
    for cell in submission.cells:
        for text in map(_plain, cell["outputs"]):
            said |= _report(text, names)
            for name in names:
                if name not in said and re.search(rf"^[✓✗] {name}: ", text, re.M):
                    said[name] = ("1+", "")
    return said


def _plain(output):
    data = output.get("data")
    text = data.get("text/plain", "") if isinstance(data, dict) else output.get("text", "")
    return ("".join(map(str, text)) if isinstance(text, list) else str(text))[:MOST]


def _report(text, names):
    """Read the table of a report: its columns stand two or more spaces apart, under headings."""
    lines = [re.split(r"\s{2,}", line.strip()) for line in text.splitlines()]
    start = next((i for i, line in enumerate(lines) if line[0] == "exercise" and "attempts" in line), None)
    if start is None:
        return {}
    attempts = lines[start].index("attempts")
    mistakes = next((i for i, heading in enumerate(lines[start]) if "mistakes" in heading), None)
    said = {}
    for line in lines[start + 1:]:
        if line[0] in names and len(line) > attempts and re.fullmatch(r"\d{1,5}", line[attempts]):
            met = line[mistakes] if mistakes is not None and len(line) > mistakes else "-"
            said[line[0]] = (line[attempts], "" if met == "-" else met)
    return said

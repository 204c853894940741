"""Regions of a text that are made and not written: between `<!-- derived: NAME -->` and `<!-- end -->`."""

import re
from pathlib import Path


def fill(path: Path, texts: dict[str, str]) -> str:
    """Give the text of a file with its marked regions filled in; what stands around them is left alone.

    Raises: LearnerError if a region is missing.
    """
    text = path.read_text(encoding="utf-8")
    for name, inside in texts.items():
        pattern = re.compile(rf"(<!-- derived: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not pattern.search(text):
            from dl_workshop.errors import LearnerError

            raise LearnerError(
                f"{path.name} has no place for the {name}: put the lines `<!-- derived: {name} -->` "
                "and `<!-- end -->` where it belongs."
            )

        # A function, so that a backslash in an address is not read as an escape.
        def filled(found: re.Match[str], inside: str = inside) -> str:
            return f"{found[1]}{inside}\n{found[2]}"

        text = pattern.sub(filled, text)
    return text

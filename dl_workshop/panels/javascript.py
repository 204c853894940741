"""The panels' JavaScript: each panel's file and all that it imports, joined into one module."""

import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
CSS = (HERE / "panel.css").read_text(encoding="utf-8")


@cache
def module(name):
    """Join a panel's JavaScript with all that it imports into one module, which needs no build step and no network."""
    return without_modules("".join(file.read_text(encoding="utf-8") for file in with_imports(main_file(name))))


def main_file(name):
    """Give the file that draws a panel: in the panel's folder, or beside the others for what panels share."""
    inside = HERE / name / f"{name}.js"
    return inside if inside.exists() else HERE / f"{name}.js"


def with_imports(file, known=()):
    """Give a JavaScript file and all those that it imports, each once, after those that it needs itself."""
    for other in re.findall(r'^import .* from "(\.[./\w]+\.js)";$', file.read_text(encoding="utf-8"), re.MULTILINE):
        path = (file.parent / other).resolve()
        known = with_imports(path, known) if path not in known else known
    return (*known, file)


def without_modules(code):
    """Take out what only separate files need: the import lines, and `export` before all but the last word."""
    lines = [line for line in code.splitlines() if not line.startswith("import ")]
    return "\n".join(line.removeprefix("export ") if not line.startswith("export default") else line for line in lines)

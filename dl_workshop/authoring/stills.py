"""Pictures of a lesson's panels, kept beside its source: the instructor notebook shows them without a kernel."""

import json
from pathlib import Path
from typing import Any

from dl_workshop.authoring.build import notebooks, write_changed
from dl_workshop.authoring.execute import execute
from dl_workshop.authoring.notebook import stills_file
from dl_workshop.authoring.source import sources

WIDGET = "application/vnd.jupyter.widget-view+json"


def take(root: str | Path) -> list[Path]:
    """Run every instructor notebook and keep the picture of each panel in it; return the paths that changed.

    Raises: LearnerError if a lesson breaks a rule, or a notebook cannot be run.
    """
    changed = []
    for source in sources(root):
        built = next(path for path in notebooks(Path(root), source) if path.parent.name == "instructor")
        found = {cell.id: still for cell in execute(built).cells[:-1] if (still := _still(cell))}
        if found or stills_file(source).exists():
            changed += write_changed({stills_file(source): json.dumps(found, indent=1) + "\n"})
    return changed


def _still(cell: Any) -> dict[str, str] | None:
    """Give the picture and words of a cell that shows a panel; of two pictures in a cell the last is the panel's."""
    shown = [output.get("data", {}) for output in cell.get("outputs", ())]
    pictures = [data for data in shown if "image/png" in data]
    if not pictures or not any(WIDGET in data for data in shown):
        return None
    png, words = "".join(pictures[-1]["image/png"]).strip(), "".join(pictures[-1]["text/plain"])
    return {"png": png, "words": words}

"""How long does each instructor notebook run, and how much memory does its kernel take?

Run: uv run python benchmarks/notebooks.py
One after another, each in a fresh kernel; prints a table and writes it to benchmarks/results/notebooks.md.
"""

import time
from pathlib import Path

from dl_workshop import authoring

HERE = Path(__file__).resolve().parent
NOTEBOOKS = HERE.parent / "notebooks/instructor"


def main():
    """Run every notebook, print the table and write it down."""
    lines = [
        "Instructor notebooks from the first cell to the last, kernel start and compilation included, on 2 cores.",
        "",
        "| lesson | seconds | peak memory |",
        "|---|---|---|",
    ]
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        began = time.perf_counter()
        done = authoring.execute(path, timeout=300)
        seconds = time.perf_counter() - began
        assert authoring.trouble(done) == [], path.name
        lines.append(f"| {path.stem[:2]} | {seconds:.0f} | {authoring.memory(done):.0f} MB |")
        print(lines[-1], flush=True)
    (HERE / "results" / "notebooks.md").write_text("\n".join([*lines, ""]))


if __name__ == "__main__":
    main()

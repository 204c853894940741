"""A solution is written once: in the lesson's source. The exercise's reference is that code."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError

MARKERS = ("# BEGIN SOLUTION", "# END SOLUTION")


def from_lesson(file: str, name: str, **uses: Any) -> Any:
    """Give what the cell `# %% exercise="name"` of the lesson.py beside `file` defines as `name`.

    uses: what the cell needs from earlier cells; jax, jnp and np it has.
    Raises: LearnerError where the lesson has no such cell, or the cell does not define the name.
    """
    path = Path(file).with_name("lesson.py")
    lines = _lines(path)
    begins = [i for i, line in enumerate(lines) if re.match(rf'# %%.*\bexercise="{name}"', line)]
    if not begins:
        raise LearnerError(f'{path} has no cell `# %% exercise="{name}"`, which the exercise {name} of {file} needs.')
    first = begins[0] + 1
    last = next((i for i in range(first, len(lines)) if lines[i].startswith("# %%")), len(lines))
    scope = {"jax": jax, "jnp": jnp, "np": np, "__name__": f"{_package(path.parent)}.lesson", **uses}
    # Blank lines above, so that a traceback and `inspect` find the lines where they stand in the lesson.
    exec(compile("\n" * first + "\n".join(lines[first:last]), str(path), "exec"), scope)
    if name not in scope:
        raise LearnerError(f'{path}, line {first}: the cell exercise="{name}" defines no {name}.')
    return scope[name]


@cache
def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _package(folder: Path) -> str:
    """Give the dotted name of the package that lies in folder."""
    outer = f"{_package(folder.parent)}." if (folder.parent / "__init__.py").exists() else ""
    return outer + folder.name


def without_markers(text: str) -> str:
    """Take the two comments out that mark a solution."""
    return "\n".join(line for line in text.splitlines() if line.strip() not in MARKERS)

"""The libraries that only building and running notebooks needs, imported when they are used."""

from importlib import import_module
from typing import Any

from dl_workshop.errors import LearnerError


def borrowed(name: str) -> Any:
    """Import jupytext, nbformat or nbclient, or say what to install.

    Raises: LearnerError if it is not installed: learners do not need it, so the kit does not bring it.
    """
    try:
        return import_module(name)
    except ImportError:
        raise LearnerError(
            f"Building and running notebooks needs {name}, which is not installed. "
            'Type: pip install "dl-workshop[build]"'
        ) from None

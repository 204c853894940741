"""What several tests share."""

import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

# JAX compiles for every new shape: the first example of a property is slow, and many shapes are slower.
settings.register_profile("workshop", deadline=None, max_examples=25)
settings.load_profile("workshop")


def pytest_configure(config):
    """Let all that the tests start, workers, kernels and command lines, find what another of them has compiled.

    Python's part stays for later runs, also where the system forbids it, as images of containers do. JAX's is kept in
    a folder of this run alone: a process that is killed may leave half an entry behind, which JAX would find for ever.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if not hasattr(config, "workerinput") and "JAX_COMPILATION_CACHE_DIR" not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="compiled-", ignore_cleanup_errors=True)
        config.add_cleanup(folder.cleanup)
        os.environ["JAX_COMPILATION_CACHE_DIR"] = folder.name
        os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"


@pytest.fixture(autouse=True)
def no_figure_is_left_open():
    """Close the figures of a test, which the next one in this process would otherwise find."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def pytest_terminal_summary(terminalreporter):
    """Say why tests were left out: each reason once, however many tests it concerns."""
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", [])
    )
    for reason, number in reasons.items():
        terminalreporter.write_line(f"{number} left out. {reason}")


@pytest.fixture(scope="session")
def repository():
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture
def mse_check():
    """A fresh check of the first exercise."""
    from dl_workshop import exercises  # not above: most tests need no exercises

    return exercises.load("01").mse

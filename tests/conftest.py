"""What several tests share."""

import os
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

# JAX compiles for every new shape: the first example of a property is slow, and many shapes are slower.
settings.register_profile("workshop", deadline=None, max_examples=25)
settings.load_profile("workshop")


def pytest_configure(config):
    """Let whatever the tests start keep the Python that it compiles, also where the system forbids it.

    Images of containers do; then each of a hundred kernels and command lines would compile all of JAX and Jupyter anew.
    What JAX compiles is not kept: for the many small pieces of a first run, writing takes longer than it saves.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(autouse=True)
def no_figure_is_left_open():
    """Close the figures of a test, which the next one in this process would otherwise find."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def pytest_terminal_summary(terminalreporter):
    """Say why tests were left out: each reason once, however many tests it concerns."""
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ")
                      for report in terminalreporter.stats.get("skipped", []))
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

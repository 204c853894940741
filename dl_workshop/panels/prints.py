"""What a learner's function prints while a panel calls it: no cell is running then, so nobody else would show it."""

import sys
import threading
from contextlib import contextmanager
from io import StringIO

MOST = 600  # characters that are shown, the last ones

_heard = threading.local()


class _Ear:
    """Stands for sys.stdout: takes what a listening thread prints, and hands on what all other threads print."""

    def __init__(self, behind):
        self.behind = behind

    def write(self, text):
        said = getattr(_heard, "said", None)
        return (self.behind if said is None else said).write(text)

    def __getattr__(self, name):
        return getattr(self.behind, name)


@contextmanager
def prints():
    """Give a StringIO that receives what this thread prints inside the block; other threads print where they did."""
    if not isinstance(sys.stdout, _Ear):  # it stays: taking it away again would cross with another thread's block
        sys.stdout = _Ear(sys.stdout)
    before, _heard.said = getattr(_heard, "said", None), StringIO()
    try:
        yield _heard.said
    finally:
        _heard.said = before

"""One source a lesson -> student and instructor notebooks, and an instructor's edits back again."""

from dl_workshop.authoring.back import from_instructor
from dl_workshop.authoring.build import build, stale
from dl_workshop.authoring.execute import execute, memory, statuses, trouble
from dl_workshop.authoring.stills import take

__all__ = ["build", "execute", "from_instructor", "memory", "stale", "statuses", "take", "trouble"]

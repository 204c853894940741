"""One source a lesson -> student and instructor notebooks, and an instructor's edits back again."""

from dl_workshop.lessonbook.back import from_instructor
from dl_workshop.lessonbook.build import build, stale
from dl_workshop.lessonbook.execute import execute, memory, statuses, trouble
from dl_workshop.lessonbook.stills import take

__all__ = ["build", "execute", "from_instructor", "memory", "stale", "statuses", "take", "trouble"]

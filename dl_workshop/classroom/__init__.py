"""What a class needs around the notebooks: a way to open them, a pinned environment, links that lead there."""

from dl_workshop.classroom.derived import derive, stale

__all__ = ["derive", "stale"]

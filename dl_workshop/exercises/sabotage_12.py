"""The earlier home of lesson 12's sabotage: notebooks that were handed out import `broken_runs` from here."""

import importlib
from typing import Any


def __getattr__(name: str) -> Any:
    # By its name, since the engine imports no lesson.
    return getattr(importlib.import_module("dl_workshop.lessons.lesson_12_training_in_practice.sabotage"), name)

"""The list of all exercises with their known mistakes, docs/exercises.md, made from the exercises themselves."""


def texts() -> dict[str, str]:
    """Make docs/exercises.md; return it by its path below root."""
    from dl_workshop import exercises  # brings JAX along: not for those who only ask for other files

    parts = [HEAD, *(_lesson(exercises.load(number), number) for number in exercises.numbers())]
    return {"docs/exercises.md": "\n".join(parts)}


HEAD = """# Exercises and the mistakes they know

Made by `dl-workshop build`; do not edit. A check names a mistake only when it alone does what the learner's answer
does, on every probe. Mistakes marked with + are also recognised two at a time.
"""


def _lesson(lesson, number):
    return f"## Lesson {number}\n\n" + "\n".join(_exercise(check.exercise) for check in lesson)


def _exercise(exercise):
    few = f"\n{exercise.few_mistakes_because}\n" if exercise.few_mistakes_because else ""
    rows = [f"| `{mistake.name}`{' +' if mistake.variant else ''} | {_cell(mistake.message)} |"
            for mistake in exercise.mistakes]
    return "\n".join([f"### `{exercise.name}`", "", exercise.task, few,
                      "| mistake | what the check says |", "|---|---|", *rows, ""])


def _cell(text):
    return text.replace("|", "\\|").replace("\n", " ")

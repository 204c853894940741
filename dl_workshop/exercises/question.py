"""What a question is made of: plain data; and the reply to an answer, a pure function of the two.

How to add one: list it in `QUESTIONS` of the lesson's questions.py, then write `# %% question="name"` with
`ex.name.ask()` into the lesson's source. Four kinds: `Choice` (one right), `Several` (tick all that are right),
`Number` (with a tolerance) and `Discussion` (no right or wrong). Every option says, in `why`, what to tell somebody who
takes it: for a wrong one, why one might think so and what is the case. Texts are plain; `code` goes between backticks.
The right answer, the teaching note of the instructor's notebook and the learner's feedback all come from here.
"""

import math
import re
from collections.abc import Callable
from typing import Any, NamedTuple

LETTERS = "abcdefgh"


class Option(NamedTuple):
    """One of the choices: its text, what to say to somebody who takes it, and whether it is right."""

    text: str
    why: str
    right: bool = False


class Choice(NamedTuple):
    """A question with one right option."""

    name: str
    text: str
    options: tuple[Option, ...]


class Several(NamedTuple):
    """A question with several right options: all of them, and no other, are to be ticked."""

    name: str
    text: str
    options: tuple[Option, ...]


class Slip(NamedTuple):
    """A wrong number that people come to, and what to say about it."""

    value: float
    why: str


class Number(NamedTuple):
    """A question whose answer is a number, right to within `tolerance`; `otherwise` is said to a number of no slip."""

    name: str
    text: str
    right: float
    why: str
    slips: tuple[Slip, ...]
    otherwise: str
    tolerance: float = 1e-6


class Discussion(NamedTuple):
    """A question without right or wrong: what a good answer has is shown once the learner wrote something."""

    name: str
    text: str
    good: str


AnyQuestion = Choice | Several | Number | Discussion


class Quiz(NamedTuple):
    """Some questions asked together. told: say at once what is right, or keep it to oneself until later."""

    name: str
    text: str
    questions: tuple[AnyQuestion, ...]
    told: bool


class Reply(NamedTuple):
    """What is said to an answer: its status ("blank" where it cannot be read), why, and the answer made tidy."""

    status: str
    why: str
    answer: str = ""


def kind(question: AnyQuestion) -> str:
    """Name the kind of a question: "choice", "several", "number" or "discussion"."""
    return type(question).__name__.lower()


def lettered(question: AnyQuestion) -> dict[str, Option]:
    """Give {letter: option} of a question; nothing for kinds that have no options."""
    return dict(zip(LETTERS, getattr(question, "options", ()), strict=False))


def reply(question: AnyQuestion, answer: Any) -> Reply:
    """Reply to an answer: a letter, letters, a number or words, by the kind of the question."""
    readers: dict[type, Callable] = {
        Choice: _to_letters,
        Several: _to_letters,
        Number: _to_number,
        Discussion: _to_words,
    }
    return readers[type(question)](question, answer)


def _to_letters(question: Choice | Several, answer: Any) -> Reply:
    options, one = lettered(question), isinstance(question, Choice)
    taken = _letters(answer, options)
    if not taken or one and len(taken) > 1:
        return Reply("blank", f"Answer with {'one letter' if one else 'letters'} of {', '.join(options)}.")
    told = " ".join(taken)
    wrong = [letter for letter in taken if not options[letter].right]
    missing = sum(option.right for option in options.values()) - (len(taken) - len(wrong))
    if wrong or missing:
        lines = [f"{letter}: {options[letter].why}" for letter in wrong]
        if missing and not one:
            lines.append(
                "Something that belongs here is not ticked yet."
                if missing == 1
                else f"{missing} that belong here are not ticked yet."
            )
        return Reply("failed", "\n".join(lines), told)
    return Reply("passed", "\n".join(f"{letter}: {options[letter].why}" for letter in taken), told)


def _letters(answer: Any, options: dict[str, Option]) -> list[str]:
    """Read "b", "a c", "a, c", "ac" or ["a", "c"] as letters of options, in order; none where it says anything else."""
    text = " ".join(map(str, answer)) if isinstance(answer, list | tuple | set) else str(answer)
    words = [word for word in re.split(r"[\s,;.]+", text.lower()) if word]
    letters = set("".join(words))
    return [letter for letter in options if letter in letters] if letters <= set(options) else []


def _to_number(question: Number, answer: Any) -> Reply:
    try:
        number = float(str(answer).strip().replace(",", ".").replace("−", "-"))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        return Reply("blank", "Answer with a number, for example 0.5.")
    told = f"{number:.10g}"
    if abs(number - question.right) <= question.tolerance:
        return Reply("passed", question.why, told)
    slip = next((slip for slip in question.slips if abs(number - slip.value) <= question.tolerance), None)
    return Reply("failed", slip.why if slip else question.otherwise, told)


def _to_words(question: Discussion, answer: Any) -> Reply:
    words = " ".join(str(answer).split())
    if not re.search(r"\w", words):
        return Reply("blank", "Write a few words of your own first.")
    return Reply("answered", f"What a good answer has: {question.good}", words)


def right_answer(question: AnyQuestion) -> str:
    """Give the right answer in the form that `.answer(...)` takes; of a discussion, what a good answer has."""
    if isinstance(question, Discussion):
        return question.good
    if isinstance(question, Number):
        return f"{question.right:g}"
    return " ".join(letter for letter, option in lettered(question).items() if option.right)

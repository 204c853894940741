"""A question in a learner's hands: `ex.negative_loss.ask()` shows it, `.answer("b")` answers it without a click."""

from collections.abc import Callable
from typing import Any

from dl_workshop.display.blocks import MARKS, show_block
from dl_workshop.exercises.question import AnyQuestion, Number, Quiz, Several, kind, lettered, reply
from dl_workshop.exercises.saved import saved
from dl_workshop.exercises.sheet import Sheet

TITLES = {"passed": "right", "failed": "not right", "blank": "still blank", "answered": "answered"}


def hand_out(data: AnyQuestion | Quiz, lesson: str, changed: Callable[[], None] = lambda: None) -> "Asked | AskedQuiz":
    """Give a question or a quiz to a learner; `changed()` is called after every answer."""
    if isinstance(data, Quiz):
        return AskedQuiz(data, lesson, changed)
    asked = Asked(data, f"ex.{data.name}.answer")
    asked.sheet = Sheet(data.name, "", {data.name: asked}, lesson, changed)
    return asked


class Asked:
    """One question: `.ask()`, `.answer(...)`, and what was answered so far.

    status is "blank", "failed" or "passed"; of a discussion "blank" or "answered". Once passed it stays so: looking at
    what is said to the other choices costs nothing. `answers` are all answers that counted, the first one first. After
    the kernel has restarted it is asked afresh; what was answered stays in the notebook until the cell is run again.
    """

    def __init__(self, question: AnyQuestion, call: str, told: bool = True) -> None:
        """Start blank. call: how a learner answers in code.  told: say what is right."""
        self.question, self.name, self.call, self.told = question, question.name, call, told
        self.status, self.message = "blank", ""
        self.answers: list[str] = []
        self.seen = "blank"  # the status of the reply that stands on the page
        self.kept: tuple[str, str] | None = None  # (status, message) of the answer that is kept
        self.sheet: Any = None  # the Sheet on which it is asked

    def ask(self) -> None:
        """Show the question, to be answered by clicking or typing; in words where nothing can be clicked."""
        self.sheet.show()

    def answer(self, answer: str | float) -> None:
        """Answer in code, "b", for several "a c", else a number or words, and show the reply."""
        self.take(answer)
        show_block(self.seen, f"{self.name}: {TITLES[self.seen]}", self.message)
        self.sheet.refresh()

    def take(self, answer: str | float) -> None:
        """Judge an answer, and keep it; one that cannot be read is not counted."""
        said = reply(self.question, answer)
        self.seen, self.message = said.status, said.why
        if said.status == "blank":
            return
        if not self.told:
            self.seen = "answered"
            self.message = f"Kept: {said.answer}. What is right will come up in the lessons. You may change it."
        if self.status != "passed" or not self.told:
            self.status, self.kept = said.status, (self.seen, self.message)
            if said.answer not in self.answers[-1:]:
                self.answers.append(said.answer)

    @property
    def right(self) -> bool:
        """Say whether the answer that counts is right: the first, or the last where nothing was given away."""
        return bool(self.answers) and reply(self.question, self.answers[0 if self.told else -1]).status == "passed"

    def how(self) -> str:
        """Say how to answer in code."""
        if isinstance(self.question, Several):
            return f'`{self.call}("a b")`, with the letters of all that belong'
        if isinstance(self.question, Number):
            return f"`{self.call}(0)`, with your number"
        return f'`{self.call}("b")`, with your letter' if lettered(self.question) else f'`{self.call}("your words")`'

    def record(self) -> dict[str, Any]:
        """Give what is kept of it, a dict of plain data: see report.py."""
        status = self.status if self.told or self.status == "blank" else "answered"
        return {
            "name": self.name,
            "kind": kind(self.question),
            "status": status,
            "tries": len(self.answers),
            "answers": list(self.answers),
        }

    def __repr__(self) -> str:
        """Name the question and its status."""
        status = self.record()["status"]
        return f"{MARKS[status]} {self.name}: {TITLES[status]}"


class AskedQuiz:
    """Some questions asked together: `.ask()`; in code `ex.quiz_before["loss"].answer("b")`."""

    def __init__(self, quiz: Quiz, lesson: str, changed: Callable[[], None] = lambda: None) -> None:
        """Start blank."""
        self.name = quiz.name
        self.questions = {
            question.name: Asked(question, f'ex.{quiz.name}["{question.name}"].answer', quiz.told)
            for question in quiz.questions
        }
        self.sheet = Sheet(quiz.name, quiz.text, self.questions, lesson, changed)
        for asked in self.questions.values():
            asked.sheet = self.sheet

    def ask(self) -> None:
        """Show all questions of the quiz, with the answers that a notebook of this folder keeps from before."""
        if not any(asked.answers for asked in self.questions.values()):
            for name, answers in saved(self.sheet.lesson, self.name)[0].items():
                for answer in answers if name in self.questions else ():
                    self.questions[name].take(answer)
        self.sheet.show()

    def __getitem__(self, name: str) -> Asked:
        """Give one question of the quiz by its name."""
        return self.questions[name]

    def record(self) -> dict[str, Any]:
        """Give what is kept of it, a dict of plain data: see report.py."""
        every = self.questions.values()
        return {
            "name": self.name,
            "of": len(every),
            "answered": sum(asked.status != "blank" for asked in every),
            "right": sum(asked.right for asked in every),
            "questions": [asked.record() for asked in every],
        }

    def __repr__(self) -> str:
        """Name the quiz and how far it is."""
        record = self.record()
        return f"{self.name}: {record['answered']} of {record['of']} answered"

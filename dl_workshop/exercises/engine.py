"""What a learner holds: `ex`, the exercises of a lesson, and `ex.mse`, one of them with its check, hints and state."""

import functools
import inspect
import secrets
import textwrap
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax

from dl_workshop.display.blocks import MARKS, as_text, show_block
from dl_workshop.display.kernel import running_kernel, update
from dl_workshop.errors import LearnerError, first_line
from dl_workshop.exercises.asked import Asked, AskedQuiz, hand_out
from dl_workshop.exercises.exercise import AnyExercise, Exercise, ValueExercise
from dl_workshop.exercises.judge import judge
from dl_workshop.exercises.judge_values import judge_value
from dl_workshop.exercises.question import AnyQuestion, Quiz
from dl_workshop.exercises.report import report
from dl_workshop.exercises.running import todo
from dl_workshop.exercises.solutions import without_markers
from dl_workshop.exercises.verdict import Verdict, kits_fault
from dl_workshop.memory import give_back

TITLES = {"passed": "passed", "failed": "not yet right", "blank": "still blank"}


class Check:
    """One exercise in a learner's hands: `.check(answer)`, `.hint()`, `.solution()`, and how far the learner is."""

    def __init__(self, exercise: AnyExercise) -> None:
        """Start blank."""
        self.exercise = exercise
        self.name = exercise.name
        self.status = "blank"
        self.message = ""
        self.mistake: str | None = None
        self.attempts = 0
        self.mistakes_met: list[str] = []
        self.hints_shown = 0
        self._last: object = None

    def check(self, answer: object) -> Any:
        """Judge the learner's answer, show the outcome in one block, and give back what the cells below should use.

        That is the learner's own function when it passes, else the kit's, openly. A value (number, array) is judged
        where it stands: nothing is given back for it, so that no notebook prints the answer. Never raises.
        """
        answer = getattr(answer, "__dict__", {}).get("_stands_in_for", answer)  # where the kit's came in for it
        verdict = self._verdict(answer)
        give_back()  # the probes' many shapes were compiled
        self.status, self.mistake = verdict.status, verdict.mistake
        if verdict.status != "blank" and answer is not self._last:
            self.attempts += 1
            self._last = answer
        if verdict.mistake and verdict.mistake not in self.mistakes_met:
            self.mistakes_met.append(verdict.mistake)
        why = verdict.why
        is_value, kits = isinstance(self.exercise, ValueExercise), verdict.at_fault == "kit"
        if verdict.status != "passed" and not kits:
            why += (
                "\nThe cells below run without it."
                if is_value
                else f"\nCarrying on with the kit's `{self.name}` so that the cells below run."
            )
        title = f"{self.name}: {'cannot be checked' if kits else TITLES[verdict.status]}"
        self.message = as_text(verdict.status, title, why)
        show_block(verdict.status, title, why)
        if is_value:
            return None
        return answer if verdict.status == "passed" or kits else stand_in(self.exercise.reference, answer)

    def hint(self) -> None:
        """Show the next of three hints; after the third, the third again."""
        hints = self.exercise.hints
        self.hints_shown = min(self.hints_shown + 1, len(hints))
        show_block("note", f"{self.name}: hint {self.hints_shown} of {len(hints)}", hints[self.hints_shown - 1])

    def solution(self) -> None:
        """Show the code of a right answer, to read: nothing is run, and no name of the learner's is changed."""
        show_block("note", f"{self.name}: one solution", textwrap.indent(self.solution_text(), "    "))

    def solution_text(self) -> str:
        """Give the code of a right answer."""
        exercise = self.exercise
        if exercise.solution:
            return textwrap.dedent(exercise.solution).strip()
        if isinstance(exercise, ValueExercise):
            return f"{self.name} = {exercise.reference!r}"
        return without_markers(textwrap.dedent(inspect.getsource(exercise.reference)).strip())

    def __repr__(self) -> str:
        """Name the exercise and its status, without a dump of its insides."""
        return f"{MARKS[self.status]} {self.name}: {TITLES[self.status]}"

    def _verdict(self, answer: object) -> Verdict:
        try:
            if isinstance(self.exercise, ValueExercise):
                return judge_value(self.exercise, answer)
            if _is_kits_own(self.exercise, answer):
                return Verdict(
                    "blank",
                    f"This is the kit's own `{self.name}`, so there is nothing of yours to check. {self.exercise.task}",
                )
            return judge(self.exercise, answer, jax.random.key(secrets.randbits(31)))
        except Exception as error:
            if self._fails_itself():
                return kits_fault(error, "the check itself fails")
            return Verdict(
                "failed",
                f"The check could not make sense of your answer ({type(error).__name__}: {first_line(error)}).",
            )

    def _fails_itself(self) -> bool:
        """Say whether the exercise cannot judge even its own right answer."""
        right = self.exercise.reference
        try:
            if isinstance(self.exercise, ValueExercise):
                return self.exercise.judge(right) is not None
            return judge(self.exercise, lambda *args: right(*args), jax.random.key(0)).status != "passed"
        except Exception:
            return True


def stand_in(reference: Any, answer: object) -> Callable:
    """Copy the reference function, and let the copy remember the learner's answer that it stands in for.

    The memory is on the function itself, so it outlives a second `exercises.load`.
    """
    twin: Any = types.FunctionType(
        reference.__code__, reference.__globals__, reference.__name__, reference.__defaults__, reference.__closure__
    )
    functools.update_wrapper(twin, reference)
    del twin.__wrapped__
    twin.__kwdefaults__ = reference.__kwdefaults__
    twin._stands_in_for = answer
    return twin


def _is_kits_own(exercise: Exercise, answer: object) -> bool:
    return callable(answer) and getattr(inspect.unwrap(answer), "__code__", None) is exercise.reference.__code__


class Lesson:
    """The exercises of one lesson: `ex.mse`, or iterate over them; `ex.todo()` is the blank; `ex.report()`.

    Its questions are `ex.negative_loss`, ..., together `ex.questions`; its quizzes, if any, `ex.quizzes`.
    """

    def __init__(
        self, number: str, exercises: Sequence[AnyExercise], questions: Sequence[AnyQuestion | Quiz] = ()
    ) -> None:
        """Start with every exercise and every question blank."""
        self._number = number
        self._checks = {exercise.name: Check(exercise) for exercise in exercises}
        self._asked = {question.name: hand_out(question, number, self._refresh) for question in questions}
        self._reported: str | None = None

    todo = staticmethod(todo)

    @property
    def questions(self) -> list[Asked]:
        """The questions of the lesson, in its order."""
        return [asked for asked in self._asked.values() if isinstance(asked, Asked)]

    @property
    def quizzes(self) -> list[AskedQuiz]:
        """The quizzes of the lesson: before the workshop in lesson 01, after it in lesson 05."""
        return [asked for asked in self._asked.values() if not isinstance(asked, Asked)]

    def report(self) -> None:
        """Show how far the learner is: exercises and questions, status, tries, mistakes that were recognised.

        An answer that is clicked later is added to the table where it stands. See report.py for what the output holds.
        """
        bundle = report(self)
        if running_kernel() is None:
            print(bundle["text/plain"])
            return
        from IPython.display import display

        self._reported = f"dlr-{secrets.token_hex(8)}"
        display(bundle, raw=True, display_id=self._reported)

    def _refresh(self) -> None:
        update(self._reported, lambda: report(self))

    def __iter__(self) -> Iterator[Check]:
        """Go through the exercises in the order of the lesson."""
        return iter(self._checks.values())

    def __len__(self) -> int:
        """Count the exercises."""
        return len(self._checks)

    def __getattr__(self, name: str) -> Any:
        """Give an exercise, a question or a quiz by its name. Raises: UnknownExercise."""
        if name.startswith("_"):
            raise AttributeError(name)
        there = self._checks | self._asked
        if name not in there:
            raise UnknownExercise(f"Lesson {self._number} has no exercise `{name}`. It has: {', '.join(there)}.")
        return there[name]

    def __dir__(self) -> list[str]:
        """Let the Tab key complete the names of exercises and questions."""
        return [*super().__dir__(), *self._checks, *self._asked]

    def __repr__(self) -> str:
        """List the exercises with their status."""
        return f"Lesson {self._number}:\n" + "\n".join(f"  {check!r}" for check in self)


class UnknownExercise(LearnerError, AttributeError):
    """A name that no exercise of the lesson has."""

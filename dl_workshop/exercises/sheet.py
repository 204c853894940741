"""Questions on the page: something to click where a browser can show it, the same in words wherever it cannot.

Two outputs, as for the panels: the widget, and a still picture of it in words that stays in the saved notebook and is
read where no kernel runs. Only questions, choices and replies travel to the browser: Python keeps what is right.
"""

import html
import uuid
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dl_workshop.display.blocks import MARKS, as_html, as_text, inline
from dl_workshop.display.kernel import running_kernel, stand_in, update
from dl_workshop.exercises.question import kind, lettered

if TYPE_CHECKING:
    from dl_workshop.exercises.asked import Asked

HERE = Path(__file__).parent
ANSWERS = "application/vnd.dl-workshop.answers+json"
TITLES = {"passed": "Right", "failed": "Not right", "blank": "Not answered yet", "answered": "Answered"}


class Sheet:
    """Some questions shown together: one, or those of a quiz. `changed()` is called after every answer."""

    def __init__(
        self, name: str, text: str, questions: "Mapping[str, Asked]", lesson: str, changed: Callable[[], None]
    ) -> None:
        """Show nothing yet. questions: {name: Asked}."""
        self.name, self.text, self.questions, self.lesson, self._changed = name, text, questions, lesson, changed
        self._widget: Any = None
        self._display: str | None = None

    def show(self) -> None:
        """Show the questions as they stand: to click in a notebook, in plain words anywhere else."""
        kernel = running_kernel()
        if kernel is None:
            print(self.still()["text/plain"])
            return
        from IPython.display import display

        self._display = f"dlq-{uuid.uuid4().hex}"
        try:
            self._widget = widget_class()(settings=self._settings(), shown=self._shown(0))
            self._widget.still = self._display = f"dlq-{self._widget.model_id}"
            self._widget.observe(lambda change: self._asked(change["new"]), "asked")
            data, metadata = self._widget._repr_mimebundle_() or ({}, {})
            words = {"text/plain": "A question to answer by clicking: run this cell."}
            display(data | words, metadata=metadata, raw=True)
        except Exception:  # no widgets here: the words below say how to answer in code
            self._widget = None
        display(self.still(), raw=True, display_id=self._display)

    def refresh(self, move: int = 0) -> None:
        """Show the latest replies, in the widget, in the words that stay in the notebook, and in the report."""
        if self._widget is not None:
            self._widget.shown = self._shown(move)
        update(self._display, self.still)
        self._changed()

    def still(self) -> dict[str, Any]:
        """Give questions, answers and replies in words, as plain text, as HTML and as data."""
        asked = list(self.questions.values())
        text = "\n\n".join(([self.text] if self.text else []) + [_in_text(one) for one in asked])
        rich = (f"<p>{inline(self.text)}</p>" if self.text else "") + "".join(_in_html(one) for one in asked)
        if self._display:
            rich = f"{stand_in(self._display, 'dlq')}<div class='{self._display}'>{rich}</div>"
        data = {"version": 1, "lesson": self.lesson, "sheet": self.name, "questions": [one.record() for one in asked]}
        return {"text/plain": text, "text/html": rich, ANSWERS: data}

    def _asked(self, asked: dict[str, Any]) -> None:
        if asked.get("name") in self.questions:
            self.questions[asked["name"]].take(asked["answer"])
        self.refresh(asked.get("move", 0))

    def _settings(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "questions": [
                {
                    "name": one.name,
                    "kind": kind(one.question),
                    "text": one.question.text,
                    "options": [[letter, option.text] for letter, option in lettered(one.question).items()],
                }
                for one in self.questions.values()
            ],
        }

    def _shown(self, move: int) -> dict[str, Any]:
        states = {
            one.name: {
                "status": one.seen,
                "mark": MARKS[one.seen],
                "title": TITLES[one.seen],
                "message": one.message,
                "answer": one.answers[-1] if one.answers else "",
            }
            for one in self.questions.values()
        }
        return {"move": move, "states": states}


def _in_text(asked: "Asked") -> str:
    options = lettered(asked.question).items()
    lines = [asked.question.text, *(f"  {letter}. {option.text}" for letter, option in options)]
    if asked.kept is not None:
        lines.append(f"Your answer: {asked.answers[-1]}")
        status, message = asked.kept
        return "\n".join(lines) + "\n" + as_text(status, TITLES[status], message)
    return "\n".join(lines) + f"\nTo answer in code: {asked.how()}"


def _in_html(asked: "Asked") -> str:
    options = "".join(
        f"<div style='margin-left:1em'>{letter}. {inline(option.text)}</div>"
        for letter, option in lettered(asked.question).items()
    )
    if asked.kept is not None:
        status, message = asked.kept
        answer = f"<div>Your answer: <b>{html.escape(asked.answers[-1])}</b></div>"
        below = answer + as_html(status, TITLES[status], message)
    else:
        below = f"<div>To answer in code: {inline(asked.how())}</div>"
    return f"<div style='margin:.5em 0'><div><b>{inline(asked.question.text)}</b></div>{options}{below}</div>"


@cache
def widget_class() -> Any:
    """Make the widget's class when it is first needed: a script that only checks exercises loads no widgets."""
    import anywidget
    import traitlets

    class QuestionWidget(anywidget.AnyWidget):
        """settings: questions and choices.  asked: the learner's latest answer.  shown: the replies."""

        _esm = (HERE / "sheet.js").read_text(encoding="utf-8")
        _css = (HERE / "sheet.css").read_text(encoding="utf-8")
        settings = traitlets.Dict().tag(sync=True)
        asked = traitlets.Dict().tag(sync=True, echo_update=False)
        shown = traitlets.Dict().tag(sync=True)
        still = traitlets.Unicode().tag(sync=True)  # the name of the words that stand for it without a kernel

    return QuestionWidget

"""What every panel shares: it holds the state, answers the browser in a thread, and leaves a picture in the notebook.

A panel is a few pure functions and a JavaScript file. `step(state, request)` gives the next state and a view: numbers
and words; `picture(settings, view)` draws a view as a static figure, for wherever no kernel runs; the JavaScript draws
it in the page. `plan(detail)` says which requests a saved page holds the answers to (recording.py).
"""

import base64
import threading
import time
from html import escape
from io import BytesIO

import anywidget
import numpy as np
import traitlets

from dl_workshop.display.kernel import running_kernel, stand_in, update
from dl_workshop.panels.answer import answer
from dl_workshop.panels.javascript import CSS, module
from dl_workshop.panels.prints import MOST, prints
from dl_workshop.panels.recording import record
from dl_workshop.panels.save_html import write_page

QUICK = 0.02  # seconds
QUIET = 1.5  # seconds without a wish, after which the saved picture is brought up to date
BREATH = 0.004  # seconds between two ticks of a play, at least: others want the interpreter too


class Panel(anywidget.AnyWidget):
    """One panel. settings: what stands still.  asked: the learner's latest wish.  shown: the view on the page."""

    _css = CSS
    settings = traitlets.Dict().tag(sync=True)
    asked = traitlets.Dict().tag(sync=True, echo_update=False)  # the browser knows what it asked
    shown = traitlets.Dict().tag(sync=True)
    still = traitlets.Unicode().tag(sync=True)  # the name of the picture that stands for the panel without a kernel

    def __init__(self, start, step, name, *, settings, picture, functions=(), plan=None, failed=None):
        """Show `name`.js, from the state `start` on.

        functions: the learner's own; an error in them is told with their line.  failed(state, request): the state after
        such an error, where it is not the one before.
        """
        self._start, self._step, self._name, self._plan, self._failed = start, step, name, plan, failed
        self._picture, self._functions, self._current = picture, functions, start
        self._changed, self._busy, self._wish, self._displayed = threading.Condition(), False, None, False
        self._changing = threading.RLock()  # held while traits change
        self._later = threading.Timer(QUIET, self._keep_picture)
        self._took = 1.0  # seconds that the last answer took; the first one after this also compiles
        first = self._answered({"move": 0}, {})
        super().__init__(_esm=module(name), settings=settings, shown=first)
        self.still = f"dlw-{self.model_id}"
        self.observe(lambda change: self.ask(change["new"]), "asked")

    def set_state(self, sync_data):
        """Take what the page says. Traitlets holds back notifications meanwhile, and can lose one of another thread."""
        with self._changing:
            super().set_state(sync_data)

    def ask(self, asked):
        """Answer a wish in a thread of its own, so that a slow function holds up nobody; of many, the last one wins.

        Where the last answer was quick, this one is given at once: changing threads costs more than it does.
        """
        with self._changed:
            self._wish = asked
            self._changed.notify()
            if self._busy:
                return
            self._busy = True
        if self._took < QUICK:
            self._work(one=True)
        else:
            threading.Thread(target=self._work, daemon=True).start()

    def _work(self, asked=None, due=None, one=False):
        """Answer wishes until there are none; while it plays, each tick when it is due.

        With one=True only the first is answered here, the others in a thread.
        """
        while True:
            with self._changed:
                if due is not None:
                    self._changed.wait_for(lambda: self._wish is not None, max(due - time.monotonic(), BREATH))
                if self._wish is not None:
                    asked, self._wish = self._wish, None
                elif due is not None:
                    asked, due = asked | {"act": "tick"}, None
                else:
                    self._busy = False
                    break
            try:
                due = self._show(asked, due)
            except BaseException:  # an interrupted kernel: the next wish must not wait for this one
                self._busy = False
                raise
            if one and (due is not None or self._wish is not None):
                threading.Thread(target=self._work, args=(asked, due), daemon=True).start()
                return
        later = threading.Timer(QUIET, self._keep_picture)
        later.daemon = True
        with self._changed:
            self._later.cancel()
            self._later = later
        later.start()

    def _show(self, asked, due=None):
        """Answer one wish; give when the next tick is due, None for never.

        A view with "again": seconds in it plays: it is followed by a tick, so long after this answer was begun. A wish
        amid a play (a slider that moves) does not put off the tick that was due.
        """
        began = time.monotonic()
        with prints() as said:
            shown = self._answered(asked, self.shown)
        shown["printed"] = said.getvalue()[-MOST:]
        again = shown.pop("again", None)
        self._took = time.monotonic() - began
        with self._changing:
            self.shown = shown
        if again is None:
            return None
        return began + again if due is None else min(due, began + again)

    def _answered(self, asked, last):
        """Give a view for a wish; if a learner's function fails, the last stands and the trouble is told in words."""
        self._current, shown = answer(self._step, self._current, asked, last, self._functions, self._failed)
        return shown | {"move": asked.get("move", 0)}

    def _answer(self, asked):
        """Take a step and give its view, whatever it raises."""
        self._current, shown = self._step(self._current, asked)
        return shown

    def save_html(self, path):
        """Write the panel to a page of its own, which moves without Python and without a network.

        The page answers from answers recorded here, for as many places of the sliders as 400 KB hold, and says so where
        it has none. What has no places to record (the playground, a drawing) becomes a page of the last picture.
        Raises: LearnerError if the file cannot be written; an earlier one then stays.
        """
        recording, why = None, "Its answers cannot be recorded"
        if self._plan is not None:
            recording = record(self._name, self._step, self._start, self._plan, self._functions)
            why = "Your function takes too long, or its answers too much room, to record them"
        write_page(path, self._name, repr(self), self.static_png, recording, why)

    def _ipython_display_(self, **kwargs):
        """Show the panel and, in an output of its own, the picture that stands for it where no kernel runs.

        The panel hides that picture. Two outputs, because updating one must not draw a panel in use anew.
        """
        from IPython.display import display

        if running_kernel() is None:
            print(f"{self}\n(Show it in JupyterLab or Notebook to move it.)")
            return
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        display(data | {"text/plain": "An interactive panel: run this cell to use it."}, metadata=metadata, raw=True)
        display(self._still(), raw=True, display_id=self.still)
        self._displayed = True

    def _repr_mimebundle_(self, **kwargs):
        """Give the panel with its picture and words, for whatever asks for one bundle."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return data | self._still(), metadata

    def _keep_picture(self):
        """Bring the saved picture up to date: from the main thread, between cells, which may be drawing too."""
        if self._displayed:
            update(self.still, self._still)

    def __repr__(self):
        """Give the panel in words, for print and for a terminal, where nothing can be drawn."""
        parts = (self.shown.get(name, "") for name in ("strong", "words", "trouble"))
        return " ".join(" ".join(("Panel:", *parts)).split())

    def _still(self):
        """Give the picture and words; as HTML too, where an <img> keeps its alternative text."""
        png, words = self.static_png(), repr(self)
        html = (
            f'{stand_in(self.still, "dlw")}<figure class="{self.still}" style="margin: 0">'
            f'<img alt="{escape(words)}" src="data:image/png;base64,{png}">'
            "<figcaption>This panel as it last stood. Run the cell to move it.</figcaption></figure>"
        )
        return {"image/png": png, "text/html": html, "text/plain": words}

    def static_png(self):
        """Draw the numbers now shown as a picture, base64 as notebooks keep it."""
        import matplotlib.pyplot as plt

        from dl_workshop.plots import style

        if "words" in self.shown:
            figure = self._picture(self.settings, self.shown)
        else:  # the learner's function failed at once: say so, and never show nothing
            figure = style.figure(7, 1)
            figure.text(0.02, 0.5, self.shown.get("trouble", ""), va="center", wrap=True)
        file = BytesIO()
        figure.savefig(file, format="png")
        plt.close(figure)
        return base64.b64encode(file.getvalue()).decode()


def numbers(array, places=6):
    """Give an array as a list that JSON can hold: what is not finite becomes None, a gap in the drawing."""
    array = np.asarray(array, float).ravel()
    finite = np.isfinite(array)
    size = np.abs(np.where(finite & (array != 0), array, 1.0))
    scale = 10.0 ** np.clip(places - 1 - np.floor(np.log10(size)), -300, 300)  # to so many digits: short messages
    rounded = (np.round(np.where(finite, array, 0.0) * scale) / scale).tolist()
    return rounded if finite.all() else [value if known else None for value, known in zip(rounded, finite, strict=True)]

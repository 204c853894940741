"""What every panel shares: numbers go to the browser, which draws; wishes come back and are answered in a thread.

A panel is three pure functions and a JavaScript file. `answer(asked)` turns what the learner asks for (slider values, a
button) into numbers and words; `picture(settings, shown)` draws the same numbers as a static figure, for wherever no
kernel runs; the JavaScript beside it draws them in the page.
"""

import base64
import re
import threading
import time
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from dl_workshop.display.kernel import running_kernel, stand_in, update
from dl_workshop.errors import explain_error
from dl_workshop.panels.prints import MOST, prints

HERE = Path(__file__).parent
QUICK = 0.02  # seconds
QUIET = 1.5  # seconds without a wish, after which the saved picture is brought up to date


class Panel(anywidget.AnyWidget):
    """One panel. settings: what stands still.  asked: the learner's latest wish.  shown: the numbers on the page."""

    _css = (HERE / "panel.css").read_text()
    settings = traitlets.Dict().tag(sync=True)
    asked = traitlets.Dict().tag(sync=True, echo_update=False)  # the browser knows what it asked
    shown = traitlets.Dict().tag(sync=True)
    still = traitlets.Unicode().tag(sync=True)  # the name of the picture that stands for the panel without a kernel

    def __init__(self, name, settings, answer, picture, functions=()):
        """Show `name`.js. `functions` are the learner's own: an error in them is told with their line."""
        self._answer, self._picture, self._functions = answer, picture, functions
        self._changed, self._busy, self._wish, self._displayed = threading.Condition(), False, None, False
        self._state = threading.RLock()  # held while traits change
        self._later = threading.Timer(QUIET, self._keep_picture)
        self._took = 1.0  # seconds that the last answer took; the first one after this also compiles
        first = self._answered({"move": 0}, {})
        super().__init__(_esm=module(name), settings=settings, shown=first)
        self.still = f"dlw-{self.model_id}"
        self.observe(lambda change: self.ask(change["new"]), "asked")

    def set_state(self, sync_data):
        """Take what the page says. Traitlets holds back notifications meanwhile, and can lose one of another thread."""
        with self._state:
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

    def _work(self, asked=None, again=0, one=False):
        """Answer wishes until there are none; an answer with "again": seconds in it is followed by a tick: it plays.

        With one=True only the first is answered here, the others in a thread.
        """
        while True:
            with self._changed:
                if again:
                    self._changed.wait_for(lambda: self._wish is not None, again)
                if self._wish is not None:
                    asked, self._wish = self._wish, None
                elif again:
                    asked = asked | {"act": "tick"}
                else:
                    self._busy = False
                    break
            try:
                again = self._show(asked)
            except BaseException:  # an interrupted kernel: the next wish must not wait for this one
                self._busy = False
                raise
            if one and (again or self._wish is not None):
                threading.Thread(target=self._work, args=(asked, again), daemon=True).start()
                return
        later = threading.Timer(QUIET, self._keep_picture)
        later.daemon = True
        with self._changed:
            self._later.cancel()
            self._later = later
        later.start()

    def _show(self, asked):
        """Answer one wish; return after how many seconds the next tick is due, 0 for none."""
        began = time.perf_counter()
        with prints() as said:
            shown = self._answered(asked, self.shown)
        shown["printed"] = said.getvalue()[-MOST:]
        again = shown.pop("again", 0)
        self._took = time.perf_counter() - began
        with self._state:
            self.shown = shown
        return again

    def _answered(self, asked, last):
        """Give numbers for a wish; if a learner's function fails, the last stand and the trouble is told in words."""
        try:
            shown = self._answer(asked)
        except Exception as error:  # an exception in a thread would be seen by nobody
            shown = last | {"trouble": str(explain_error(error, self._functions, "drawing this panel"))}
        return shown | {"move": asked.get("move", 0)}

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
        html = (f'{stand_in(self.still, "dlw")}<figure class="{self.still}" style="margin: 0">'
                f'<img alt="{escape(words)}" src="data:image/png;base64,{png}">'
                "<figcaption>This panel as it last stood. Run the cell to move it.</figcaption></figure>")
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


@cache
def module(name):
    """Join a panel's JavaScript with all that it imports into one module, which needs no build step and no network."""
    return without_modules("".join((HERE / f"{one}.js").read_text() for one in with_imports(name)))


def with_imports(name, known=()):
    """Give the names of a JavaScript file and of all that it imports, each once, after those that it needs itself."""
    for other in re.findall(r'^import .* from "\./(\w+)\.js";$', (HERE / f"{name}.js").read_text(), re.MULTILINE):
        known = with_imports(other, known) if other not in known else known
    return (*known, name)


def without_modules(code):
    """Take out what only separate files need: the import lines, and `export` before all but the last word."""
    lines = [line for line in code.splitlines() if not line.startswith("import ")]
    return "\n".join(line.removeprefix("export ") if not line.startswith("export default") else line for line in lines)


def numbers(array, places=6):
    """Give an array as a list that JSON can hold: what is not finite becomes None, a gap in the drawing."""
    array = np.asarray(array, float).ravel()
    finite = np.isfinite(array)
    size = np.abs(np.where(finite & (array != 0), array, 1.0))
    scale = 10.0 ** np.clip(places - 1 - np.floor(np.log10(size)), -300, 300)  # to so many digits: short messages
    rounded = (np.round(np.where(finite, array, 0.0) * scale) / scale).tolist()
    return rounded if finite.all() else [value if known else None for value, known in zip(rounded, finite, strict=True)]

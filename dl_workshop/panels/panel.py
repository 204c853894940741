"""What every panel shares: numbers go to the browser, which draws; wishes come back and are answered in a thread.

A panel is three pure functions and a JavaScript file. `answer(asked)` turns what the learner asks for (slider values, a
button) into numbers and words; `picture(settings, shown)` draws the same numbers as a static figure, for wherever no
kernel runs; the JavaScript beside it draws them in the page.
"""

import base64
import threading
from functools import cache
from io import BytesIO
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from dl_workshop.shapes import in_words

HERE = Path(__file__).parent


class Panel(anywidget.AnyWidget):
    """One panel. settings: what stands still.  asked: the learner's latest wish.  shown: the numbers on the page."""

    _css = (HERE / "panel.css").read_text()
    settings = traitlets.Dict().tag(sync=True)
    asked = traitlets.Dict().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)

    def __init__(self, name, settings, answer, picture, functions=()):
        """Show `name`.js. `functions` are the learner's own: an error in them is told with their line."""
        self._answer, self._picture, self._functions = answer, picture, functions
        self._changed, self._busy, self._wish = threading.Condition(), False, None
        first = self._answered({"move": 0}, {})
        super().__init__(_esm=module(name), settings=settings, shown=first)
        self.observe(lambda change: self.ask(change["new"]), "asked")

    def ask(self, asked):
        """Answer a wish in a thread of its own, so that a slow function holds up nobody; of many, the last one wins."""
        with self._changed:
            self._wish = asked
            self._changed.notify()
            if self._busy:
                return
            self._busy = True
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self):
        """Answer wishes until there are none; an answer with "again": seconds in it is followed by a tick, so it plays."""
        asked, again = {}, 0
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
                    return
            shown = self._answered(asked, self.shown)
            again = shown.pop("again", 0)
            self.shown = shown

    def _answered(self, asked, last):
        """Numbers for a wish; if a learner's function fails, the last numbers stand and the trouble is told in words."""
        try:
            shown = self._answer(asked)
        except Exception as error:  # an exception in a thread would be seen by nobody
            shown = last | {"trouble": str(in_words(error, self._functions, "drawing this panel"))}
        return shown | {"move": asked.get("move", 0)}

    def _repr_mimebundle_(self, **kwargs):
        """Add a picture and words: they are what is seen without a kernel, in a saved notebook or on a web page."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        if data:
            words = self.shown.get("words") or self.shown.get("trouble", "")
            data = data | {"image/png": self.static_png(), "text/plain": f"Panel: {words}"}
        return data, metadata

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
    """Join the shared JavaScript and a panel's own into one module, which needs no build step and no network."""
    shared = (HERE / "drawing.js").read_text() + (HERE / "controls.js").read_text()
    own = (HERE / f"{name}.js").read_text()
    return without_modules(shared + own)


def without_modules(code):
    """Take out what only separate files need: the import lines, and `export` before all but the last word."""
    lines = [line for line in code.splitlines() if not line.startswith("import ")]
    return "\n".join(line.removeprefix("export ") if not line.startswith("export default") else line for line in lines)


def numbers(array, places=6):
    """Give an array as a list that JSON can hold: what is not finite becomes None, a gap in the drawing."""
    array = np.asarray(array, float)
    return [None if not np.isfinite(value) else float(f"{value:.{places}g}") for value in array.ravel()]

"""A recording of a panel: requests and the views that answer them, which replay it without Python.

It is JSON, {"module", "settings", "pause", "missing", "parts", "answers"}:

    module    the panel, whose JavaScript draws it
    settings  what stands still; its sliders move on the grid that was recorded
    pause     seconds between two ticks of a play
    missing   what the page says to a request that has no answer here
    answers   {"from": 3, "request": {"act": "step"}, "to": 4, "view": {...}}: in state 3, a step gives this view and
              leads to state 4. Where `from` is null it does so from anywhere. A request names the fields that matter;
              its act may be a list, any of which is meant. Without a view, what is shown stays.
    parts     what several views share: {"part": 5} stands for the fifth of them, {"bytes": "..."} for bytes in base64
"""

import base64
import json
import time
import zlib

import jax
import numpy as np

from dl_workshop.panels.answer import answer
from dl_workshop.panels.prints import prints

LIMIT = 400_000  # characters that a recording may take in a page
SECONDS = 8.0  # after which no finer grid is begun
PATIENCE = 60.0  # seconds that one grid may take
DETAILS = (5, 7, 9, 13, 17, 21, 31, 41)  # places of a slider, from coarse to fine
SMALL = 40  # characters of JSON that are written again rather than shared


class TooSlow(Exception):
    """A recording takes longer than it may."""


class Recorder:
    """Takes a panel's steps and keeps what was asked and answered.

    counters: fields of requests and states that tell two moves apart, not two answers.  drawn_alone: fields of a view
    that are only drawn, on a linear scale.
    """

    def __init__(self, step, start, functions=(), counters=(), drawn_alone=(), *, seconds):
        """Start at a state, and go on for at most so many seconds: then TooSlow is raised."""
        self.step, self.functions, self.counters, self.drawn_alone = step, functions, counters, drawn_alone
        self.end = time.monotonic() + seconds
        self.answers, self.parts = [], []
        self._states, self._parts, self._known = {}, {}, set()
        self.first, view = answer(step, start, {}, {}, functions)
        self._keep(None, {}, self.first, view)

    def record(self, state, request, *, acts=None, anywhere=False):
        """Answer a request and keep it; give (state, view). acts: several that have this answer, in place of one."""
        if time.monotonic() > self.end:
            raise TooSlow
        request = request | {"act": acts[0]} if acts else request
        with prints():
            after, view = answer(self.step, state, request, {}, self.functions)
        asked = {name: value for name, value in request.items() if name not in self.counters}
        to = after if "words" in view else None  # the learner's function failed: it stays where it is
        self._keep(None if anywhere else state, asked | ({"act": acts} if acts else {}), to, view)
        return after, view

    def rest(self, state, acts, **fields):
        """Keep that these acts, with these fields, change nothing: in a state, or in all where it is None."""
        self._keep(state, fields | {"act": acts}, state, None)

    def _keep(self, state, asked, after, view):
        found = {"from": self._number(state), "request": asked, "to": self._number(after)}
        name = json.dumps([found["from"], asked])
        if name in self._known:
            return
        self._known.add(name)
        if view is not None:
            view = view | {key: drawn(view[key]) for key in self.drawn_alone if view.get(key)}
            found["view"] = {key: self._shared(value) for key, value in view.items() if key not in ("again", "move")}
        self.answers.append(found)

    def _number(self, state):
        """Give a state's number: states that differ in counters alone have the same."""
        if state is None:
            return None
        name = json.dumps({key: value for key, value in state.items() if key not in self.counters})
        return self._states.setdefault(name, len(self._states))

    def _shared(self, value):
        """Give a value with each larger piece of it as a part, which is kept once."""
        if isinstance(value, bytes):
            value = {"bytes": base64.b64encode(value).decode()}
        elif isinstance(value, dict):
            value = {key: self._shared(one) for key, one in value.items()}
        elif isinstance(value, list | tuple):
            value = (
                [self._shared(one) for one in value]
                if any(isinstance(one, dict | list | tuple | bytes | str) for one in value)
                else list(value)
            )
        text = json.dumps(value)
        if len(text) <= SMALL:
            return value
        if text not in self._parts:
            self._parts[text] = len(self.parts)
            self.parts.append(value)
        return {"part": self._parts[text]}


def record(name, step, start, plan, functions=()):
    """Record a panel on the finest grid that has room and time; give it packed, None where the coarsest has neither.

    `plan(detail)` gives {"settings", "walk", "missing"}; walk(recorder, state) records, from the state shown first. It
    may give "pause", "counters", "drawn", another "step" and "start", and "finest": True where there is no finer grid.
    """
    found, began = None, time.monotonic()
    for detail in DETAILS:
        if time.monotonic() - began > SECONDS:
            break
        one = {"step": step, "start": start, "counters": (), "drawn": (), "pause": 0.06, "finest": False} | plan(detail)
        recorder = Recorder(one["step"], one["start"], functions, one["counters"], one["drawn"], seconds=PATIENCE)
        try:
            one["walk"](recorder, recorder.first)
        except TooSlow:
            break
        packed = pack(
            {
                "module": name,
                "settings": one["settings"],
                "pause": one["pause"],
                "missing": one["missing"],
                "parts": recorder.parts,
                "answers": recorder.answers,
            }
        )
        if len(packed) > LIMIT:
            break
        found = packed
        if one["finest"]:
            break
    return found


def compiled(function, *args, fixed=()):
    """Compile a learner's function, for a recording asks it a thousand times; give it as it is where JAX cannot.

    fixed: the places of the arguments that are no arrays, such as a model.
    """
    quick = jax.jit(function, static_argnums=fixed)
    try:
        with prints():
            quick(*args)
    except Exception:  # a function with float() or if in it; what else is wrong, the panel says in words
        return function
    return quick


def compiled_fit(params, model, loss, x, y, **_):
    """Give {"model", "loss"} compiled, from the keywords of a panel's step."""
    model = compiled(model, params, x)
    return {"model": model, "loss": loss and compiled(loss, params, model, x, y, fixed=1)}


def drawn(values):
    """Round numbers that are only drawn, to a 5000th of their range: less than a pixel, and much shorter."""
    known = [value for value in values if value is not None]
    wide = max(known, default=0) - min(known, default=0)
    digits = 0 if wide == 0 else int(np.ceil(-np.log10(wide / 5000)))
    return [value if value is None or wide == 0 else round(value, digits) for value in values]


def pack(recording):
    """Write a recording as text for a page: JSON, deflated, in base64."""
    return base64.b64encode(zlib.compress(json.dumps(recording).encode(), 9)).decode()


def unpack(text):
    """Read what `pack` has written."""
    return json.loads(zlib.decompress(base64.b64decode(text)))

"""What a lesson's own notebook hands to each function that a learner writes: its calls, held against the domains."""

import json

import nbformat

# A first cell for a notebook, on Python 3.12 and later: it looks on at calls of every answer that is checked, without
# wrapping it, and prints at the end which of them lay outside.
LOOK_ON = """
import inspect, sys
from dl_workshop.exercises.domain import misfit
from dl_workshop.exercises.engine import Check
_watched, _outside, _check = {}, {}, Check.check
def _called(code, offset):
    exercise, names = _watched[code]
    seen = sys._getframe(1).f_locals
    found = misfit(exercise.domain, [seen.get(name) for name in names])
    if found:
        _outside.setdefault(exercise.name, found)
def _checked(self, answer):
    back = _check(self, answer)
    for answer in (answer, back):
        code = getattr(inspect.unwrap(answer), "__code__", None) if callable(answer) else None
        if code is not None:
            _watched[code] = self.exercise, code.co_varnames[:code.co_argcount]
            sys.monitoring.set_local_events(4, code, sys.monitoring.events.PY_START)
    return back
Check.check = _checked
sys.monitoring.use_tool_id(4, "dl-workshop tests")
sys.monitoring.register_callback(4, sys.monitoring.events.PY_START, _called)
"""
TELL = """
import json
Check.check = _check
sys.monitoring.free_tool_id(4)
print(json.dumps({"watched": len(_watched), "outside": _outside}))
"""


def look_on():
    """Make the cell that goes before a notebook."""
    return nbformat.v4.new_code_cell(LOOK_ON, id="look-on")


def tell():
    """Make the cell that goes after it."""
    return nbformat.v4.new_code_cell(TELL, id="tell")


def calls_outside(executed):
    """Give what calls lay outside, in words, one line an exercise; there must have been calls to look at."""
    told = json.loads(next(cell for cell in executed.cells if cell.get("id") == "tell").outputs[0].text)
    assert told["watched"]
    return [f"{name}: {words}" for name, words in told["outside"].items()]

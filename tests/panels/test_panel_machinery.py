"""What all panels share: wishes answered in a thread, errors in words, numbers for JSON, pictures for no kernel."""

import base64
import html
import json
import sys
import threading
import time

import matplotlib.pyplot as plt
import numpy as np
import pytest

from dl_workshop import panels
from dl_workshop.losses import mse_loss
from dl_workshop.models import linear_model
from dl_workshop.panels import bowl, descend
from dl_workshop.panels.javascript import module
from dl_workshop.panels.panel import Panel, numbers
from dl_workshop.plots import style

LINE = (linear_model, mse_loss, np.array([-1.0, 0.0, 2.0]), np.array([1.0, 2.0, 4.0]))


def picture(settings, shown):
    return style.figure(2, 1)


def panel_of(answer):
    """A panel without a state: answer(request) gives its view."""
    return Panel({}, lambda state, request: (state, answer(request)), "fit_by_hand", settings={}, picture=picture)


def settle(panel, move, patience=20):
    """Wait until the panel has answered a move."""
    arrived = threading.Event()
    panel.observe(lambda change: change["new"]["move"] == move and arrived.set(), "shown")
    assert panel.shown["move"] == move or arrived.wait(patience)


def test_of_many_wishes_during_a_slow_answer_only_the_last_is_answered():
    answered, started, go_on = [], threading.Event(), threading.Event()

    def answer(asked):
        answered.append(asked["move"])
        if asked["move"] == 1:
            started.set()
            assert go_on.wait(20)
        return {"words": str(asked["move"])}

    panel = panel_of(answer)
    panel.asked = {"move": 1}
    assert started.wait(20)
    for move in range(2, 7):  # the caller is never held up, though the answer to 1 is not there yet
        panel.asked = {"move": move}
    assert panel.shown["move"] == 0
    go_on.set()
    settle(panel, 6)
    assert answered == [0, 1, 6]
    assert panel.shown["words"] == "6"


def test_wishes_of_two_threads_at_once_are_answered_one_after_the_other():
    inside, most, lock = [0], [0], threading.Lock()

    def answer(asked):
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        pause = threading.Event()
        pause.wait(0.002)
        with lock:
            inside[0] -= 1
        return {"words": ""}

    panel = panel_of(answer)
    wishes = [threading.Thread(target=lambda n=n: [panel.ask({"move": n}) for _ in range(20)]) for n in (1, 2)]
    for wish in wishes:
        wish.start()
    for wish in wishes:
        wish.join()
    panel.ask({"move": 3})
    settle(panel, 3)
    assert most[0] == 1


def test_an_answer_waits_while_a_message_of_the_page_is_taken():
    go, heard, during = threading.Event(), threading.Event(), []

    def answer(asked):
        assert asked["move"] == 0 or go.wait(10)
        return {"words": "an answer"}

    panel = panel_of(answer)
    panel._took = 1.0  # so it is answered in a thread
    panel.observe(lambda change: heard.set(), "shown")
    panel.set_state({"asked": {"move": 1}})

    def meanwhile(change):  # called while traitlets holds back what threads notify
        go.set()
        during.append(heard.wait(0.3))

    panel.observe(meanwhile, "asked")
    panel.set_state({"asked": {"move": 1, "more": 1}})
    assert during == [False]
    assert heard.wait(10)


def test_moves_of_four_threads_are_all_answered_and_the_last_one_stands(monkeypatch):
    failed = []
    monkeypatch.setattr(threading, "excepthook", failed.append)
    monkeypatch.setattr(sys, "unraisablehook", failed.append)
    panel = panel_of(lambda asked: {"words": str(asked["move"])})
    panel._keep_picture = lambda: None
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads change places within nearly every line

    def hammer(first):
        for move in range(first, first + 250):
            panel._took = move % 2  # answered here, and in a thread of its own
            time.sleep(0.0002 * (move % 5))  # long enough for an answer to end now and then
            if first == 1000:
                panel.set_state({"asked": {"move": move}})  # as the browser's message does
            else:
                panel.ask({"move": move})

    try:
        movers = [threading.Thread(target=hammer, args=(1000 * n,)) for n in range(1, 5)]
        for mover in movers:
            mover.start()
        for mover in movers:
            mover.join()
        panel.set_state({"asked": {"move": 9999}})
        settle(panel, 9999)
    finally:
        sys.setswitchinterval(before)
    assert panel.shown["words"] == "9999"
    assert not failed


def test_steps_asked_for_by_four_threads_are_each_taken_once():
    panel = descend(lambda w: w**2, w=4.0, step_size=0.1)
    counted, lock = iter(range(1, 41)), threading.Lock()

    def press():
        for _ in range(10):
            with lock:  # the browser's count of presses goes up by one
                steps = next(counted)
                panel.ask({"move": steps, "steps": steps})

    pressing = [threading.Thread(target=press) for _ in range(4)]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join()
    settle(panel, 40)
    assert panel.shown["step"] == 40
    assert panel.shown["runs"][0]["now"][0] == pytest.approx(4 * 0.8**40, rel=1e-4)


@pytest.mark.parametrize(
    ("panel", "asked"),
    [
        (lambda: descend(lambda w: w**2, w=4, step_size=1), {"w": 3, "sizes": [1], "steps": 1}),
        (lambda: bowl(dict(w=0, b=0), *LINE), {"act": "step", "step_size": 1}),
    ],
    ids=["descend", "bowl"],
)
def test_whole_numbers_from_a_slider_are_floats_to_the_gradient(panel, asked):
    shown = panel()._answer(asked)
    assert not shown["trouble"]
    json.dumps({name: value for name, value in shown.items() if not isinstance(value, bytes)}, allow_nan=False)


def test_after_an_interrupt_the_next_wish_is_answered():
    def answer(asked):
        if asked["move"] == 1:
            raise KeyboardInterrupt
        return {"words": str(asked["move"])}

    panel = panel_of(answer)
    panel._took = 0.0  # quick: answered in the thread that asks, which an interrupt reaches
    with pytest.raises(KeyboardInterrupt):
        panel.ask({"move": 1})
    panel.ask({"move": 2})
    settle(panel, 2)
    assert panel.shown["words"] == "2"


def test_prints_of_an_answer_are_shown_and_those_of_other_threads_are_not(capsys):
    inside, go_on = threading.Event(), threading.Event()

    def answer(asked):
        if asked["move"] == 1:
            print("from the learner's function")
            inside.set()
            assert go_on.wait(20)
        return {"words": ""}

    panel = panel_of(answer)
    panel.ask({"move": 1})
    assert inside.wait(20)
    print("from a cell")
    go_on.set()
    settle(panel, 1)
    assert panel.shown["printed"] == "from the learner's function\n"
    assert capsys.readouterr().out == "from a cell\n"
    panel.ask({"move": 2})
    settle(panel, 2)
    assert panel.shown["printed"] == ""


def test_playing_goes_on_until_pause_and_stops_at_once():
    ticks, playing = [], threading.Event()

    def answer(asked):
        if asked.get("act") == "pause":
            return {"words": "paused"}
        ticks.append(asked)
        if len(ticks) == 5:
            playing.set()
        return {"words": f"{len(ticks)}", "again": 0.001}

    panel = panel_of(answer)
    panel.ask({"move": 1, "act": "play"})
    assert playing.wait(20)
    panel.ask({"move": 2, "act": "pause"})
    settle(panel, 2)
    taken = len(ticks)
    panel.ask({"move": 3, "act": "pause"})
    settle(panel, 3)
    assert len(ticks) == taken
    assert panel.shown["words"] == "paused"


def test_an_error_is_told_in_words_and_the_last_numbers_stand():
    def answer(asked):
        if asked["move"] == 1:
            raise ZeroDivisionError("division by zero")
        return {"words": "fine", "trouble": "", "loss": 2.0}

    panel = panel_of(answer)
    panel.ask({"move": 1})
    settle(panel, 1)
    assert panel.shown["loss"] == 2.0
    assert "division by zero" in panel.shown["trouble"]
    panel.ask({"move": 2})
    settle(panel, 2)
    assert panel.shown["trouble"] == ""


def test_a_panel_that_fails_at_once_is_not_blank():
    open_before = plt.get_fignums()
    panel = panel_of(lambda asked: 1 / 0)
    data, _ = panel._repr_mimebundle_()
    assert "division by zero" in data["text/plain"]
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert f'alt="{html.escape(data["text/plain"])}"' in data["text/html"]
    assert plt.get_fignums() == open_before


@pytest.mark.parametrize("array", [np.array([1 / 3, 123456.789, -2.5e-9, 0.0]), np.arange(5), np.ones((2, 2))])
def test_numbers_keep_six_digits(array):
    np.testing.assert_allclose(numbers(array), array.ravel(), rtol=5e-6)
    assert all(len(json.dumps(number)) <= 12 for number in numbers(array))


def test_what_is_not_finite_becomes_a_gap_that_json_can_hold():
    assert numbers([1.0, np.nan, np.inf, -np.inf]) == [1.0, None, None, None]
    assert numbers([]) == []


@pytest.mark.parametrize("name", panels.__all__)
def test_every_panel_is_one_module_without_imports(name):
    code = module(name)
    assert code.count("export ") == code.count("export default") == 1
    assert "import " not in code.replace("important", "")
    assert "http" not in code

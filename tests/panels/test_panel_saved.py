"""Panels saved to a page: steps that change nothing but what they return, and recordings that say what a step says."""

import copy
import json
import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import fit, models, panels
from dl_workshop.errors import LearnerError
from dl_workshop.panels import recording


def parabola(w):
    return w**2 + 3 * w - 5


def line(params, x):
    return params["w"] * x + params["b"]


def mse(params, model, x, y):
    return jnp.mean((y - model(params, x)) ** 2)


X = np.linspace(-5, 5, 21)
START, DATA = {"w": -5.0, "b": 3.0}, (line, mse, X, 2 * X + 20)
PATH = {"w": np.linspace(-5, 2, 8), "b": np.linspace(3, 20, 8)}
# For each panel: one to record, and requests that follow one another, as its page sends them.
CASES = {
    "descend": (
        lambda: panels.descend(parabola, w=6.0, step_size=[0.1, 1.1]),
        [
            {"w": 3.0, "sizes": [0.1, 1.1], "steps": 0, "resets": 1, "act": "start"},
            {"steps": 1, "act": "step"},
            {"steps": 1, "playing": True, "act": "play"},
            {"steps": 1, "playing": True, "act": "tick"},
        ],
    ),
    "fit_by_hand": (
        lambda: panels.fit_by_hand(START, *DATA),
        [
            {"values": {"w": 2.0, "b": 4.0}},
            {"values": {"w": 2.0, "b": 4.0}, "act": "step"},
            {"values": {"w": 2.5, "b": 9.0}, "gradient": True},
            {"act": "reset"},
        ],
    ),
    "logistic_curve": (
        lambda: panels.logistic_curve(2.0, 1.0, x=X, y=(X > 1) * 1),
        [{"values": {"w": -1.0, "b": 0.0}}, {"values": {"w": 0.0, "b": 0.0}}],
    ),
    "bowl": (
        lambda: panels.bowl(START, *DATA, PATH),
        [
            {"act": "place", "values": {"w": 1.0, "b": 5.0}},
            {"act": "step", "step_size": 0.02},
            {"act": "tick", "playing": "down"},
            {"act": "back"},
            {"act": "scrub", "row": 3},
            {"act": "tick", "playing": "follow"},
            {"act": "clear"},
        ],
    ),
    "replay": (
        lambda: panels.replay(fit(START, *DATA, n_steps=9, progress=False), line, *DATA[2:], loss=mse),
        [{"act": "seek", "row": 2}, {"act": "play", "playing": True}, {"act": "tick", "playing": True}],
    ),
    "backprop": (
        lambda: panels.backprop(lambda a, b: a * b + a, 3.0, 4.0),
        [
            {"act": "step"},
            {"act": "choose", "node": 0},
            {"values": {"a": 2.0, "b": 4.0}, "at": 1},
            {"act": "end"},
            {"act": "play", "playing": True},
            {"act": "tick", "playing": True},
            {"act": "back"},
        ],
    ),
    "sweep": (lambda: panels.sweep(START, *DATA, n_steps=20), [{}]),
}


def plain(value):
    """A copy as JSON has it: tuples are lists."""
    return json.loads(json.dumps(value, default=bytes.hex))


def whole(value, parts):
    """A recorded value with its parts put in."""
    if isinstance(value, dict):
        return (
            whole(parts[value["part"]], parts)
            if "part" in value
            else {name: whole(one, parts) for name, one in value.items()}
        )
    return [whole(one, parts) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", CASES)
def test_a_step_changes_nothing_that_it_was_given_and_answers_the_same_again(name):
    make, requests = CASES[name]
    panel = make()
    state, said = panel._start, []
    for request in [{}, *requests]:
        before = copy.deepcopy((state, request))
        after, view = panel._step(state, request)
        again, same = panel._step(state, request)
        assert plain((state, request)) == plain(before)
        assert plain((after, view)) == plain((again, same))
        state = after
        said.append(view["words"])
    assert len(set(said)) > 1 or name == "sweep"  # which is all there at once


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_recording_gives_what_the_step_gives(name, monkeypatch):
    """Every recorded answer is played from the start, along the recorded ways, and held against the step's own."""
    monkeypatch.setattr(recording, "DETAILS", (3,))
    panel = CASES[name][0]()
    found = recording.unpack(recording.record(panel._name, panel._step, panel._start, panel._plan))
    reached, views = {}, 0
    for answer in found["answers"]:
        if "view" not in answer:
            continue
        earlier = [] if answer["from"] is None else reached[answer["from"]]
        acts = answer["request"].get("act")
        request = answer["request"] | {"act": acts[0] if isinstance(acts, list) else acts}
        way = [*earlier, *in_full(name, request, len(earlier))]
        state = panel._start
        for one in way:
            state, view = panel._step(state, one)
        reached.setdefault(answer["to"], way)
        kept = whole(answer["view"], found["parts"])
        assert kept["strong"] == view["strong"]
        assert kept["words"] == view["words"]
        views += 1
    assert views > 15 or name == "sweep"
    assert found["module"] == name


def in_full(name, request, n_before):
    """The requests that stand for a recorded one: descend counts its presses, and backprop says how far it has gone."""
    if name == "descend":
        return [request | {"steps": n_before, "resets": 1}]
    return [{"act": "reset"}, *[{"act": "step"}] * request.get("at", 0), request] if "at" in request else [request]


@pytest.mark.slow
def test_a_page_holds_all_that_it_needs_in_400_kb(tmp_path):
    path = tmp_path / "panel.html"
    CASES["descend"][0]().save_html(path)
    page = path.read_text(encoding="utf-8")
    packed = re.search(r'id="recording">([^<]*)<', page)[1]
    assert 10_000 < len(packed) <= 400_000
    assert not re.search(r'(src|href)="(?!data:)|https?://(?!www.w3.org)|@import|\bimport ', page)
    assert page.count("<script") == page.count("</script>") == 2


@pytest.mark.parametrize(
    "make",
    [
        lambda: panels.playground(settings="hidden=2"),
        lambda: panels.draw_digit(models.init_mlp(jax.random.key(0), (64, 10)), models.mlp_model),
        lambda: panels.descend(slow, w=1.0, df=lambda w: 2 * w),
    ],
)
def test_what_cannot_be_recorded_becomes_a_page_of_its_picture_and_says_why(make, tmp_path, monkeypatch):
    monkeypatch.setattr(recording, "PATIENCE", 0.0)
    panel, path = make(), tmp_path / "panel.html"
    panel.save_html(path)
    page = path.read_text(encoding="utf-8")
    assert "<script" not in page
    assert f'base64,{panel.static_png()}"' in page
    assert re.search("(cannot be recorded|takes too long.*): run the notebook to move it", page)


def slow(w):
    return float(w) ** 2


def test_a_page_that_cannot_be_written_leaves_the_earlier_one(tmp_path, monkeypatch):
    monkeypatch.setattr(recording, "DETAILS", (3,))
    panel, path = CASES["descend"][0](), tmp_path / "panel.html"
    path.write_text("earlier")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(LearnerError, match=r"No space left on device.*save_html"):
        panel.save_html(path)
    assert path.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [path]


def test_finer_grids_are_recorded_until_the_page_is_full(monkeypatch):
    panel = CASES["descend"][0]()
    monkeypatch.setattr(recording, "DETAILS", (3, 4))
    monkeypatch.setattr(recording, "SECONDS", 60)
    args = panel._name, panel._step, panel._start, panel._plan
    finest = len(recording.record(*args))
    monkeypatch.setattr(recording, "LIMIT", finest - 1)
    coarser = len(recording.record(*args))
    assert coarser < finest
    monkeypatch.setattr(recording, "LIMIT", 10)
    assert recording.record(*args) is None

"""The descent stepper without a browser: what is answered to each wish, against plain loops and closed forms."""

import math
import time

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import panels
from dl_workshop.errors import LearnerError
from dl_workshop.panels.descend.curve import grown, heights, view
from dl_workshop.panels.descend.state import SPEEDS, Point, visit
from dl_workshop.panels.descend.verdict import verdict


def parabola(w):
    return w**2 + 3 * w - 5


def place(start, step_size, n_steps):
    """Where the parabola's descent is after n steps: each multiplies the distance from -1.5 by 1 - 2 * step_size."""
    return -1.5 + (start + 1.5) * (1 - 2 * step_size) ** n_steps


def played(panel, **wish):
    """Play, a tick a frame, until it stops by itself; give the last state."""
    wish = {"steps": 0, "playing": True, "speed": SPEEDS[-1]} | wish
    shown = panel._answer(wish | {"act": "play"})
    for _ in range(5000):
        if not shown["playing"]:
            return shown
        shown = panel._answer(wish | {"act": "tick"})
    raise AssertionError("it plays for ever")


@pytest.mark.parametrize(
    ("step_size", "word"), [(0.01, "crawls"), (0.3, "converges"), (0.9, "flips"), (1.0, "flips"), (1.1, "diverges")]
)
def test_the_verdict_on_a_parabola_follows_its_step_size(step_size, word):
    path = [visit(parabola, jax.grad(parabola), 6.0)]
    path.append(visit(parabola, jax.grad(parabola), 6.0 - step_size * path[0].slope))
    assert verdict(path, [step_size], step_size)[0] == word
    assert verdict(path, [step_size], 2 * step_size)[0] == "start"


def test_the_verdict_tells_nan_from_far_away():
    path = [Point(1.0, 1.0, 4.0), Point(-1.0, math.nan, math.nan)]
    word, words = verdict(path, [0.5], 0.5)
    assert word == "lost"
    assert "f is nan at w = -1" in words
    assert verdict([*path[:1], Point(-1.0, 3.0, math.inf)], [0.5], 0.5)[0] == "lost"
    assert verdict([*path[:1], Point(1e9, 1e18, 2e9)], [0.5], 0.5, far=1e8)[0] == "diverged"


@pytest.mark.parametrize("df", [None, lambda w: 2 * w + 3])
def test_it_takes_the_steps_of_a_plain_loop(df):
    panel = panels.descend(parabola, w=8.0, step_size=0.1, df=df)
    shown = panel._answer({"steps": 12})
    assert shown["runs"][0]["ws"] == pytest.approx([place(8, 0.1, n) for n in range(13)], rel=1e-4)
    assert shown["strong"] == f"step 12: w = {place(8, 0.1, 12):.4g}"
    assert shown["runs"][0]["now"][2] == pytest.approx(2 * place(8, 0.1, 12) + 3, rel=1e-3)


def test_presses_that_are_answered_together_are_all_taken_and_a_new_start_begins_again():
    panel = panels.descend(parabola, w=8.0)
    panel._answer({"steps": 1})
    assert panel._answer({"steps": 4})["step"] == 4
    assert panel._answer({"steps": 4, "sizes": [0.5]})["step"] == 4
    shown = panel._answer({"steps": 1, "w": 5.0, "sizes": [0.5]})
    assert shown["runs"][0]["ws"] == pytest.approx([5, -1.5], abs=1e-5)
    assert panel._answer({"steps": 0, "w": 5.0, "resets": 1})["runs"][0]["ws"] == [5]


def test_the_step_size_changes_while_it_runs():
    panel = panels.descend(parabola, w=8.0, step_size=0.1)
    panel._answer({"steps": 3})
    shown = panel._answer({"steps": 3, "sizes": [0.3]})
    assert "step size is now 0.3" in shown["words"]
    shown = panel._answer({"steps": 5, "sizes": [0.3]})
    assert shown["runs"][0]["ws"][-1] == pytest.approx(place(place(8, 0.1, 3), 0.3, 2), rel=1e-4)
    assert "each step is 0.4 of the last" in shown["words"]


def test_play_stops_where_it_arrives_where_it_diverges_and_where_it_is_told():
    assert "converged" in played(panels.descend(parabola, w=8.0, step_size=0.4))["words"]
    assert "w has left every scale" in played(panels.descend(parabola, w=8.0, step_size=5.0))["words"]
    shown = played(panels.descend(parabola, w=8.0, step_size=0.001), stop=37)
    assert (shown["step"], shown["trouble"]) == (37, "")
    assert "Stopped at step 37, as asked" in shown["words"]


def test_play_goes_on_by_itself_and_a_pause_ends_it():
    panel = panels.descend(parabola, w=8.0, step_size=1e-4)
    first = panel._answer({"playing": True, "speed": 3, "act": "play"})
    assert 0 < first["again"] <= 1 / 3
    assert first["step"] == 1
    assert panel._answer({"playing": True, "speed": 3, "sizes": [0.2]})["step"] == 1  # no sooner than its time
    assert panel._answer({"playing": True, "speed": 3, "act": "tick"})["step"] == 2
    assert "again" not in panel._answer({"playing": False})


def test_several_step_sizes_run_side_by_side():
    sizes = [0.01, 0.3, 0.9, 1.1]
    shown = panels.descend(parabola, w=3.0, step_size=sizes)._answer({"steps": 6})
    for run, size in zip(shown["runs"], sizes, strict=True):
        assert run["ws"] == pytest.approx([place(3, size, n) for n in range(7)], rel=1e-4)
    assert [run["word"] for run in shown["runs"]] == ["crawls", "converges", "flips", "diverges"]
    assert shown["words"] == "0.01 crawls; 0.3 converges; 0.9 flips; 1.1 diverges."


def test_one_run_that_fails_or_is_lost_leaves_the_others_going():
    def root(w):  # has no value left of 0
        return math.sqrt(w)

    panel = panels.descend(root, w=1.0, step_size=[0.1, 4.0], df=lambda w: 0.5 / math.sqrt(w))
    shown = panel._answer({"steps": 3})
    assert [run["word"] for run in shown["runs"]] == ["speeds up", "failed"]
    assert "math.sqrt(w)" in shown["runs"][1]["words"]
    assert shown["trouble"] == ""
    shown = played(panels.descend(jnp.log, w=1.0, step_size=2.0))
    assert shown["runs"][0]["word"] == "lost"
    assert "f is nan at w = -1" in shown["trouble"]


def test_an_error_at_a_new_start_is_told_and_the_last_picture_stands():
    def picky(w):
        if w > 9:
            raise ValueError("too far")
        return w**2

    panel = panels.descend(picky, w=2.0, df=lambda w: 2 * w)
    before = panel._answered({"steps": 2}, panel.shown)
    after = panel._answered({"w": 10.0, "steps": 0}, before)
    assert "too far" in after["trouble"]
    assert after["runs"] == before["runs"]
    assert panel._answered({"w": 3.0}, after)["trouble"] == ""


def test_an_f_that_jax_cannot_map_is_drawn_and_one_that_fails_is_refused():
    shown = panels.descend(lambda w: float(w) ** 2, w=2.0, df=lambda w: 2 * float(w))._answer({"steps": 1})
    assert "w = 1.6" in shown["strong"]
    low, high = shown["runs"][0]["range"]
    assert shown["runs"][0]["curve"] == pytest.approx(np.linspace(low, high, 160) ** 2, rel=1e-3, abs=1e-3)
    with pytest.raises(LearnerError, match="one number"):
        panels.descend(lambda w: jnp.array([w, w]), w=1.0, df=lambda w: w)
    with pytest.raises(LearnerError, match="does it return"):
        panels.descend(lambda w: None, w=1.0, df=lambda w: w)
    for wrong in (-1, [0.1, 0.0], [], [0.1] * 7):
        with pytest.raises(LearnerError, match="step_size"):
            panels.descend(parabola, step_size=wrong)
    with pytest.raises(LearnerError, match="no place to start"):
        panels.descend(parabola, w=math.nan)


def test_a_slow_f_is_drawn_from_fewer_points():
    calls = []

    def slow(w):
        calls.append(w)
        time.sleep(0.02)
        return float(w) ** 2

    drawn = heights(slow, np.linspace(-1, 1, 161), seconds=0.1)
    assert len(calls) < 20
    assert drawn[[0, 80, 160]] == pytest.approx([1, 0, 1])
    assert np.isfinite(drawn).all()


def test_the_view_holds_start_and_minimum_and_grows_for_what_leaves_it():
    low, high = view(parabola, 8.0)
    assert low < -1.5 < 8 < high
    assert grown(-1, 1, [0.5], 64) == (-1, 1)
    assert grown(-1, 1, [0.5, -3, 1e9], 64) == (-4, 4)


@pytest.mark.parametrize("step_size", [0.1, [0.1, 0.5, 1.1]])
def test_without_a_kernel_a_picture_and_words_are_shown(step_size):
    data, _ = panels.descend(parabola, w=8.0, step_size=step_size)._repr_mimebundle_()
    assert data["image/png"].startswith("iVBOR")
    assert data["text/plain"].startswith("Panel: ")

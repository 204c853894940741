"""The logistic curve without a browser: its midpoint, its slope, its words, and how well it fits points."""

import re

import numpy as np
import pytest
from sklearn.metrics import log_loss

from dl_workshop import panels
from dl_workshop.errors import LearnerError
from dl_workshop.panels.logistic_curve.picture import tangent
from dl_workshop.panels.logistic_curve.state import frame, logistic

X = np.array([20.0, 25.0, 31.0, 36.0, 40.0])
LABELS = np.array([0, 0, 1, 0, 1])


@pytest.mark.parametrize(("w", "b"), [(2.0, 1.0), (-1.0, 3.0), (0.5, -2.0)])
def test_midpoint_and_slope(w, b):
    shown = frame(w, b)
    p = lambda x: 1 / (1 + np.exp(-(w * x + b)))  # noqa: E731
    midpoint = shown["midpoint"]
    assert shown["p"] == pytest.approx(p(np.linspace(-10, 10, 240)), rel=1e-5)
    assert p(midpoint) == pytest.approx(0.5)
    assert shown["slope"] == pytest.approx((p(midpoint + 1e-5) - p(midpoint - 1e-5)) / 2e-5, rel=1e-6)
    assert ("LEFT" in shown["words"]) == (frame(w, b + 1)["midpoint"] < midpoint)
    (x0, x1), (p0, p1) = tangent(midpoint, shown["slope"], -10, 10)
    assert (p1 - p0) / (x1 - x0) == pytest.approx(w / 4)


def test_a_flat_curve_has_no_midpoint():
    shown = frame(0.0, 1.0)
    assert shown["midpoint"] is None
    assert "p = 0.731 everywhere" in shown["words"]
    panel = panels.logistic_curve(w=0.0)
    assert panel.shown["strong"] == "no midpoint"
    assert panel._answer({"values": {"w": 1.0, "b": 0.0}})["strong"] == "midpoint 0"


def test_a_midpoint_off_the_picture_is_said():
    assert "(off the picture)" in frame(0.1, 5.0)["words"]
    assert "(off the picture)" not in frame(1.0, 5.0)["words"]


def test_no_logit_overflows():
    with np.errstate(all="raise"):
        assert logistic([-1e4, 0, 1e4]) == pytest.approx([0, 0.5, 1])


@pytest.mark.parametrize(("w", "b"), [(0.5, -15.0), (-0.2, 4.0), (0.0, 0.3)])
def test_with_points_it_says_how_well_they_are_fitted(w, b):
    shown = panels.logistic_curve(x=X, y=LABELS)._answer({"values": {"w": w, "b": b}})
    p = 1 / (1 + np.exp(-(w * X + b)))
    assert float(re.search(r"loss (\d[\d.e+-]*\d)", shown["words"])[1]) == pytest.approx(log_loss(LABELS, p), rel=1e-3)
    assert f"{((p > 0.5) == LABELS).sum()} of 5 points" in shown["words"]


def test_the_picture_and_sliders_reach_over_the_points():
    settings = panels.logistic_curve(x=X[:, None], y=LABELS).settings
    low, high = settings["x_range"]
    assert low < 20 < 40 < high
    w, b = settings["sliders"]
    assert w["min"] <= 10 / (high - low) <= w["max"]
    assert b["min"] <= -w["max"] * 30  # the midpoint can be brought to the middle of the points


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"x": X}, "Points need both"),
        ({"x": X, "y": X}, "other numbers than 0 and 1"),
        ({"x": X[:3], "y": LABELS}, "3 rows"),
        ({"x": np.c_[X, X], "y": LABELS}, "Choose a column"),
    ],
)
def test_points_that_do_not_belong_together_are_refused(wrong, words):
    with pytest.raises(LearnerError, match=words):
        panels.logistic_curve(**wrong)


@pytest.mark.parametrize("data", [{}, {"x": X, "y": LABELS}])
def test_without_a_kernel_a_picture_and_words_are_shown(data):
    bundle, _ = panels.logistic_curve(w=-0.5, b=2.0, **data)._repr_mimebundle_()
    assert bundle["image/png"].startswith("iVBOR")
    assert "midpoint 4" in bundle["text/plain"]

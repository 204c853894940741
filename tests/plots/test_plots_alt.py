"""What is told of a picture is true: every number in the words is one of the data's, reckoned here by itself."""

import matplotlib

matplotlib.use("Agg")

import re

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dl_workshop import metrics, models, plots
from dl_workshop.errors import LearnerError
from dl_workshop.plots.words import words_of

RNG = np.random.default_rng(0)
X = np.linspace(-5, 5, 100)
Y = 2 * X + 20 + RNG.normal(size=100)
LABELS = (X > -0.5).astype(float)
PLANE = RNG.normal(size=(60, 2)) * [1.0, 30.0]
SIDES = (PLANE[:, 0] > 0).astype(int)
PARAMS = {"w": 1.5, "b": 18.0}
NET = models.init_mlp(jax.random.key(0), (2, 5, 3))
TABLE = np.c_[PLANE, 1000 * RNG.uniform(size=60)]
STEPS = 3 * 0.8 ** np.arange(20) - 1.5
CURVE = 5 * 0.9 ** np.arange(80) + 0.25
PATH = {"w": np.linspace(4.0, 2.0, 30), "b": np.linspace(1.0, 19.0, 30)}
PICTURES = RNG.uniform(size=(6, 64))
SIGNALS = [RNG.normal(size=(50, 4)), 0.1 * RNG.normal(size=(50, 4))]


def line(params, x):
    return params["w"] * x + params["b"]


def upright(params, x):
    return 3 * x[:, 0] - 1


def three(params, x):
    return jnp.stack([x[:, 0], x[:, 1] / 30, -x[:, 0]], axis=1)


def mse(params, model, x, y):
    return jnp.mean((y - model(params, x)) ** 2)


def valley(w):
    return w**2 + 3 * w - 5


def ends(*arrays):
    return [end for array in arrays for end in (np.min(array), np.max(array))]


def half_way(x, y):
    """The x by which a curve that only rises or only falls has done half of its way."""
    order = np.argsort(y)
    return np.interp((y[0] + y[-1]) / 2, np.asarray(y)[order], np.asarray(x)[order])


def of_classes(x, labels):
    """Every count and every end of the points of each class."""
    return [
        number
        for label in np.unique(labels)
        for here in [x[labels == label]]
        for number in (label, len(here), *ends(*here.T))
    ]


def landscape(words, given, lows):
    """The lowest and highest of a loss on a grid: told at places where the loss really is that, inside the limits."""
    found = re.findall(r"(lowest|highest), ([\d.,e+-]+), near w = ([\d.e+-]+), b = ([\d.e+-]+)[;.]", words)
    assert [name for name, *_ in found] == ["lowest", "highest"]
    for _, loss, w, b in found:
        true = np.mean((Y - float(w) * X - float(b)) ** 2)
        assert abs(float(loss.replace(",", "")) - true) <= 0.03 * true + 0.02
    return True


GRID = 0.5 + np.arange(1, 4)
POINTS = [100, *ends(X, Y)]
CASES = {
    "data": [
        (lambda: plots.data(X, Y), POINTS, ["rising"]),
        (lambda: plots.data(X, -Y), [100, *ends(X, -Y)], ["falling"]),
        (lambda: plots.data(X[:3], Y[:3]), [3, *X[:3], *Y[:3]], ["3 points"]),
        (lambda: plots.data([2.0], [7.0]), [2, 7], ["data at (2, 7)"]),
        (lambda: plots.data(X, np.full(100, 4.0)), [100, 4, -5, 5], ["at 4"]),
        (lambda: plots.data(X, LABELS), [0, 1, 45, 55, *ends(X[LABELS == 0], X[LABELS == 1])], ["class 0"]),
        (lambda: plots.data(PLANE, SIDES), of_classes(PLANE, SIDES), ["class 1"]),
    ],
    "data_and_model": [
        (lambda: plots.data_and_model(PARAMS, line, X, Y), [*POINTS, 10.5, 25.5], ["model rises in a straight line"]),
        (
            lambda: plots.data_and_model({"w": 2.0, "b": 1.0}, line, X, LABELS, logits=True),
            [0, 1, 45, 55, *ends(X[LABELS == 0], X[LABELS == 1]), -0.5],
            ["half of it by -0.5"],
        ),
        (
            lambda: plots.data_and_model({}, upright, PLANE, SIDES, logits=True),
            [
                0.5,
                1 / 3,
                *of_classes(PLANE, SIDES),
                *np.add(ends(PLANE[:, 1]), np.multiply([-0.08, 0.08], np.ptp(PLANE[:, 1]))),
            ],
            ["a line of 0.5"],
        ),
        (lambda: plots.data_and_model({}, three, PLANE, SIDES), None, ["% of the plane for class 2"]),
    ],
    "residuals": [
        (
            lambda: plots.residuals(PARAMS, line, X[:8], Y[:8]),
            [
                8,
                *ends(X[:8], Y[:8]),
                10.5,
                1.5 * X[7] + 18,
                np.mean((Y[:8] - 1.5 * X[:8] - 18) ** 2),
                *(lambda d: (d.max(), X[d.argmax()]))(np.abs(Y[:8] - 1.5 * X[:8] - 18)),
            ],
            ["8 bars (residuals)"],
        ),
        (lambda: plots.residuals(PARAMS, line, X[:2], Y[:2], squared=True), None, ["square"]),
    ],
    "predicted_against_true": [(lambda: plots.predicted_against_true(PARAMS, line, X, Y), None, ["100 points"])],
    "loss_curve": [
        (
            lambda: plots.loss_curve(CURVE),
            [0, 79, 5.25, CURVE[-1], np.argmax((5.25 + CURVE[-1]) / 2 >= CURVE)],
            ["falls"],
        ),
        (
            lambda: plots.loss_curve({"one": [3, 2, 1.5], "two": [3, 1, 5, np.nan]}),
            [3, 1.5, 0, 2, 1, 5],
            ["one falls from 3 at 0 to 1.5 at 2", "two goes from 3 at 0 to 5 at 2, lowest 1 at 1", "nan at step 3"],
        ),
        (
            lambda: plots.loss_curve([CURVE * k for k in range(1, 21)]),
            [20, 5.25, 105, CURVE[-1], 20 * CURVE[-1]],
            ["20 curves"],
        ),
        (lambda: plots.loss_curve([5.0, 5e4, 5e9], log=True), [5, 5e9, 0, 2], ["rises from 5 at 0 to 5e+09 at 2"]),
    ],
    "contour": [
        (lambda: plots.contour(PARAMS, line, mse, X, Y, path=PATH), landscape, ["path runs from (4, 1) to (2, 19)"]),
        (lambda: plots.contour(PARAMS, line, mse, X, Y), landscape, ["params at (1.5, 18)"]),
    ],
    "surface": [(lambda: plots.surface(PARAMS, line, mse, X, Y, path=PATH), landscape, ["from (4, 1)", "to (2, 19)"])],
    "contour_paths": [
        (
            lambda: plots.contour_paths(PARAMS, line, mse, X, Y, {"slow": PATH}),
            landscape,
            ["slow runs from (4, 1) to (2, 19)"],
        )
    ],
    "confusion_matrix": [
        (
            lambda: plots.confusion_matrix([0, 1, 1, 0, 1], [0, 1, 0, 0, 1], classes=["no", "yes"]),
            [4, 5, 80, 2, 0, 1],
            ["True no: 2 as no and 0 as yes. True yes: 1 as no and 2 as yes."],
        ),
        (
            lambda: plots.confusion_matrix(np.arange(40) % 8, np.r_[np.arange(38) % 8, 1, 1]),
            None,
            ["38 of 40 right", "4 of 5 for 6", "6 taken for 1, 1 times"],
        ),
    ],
    "heat_map": [
        (
            lambda: plots.heat_map(TABLE, columns=["a", "b", "c"]),
            [60, 3, *ends(*TABLE.T, TABLE)],
            ["c from", "60 samples"],
        ),
        (lambda: plots.heat_map([[1.0, np.nan]]), [1, 2, 0], ["1 value missing"]),
    ],
    "tangent": [
        (
            lambda: plots.tangent(valley, 2.5, limits=(-4.0, 4.0)),
            [2.5, 8.75, 8, valley(-4), -4, valley(4), 4, -7.25, -1.5, 8.75 - 8 * 6.5, 8.75 + 8 * 1.5],
            ["lowest -7.25 at -1.5"],
        )
    ],
    "history": [
        (lambda: plots.history(STEPS, minimum=-1.5), [1.5, 0, STEPS[-1], 19, -1.5, 4], ["a level line at -1.5"])
    ],
    "trajectories": [
        (
            lambda: plots.trajectories(valley, {0.1: [3.0, 2.0, 1.0]}, limits=(-4, 4)),
            [0.1, 3, 13, 1, -1, -4, 4, valley(-4), valley(4), -7.25, -1.5],
            ["descent runs from (3, 13) to (1, -1)"],
        )
    ],
    "logistic_family": [(lambda: plots.logistic_family(ws=(1.0,), bs=(4.0,)), None, ["half of it by 0", "by -2"])],
    "cross_entropy_terms": [(plots.cross_entropy_terms, None, ["falls", "rises"])],
    "roc": [(lambda: plots.roc(SIDES, PLANE[:, 1]), None, [f"AUC {metrics.auc(SIDES, PLANE[:, 1]):.3g}"])],
    "scalar_diagram": [
        (lambda: plots.scalar_diagram(PARAMS), [1.5, 18], ["x times 1.5 plus 18 gives"]),
        (lambda: plots.scalar_diagram(NET), [5, 2, 3], ["5 sums of 2 products", "then tanh"]),
    ],
    "matrix_diagram": [(lambda: plots.matrix_diagram(NET, n=60), [60, 2, 5, 3], ["h (60, 5) times w2 (5, 3)"])],
    "neural_diagram": [(lambda: plots.neural_diagram(NET), [2, 5, 3], ["5 hidden units with tanh and 3 outputs"])],
    "summary": [
        (
            lambda: plots.summary(PARAMS, {"w": np.ones(2), "b": 0.0}, NET),
            [1, 1.5, 18, 2, 5, 3],
            ["3 outputs with softmax", "binary cross-entropy"],
        )
    ],
    "digits": [
        (lambda: plots.digits(PICTURES, np.arange(6), [0, 1, 2, 3, 4, 7]), [6, 8, 1, 7, 5], ["7, not 5"]),
        (lambda: plots.digits(PICTURES, np.arange(6)), [6, 8, *range(6)], ["labelled 0, 1, 2"]),
    ],
    "what_the_net_saw": [
        (lambda: plots.what_the_net_saw(PICTURES[0], [0.1, 0.7, 0.2]), [8, 1, 70, 2, 20], ["with 70%"])
    ],
    "weight_histograms": [
        (lambda: plots.weight_histograms({"w1": [0.0, 0.001, 3.0]}), None, ["2 of 3 within 0.01 of 0"])
    ],
    "signal_histograms": [(lambda: plots.signal_histograms(SIGNALS), None, [f"deviation {np.std(SIGNALS[1]):.2g}"])],
    "loss_curves": [
        (
            lambda: plots.loss_curves({"one": CURVE, "two": CURVE[:9]}),
            [
                0,
                79,
                8,
                5.25,
                CURVE[-1],
                CURVE[8],
                np.argmax((5.25 + CURVE[-1]) / 2 >= CURVE),
                np.argmax((5.25 + CURVE[8]) / 2 >= CURVE),
            ],
            ["One, ends at", "Two, ends at"],
        )
    ],
    "range_test": [
        (
            lambda: plots.range_test(np.logspace(-4, 0, 5), [1.0, 0.9, 0.2, 0.6, 3.0]),
            [1e-4, 1, 3, 0.2, 0.01],
            ["lowest 0.2 at 0.01"],
        )
    ],
    "training_signs": [
        (
            lambda: plots.training_signs({"training": [1, 0.5, 0.2]}, {"w1": [0.1, 0, 0.01]}),
            [1, 0, 0.2, 2, 0.1, 0.01],
            ["lowest 0 at 1"],
        )
    ],
    "decision_surface": [
        (
            lambda: plots.decision_surface({}, upright, PLANE, SIDES),
            None,
            [f"{(SIDES == 0).sum()} points of class 0 on the floor", f"{SIDES.sum()} of class 1"],
        )
    ],
    "decision_contours": [
        (lambda: plots.decision_contours({}, upright, PLANE, SIDES), None, ["a line of 0.5 from (0.333"])
    ],
    "class_probabilities": [(lambda: plots.class_probabilities({}, three, PLANE, SIDES), None, ["P(class 2)"])],
    "space_warping": [
        (
            lambda: plots.space_warping({"w": np.ones((2, 1))}, lambda params, x: x * params["w"], PLANE, SIDES),
            None,
            ["The grid of inputs, bent", "Step 1."],
        )
    ],
}
ALL = [pytest.param(*case, id=f"{name}-{i}") for name, cases in CASES.items() for i, case in enumerate(cases)]


def figure_of(picture):
    return picture if hasattr(picture, "savefig") else picture.figure


def told_numbers(words):
    """The numbers in some words, but those that belong to a name, as in w1 or y = 1."""
    words = re.sub(r"\(?[yw] = -?[\d.]+\)?|p\(y = 1\)", "", words, flags=re.I)
    return [
        float(text.replace(",", "")) for text in re.findall(r"(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?(?:e[+-]\d+)?", words)
    ]


def is_one_of(told, true):
    """Tell whether a number is one of these, to the three digits that are told."""
    return any(abs(told - value) <= 0.00501 * abs(value) + 1e-9 for value in true)


@pytest.mark.parametrize("draw, true, phrases", ALL)
def test_every_number_in_the_words_is_one_of_the_datas(draw, true, phrases):
    words = words_of(figure_of(draw()))
    assert all(phrase in words for phrase in phrases), words
    assert not re.search(r"\bNone\b|\$|\\|  |\.\.|_\{", words), words
    if callable(true):
        assert true(words, None, None)
    elif true is not None:
        made_up = [told for told in told_numbers(words) if not is_one_of(told, true)]
        assert not made_up, f"{made_up} in: {words}"


def test_there_is_a_case_for_every_picture():
    assert set(CASES) == set(plots.__all__) - {"COLOURS", "show"}


@given(hnp.arrays(float, st.integers(2, 60), elements=st.floats(-1e6, 1e6)), st.floats(-1e3, 1e3))
def test_the_words_of_a_curve_follow_the_curve(curve, shift):
    curve = curve + shift
    figure = plots.loss_curve(curve).figure
    words = words_of(figure)
    plt.close(figure)
    steps = np.arange(len(curve))
    assert all(is_one_of(told, [0, *steps, *curve]) for told in told_numbers(words)), words
    if np.ptp(curve) > max(1e-2 * np.abs(curve).max(), 1e-6):
        up = curve[-1] > curve[0]
        only = np.all(np.diff(curve) >= 0) if up else np.all(np.diff(curve) <= 0)
        assert ("rises" in words or "falls" in words) >= only, words
        assert not ("rises" in words and not up) and not ("falls" in words and up), words
        inside = curve[1:-1]
        if len(inside) and inside.min() < min(curve[0], curve[-1]) - 0.02 * np.ptp(curve):
            assert is_one_of(float(re.search(r"lowest (nearly 0|\S+) at (\d+)", words)[2]), [curve.argmin()]), words


def test_what_a_learner_adds_is_told_too():
    ax = plots.contour(PARAMS, line, mse, X, Y)
    ax.plot([1, 2, 3], [20, 19, 18], label="mine")
    ax.axhline(19, label="level")
    assert "mine falls in a straight line from 20 at 1 to 18 at 3" in words_of(ax.figure)
    ax.plot([3, 1, 2, 1, 2, 3], [18, 18, 19, 20, 21, 22], "x", label="crosses")
    assert "level, a level line at 19" in words_of(ax.figure)
    assert "6 points (crosses), from 1 to 3 across and 18 to 22 up" in words_of(ax.figure)


def test_a_picture_of_ones_own_is_told():
    fig, (left, right) = plt.subplots(1, 2)
    left.bar(["cat", "dog", "hen"], [3, 9, 4])
    left.set(title="Animals", xlabel="kind", ylabel="count")
    right.imshow([[1.0, 2.0], [3.0, 7.0]])
    assert words_of(fig) == (
        "Animals. Count against kind: bars: cat 3, dog 9 and hen 4. A map of 2 by 2 values between 1 and 7."
    )
    assert words_of(plt.figure()) == "An empty picture."


def test_pictures_of_every_kind_are_told():
    ax = plots.data(X, Y)
    ax.errorbar([1, 2, 3], [4.0, 5.0, 6.0], yerr=0.5, label="measured")
    ax.stem([1.0, 2.0], [3.0, 4.0])
    ax.fill_between([0, 1], [0, 1])
    ax.pie([1, 2])
    assert "100 points (data)" in words_of(ax.figure)
    fig, ax = plt.subplots()
    ax.plot(["one", "two", "three"], [3, 1, 2], label="by name")
    assert "By name goes from 3 at 0 to 2 at 2, lowest 1 at 1" in words_of(fig)
    fig, ax = plt.subplots()
    ax.plot(np.repeat(np.linspace(0, 1.5, 80), 2), np.r_[np.zeros(79), -1.0, -1.0, np.zeros(79)])
    ax.plot(np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[D]"), [1, 2])
    assert "lowest -1" in words_of(fig)
    ax = plt.figure().add_subplot(projection="3d")
    ax.plot([0, 1], [0, 1], [0, 1])
    assert words_of(ax.figure)


@pytest.mark.parametrize("alt", ["", " ", 3])
def test_words_of_ones_own_must_be_words(alt):
    with pytest.raises(LearnerError, match="Leave it out"):
        plots.show(plots.cross_entropy_terms(), alt=alt)


def test_show_tells_the_picture_and_prefers_ones_own_words(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **kwargs: shown.append(data))
    plots.show(plots.data(X, Y))
    plots.show(plots.data(X, Y), alt="Mine.")
    assert [data["text/plain"] for data in shown] == [words_of(plots.data(X, Y).figure), "Mine."]
    assert 'alt="y against x: 100 points' in shown[0]["text/html"]

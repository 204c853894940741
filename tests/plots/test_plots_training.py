"""Pictures of training, decisions, layers and digits: the numbers drawn, and the words for bad input."""

import matplotlib

matplotlib.use("Agg")

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn import metrics as theirs

from dl_workshop import plots
from dl_workshop.errors import LearnerError

pytestmark = pytest.mark.slow  # compiles many small loops

PLANE = np.random.default_rng(1).uniform(-1, 1, size=(60, 2))
INSIDE = (PLANE[:, 0] > 0).astype(int)
LINE = (
    lambda params, x: params["w"] * x + params["b"],
    lambda params, model, x, y: jnp.mean((y - model(params, x)) ** 2),
    np.linspace(-5, 5, 30),
    2 * np.linspace(-5, 5, 30) + 20,
)


def tilted(params, x):
    return 4 * x[:, 0] + x[:, 1]


def three(params, x):
    return jnp.stack([x[:, 0], x[:, 1], -x[:, 0]], axis=1)


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def test_loss_curves_share_a_scale_and_say_where_they_leave():
    fig = plots.loss_curves({0.1: [4.0, 2.0, 1.0], 2.0: [4.0, 9.0, np.inf], "back": [4.0, 7.0, 3.0]})
    titles = [ax.get_title() for ax in fig.axes]
    assert titles == ["step size 0.1\nends at 1", "step size 2\nleaves at step 1", "back\nends at 3"]
    assert len({ax.get_ylim() for ax in fig.axes}) == 1
    np.testing.assert_allclose(fig.axes[0].get_lines()[0].get_data(), [[0, 1, 2], [4, 2, 1]])


def test_range_test_marks_the_lowest_loss():
    ax = plots.range_test([0.01, 0.1, 1.0, 10.0], [3.0, 1.0, 2.0, 1e9])
    assert ax.get_lines()[1].get_xdata() == [0.1] and ax.get_xscale() == "log"
    assert ax.get_ylim()[0] < 1 and 3 < ax.get_ylim()[1] < 4


def test_contour_paths_draws_every_path_on_one_bowl():
    paths = {
        "slow": {"w": np.linspace(0, 1, 50), "b": np.linspace(0, 10, 50)},
        "wild": {"w": np.array([0.0, 1e5]), "b": np.array([0.0, -1e5])},
    }
    ax = plots.contour_paths({"w": 0.0, "b": 0.0}, *LINE, paths)
    lines = {line.get_label(): line.get_data() for line in ax.get_lines()}
    assert set(lines) == {"slow", "wild"}
    np.testing.assert_allclose(lines["slow"], list(paths["slow"].values()))
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < 0 and 2 < right < 20 and bottom < 0 and 20 < top < 100  # the minimum (2, 20) is in the picture


def test_decision_pictures_show_the_probability():
    for draw in (plots.decision_surface, plots.decision_contours):
        ax = draw({}, tilted, PLANE, INSIDE)
        collections = [one for one in ax.collections if hasattr(one, "levels") and list(one.levels) == [0.5]]
        edge = np.concatenate([path.vertices for path in collections[0].get_paths()])[:, :2]
        assert len(edge) > 5
        np.testing.assert_allclose(4 * edge[:, 0] + edge[:, 1], 0, atol=0.02)
    # A table of probabilities as it is, and one of logits made into probabilities
    draw = plots.decision_contours({}, lambda params, x: jax.nn.sigmoid(tilted(params, x)), PLANE, INSIDE, logits=False)
    assert len(draw.collections) == len(ax.collections)


def test_class_probabilities_show_each_class_with_its_points():
    y = np.argmax(three({}, PLANE), axis=1)
    fig = plots.class_probabilities({}, three, PLANE, y, classes=["a", "b", "c"])
    assert [ax.get_title() for ax in fig.axes] == ["P(a)", "P(b)", "P(c)"]
    for label, ax in enumerate(fig.axes):
        np.testing.assert_allclose(ax.collections[-1].get_offsets(), PLANE[y == label])
        edge = np.concatenate([path.vertices for path in ax.collections[1].get_paths()])
        np.testing.assert_allclose(jax.nn.softmax(three({}, edge))[:, label], 0.5, atol=0.01)


def test_space_warping_puts_points_where_the_layer_puts_them():
    path = {"w1": jnp.stack([jnp.eye(2), jnp.array([[0.0, 2.0], [1.0, 0.0]])])}

    def hidden(params, x):
        return jnp.tanh(x @ params["w1"])

    fig = plots.space_warping(path, hidden, PLANE, INSIDE, steps=[0, 70], output=lambda params, h: h[:, 0] - 0.2)
    assert [ax.get_title() for ax in fig.axes] == ["step 0", "step 70"]
    for ax, w in zip(fig.axes, path["w1"], strict=True):
        np.testing.assert_allclose(ax.collections[0].get_offsets(), np.tanh(PLANE[INSIDE == 0] @ w), atol=1e-6)
        edge = np.concatenate([one.vertices for one in ax.collections[-1].get_paths()])
        np.testing.assert_allclose(edge[:, 0], 0.2, atol=1e-6)
    grid = fig.axes[0].get_lines()[0].get_data()
    assert np.ptp(np.arctanh(grid[1])) < 1e-3  # undone, a line of the grid is straight again
    fig = plots.space_warping(path, hidden, PLANE, INSIDE, limits=(-1, 2), output=lambda params, h: h[:, 0] - 1.5)
    for ax in fig.axes:
        assert ax.get_xlim() == ax.get_ylim() == (-1, 2)
        edge = np.concatenate([one.vertices for one in ax.collections[-1].get_paths()])
        np.testing.assert_allclose(edge[:, 0], 1.5, atol=1e-6)  # drawn although no point of the grid comes near it


def test_roc_is_scikit_learns_with_its_area():
    scores = PLANE[:, 0] + 0.5 * PLANE[:, 1]
    ax = plots.roc(INSIDE, {"one": scores, "other": PLANE[:, 1]}, threshold=0.0)
    across, up, _ = theirs.roc_curve(INSIDE, scores, drop_intermediate=False)
    line = next(line for line in ax.get_lines() if line.get_label().startswith("one"))
    np.testing.assert_allclose(line.get_data(), [across, up])
    assert line.get_label() == f"one: AUC {theirs.roc_auc_score(INSIDE, scores):.3f}"
    dot = ax.get_lines()[ax.get_lines().index(line) + 1]
    assert dot.get_ydata()[0] == pytest.approx(theirs.recall_score(INSIDE, scores >= 0))


def test_histograms_count_every_weight_and_signal():
    params = {"w1": np.full((4, 5), 0.001), "b1": np.ones(9), "w2": np.linspace(-3, 3, 30)}
    fig = plots.weight_histograms(params)
    assert [sum(bar.get_height() for bar in ax.patches) for ax in fig.axes] == [20, 30]
    assert [ax.get_title() for ax in fig.axes] == ["w1\n20 of 20 within 0.01 of 0", "w2\n0 of 30 within 0.01 of 0"]
    fig = plots.signal_histograms([PLANE, 0.1 * PLANE])
    assert [ax.get_title().split("\n")[0] for ax in fig.axes] == ["layer 1", "layer 2"]
    assert f"{0.1 * PLANE.std():.2g}" in fig.axes[1].get_title()


def test_digits_name_the_wrong_ones():
    x = np.random.default_rng(0).uniform(size=(12, 64))
    fig = plots.digits(x, np.arange(12), np.r_[np.arange(11), 5])
    assert [ax.get_title() for ax in fig.axes][9:12] == ["9", "10", "5, not 11"]
    np.testing.assert_allclose(fig.axes[3].images[0].get_array(), x[3].reshape(8, 8))
    fig = plots.what_the_net_saw(x[0], [0.2, 0.7, 0.1], drawn=np.ones((28, 28)))
    assert [ax.get_title() for ax in fig.axes] == ["what was drawn", "what the net saw", "it says 1, with 70%"]
    np.testing.assert_allclose([bar.get_width() for bar in fig.axes[2].patches], [0.2, 0.7, 0.1])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: plots.loss_curves({}), "which run gave which losses"),
        (lambda: plots.loss_curves({1: [np.nan]}), "No curve has a finite loss"),
        (lambda: plots.range_test([1, 2], [1.0]), "one finite number a step"),
        (lambda: plots.contour_paths({"w": 0.0, "b": 0.0}, *LINE, {}), "which run made which path"),
        (lambda: plots.decision_surface({}, three, PLANE, INSIDE), "class_probabilities"),
        (lambda: plots.class_probabilities({}, tilted, PLANE, INSIDE), "decision_contours"),
        (lambda: plots.decision_contours({}, tilted, PLANE, INSIDE, logits=False), "leave out logits=False"),
        (lambda: plots.decision_contours({}, tilted, PLANE[:, 0], INSIDE), "needs two inputs"),
        (lambda: plots.space_warping({"w": np.ones(3)}, three, PLANE, INSIDE), r"h\[:, :2\]"),
        (lambda: plots.space_warping({"w": np.ones(3)}, three, PLANE, INSIDE, rows=(7,)), "between 0 and 2"),
        (lambda: plots.roc(np.ones(4), np.ones(4)), "rows of both kinds"),
        (lambda: plots.weight_histograms({"b": np.ones(3)}), "no weights"),
        (lambda: plots.digits(np.ones((3, 60))), "square"),
        (lambda: plots.digits(np.ones((3, 64)), np.ones(2)), "one label for each"),
        (lambda: plots.what_the_net_saw(np.ones(64), np.ones(10)), "together 1"),
    ],
)
def test_bad_input_is_answered_in_words(call, words):
    with pytest.raises(LearnerError, match=words):
        call()

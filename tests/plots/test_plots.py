"""What the pictures show: the numbers drawn against numpy and scikit-learn, and the words for bad input."""

import matplotlib

matplotlib.use("Agg")

import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.metrics import confusion_matrix as sklearn_confusion

from dl_workshop import plots
from dl_workshop.plots import style

X = np.linspace(-5, 5, 100)
Y = 2 * X + 20 + np.random.default_rng(0).normal(size=100)
LABELS = (X > -0.5).astype(float)
PARAMS = {"w": 1.5, "b": 18.0}
PLANE = np.random.default_rng(1).normal(size=(60, 2))
INSIDE = (PLANE[:, 0] > 0).astype(int)


def line(params, x):
    return params["w"] * x + params["b"]


def probability(params, x):
    return 1 / (1 + jnp.exp(-line(params, x)))


def mse(params, model, x, y):
    return jnp.mean((y - model(params, x)) ** 2)


def quadratic(w):
    return w**2 + 3 * w - 5


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def drawn(ax, label):
    """Give the x and y of the line with this label."""
    return next(curve for curve in ax.get_lines() if curve.get_label() == label).get_data()


def texts(ax):
    return [text.get_text() for text in ax.texts]


def descend(step_size=0.01, n_steps=200, w=-5.0, b=3.0):
    ws, bs, losses = [w], [b], []
    for _ in range(n_steps):
        d = w * X + b - Y
        losses.append(np.mean(d**2))
        w, b = w - step_size * 2 * np.mean(d * X), b - step_size * 2 * np.mean(d)
        ws.append(w)
        bs.append(b)
    return losses, {"w": np.array(ws), "b": np.array(bs)}


# Data and models


@pytest.mark.parametrize("x", [X, X[:, None]], ids=["(n,)", "(n, 1)"])
def test_points_and_curve_are_data_and_model(x):
    def model(params, x):
        return params["w"] * x.reshape(-1) + params["b"]

    ax = plots.data_and_model(PARAMS, model, x, Y)
    np.testing.assert_allclose(ax.collections[0].get_offsets(), np.stack([X, Y], axis=1))
    across, curve = drawn(ax, "model")
    assert (across[0], across[-1]) == (-5, 5)
    np.testing.assert_allclose(curve, 1.5 * across + 18, rtol=1e-5)


def test_labels_get_class_colours_and_logits_become_probabilities():
    params = {"w": 2.0, "b": 1.0}
    ax = plots.data_and_model(params, line, X, LABELS, logits=True)
    across, curve = drawn(ax, "P(y = 1)")
    np.testing.assert_allclose(curve, 1 / (1 + np.exp(-(2 * across + 1))), rtol=1e-4)
    np.testing.assert_allclose(
        drawn(plots.data_and_model(params, probability, X, LABELS), "P(y = 1)")[1], curve, rtol=1e-4
    )
    for dots, label in zip(ax.collections, (0, 1), strict=True):
        np.testing.assert_allclose(dots.get_offsets()[:, 0], X[np.equal(LABELS, label)])
        assert matplotlib.colors.to_hex(dots.get_facecolor()[0]) == plots.COLOURS[f"class {label}"].lower()


def test_plane_is_coloured_by_probability_with_the_boundary():
    ax = plots.data_and_model({}, lambda params, x: 3 * x[:, 0] - 1, PLANE, INSIDE, logits=True)
    table = ax.images[0].get_array()
    left, right = ax.get_xlim()
    np.testing.assert_allclose(table[0], 1 / (1 + np.exp(1 - 3 * np.linspace(left, right, 200))), rtol=1e-4)
    boundary = np.concatenate([path.vertices for path in ax.collections[-1].get_paths()])
    np.testing.assert_allclose(boundary[:, 0], 1 / 3, atol=1e-3)


def test_several_outputs_colour_by_the_largest():
    ax = plots.data_and_model({}, lambda params, x: jnp.stack([x[:, 0], x[:, 1], -x[:, 0]], axis=1), PLANE, INSIDE)
    assert set(np.unique(ax.images[0].get_array())) == {0, 1, 2}


def test_residual_bars_run_from_model_to_data():
    ax = plots.residuals(PARAMS, line, X[:8], Y[:8])
    bars = np.array(ax.collections[0].get_segments())
    np.testing.assert_allclose(bars[:, 0], np.stack([X[:8], 1.5 * X[:8] + 18], axis=1), rtol=1e-5)
    np.testing.assert_allclose(bars[:, 1], np.stack([X[:8], Y[:8]], axis=1), rtol=1e-5)
    assert texts(ax) == [f"$d_{{{i}}}$" for i in range(1, 9)]
    assert f"{np.mean((Y[:8] - 1.5 * X[:8] - 18) ** 2):.4g}" in ax.get_title()


@pytest.mark.parametrize("params", [PARAMS, {"w": -5.0, "b": 3.0}], ids=["near", "far"])
def test_squares_are_square_on_screen(params):
    ax = plots.residuals(params, line, X, Y, squared=True)
    ax.figure.canvas.draw()
    corners = [
        ax.transData.transform([patch.get_xy(), np.add(patch.get_xy(), (patch.get_width(), patch.get_height()))])
        for patch in ax.patches
    ]
    sides = np.array([end - start for start, end in corners])
    assert len(sides) == 100
    np.testing.assert_allclose(sides[:, 0], sides[:, 1], rtol=1e-6)
    np.testing.assert_allclose([patch.get_height() for patch in ax.patches], abs(Y - line(params, X)), rtol=1e-4)


def test_predictions_stand_over_the_truth():
    ax = plots.predicted_against_true(PARAMS, line, X, Y)
    np.testing.assert_allclose(ax.collections[0].get_offsets(), np.stack([Y, line(PARAMS, X)], axis=1), rtol=1e-5)


# The loss


def test_loss_curve_draws_every_step_and_names_the_ends():
    losses, _ = descend()
    ax = plots.loss_curve(losses)
    np.testing.assert_allclose(ax.get_lines()[0].get_data(), [np.arange(200), losses])
    assert texts(ax) == [f"{losses[0]:.4g}", f"{losses[-1]:.4g}"]


def test_several_loss_curves_carry_their_labels():
    ax = plots.loss_curve({"training": [3.0, 1.0], "validation": [4.0, 2.0, 1.5]}, log=True)
    np.testing.assert_allclose(drawn(ax, "validation"), [[0, 1, 2], [4, 2, 1.5]])
    assert ax.get_yscale() == "log"


def test_loss_curve_says_where_it_stopped_being_finite():
    ax = plots.loss_curve([1.0, 10.0, np.inf, np.nan])
    assert ax.get_title() == "The loss became inf at step 2"
    np.testing.assert_allclose(ax.get_lines()[0].get_data(), [[0, 1], [1, 10]])
    assert plots.loss_curve([np.nan, np.nan]).get_title() == "The loss became nan at step 0"


def test_contour_is_the_loss_point_by_point():
    _, path = descend()
    ax = plots.contour({"w": 2.0, "b": 20.0}, line, mse, X, Y, path=path)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < -5 and right > 2.5 and bottom < 3 and top > 21
    lines = ax.collections[1]
    checked = 0
    for level, curve in zip(lines.levels, lines.get_paths(), strict=True):
        for w, b in curve.vertices[::10]:
            assert np.mean((Y - w * X - b) ** 2) == pytest.approx(level, rel=0.02, abs=1)
            checked += 1
    assert checked > 50
    np.testing.assert_allclose(drawn(ax, "path"), [path["w"], path["b"]])
    assert drawn(ax, "start") == (path["w"][0], path["b"][0])
    assert drawn(ax, "end") == (path["w"][-1], path["b"][-1])


def test_contour_finds_the_minimum_without_a_path_and_keeps_other_params():
    def model(params, x):
        return params["slope"] * x + params["level"] + params["w1"].sum()

    params = {"slope": 0.0, "level": 12.0, "w1": jnp.ones((2, 2))}
    ax = plots.contour(params, model, mse, X, Y, names=("slope", "level"))
    slope, level = np.polyfit(X, Y, 1)
    assert ax.get_xlim()[0] < slope < ax.get_xlim()[1]
    assert ax.get_ylim()[0] < level - 4 < ax.get_ylim()[1]


def test_contour_of_a_loss_without_minimum_stays_near():
    def cross_entropy(params, model, x, y):
        z = model(params, x)
        return jnp.mean(jnp.logaddexp(0.0, z) - y * z)

    ax = plots.contour({"w": 1.0, "b": 0.0}, line, cross_entropy, X, LABELS)
    assert np.ptp(ax.get_xlim()) < 100


def test_surface_carries_path_at_the_height_of_the_loss():
    losses, path = descend(n_steps=20)
    ax = plots.surface(PARAMS, line, mse, X, Y, path=path)
    heights = ax.get_lines()[0].get_data_3d()[2]
    np.testing.assert_allclose(heights[:-1], losses, rtol=1e-4)


# Tables


@pytest.mark.parametrize("classes", [None, ["no", "yes", "maybe"]])
def test_confusion_counts_agree_with_scikit_learn(classes):
    rng = np.random.default_rng(2)
    y_true, y_pred = rng.integers(0, 3, 80), rng.integers(0, 3, 80)
    ax = plots.confusion_matrix(y_true, y_pred, classes=classes)
    counts = np.array([int(text.split("\n")[0]) for text in texts(ax)]).reshape(3, 3)
    np.testing.assert_array_equal(counts, sklearn_confusion(y_true, y_pred))
    assert [text.get_text() for text in ax.get_yticklabels()] == (classes or ["0", "1", "2"])
    assert ax.get_ylabel() == "true class"


def test_confusion_of_words_and_of_a_class_that_never_occurs():
    words = plots.confusion_matrix(["a", "b", "b"], ["a", "b", "a"])
    assert [text.split("\n")[0] for text in texts(words)] == ["1", "0", "1", "1"]
    assert len(texts(plots.confusion_matrix([0, 0], [0, 0], classes=["no", "yes"]))) == 4
    assert len(texts(plots.confusion_matrix([0, 1], jnp.array([False, True])))) == 4


def test_numbers_read_on_their_cells():
    """Contrast of text and cell is at least 4.5, as WCAG asks, for every share."""

    def luminance(colour):
        rgb = np.array(matplotlib.colors.to_rgb(colour))
        return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]

    ax = plots.confusion_matrix(np.repeat([0, 1, 2], 100), np.r_[np.zeros(100), np.ones(50), 2 * np.ones(150)])
    colours = ax.images[0].cmap(np.linspace(0, 1, 50))
    for cell in colours:
        low, high = sorted([luminance(cell[:3]), luminance(style.ink_on(cell[:3]))])
        assert (high + 0.05) / (low + 0.05) > 4.5


def test_heat_map_is_centred_when_values_have_both_signs():
    table = np.random.default_rng(3).normal(size=(30, 4))
    table[0, 0] = np.nan
    ax = plots.heat_map(table, columns=list("abcd"))
    low, high = ax.images[0].get_clim()
    assert low == -high
    np.testing.assert_array_equal(ax.images[0].get_array().filled(np.nan), table)
    assert [text.get_text() for text in ax.get_xticklabels()] == list("abcd")
    assert plots.heat_map(np.abs(table[1:])).images[0].get_clim()[0] > 0


# Descent


def test_tangent_touches_with_the_slope():
    ax = plots.tangent(quadratic, 2.5)
    across, up = drawn(ax, "tangent, slope 8")
    np.testing.assert_allclose(up, 8.75 + 8 * (across - 2.5))
    across, up = drawn(plots.tangent(quadratic, 2.5, df=lambda w: 1.0), "tangent, slope 1")
    np.testing.assert_allclose(np.diff(up), np.diff(across))


def test_history_and_trajectories_draw_every_step():
    paths = {0.1: [-0.8, -0.4, -0.1], 1.1: [-0.8, 3.0, -1e9, np.inf]}
    ax = plots.history(paths[0.1], minimum=1.0)
    np.testing.assert_allclose(ax.get_lines()[0].get_data(), [[0, 1, 2], paths[0.1]])
    fig = plots.trajectories(quadratic, paths)
    first, second = fig.axes[:2]
    np.testing.assert_allclose(first.get_lines()[1].get_xdata(), paths[0.1])
    assert second.get_title() == "step size 1.1: leaves at step 2"
    together = plots.trajectories(quadratic, paths, ax=plt.figure().add_subplot())
    np.testing.assert_allclose(drawn(together, "step size 0.1")[1], [quadratic(w) for w in paths[0.1]], rtol=1e-5)


def test_logistic_family_marks_midpoints():
    right = plots.logistic_family(bs=(-4.0, 2.0), w=2.0).axes[1]
    middles = [curve.get_xdata()[0] for curve in right.get_lines() if len(curve.get_xdata()) == 1]
    np.testing.assert_allclose(middles, [2.0, -1.0])


def test_cross_entropy_terms():
    first, second = plots.cross_entropy_terms().get_lines()[:2]
    np.testing.assert_allclose(first.get_ydata(), -np.log(first.get_xdata()))
    np.testing.assert_allclose(second.get_ydata(), -np.log1p(-second.get_xdata()))


# What all share


def test_given_axes_are_used_and_paper_is_white():
    _, ax = plt.subplots()
    assert plots.data(X, Y, ax=ax) is ax
    assert plots.data(X, Y).figure.get_facecolor() == (1, 1, 1, 1)


def test_show_keeps_alt_text_and_closes(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **kwargs: shown.append((data, kwargs)))
    plots.show(plots.data(X, Y), alt='Points "near" a line')
    ((data, kwargs),) = shown
    assert 'alt="Points &quot;near&quot; a line"' in data["text/html"]
    assert kwargs["metadata"]["image/png"]["alt"] == 'Points "near" a line'
    assert plt.get_fignums() == []


def test_every_name_is_there():
    with pytest.raises(AttributeError, match=r"It has: .*contour"):
        plots.countour  # noqa: B018
    for name in plots.__all__:
        assert callable(getattr(plots, name)) or name == "COLOURS"

"""The diagrams draw what the params say: units, lines, widths, shapes, and how much was left out."""

from itertools import pairwise

import matplotlib

matplotlib.use("Agg")

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dl_workshop import models
from dl_workshop.display.palette import COLOURS
from dl_workshop.errors import LearnerError
from dl_workshop.plots.diagrams import matrix_diagram, neural_diagram, scalar_diagram
from dl_workshop.plots.summary import summary

DIAGRAMS = (scalar_diagram, matrix_diagram, neural_diagram)
LINE = {"w": 2.0, "b": 20.0}
LOGISTIC = {"w": np.array([1.5, -0.7]), "b": 0.3}


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def mlp(*widths):
    rng = np.random.default_rng(0)
    pairs = list(enumerate(pairwise(widths), start=1))
    weights = {f"w{i}": rng.normal(size=(a, b)) for i, (a, b) in pairs}
    return weights | {f"b{i}": rng.normal(size=b) for i, (_, b) in pairs}


def marks(artists, gid):
    return [a for a in artists if str(a.get_gid() or "").startswith(gid)]


def words(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def flat(figure):
    return [word for ax in figure.axes for word in words(ax)]


@pytest.mark.parametrize(
    "params, units, lines",
    [
        (LINE, 2, 2),
        (LOGISTIC, 3, 3),
        ({"w": np.ones((2, 1)), "b": np.zeros(1)}, 3, 3),
        ({"w": np.ones((2, 3)), "b": np.zeros(3)}, 5, 9),
        ({"w": np.ones(2)}, 3, 2),
        (mlp(2, 3, 1), 6, 13),
        (mlp(41, 20, 1), 7 + 7 + 1, 7 * 7 + 7 + 7 + 1),
        (mlp(5, 4, 3, 2), 14, 24 + 15 + 8),
    ],
)
def test_a_circle_a_unit_and_a_line_a_weight(params, units, lines):
    ax = neural_diagram(params)
    assert len(marks(ax.patches, "unit")) == units
    assert len(marks(ax.lines, "w") + marks(ax.lines, "b")) == lines


def test_width_follows_size_and_colour_follows_sign():
    params = mlp(4, 5, 2)
    drawn = {line.get_gid(): line for line in neural_diagram(params).lines if line.get_gid()}
    values = []
    for i in (1, 2):
        for index, value in np.ndenumerate(params[f"w{i}"]):
            values.append((abs(value), value, drawn[f"w{i}[{index[0]}, {index[1]}]"]))
        values += [(abs(b), b, drawn[f"b{i}[{j}]"]) for j, b in enumerate(params[f"b{i}"])]
    widths = [line.get_linewidth() for _, _, line in sorted(values, key=lambda v: v[0])]
    assert widths == sorted(widths) and widths[0] < widths[-1] / 5
    for _, value, line in values:
        assert line.get_color() == COLOURS["positive" if value > 0 else "negative"]


def test_what_is_left_out_is_counted():
    text = words(neural_diagram(mlp(41, 20, 1)))
    assert {"41 inputs", "34 more", "20 hidden units", "13 more", "1 output", "x41", "tanh"} <= set(text)
    assert "x5" not in text
    assert {"38 more", "17 more"} <= set(words(neural_diagram(mlp(41, 20, 1), max_units=4)))
    assert not [word for word in words(neural_diagram(mlp(8, 1))) if "more" in word]


def test_shapes_are_the_learners_own():
    assert {"w ()", "b ()"} <= set(words(neural_diagram(LINE)))
    assert {"w (2,)", "b ()"} <= set(words(neural_diagram(LOGISTIC)))
    assert {"w1 (41, 20)", "b1 (20,)", "w2 (20, 1)", "b2 (1,)"} <= set(words(neural_diagram(mlp(41, 20, 1))))
    text = words(matrix_diagram(mlp(41, 20, 1), activations=("tanh", "logistic")))
    assert {
        "(n, 41)",
        "(41, 20)",
        "(20,)",
        "(n, 20)",
        "(20, 1)",
        "(1,)",
        "(n,)",
        "tanh",
        "logits",
        "logistic",
        "y_pred",
        "@",
    } <= set(text)
    assert "(n, 10)" in words(matrix_diagram(mlp(64, 16, 10)))
    assert "(100, 2)" in words(matrix_diagram(LOGISTIC, n=100))


def test_the_line_as_matrices_and_as_arithmetic():
    assert words(matrix_diagram(LINE)) == [
        "x",
        "(n,)",
        "*",
        "w",
        "()",
        "2.0",
        "+",
        "b",
        "()",
        "20.0",
        "=",
        "y_pred",
        "(n,)",
    ]
    assert words(scalar_diagram(LINE)) == ["y", "=", "2.0", "w", "·", "x", "+", "20.0", "b"]
    assert words(scalar_diagram(LOGISTIC, activations="logistic")) == [
        "y",
        "=",
        "logistic (",
        "1.5",
        "w₁",
        "·",
        "x₁",
        "+",
        "−0.7",
        "w₂",
        "·",
        "x₂",
        "+",
        "0.3",
        "b",
        ")",
    ]


@pytest.mark.parametrize("width", [3, 5])
def test_output_shapes_agree_with_the_models(width):
    """The drawn shapes of what flows are those that the model really gives."""
    key, n = jax.random.key(0), 7
    line, net = models.init_linear(key, width), models.init_mlp(key, (width, 4, 1))
    many = models.init_mlp(key, (width, 4, 3))
    x = jnp.ones((n, width))
    for params, model in ((line, models.linear_model), (net, models.mlp_model), (many, models.mlp_model)):
        assert words(matrix_diagram(params, n=n))[-1] == str(model(params, x).shape)


def test_the_heat_map_holds_the_real_values():
    params = mlp(6, 5, 1)
    tinted = {image.get_gid(): image.get_array() for image in matrix_diagram(params).images}
    redder = tinted["w1"][..., 0] - tinted["w1"][..., 2]
    assert tinted["w1"].shape[:2] == (6, 5) and tinted["b1"].shape[:2] == (1, 5)
    order = np.argsort(params["w1"].ravel())
    assert (np.diff(redder.ravel()[order]) >= -1e-9).all()


def test_softmax_mixes_the_units_of_its_layer():
    text = words(scalar_diagram(mlp(3, 4), activations="softmax"))
    assert text.count("softmax (") == 1 and {"z₁", "z₄", "y"} <= set(text)


def test_names_and_activations():
    text = words(neural_diagram(LOGISTIC, names=("age", "height"), activations=(models.logistic,)))
    assert {"age", "height", "logistic"} <= set(text)
    assert "relu" in words(matrix_diagram(mlp(2, 3, 1), activations=("relu",)))


@pytest.mark.parametrize("diagram", DIAGRAMS)
def test_jax_and_numpy_draw_the_same_and_params_stay(diagram):
    params = mlp(3, 4, 2)
    before = {name: value.copy() for name, value in params.items()}
    from_jax = words(diagram(jax.tree.map(jnp.asarray, params)))
    assert words(diagram(params)) == from_jax
    assert list(params) == list(before) and all((params[k] == before[k]).all() for k in params)


@pytest.mark.slow
@pytest.mark.parametrize("diagram", DIAGRAMS)
@pytest.mark.parametrize(
    "params",
    [LINE, LOGISTIC, mlp(2, 3, 1), mlp(41, 20, 1), mlp(64, 16, 10), mlp(3, 9, 9, 9, 2)],
    ids=lambda params: "-".join(str(np.shape(w)) for w in params.values()),
)
def test_no_words_are_cut_off_or_overlap(diagram, params):
    for ax in (None, plt.figure(figsize=(5, 3)).add_subplot()):
        ax = diagram(params, ax=ax)
        ax.figure.draw_without_rendering()
        boxes = [(text.get_text(), text.get_window_extent()) for text in ax.texts if text.get_text()]
        page = ax.figure.bbox
        for i, (word, box) in enumerate(boxes):
            assert page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1, word
            for other, other_box in boxes[i + 1 :]:
                overlap_x = min(box.x1, other_box.x1) - max(box.x0, other_box.x0)
                overlap_y = min(box.y1, other_box.y1) - max(box.y0, other_box.y0)
                # Line boxes hold room above and below the letters; a sixth of the smaller one may be shared.
                assert overlap_x <= 1 or overlap_y <= min(box.height, other_box.height) / 6, (word, other)


def test_an_axes_passed_in_is_used_and_circles_stay_round():
    ax = plt.figure(figsize=(9, 3)).add_subplot()
    assert neural_diagram(LINE, ax=ax) is ax
    ax.figure.draw_without_rendering()
    circle = marks(ax.patches, "unit")[0].get_window_extent()
    assert circle.width == pytest.approx(circle.height, rel=0.01)


@pytest.mark.parametrize("diagram", DIAGRAMS)
@pytest.mark.parametrize(
    "params, said",
    [
        ([1.0, 2.0], "not a dict"),
        ({}, "not a dict"),
        ({"slope": 1.0, "b": 0.0}, "'slope'"),
        ({"w1": np.ones((2, 3)), "b1": np.zeros(3), "w3": np.ones((3, 1)), "b3": np.zeros(1)}, "'w3'"),
        ({"w": "two", "b": 0.0}, "'two'"),
        ({"w": np.array([1.0, np.nan]), "b": 0.0}, "nan"),
        ({"w": np.ones((2, 2, 2)), "b": 0.0}, "(2, 2, 2)"),
        ({"w": np.ones(2), "b": np.zeros(2)}, "must have shape (1,)"),
        ({"w1": np.ones((2, 3)), "b1": np.zeros(3), "w2": np.ones((4, 1)), "b2": np.zeros(1)}, "takes 4"),
    ],
)
def test_params_of_another_form_are_refused_in_words(diagram, params, said):
    with pytest.raises(LearnerError) as caught:
        diagram(params)
    assert said in str(caught.value)
    assert not plt.get_fignums(), "a refused diagram leaves no empty figure behind"


def test_other_bad_arguments_are_refused_in_words():
    with pytest.raises(LearnerError, match="names has 1"):
        neural_diagram(LOGISTIC, names=["age"])
    with pytest.raises(LearnerError, match="max_units=1"):
        neural_diagram(LOGISTIC, max_units=1)
    with pytest.raises(LearnerError, match="2 layers"):
        neural_diagram(mlp(2, 3, 1), activations=("tanh", "tanh", "logistic"))
    with pytest.raises(LearnerError, match="losses"):
        summary(LINE, LOGISTIC, mlp(2, 3, 1), losses="mse")


def test_summary_shows_real_shapes_and_marks_what_changed():
    figure = summary(LINE, {"w": 2.3, "b": 1.69}, mlp(41, 20, 1))
    assert tuple(figure.get_size_inches()) == (11.69, 8.27)
    text = flat(figure)
    assert {
        "w1 (41, 20)",
        "41 inputs",
        "net 41-20-1",
        "y_pred = x * w + b",
        "y_pred = logistic(x * w + b)",
        "h = tanh(x @ w1 + b1)",
        "y_pred = logistic(h @ w2 + b2)",
        "2.0",
        "20.0",
        "1.69",
    } <= set(text)
    # Row 2: model and loss are new, the optimiser is not. Row 3: only the model is.
    assert text.count("new") == 3 and text.count("same") == 3
    assert len(marks(figure.axes[0].patches, "new")) == 3


def test_summary_of_a_net_with_many_outputs():
    text = flat(summary(LOGISTIC, LOGISTIC, mlp(64, 16, 10)))
    assert {"cross-entropy", "y_pred = softmax(h @ w2 + b2)"} <= set(text)
    assert text.count("new") == 4

"""Drawn digits without a browser: the sheet becomes what the net was trained on, and the answer is put in words."""

import jax
import numpy as np
import optax
import pytest
import scipy.ndimage
from scipy.special import softmax
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestNeighbors

from dl_workshop import datasets, fit, losses, models
from dl_workshop.errors import LearnerError
from dl_workshop.panels import draw_digit
from dl_workshop.panels.draw_digit.ink import SHEET, as_seen_by_net, as_sheet, box_of, ink_of, overlaps
from dl_workshop.panels.draw_digit.state import nearest, probabilities

DIGITS = datasets.digits()
X, Y = np.asarray(DIGITS.x), np.asarray(DIGITS.y)
TRAIN = np.arange(len(Y)) % 4 != 0


def sheet_with(rows, columns, ink=1.0):
    """A white sheet with one dark block."""
    sheet = np.full((SHEET, SHEET), 255, np.uint8)
    sheet[rows, columns] = round(255 * (1 - ink))
    return sheet


@pytest.fixture(scope="module")
def oracle():
    """scikit-learn's own classifier on the same rows: it has seen no sheet."""
    return LogisticRegression(max_iter=500).fit(X[TRAIN], Y[TRAIN])


def test_digits_are_those_of_scikit_learn_between_0_and_1():
    bundled = load_digits()
    assert DIGITS.x.shape == (1797, 64)
    np.testing.assert_allclose(X * 16, bundled.data)
    np.testing.assert_array_equal(Y, bundled.target)
    assert Y.dtype.kind == "i" and (X.min(), X.max()) == (0, 1)
    assert len(DIGITS.columns) == 64 and DIGITS.classes == tuple("0123456789")


def test_overlaps_average_whole_blocks_and_keep_the_ink():
    blocks = np.random.default_rng(0).random((8, 8))
    mean = overlaps(0, 2, 4, 8) @ blocks @ overlaps(0, 2, 4, 8).T
    np.testing.assert_allclose(mean, blocks.reshape(4, 2, 4, 2).mean(axis=(1, 3)))
    weights = overlaps(0.7, 1.3, 5, 8)  # wherever the new pixels fall, each is an average
    np.testing.assert_allclose(weights.sum(axis=1), 1)


@pytest.mark.parametrize("size, box", [(28, 20), (16, 10)])
def test_the_centre_of_mass_comes_to_the_middle_and_the_longer_side_fills_the_box(size, box):
    sheet = sheet_with(slice(5, 65), slice(60, 70))
    sheet[55:65, 60:90] = 0  # an L: its centre of mass is not the middle of its frame
    seen = as_seen_by_net(sheet, size, box)
    middle = scipy.ndimage.center_of_mass(seen)
    np.testing.assert_allclose(middle, (size - 1) / 2, atol=0.03)  # edges may fall inside pixels
    rows = np.flatnonzero(seen.max(axis=1) > 0)
    assert box <= rows[-1] - rows[0] + 1 <= box + 1  # one more if the edges fall inside pixels
    assert seen.sum() == pytest.approx(ink_of(sheet).sum() * (box / 60) ** 2)  # nothing is lost


def test_a_digit_that_fills_the_picture_is_not_pushed_out_of_it():
    sheet = sheet_with(slice(10, 90), slice(50, 60))
    sheet[80:90, 20:60] = 0  # heavy at the foot
    seen = as_seen_by_net(sheet, 8, 8)
    assert seen.sum() == pytest.approx(ink_of(sheet).sum() / 10**2)
    assert seen[0].max() > 0 and seen[-1].max() > 0


def test_a_shifted_or_larger_digit_gives_the_same_input():
    sheet = sheet_with(slice(20, 40), slice(30, 36))
    sheet[34:40, 30:48] = 100
    moved = np.roll(sheet, (25, -17), axis=(0, 1))
    larger = np.kron(255 - sheet[20:40, 30:48], np.ones((3, 3), np.uint8))
    grown = np.full((SHEET, SHEET), 255, np.uint8)
    grown[10:70, 40:94] = 255 - larger
    expected = as_seen_by_net(sheet, 28, 20)
    np.testing.assert_allclose(as_seen_by_net(moved, 28, 20), expected, atol=1e-9)
    np.testing.assert_allclose(as_seen_by_net(grown, 28, 20), expected, atol=1e-9)
    assert abs(as_seen_by_net(moved, 28, 20, centre=False) - as_seen_by_net(sheet, 28, 20, centre=False)).max() > 0.5


def test_grey_levels_are_those_of_the_training_data():
    sheet = sheet_with(slice(20, 80), slice(40, 60))
    seen = as_seen_by_net(sheet, 8, 8, low=-1, high=16)
    assert (seen.min(), seen.max()) == pytest.approx((-1, 16))
    inverted = as_seen_by_net(sheet, 8, 8, low=-1, high=16, invert=False)
    np.testing.assert_allclose(inverted, -1 + 16 - seen)
    assert as_seen_by_net(np.full(SHEET**2, 255, np.uint8), 8, 8) is None


def test_a_training_digit_laid_on_the_sheet_is_itself_again():
    for row in (0, 7, 50):
        seen = as_seen_by_net(as_sheet(X[row]), 8, 8, centre=False)
        np.testing.assert_allclose(seen.ravel(), X[row], atol=1 / 255)
    assert box_of(X) == 8
    framed = np.zeros((3, 28, 28))
    framed[:, 4:24, 8:20] = 0.5
    assert box_of(framed.reshape(3, -1)) == 20


def test_small_digits_anywhere_on_the_sheet_are_known_only_when_centred(oracle):
    draw = np.random.default_rng(0)
    centred, shrunk = [], []
    for digit in X[~TRAIN]:
        side = int(draw.integers(40, 90))
        ink = np.clip(scipy.ndimage.zoom(digit.reshape(8, 8), side / 8, order=1), 0, 1)
        top, left = draw.integers(0, SHEET - side, 2)
        sheet = np.full((SHEET, SHEET), 255, np.uint8)
        sheet[top : top + side, left : left + side] = np.round(255 * (1 - ink))
        centred.append(as_seen_by_net(sheet, 8, 8).ravel())
        shrunk.append(as_seen_by_net(sheet, 8, 8, centre=False).ravel())
    direct = oracle.score(X[~TRAIN], Y[~TRAIN])
    assert oracle.score(centred, Y[~TRAIN]) > direct - 0.06
    assert oracle.score(shrunk, Y[~TRAIN]) < 0.5


def test_probabilities_of_logits_and_of_probabilities():
    z = np.array([[2.0, -1.0, 0.5, 800.0]])
    np.testing.assert_allclose(probabilities(z), softmax(z[0]))
    p = softmax(np.array([[0.3, 2.0, 1.0]]), axis=1)
    np.testing.assert_allclose(probabilities(p), p[0])
    with pytest.raises(LearnerError, match=r"shape \(1,\).*10 outputs"):
        probabilities(np.array([0.3]))
    with pytest.raises(LearnerError, match="nan or infinite"):
        probabilities(np.array([[np.nan, 1.0]]))


def test_nearest_is_that_of_scikit_learn():
    seen = X[11] * 0.9 + 0.03
    distance, row = NearestNeighbors(n_neighbors=1).fit(X).kneighbors([seen])
    found = nearest(seen, X, Y, (X**2).sum(axis=1))
    assert found["row"] == row[0, 0] and found["label"] == str(Y[row[0, 0]])
    assert found["distance"] == pytest.approx(distance[0, 0], rel=1e-4)


@pytest.fixture(scope="module")
def trained():
    params = models.init_mlp(jax.random.key(0), (64, 32, 10))
    return fit(
        params,
        models.mlp_model,
        losses.softmax_loss,
        X[TRAIN],
        Y[TRAIN],
        step_size=0.01,
        n_steps=300,
        optimizer=optax.adam,
        progress=False,
    ).params


def test_the_panel_starts_empty_then_names_the_digit(trained):
    panel = draw_digit(trained, models.mlp_model)
    assert panel.shown["strong"] == "Draw a digit" and panel.shown["probabilities"] is None
    assert [sample["label"] for sample in panel.settings["samples"]] == list("0123456789")
    for sample in panel.settings["samples"]:
        shown = panel._answer({"sheet": memoryview(sample["sheet"]), "no_centring": True})
        assert shown["strong"] == f"The net says {sample['label']}"
        assert shown["nearest"]["label"] == sample["label"] and shown["nearest"]["distance"] < 0.1
        assert sum(shown["probabilities"]) == pytest.approx(1, abs=1e-4)
    panel.shown = panel.shown | shown
    assert panel.static_png()


def test_a_net_that_takes_784_columns_gets_28_by_28():
    params = models.init_mlp(jax.random.key(0), (784, 10))
    panel = draw_digit(params, models.mlp_model)
    shown = panel._answer({"sheet": sheet_with(slice(20, 80), slice(40, 60)).tobytes()})
    assert panel.settings["size"] == 28 and len(shown["seen"]) == 784 and shown["nearest"] is None
    rows = np.flatnonzero(np.reshape(shown["seen"], (28, 28)).max(axis=1) > 0.5)
    assert (rows[0], rows[-1]) == (4, 23)  # a box of 20, in the middle


@pytest.mark.slow
def test_what_cannot_be_compared_is_refused_in_words(trained):
    with pytest.raises(LearnerError, match="neither pictures of 8 by 8"):
        draw_digit(models.init_mlp(jax.random.key(0), (5, 10)), models.mlp_model)
    with pytest.raises(LearnerError, match="high=16"):
        draw_digit(trained, models.mlp_model, x=X * 16, y=Y)
    with pytest.raises(LearnerError, match="y must say"):
        draw_digit(trained, models.mlp_model, x=X)
    with pytest.raises(LearnerError, match="64 columns"):
        draw_digit(trained, models.mlp_model, x=X[:, :50], y=Y, size=8)
    panel = draw_digit(models.init_mlp(jax.random.key(0), (64, 1)), models.mlp_model)
    shown = panel._answered({"sheet": panel.settings["samples"][3]["sheet"]}, panel.shown)
    assert "one number a class" in shown["trouble"] and shown["strong"] == "Draw a digit"

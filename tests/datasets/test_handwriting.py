"""Drawings brought to the form of the digits that a net knows, and digits written a little otherwise."""

import os
import sys
from pathlib import Path

import jax
import numpy as np
import pytest
import scipy.ndimage

from dl_workshop import datasets
from dl_workshop.datasets.handwriting import filling, form_of, upright
from dl_workshop.errors import LearnerError
from dl_workshop.panels.draw_digit.ink import SHEET, as_seen_by_net

DIGITS = datasets.digits()
X, Y = np.asarray(DIGITS.x), np.asarray(DIGITS.y)
FORM = form_of(X)


def drawn(*strokes, pen=4, move=(0, 0), large=1.0):
    """A sheet with straight strokes (row, column) to (row, column), drawn with a round pen."""
    sheet, places = np.full((SHEET, SHEET), 255, np.uint8), np.indices((SHEET, SHEET))
    for start, end in strokes:
        for share in np.linspace(0, 1, 200):
            row, column = large * (np.array(start) + share * (np.array(end) - np.array(start))) + move
            sheet[(places[0] - row) ** 2 + (places[1] - column) ** 2 <= pen**2] = 0
    return sheet


SEVEN = ((20, 20), (20, 50)), ((20, 50), (70, 30))


def seen(sheet):
    return as_seen_by_net(sheet, 8, 8, form=FORM)


def test_the_form_of_the_digits_is_measured():
    pictures = X.reshape(-1, 8, 8)
    columns = (pictures.max(axis=1) > 0).sum(axis=1)
    assert FORM.width * 8 == pytest.approx(np.median(columns) - 1, abs=1)
    assert pytest.approx(X.mean(), abs=0.01) == FORM.ink
    margin = np.pad(pictures, ((0, 0), (4, 4), (4, 4))).reshape(len(X), -1)
    assert form_of(margin) is None  # MNIST's digits lie in a margin: they are centred, not stretched
    assert form_of(16 * X - 1, low=-1, high=15) == pytest.approx(FORM, abs=1e-6)


def test_a_drawing_fills_the_rows_as_wide_and_as_thick_as_the_digits_are():
    picture = seen(drawn(*SEVEN))
    assert (picture.max(axis=1) > 0).all() and picture.mean() == pytest.approx(FORM.ink, abs=0.05)
    assert 4 <= (picture.max(axis=0) > 0).sum() <= 6
    assert picture.min() >= 0 and picture.max() <= 1 and picture[0, 3:5].mean() > 0.5


@pytest.mark.parametrize(
    "other", [dict(move=(20, 30)), dict(large=1.4), dict(pen=6), dict(pen=2.5), dict(move=(-14, -14))]
)
def test_place_size_and_pen_change_little(other):
    assert abs(seen(drawn(*SEVEN, **other)) - seen(drawn(*SEVEN))).mean() < 0.08


def test_a_slant_is_taken_out():
    straight, slanted = drawn(((10, 50), (100, 50))), drawn(((10, 80), (100, 30)))
    assert abs(seen(straight) - seen(slanted)).mean() < 0.05
    rows, columns = np.nonzero(upright(slanted < 128))
    assert abs(np.corrcoef(rows, columns)[0, 1]) < 0.1


@pytest.mark.parametrize("strokes", [(((50, 50), (50, 50)),), (((0, 0), (0, 111)),), (((0, 0), (111, 0)),)])
def test_a_dot_and_strokes_along_an_edge_give_a_picture(strokes):
    picture = seen(drawn(*strokes))
    assert np.isfinite(picture).all() and picture.max() > 0
    assert as_seen_by_net(np.full((SHEET, SHEET), 255, np.uint8), 8, 8, form=FORM) is None


def test_varied_digits_are_more_of_the_same_form_and_their_labels():
    x, y = datasets.varied(jax.random.key(0), X[:200], Y[:200], times=2)
    assert x.shape == (600, 64) and y.tolist() == Y[:200].tolist() * 3
    np.testing.assert_array_equal(x[:200], X[:200])
    assert x.min() >= 0 and x.max() <= 1 and x[200:].mean() == pytest.approx(X[:200].mean(), rel=0.15)
    same = [np.corrcoef(x[i], x[200 + i])[0, 1] for i in range(200)]
    other = [np.corrcoef(x[i], x[200 + (i + 7) % 200])[0, 1] for i in range(200)]
    assert 0.6 < np.mean(same) < 0.99 and np.mean(same) > np.mean(other) + 0.3
    again, _ = datasets.varied(jax.random.key(0), X[:200], Y[:200], times=2)
    np.testing.assert_array_equal(x, again)
    with pytest.raises(LearnerError, match=r"jax\.random\.key"):
        datasets.varied(0, X, Y)


def test_a_bitmap_that_has_the_form_already_comes_back_as_it_was():
    picture = X[0].reshape(8, 8)
    fine = scipy.ndimage.zoom(picture, 8, order=1, grid_mode=True, mode="nearest")
    assert abs(filling(fine, 8, FORM, straight=False) - picture).mean() < 0.12


@pytest.mark.slow
@pytest.mark.skipif("DL_WORKSHOP_DATA" not in os.environ, reason="DL_WORKSHOP_DATA names no folder with MNIST's files")
def test_a_foreign_hand_is_read(monkeypatch):
    if not (Path(os.environ["DL_WORKSHOP_DATA"]) / "t10k-images-idx3-ubyte.gz").exists():
        pytest.skip("DL_WORKSHOP_DATA holds no t10k-images-idx3-ubyte.gz")
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "benchmarks")
    sys.modules.pop("drawn_digits", None)
    import drawn_digits

    shares = {name: np.mean(found) for name, (found, _) in drawn_digits.measure().items()}
    assert shares["8 x 8, the same, trained on varied digits"] > 0.78
    assert shares["28 x 28, the same as drawings"] > 0.93
    own = shares["8 x 8, its own test digits, trained on varied ones"]
    assert own > shares["8 x 8, its own test digits"] - 0.006

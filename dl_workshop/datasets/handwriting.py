"""How handwritten digits fill their pictures, a drawing brought to that form, and digits written a little otherwise.

The 8 by 8 digits of scikit-learn were made from bitmaps stretched until they fill all rows, with a broad pen; those of
MNIST keep their proportions and lie in the middle of a margin. A net knows only the one that it was trained on.
Source: E. Alpaydin, C. Kaynak, Optical recognition of handwritten digits (1998), UCI Machine Learning Repository.
"""

from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import Float, Int, PRNGKeyArray, Shaped

from dl_workshop.errors import LearnerError
from dl_workshop.types import AnyArray
from dl_workshop.validate.keys import check_key

FINE = 8  # bitmap pixels along each side of one of the picture's
LEAST = 0.12  # of the picture's side: so wide a plain 1 stays
MOST_INK = 0.75  # of a bitmap pixel's side: no pen is made broader or finer than by this many picture pixels


class Form(NamedTuple):
    """How digits lie in their pictures: they fill all rows; `width` and `ink` are shares of side and of area."""

    width: float
    ink: float


def form_of(x: Float[AnyArray, "n d"], low: float = 0.0, high: float = 1.0) -> Form | None:
    """Measure the form of digits; None where they do not fill their pictures from top to bottom, as MNIST's do not.

    A stroke that begins inside a pixel touches one column more than it is wide, so a column is taken off.
    """
    side = int(np.sqrt(np.shape(x)[1]))
    pictures = (np.asarray(x[:2000], float).reshape(-1, side, side) - low) / (high - low)
    found = [edges(picture) for picture in pictures]
    sizes = np.array([[last - first for first, last in one] for one in found if one])
    if not len(sizes) or np.mean(sizes[:, 0] == side) < 0.95:
        return None
    return Form((float(np.median(sizes[:, 1])) - 1) / side, float(pictures.mean()))


def edges(ink: Float[np.ndarray, "height width"]) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Give where the ink begins and, just beyond it, ends: ((top, bottom), (left, right)); None if there is none."""
    if not (ink > 0).any():
        return None
    rows, columns = np.flatnonzero((ink > 0).any(axis=1)), np.flatnonzero((ink > 0).any(axis=0))
    return (int(rows[0]), int(rows[-1]) + 1), (int(columns[0]), int(columns[-1]) + 1)


def overlaps(start: float, step: float, n: int, of: int) -> Float[np.ndarray, "n of"]:
    """Give the shares (n, of) in which new pixel i, from start + i step to start + (i+1) step, covers each old one."""
    first = start + step * np.arange(n)[:, None]
    old = np.arange(of)
    return np.clip(np.minimum(first + step, old + 1) - np.maximum(first, old), 0, None) / step


def upright(bitmap: Shaped[np.ndarray, "height width"]) -> Shaped[np.ndarray, "height width2"]:
    """Take the slant out of a bitmap: shift each row until the columns of the ink no longer follow its rows."""
    from scipy import ndimage  # loaded when it is first needed

    rows, columns = np.nonzero(bitmap)
    down, across = rows - rows.mean(), columns - columns.mean()
    slant = (down * across).mean() / max((down**2).mean(), 1e-9)
    room = int(abs(slant) * len(bitmap) / 2) + 2
    wide = np.pad(bitmap, ((0, 0), (room, room))).astype(float)
    turn, middle = np.array([[1, 0], [slant, 1]]), np.array([rows.mean(), columns.mean() + room])
    return ndimage.affine_transform(wide, turn, offset=middle - turn @ middle, order=1) > 0.5


def filling(
    ink: Float[np.ndarray, "height width"], size: int, form: Form, *, straight: bool = True
) -> Float[np.ndarray, "size size"]:
    """Bring ink of any shape to a form: (size, size) shares of ink, all rows filled, so wide and so thick.

    Black or white; slant out (unless `straight` is False); as high as the picture and no wider than the form; the pen
    made broader or finer until the share of ink is the form's; then averaged over each pixel.
    """
    from scipy import ndimage

    bitmap = ink > 0.5 * ink.max()
    bitmap = upright(bitmap) if straight else bitmap
    found = edges(bitmap)
    assert found, "there is ink, or nobody would ask"
    (top, bottom), (left, right) = found
    bitmap = bitmap[top:bottom, left:right].astype(float)
    side = size * FINE
    height, wide = bitmap.shape
    width = max(min(form.width * side, wide * side / height), LEAST * side)
    columns = int(np.ceil(width))
    bitmap = overlaps(0, height / side, side, height) @ bitmap @ overlaps(0, wide / width, columns, wide).T > 0.5
    bitmap = np.pad(bitmap, ((0, 0), ((side - columns) // 2, side - columns - (side - columns) // 2)))
    distance = ndimage.distance_transform_edt(~bitmap) - ndimage.distance_transform_edt(bitmap)
    reach = np.sort(distance, axis=None)[int(form.ink * side**2)]
    bitmap = distance <= np.clip(reach, -FINE / 4, MOST_INK * FINE)
    return bitmap.reshape(size, FINE, size, FINE).mean(axis=(1, 3))


def varied(
    key: PRNGKeyArray, x: Float[AnyArray, "n d"], y: Int[AnyArray, " n"], times: int = 4
) -> tuple[Float[np.ndarray, "m d"], Int[np.ndarray, " m"]]:
    """Add digits written a little otherwise: slanted, turned, stretched, narrower, thinner, thicker; m = (times + 1) n.

    Each is drawn with `key` from one of x, whose values go from 0 (paper) to 1, and brought to their form again.
    Raises: LearnerError for a key that is none, or rows that are no square pictures.
    Source: Simard, Steinkraus, Platt, Best Practices for Convolutional Neural Networks (2003), section 2.
    """
    check_key(key)
    random = np.random.default_rng(np.asarray(jax.random.key_data(key)).ravel())
    x, y = np.asarray(x, np.float32), np.asarray(y)
    if x.ndim != 2 or round(x.shape[1] ** 0.5) ** 2 != x.shape[1]:
        raise LearnerError(
            f"x has shape {x.shape}, but each row must be a square picture, such as 64 numbers for 8 by "
            "8. Flatten it: x.reshape(len(x), -1)."
        )
    size, form = round(x.shape[1] ** 0.5), form_of(x)
    more = [otherwise(random, picture.reshape(size, size), form).ravel() for _ in range(times) for picture in x]
    return np.concatenate([x, np.array(more, np.float32).reshape(-1, x.shape[1])]), np.tile(y, times + 1)


def otherwise(
    random: np.random.Generator, picture: Float[np.ndarray, "size size"], form: Form | None
) -> Float[np.ndarray, "size size"]:
    """Draw one digit anew: turned by up to 10 degrees, slanted by up to a third, stretched by up to an eighth."""
    from scipy import ndimage

    size = len(picture)
    fine = np.pad(ndimage.zoom(picture, FINE, order=1, grid_mode=True, mode="nearest"), 2 * FINE)
    angle, slant = np.deg2rad(random.uniform(-10, 10)), random.uniform(-0.35, 0.35)
    turn = (
        np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        @ np.array([[1, 0], [slant, 1]])
        @ np.diag(1 + random.uniform(-0.12, 0.12, 2))
    )
    middle = np.full(2, (len(fine) - 1) / 2)
    fine = ndimage.affine_transform(fine, turn, offset=middle - turn @ middle, order=1)
    if form is None:
        inner = fine[2 * FINE : -2 * FINE, 2 * FINE : -2 * FINE]
        return inner.reshape(size, FINE, size, FINE).mean(axis=(1, 3))
    pen = Form(form.width * random.uniform(0.9, 1.3), form.ink * random.uniform(0.7, 1.2))
    return filling(fine, size, pen, straight=False) if fine.max() > 0 else picture

"""From a drawing to what a net was trained on: cut out, scaled to a box, centred, and made light on dark.

A sheet is a square picture as it is seen: brightness 0 (ink) to 255 (paper), as many rows as columns. The steps are
those by which MNIST was made from scanned forms.
Source: Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits, yann.lecun.com/exdb/mnist.
"""

import numpy as np

from dl_workshop.datasets.handwriting import edges, filling, overlaps

SMOOTH = 0.022  # of the sheet's side: how far the steps of a coarse drawing are smoothed before its edge is found
SHEET = 112  # rows and columns of the sheet that is drawn on: 8 by 8 pictures of 14 by 14, and 28 by 28 of 4 by 4


def ink_of(sheet):
    """Give the share of ink in each pixel, 1 - brightness / 255: light on dark, as the training digits are."""
    sheet = np.frombuffer(sheet, np.uint8) if isinstance(sheet, bytes | memoryview) else np.asarray(sheet)
    side = int(np.sqrt(sheet.size))
    return 1 - sheet.reshape(side, side) / 255


def centre_of_mass(ink):
    """Mean place of the ink, sum ink * (row, column) / sum ink; the middle of pixel 0 lies at 0.5."""
    places = np.arange(len(ink)) + 0.5
    return ink.sum(axis=1) @ places / ink.sum(), ink.sum(axis=0) @ places / ink.sum()


def as_seen_by_net(sheet, size, box, *, low=0.0, high=1.0, invert=True, centre=True, form=None):
    """Give a sheet as the net's input, (size, size) numbers from `low` (paper) to `high` (ink); None if it is empty.

    The ink is scaled so that its longer side fills `box` pixels, and its centre of mass is put in the middle, as far
    as no ink leaves the picture. Where the training digits fill their pictures, as `form` says (handwriting.form_of),
    the drawing is brought to that form instead. centre=False only shrinks the sheet; invert=False leaves it dark on
    light.
    """
    ink = ink_of(sheet)
    found = edges(ink)
    if found is None:
        return None
    if centre and form is not None:
        from scipy import ndimage  # loaded when it is first needed

        seen = filling(ndimage.gaussian_filter(ink, SMOOTH * len(ink)), size, form)
        return low + (high - low) * (seen if invert else 1 - seen)
    if centre:
        step = max(last - first for first, last in found) / box  # pixels of the sheet in one of the net's
        span = step * size
        starts = [
            np.clip(middle - span / 2, last - span, first)
            for middle, (first, last) in zip(centre_of_mass(ink), found, strict=True)
        ]
    else:
        step, starts = len(ink) / size, [0, 0]
    down, across = (overlaps(start, step, size, len(ink)) for start in starts)
    seen = np.clip(down @ ink @ across.T, 0, 1)
    return low + (high - low) * (seen if invert else 1 - seen)


def as_sheet(pixels, low=0.0, high=1.0):
    """Give a training digit (d,) as a sheet of bytes: dark on light, each of its pixels a square."""
    side = int(np.sqrt(np.size(pixels)))
    ink = (np.asarray(pixels, float).reshape(side, side) - low) / (high - low)
    enlarge = overlaps(0, side / SHEET, SHEET, side)
    return np.round(255 * (1 - np.clip(enlarge @ ink @ enlarge.T, 0, 1))).astype(np.uint8).tobytes()


def box_of(x, low=0.0):
    """Measure the box that digits x (n, d) were scaled to: the median of their longer sides, in pixels."""
    side = int(np.sqrt(np.shape(x)[1]))
    found = [edges(digit) for digit in np.asarray(x[:500], float).reshape(-1, side, side) - low]
    longer = [max(last - first for first, last in one) for one in found if one]
    return int(np.median(longer)) if longer else side

"""Exercises of lesson 11 about pictures: brought to the range from 0 to 1, and cut out of a page."""

import jax.numpy as jnp
import numpy as np

from dl_workshop.exercises.domain import floats
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson

scale_images = from_lesson(__file__, "scale_images")


def scaling(shift=lambda x, paper, ink: paper, width=lambda x, paper, ink: ink - paper, end=lambda z: z):
    """Make a scaling of what it takes away, what it divides by, and what comes after."""
    return lambda x, paper, ink: end((x - shift(x, paper, ink)) / width(x, paper, ink))


def between(lowest, highest):
    """Give the scaling that takes the lowest number to 0 and the highest to 1, both measured on x."""
    return scaling(lambda x, *_: lowest(x), lambda x, *_: highest(x) - lowest(x))


def grey_levels(key):
    """Draw (x, paper, ink): light on dark and dark on light; no picture and no pixel uses the whole range."""
    random, cases = draws(key), []
    for paper, ink in ((0, 16), (255, 0), (20.4, 219.7)):
        shares = np.array([[1, 3, 8], [2, 9, 4], [7, 1, 3], [5, 2, 9]]) / 10 + random.uniform(-0.04, 0.04, (4, 3))
        cases.append(((paper + (ink - paper) * shares).tolist(), float(paper), float(ink)))
    x, paper, ink = cases[-1]
    return [*cases, (np.array(x), paper, ink)]


SCALE_IMAGES = Exercise(
    name="scale_images",
    task="Bring grey levels to the share of ink: `paper` becomes 0, `ink` becomes 1, for all pixels by the same rule.",
    reference=scale_images,
    domain=dict(x=floats("n d", numpy=True), paper=floats(), ink=floats()),
    cannot_see={
        name: "grey levels lie between `paper` and `ink`, so what is right lies between 0 and 1."
        for name in ("clipped to 0 and 1", "clipped to -1 and 1", "never below 0", "its absolute value")
    },
    probes=grey_levels,
    small=(([[0.0, 8.0], [4.0, 2.0]], 0.0, 16.0), ([[255.0, 51.0], [102.0, 204.0]], 255.0, 0.0)),
    also_right=(
        scaling(),
        lambda x, paper, ink: 1 - (ink - x) / (ink - paper),
        lambda x, paper, ink: (paper - x) / (paper - ink),
        lambda x, paper, ink: jnp.array([[(level - paper) / (ink - paper) for level in row] for row in x]),
    ),
    mistakes=(
        Mistake(
            "per_pixel",
            between(lambda x: x.min(axis=0), lambda x: x.max(axis=0)),
            "Each PIXEL is scaled by its own range here, so a faint speck in a corner becomes as strong as a "
            "stroke: use `paper` and `ink`, the same for all.",
        ),
        Mistake(
            "per_image",
            between(lambda x: x.min(axis=1, keepdims=True), lambda x: x.max(axis=1, keepdims=True)),
            "Each IMAGE is scaled by its own range here: use `paper` and `ink`, the same for all.",
        ),
        Mistake(
            "measured",
            between(jnp.min, jnp.max),
            "The range is measured on these images, so other images would be scaled otherwise: use `paper` and `ink`.",
        ),
        Mistake(
            "standardised",
            scaling(lambda x, *_: x.mean(axis=0), lambda x, *_: x.std(axis=0)),
            "Each pixel is standardised here, as columns of a table were: use one range for all, `paper` to `ink`.",
        ),
        changed(
            scaling,
            "not_shifted",
            "`paper` does not become 0: take it away from x first.",
            shift=lambda x, paper, ink: 0,
        ),
        changed(
            scaling,
            "divided_by_ink",
            "This divides by `ink`: right where paper is 0, but in general the range is `ink - paper`.",
            width=lambda x, paper, ink: ink,
        ),
        changed(
            scaling,
            "divided_by_the_larger",
            "This divides by the larger of the two: the range from paper to ink is `ink - paper`, which may be "
            "below 0.",
            width=lambda x, paper, ink: max(ink, paper),
        ),
        changed(
            scaling,
            "without_sign",
            "The range has lost its sign: where paper is brighter than ink, `ink - paper` is below 0, and that is "
            "what turns the picture round.",
            width=lambda x, paper, ink: abs(ink - paper),
        ),
        changed(
            scaling,
            "not_divided",
            "`paper` is taken away, but nothing is divided: divide by `ink - paper`.",
            width=lambda x, paper, ink: 1,
        ),
        changed(
            scaling, "turned_round", "Paper becomes 1 and ink 0: it should be the other way round.", end=lambda z: 1 - z
        ),
        changed(
            scaling,
            "from_minus_one",
            "This runs from -1 to 1: paper should become 0 and ink 1.",
            end=lambda z: 2 * z - 1,
        ),
        changed(scaling, "percent", "This is in percent: ink should become 1.", end=lambda z: 100 * z),
        changed(scaling, "black_or_white", "Every pixel becomes either 0 or 1: keep the grey between.", end=jnp.round),
    ),
    hints=(
        "How far is a level from paper? And how far is ink from paper?",
        "Take `paper` away from x, so that paper becomes 0. What does ink become, and by what must you divide?",
        "`x - paper` is divided by `ink - paper`. Mind the brackets.",
    ),
)


cut_out = from_lesson(__file__, "cut_out")


def cut(
    edges=lambda at: slice(at[0], at[-1] + 1),
    across=lambda at: slice(at[0], at[-1] + 1),
    room=lambda free: free // 2,
    end=lambda square: square,
):
    """Make a cut of which rows and columns it takes, how much room it leaves before them, and what comes after."""

    def out(page):
        rows, columns = np.flatnonzero(page.any(axis=1)), np.flatnonzero(page.any(axis=0))
        box = page[edges(rows)][:, across(columns)]
        side = max(box.shape)
        before = [room(side - length) for length in box.shape]
        return end(np.pad(box, [(b, side - length - b) for b, length in zip(before, box.shape, strict=True)]))

    return out


def as_it_is(page):
    """Give the box that holds the ink, as high and as wide as it is."""
    rows, columns = np.argwhere(page).T
    return page[np.min(rows) : np.max(rows) + 1, np.min(columns) : np.max(columns) + 1]


def pages(key):
    """Draw pages with ink somewhere: tall and with an empty row between, and wide. Height and width differ by 2."""
    random, cases = draws(key), []
    for height, width in ((5, 3), (2, 4)):
        box = random.uniform(0.2, 0.9, (height, width)).round(3)
        if height == 5:
            box[2] = 0.0
        page = np.zeros((8, 7) if height == 5 else (9, 12))
        top, left = random.integers(1, 8 - height), random.integers(1, 7 - width)
        page[top : top + height, left : left + width] = box
        cases.append((page,))
    return cases


A_STROKE = np.array([[0, 0, 0, 0], [0, 0, 0, 0.5], [0, 0, 0, 1.0], [0, 0, 0, 0.7]])
A_DASH = np.array([[0, 0, 0, 0], [0, 0.4, 1.0, 0.8], [0, 0, 0, 0], [0, 0, 0, 0]])

CUT_OUT = Exercise(
    name="cut_out",
    task="Cut the ink out of the page: the smallest square that holds it, with the ink in the middle and 0 around it.",
    reference=cut_out,
    domain=dict(page=floats("h w", low=0, high=1, numpy=True)),
    probes=pages,
    small=((A_STROKE,), (A_DASH,)),
    also_right=(
        cut(),
        cut(room=lambda free: -(-free // 2)),
        lambda page: jnp.pad(
            as_it_is(page), [((max(as_it_is(page).shape) - n) // 2,) * 2 for n in as_it_is(page).shape]
        ),
    ),
    mistakes=(
        changed(
            cut,
            "last_row_lost",
            "The last row with ink is cut off: a slice ends BEFORE its end, so write `rows[-1] + 1`.",
            edges=lambda at: slice(at[0], max(at[-1], at[0] + 1)),
        ),
        changed(
            cut,
            "last_column_lost",
            "The last column with ink is cut off: a slice ends BEFORE its end, so write `columns[-1] + 1`.",
            across=lambda at: slice(at[0], max(at[-1], at[0] + 1)),
        ),
        changed(
            cut,
            "gaps_closed",
            "Empty rows inside the digit are gone: take ALL rows from the first to the last, a slice "
            "`rows[0]:rows[-1] + 1`.",
            edges=lambda at: at,
        ),
        changed(
            cut,
            "rows_from_the_top",
            "The empty rows above the ink are still there: begin at `rows[0]`.",
            edges=lambda at: slice(0, at[-1] + 1),
        ),
        changed(
            cut,
            "columns_from_the_left",
            "The empty columns left of the ink are still there: begin at `columns[0]`.",
            across=lambda at: slice(0, at[-1] + 1),
        ),
        changed(
            cut,
            "columns_not_cut",
            "The columns are not cut: take those from `columns[0]` to `columns[-1]`.",
            across=lambda at: slice(None),
        ),
        changed(
            cut,
            "rows_not_cut",
            "The rows are not cut: take those from `rows[0]` to `rows[-1]`.",
            edges=lambda at: slice(None),
        ),
        changed(
            cut,
            "in_the_corner",
            "The ink is in the upper left corner of the square: leave half of the free room before it.",
            room=lambda free: 0,
        ),
        changed(
            cut,
            "against_the_end",
            "All the free room is before the ink: leave half of it before, and half after.",
            room=lambda free: free,
        ),
        changed(cut, "transposed", "Rows and columns are swapped: the picture lies on its side.", end=jnp.transpose),
        changed(
            cut,
            "black_or_white",
            "Every pixel became 0 or 1: keep the grey of the page.",
            end=lambda square: (square > 0).astype(float),
        ),
        Mistake(
            "box",
            as_it_is,
            "This is the ink's own box, which is not square: put it into the middle of a square "
            "whose side is the larger of height and width.",
        ),
        Mistake("the_page", lambda page: page, "This is the whole page: cut the ink out of it."),
    ),
    hints=(
        "Three steps: the box that holds the ink, the side of the square, and where in the square the box goes.",
        "`page[rows[0]:rows[-1] + 1, ...]` cuts rows. The free room is `side - height` rows: half of it goes above.",
        "After `square = np.zeros((side, side))` write the box into `square[top:top + height, left:left + width]`, "
        "with `top = (side - height) // 2`, and left in the same way.",
    ),
)

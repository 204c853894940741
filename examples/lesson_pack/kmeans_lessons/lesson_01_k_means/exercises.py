"""Exercises of the lesson on k-means: the nearest centre, and the centre of its own points."""

import jax
import jax.numpy as jnp

from dl_workshop.exercises.domain import floats, wholes
from dl_workshop.exercises.exercise import Exercise, Mistake, draws
from dl_workshop.exercises.solutions import from_lesson

nearest = from_lesson(__file__, "nearest")
moved = from_lesson(__file__, "moved")


def points_and_centres(key):
    """Draw (points, centres): few and many points, 1 to 4 coordinates, 1 to 12 centres on both sides of 0."""
    random = draws(key)
    return [
        (random.normal(0.3, 4.0, (n, d)).tolist(), random.normal(0.2, 4.0, (k, d)).tolist())
        for n, d, k in ((2, 2, 1), (9, 2, 3), (24, 4, 12), (8, 1, 4))
    ]


def squared(points, centres):
    """Give the table (n, k) of squared distances."""
    return jnp.sum((points[:, None] - centres[None]) ** 2, axis=2)


NEAREST = Exercise(
    name="nearest",
    task="Return, for each row of `points`, the row number of the nearest of the `centres`: n whole numbers from 0 on.",
    reference=nearest,
    domain=dict(points=floats("n d"), centres=floats("k d")),
    probes=points_and_centres,
    small=(
        ([[1.0, 3.0], [3.0, -1.0]], [[0.0, 0.0], [4.0, 0.0]]),
        ([[0.0, 3.0], [2.5, 2.5], [-1.0, 4.0]], [[0.0, 0.0], [0.0, 5.0], [5.0, 5.0]]),
    ),
    also_right=(
        lambda points, centres: jnp.argmin(jnp.linalg.norm(points[:, None] - centres[None], axis=-1), axis=-1),
        lambda points, centres: jax.vmap(lambda point: jnp.argmin(jnp.sum((centres - point) ** 2, axis=1)))(points),
    ),
    mistakes=(
        Mistake(
            "farthest",
            lambda points, centres: jnp.argmax(squared(points, centres), axis=1),
            "This is the centre that lies FARTHEST away: take the smallest distance, `argmin`.",
        ),
        Mistake(
            "distance",
            lambda points, centres: jnp.min(squared(points, centres), axis=1),
            "This is the squared DISTANCE from the nearest centre: its row number is asked for, `argmin`.",
        ),
        Mistake(
            "nearest_point",
            lambda points, centres: jnp.argmin(squared(points, centres), axis=0),
            "This finds the nearest POINT of each centre: the smallest of each row is asked for, `axis=1`.",
        ),
        Mistake(
            "from_1",
            lambda points, centres: 1 + jnp.argmin(squared(points, centres), axis=1),
            "The rows are counted from 1 here: the first centre has the number 0.",
        ),
        Mistake(
            "one_coordinate",
            lambda points, centres: jnp.argmin(squared(points[:, :1], centres[:, :1]), axis=1),
            "This looks at the FIRST coordinate alone: sum the squares over all coordinates.",
        ),
        Mistake(
            "absolute",
            lambda points, centres: jnp.argmin(jnp.sum(jnp.abs(points[:, None] - centres[None]), axis=2), axis=1),
            "This sums ABSOLUTE differences, as streets in a grid are measured: square them.",
        ),
        Mistake(
            "not_squared",
            lambda points, centres: jnp.argmin(jnp.sum(points[:, None] - centres[None], axis=2), axis=1),
            "Differences of both signs cancel here: square them before you sum.",
        ),
        Mistake(
            "table",
            squared,
            "This is the whole table of squared distances, (n, k): take the place of the smallest in each row.",
        ),
    ),
    hints=(
        "First a table of distances: a row for each point, a column for each centre.",
        "`points[:, None, :] - centres[None, :, :]` has shape (n, k, d): square it, and sum over the last axis.",
        "`jnp.argmin(table, axis=1)` gives the column of the smallest number in each row.",
    ),
)


def grouped(key):
    """Draw (points, labels, centres): sometimes a centre without points, more than one and up to 12."""
    random = draws(key)
    cases = []
    for n, d, k in ((5, 2, 2), (9, 2, 4), (30, 3, 12)):
        labels = random.integers(0, k - 1, n) if k > 2 else random.permutation([0, 0, 0, 1, 1])
        points, centres = random.normal(0.4, 4.0, (n, d)), random.normal(0, 3.0, (k, d))
        cases.append((points.tolist(), labels.tolist(), centres.tolist()))
    return cases


def means(
    points,
    labels,
    centres,
    per=lambda own, sizes, points: own.T @ points / jnp.maximum(sizes, 1),
    empty=lambda centres: centres,
):
    """Move each centre: `per` gives its place from its own points, `empty` the place of one without points."""
    own = jax.nn.one_hot(labels, len(centres))
    sizes = own.sum(axis=0)[:, None]
    return jnp.where(sizes > 0, per(own, sizes, points), empty(centres))


MOVED = Exercise(
    name="moved",
    task="Return the new centres: the mean of each one's own points. A centre without points stays where it is.",
    reference=moved,
    domain=dict(points=floats("n d"), labels=wholes("n", low=0), centres=floats("k d")),
    probes=grouped,
    small=(
        ([[1.0, 3.0], [3.0, -1.0], [5.0, 1.0]], [0, 1, 1], [[0.0, 1.0], [4.0, 0.0]]),
        ([[2.0, 2.0]], [1], [[5.0, 1.0], [0.0, 0.0]]),
    ),
    also_right=(
        means,
        lambda points, labels, centres: jnp.stack(
            [
                jnp.where(
                    (labels == i).any(),
                    jnp.sum(jnp.where((labels == i)[:, None], points, 0.0), axis=0)
                    / jnp.maximum((labels == i).sum(), 1),
                    centre,
                )
                for i, centre in enumerate(centres)
            ]
        ),
    ),
    mistakes=(
        Mistake(
            "sum",
            lambda *args: means(*args, per=lambda own, sizes, points: own.T @ points),
            "This is the SUM of each centre's own points: divide by how many they are.",
        ),
        Mistake(
            "over_all",
            lambda *args: means(*args, per=lambda own, sizes, points: own.T @ points / len(points)),
            "This divides by the number of ALL points: divide by the number of each centre's own.",
        ),
        Mistake(
            "mean_of_all",
            lambda *args: means(
                *args,
                per=lambda own, sizes, points: jnp.broadcast_to(points.mean(axis=0), (own.shape[1], points.shape[1])),
            ),
            "Every centre goes to the mean of ALL points: take its own alone.",
        ),
        Mistake(
            "empty_to_zero",
            lambda *args: means(*args, empty=jnp.zeros_like),
            "A centre without points jumps to 0 here: let it stay where it is.",
        ),
        Mistake(
            "empty_to_nan",
            lambda *args: means(*args, empty=lambda centres: jnp.full_like(centres, jnp.nan)),
            "A centre without points becomes nan, 0/0, and stays so: let it stay where it is.",
        ),
        Mistake(
            "half_way",
            lambda points, labels, centres: (centres + means(points, labels, centres)) / 2,
            "The centres go HALF of the way: put each at the mean of its own points.",
        ),
    ),
    hints=(
        "For one centre: which points are its own, and what is their mean?",
        "`jax.nn.one_hot(labels, len(centres))` has a 1 for the own centre; its transpose times `points` sums.",
        "Divide by the counts, at least 1; `jnp.where(counts > 0, means, centres)` keeps a centre without points.",
    ),
)

EXERCISES = (NEAREST, MOVED)

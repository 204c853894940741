"""Handwritten digits, bundled with scikit-learn: small enough to train on in seconds, real enough to be drawn."""

import jax.numpy as jnp

from dl_workshop.datasets.bundled import rows
from dl_workshop.datasets.real import Table


def digits() -> Table:
    """Which digit was written? 1797 pictures of 8 by 8 grey levels, row by row; y is the digit, a whole number 0 to 9.

    The writing fills the height of the picture. Here ink is 1 and paper 0 (scikit-learn has 16 and 0).
    Units: the share of a pixel that ink covers.
    Source: scikit-learn's load_digits: the test part of Optical Recognition of Handwritten Digits (Alpaydin and
    Kaynak, 1998), UCI no. 80, CC BY 4.0.
    """
    numbers = rows("digits.csv.gz")
    return Table(
        x=jnp.asarray(numbers[:, :-1] / 16, dtype=float),
        y=jnp.asarray(numbers[:, -1], dtype=int),
        columns=tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8)),
        name="Handwritten digits",
        source="Optical Recognition of Handwritten Digits, UCI no. 80, bundled with scikit-learn.",
        classes=tuple(map(str, range(10))),
    )

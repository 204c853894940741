"""Guards for everything that is drawn at random."""

import numpy as np

from dl_workshop.errors import LearnerError, short
from dl_workshop.validate import check_numbers, check_positive
from dl_workshop.validate.keys import check_key


def check_draw(key: object, n: object, noise: float = 0.0, **numbers: object) -> None:
    """Refuse to draw n points without a key, a whole n above 0 and a noise of at least 0.

    `numbers` are further settings, each one number.
    Raises: LearnerError naming the one that is wrong.
    """
    check_key(key, n, noise, *numbers.values())
    check_positive("n", n, whole=True)
    for name, value in {"noise": noise, **numbers}.items():
        check_numbers(name, value)
        if isinstance(value, str) or value is None or np.ndim(value):
            raise LearnerError(f"{name}={short(value)} must be one number: write for example {name}=1.0.")
    if not noise >= 0:
        raise LearnerError(f"noise={noise} must not be below 0: write noise=0.0 for exact data.")

"""Guards for everything that is drawn at random."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.shapes import LearnerError, check_positive


def check_key(key):
    """Refuse anything but one random key.

    Raises: LearnerError that says how a key is made.
    """
    new_style = isinstance(key, jax.Array) and jnp.issubdtype(key.dtype, jax.dtypes.prng_key)
    old_style = isinstance(key, jax.Array | np.ndarray) and key.dtype == np.uint32 and key.ndim == 1
    if not old_style and not (new_style and key.ndim == 0):
        text = f"an array of shape {key.shape}" if hasattr(key, "shape") else repr(key)[:40]
        raise LearnerError(f"key is {text}, but random numbers need one key of JAX: write "
                           "key = jax.random.key(0).")


def check_draw(key, n, noise=0.0):
    """Refuse to draw n points without a key, a whole n above 0 and a noise of at least 0.

    Raises: LearnerError naming the one that is wrong.
    """
    check_key(key)
    check_positive("n", n, whole=True)
    if not noise >= 0:
        raise LearnerError(f"noise={noise} must not be below 0: write noise=0.0 for exact data.")

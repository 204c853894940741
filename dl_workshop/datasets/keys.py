"""One guard for everything random."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.shapes import LearnerError


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

"""How near a guess is: the lowest loss nearby, and words for what is left to go."""

import jax
import jax.numpy as jnp
import numpy as np


def best_loss(params, model, loss, x, y, n_steps=200):
    """Find the lowest loss nearby, to say how near a guess is; None where the learner's functions do not allow it."""
    from jax.flatten_util import ravel_pytree
    from scipy.optimize import minimize

    try:
        flat, back = ravel_pytree(jax.tree.map(lambda leaf: jnp.asarray(leaf, dtype=float), params))
        both = jax.jit(jax.value_and_grad(lambda flat: loss(back(flat), model, x, y)))
        found = minimize(
            lambda p: [np.asarray(part, float) for part in both(jnp.asarray(p, flat.dtype))],
            np.asarray(flat, float),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": n_steps},
        )
        return float(found.fun) if np.isfinite(found.fun) else None
    except Exception:  # the first drawing will say in words what is wrong with these functions
        return None


def score(loss, best):
    """Say how near a loss is to the best one."""
    if loss is None or best is None:
        return ""
    if loss <= best * 1.02 + 1e-6:
        return f"; as good as the best, {best if best > 1e-6 else 0:.3g}"
    return f"; the best is {best if best > 1e-6 else 0:.3g}, so {loss - best:.3g} to go"

"""The loss over two numbers as a landscape: what part of it to show, its heights on a grid, how far a step may go."""

import time

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.panels.panel import numbers
from dl_workshop.panels.sliders import round_down
from dl_workshop.training.compile_cache.fingerprint import forget_edited

SIDE = 61  # grid points a side
PATIENCE = 3.0  # seconds for a grid that must be computed point by point


def worth_seeing(loss_at, points):
    """Give the points that the view must hold, the lowest last: without those of a descent that ran away."""
    forget_edited(loss_at)
    points = points[np.isfinite(points).all(axis=1)]
    points = np.concatenate([points, lowest(loss_at, points[-1])])
    try:
        losses = np.asarray(jax.jit(jax.vmap(loss_at))(*jnp.asarray(points.T)), float)
    except Exception:  # a loss with float() or numpy in it cannot be compiled
        return points
    near = np.isfinite(losses)
    near &= losses - losses[near].min(initial=np.inf) <= 30 * max(losses[0] - losses[near].min(initial=np.inf), 1e-3)
    if not near.any():
        return points
    points, losses = points[near], losses[near]
    return points[np.argsort(-losses, kind="stable")]


def lowest(loss_at, start):
    """Find the lowest point, as an array (1, 2), or look some way towards it; none (0, 2) where none can be found."""
    from scipy.optimize import minimize

    try:
        both = jax.jit(jax.value_and_grad(lambda point: loss_at(point[0], point[1])))
        found = minimize(
            lambda point: [np.asarray(part, float) for part in both(jnp.asarray(point, dtype=float))],
            start,
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": 100},
        )
        far = 8 * (1 + np.abs(start))  # labels that a line separates have no lowest point: look some way towards it
        if np.isfinite(found.x).all() and found.fun < np.inf:
            way = found.x - start
            return (start + way * min(1.0, np.min(far / np.maximum(np.abs(way), 1e-12))))[None]
    except Exception:  # nothing to add, then
        pass
    return np.zeros((0, 2))


def limits(points):
    """Choose (low, high) of both numbers: all of the points, the last one in the middle, and room around it."""
    low, high = points.min(axis=0), points.max(axis=0)
    centre, half = points[-1], np.maximum(high - points[-1], points[-1] - low)
    half = np.maximum(1.25 * half, 0.35 * np.abs(centre) + 0.5)
    return tuple((float(a), float(b)) for a, b in zip(centre - half, centre + half, strict=True))


def good_step_size(loss_at, point):
    """Choose a step size that suits the bend of the loss: 1 over its second derivative along the steepest bend."""
    try:
        bend = np.asarray(jax.hessian(lambda point: loss_at(point[0], point[1]))(jnp.asarray(point, dtype=float)))
        steepest = float(np.abs(np.linalg.eigvalsh(bend)).max())
        return round_down(min(max(1 / steepest, 1e-8), 1e3))
    except Exception:  # a loss that cannot be differentiated says so when a step is taken
        return 0.1


def surface(loss_at, first, second):
    """Compute the loss on a grid: (values of the first, values of the second, losses with a row for every second)."""
    forget_edited(loss_at)
    across, along = (np.linspace(low, high, SIDE) for low, high in (first, second))
    try:
        both = jax.vmap(jax.vmap(loss_at, in_axes=(0, None)), in_axes=(None, 0))
        losses = np.asarray(jax.jit(both)(jnp.asarray(across), jnp.asarray(along)), float)
    except Exception:  # a loss with float() or numpy in it cannot be compiled: point by point, on a coarser grid
        began = time.perf_counter()
        float(loss_at(across[0], along[0]))
        side = int(np.clip(np.sqrt(PATIENCE / (time.perf_counter() - began)), 6, 21))
        across, along = (np.linspace(low, high, side) for low, high in (first, second))
        losses = np.array([[float(loss_at(a, b)) for a in across] for b in along])
    if not np.isfinite(losses).any():
        raise LearnerError("The loss is nan or inf everywhere around here: look for a log of 0 or a division by 0.")
    return across, along, losses


def surface_settings(across, along, losses):
    """Give the grid as the browser wants it, and the losses at which to draw lines: evenly spaced along a slope."""
    known = losses[np.isfinite(losses)]
    low, high = known.min(), known.max()
    if high - low > 50 * (np.percentile(known, 95) - low) > 0:  # one corner must not flatten all the rest
        high = np.percentile(known, 95)
    levels = low + (high - low) * np.linspace(0.1, 0.95, 9) ** 2
    return {
        "across": numbers(across),
        "along": numbers(along),
        "losses": numbers(losses),
        "levels": numbers(levels),
        "low": float(low),
        "high": float(high if high > low else low + 1),
    }

"""The curve that is descended: its heights at many places, and the stretch of it to show."""

from time import monotonic

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.panels.sliders import round_down


def heights(f, ws, seconds=1.0):
    """Give f at many places: in one go if f allows it, else one by one, from coarse to fine while there is time."""
    try:
        return np.asarray(jax.vmap(f)(jnp.asarray(ws, jnp.float32)), float).reshape(len(ws))
    except Exception:  # an f with float() or if in it cannot be mapped
        end = monotonic() + seconds
        known: dict[int, float] = {}
        ends = [0, len(ws) - 1, len(ws) // 2]
        for place in ends + [i for stride in (64, 16, 4, 1) for i in range(0, len(ws), stride)]:
            if place not in known and (len(known) < 3 or monotonic() < end):
                try:
                    known[place] = float(f(jnp.float32(ws[place])))
                except (ArithmeticError, ValueError):  # f ends here, as math.log does at 0: a gap in the curve
                    known[place] = np.nan
        places = sorted(known)
        return np.interp(np.arange(len(ws)), places, [known[place] for place in places])


def view(f, w):
    """Choose the stretch of w to show: from the start to the lowest point near it, with as much on the far side."""
    around = w + np.linspace(-1, 1, 401) * 4 * (1 + abs(w))
    values = heights(f, around)
    values = np.where(np.isfinite(values), values, np.inf)
    lowest = around[np.argmin(values)]
    inside = around[0] < lowest < around[-1]
    half = max(1.4 * abs(w - lowest), 1.0) if inside else 2 * (1 + abs(w))
    middle = lowest if inside else w
    grain = round_down(half / 10)
    return float(np.floor((middle - half) / grain) * grain), float(np.ceil((middle + half) / grain) * grain)


def grown(low, high, ws, times):
    """Widen a stretch about its middle, twofold at a time, to hold ws, but not those further than `times` away."""
    middle, half = (low + high) / 2, (high - low) / 2
    away = np.abs(np.asarray(ws) - middle)
    away = max(away[away <= times * half], default=0.0)
    while away > half:
        half *= 2
    return middle - half, middle + half

"""How a descent gets on, in a word and a sentence."""

import numpy as np


def verdict(path, taken, step_size, far=np.inf):
    """Say how a descent gets on, from its Points, the step sizes taken between them, and the next step size.

    Returns (word, sentence); the word is one of start, flat, arrived, crawls, converges, flips, diverges, diverged,
    lost, speeds up. What decides is the next move as a multiple of the last: for a parabola 1 - step_size * f''.
    """
    w, height, here = path[-1]
    next_move = -step_size * here
    scale = 1.0 + abs(w)
    if not np.isfinite(w) or abs(w) > far:
        return "diverged", "diverges: w has left every scale. Restart with a smaller step size."
    if not np.isfinite([height, here]).all():
        name, value = ("f", height) if not np.isfinite(height) else ("the slope", here)
        return "lost", f"lost: {name} is {value} at w = {w:.4g}, so there is no next step. Start where it is a number."
    if abs(here) < 1e-4 * scale and abs(next_move) < 1e-4 * scale:
        return (
            ("arrived", f"converged: the slope here is {here:.2g}, so no step moves it any more")
            if taken
            else ("flat", "the slope is 0 here: there is no way down to follow")
        )
    if not taken:
        way = "right" if next_move > 0 else "left"
        return "start", f"slope {here:.3g}, so the next step goes {abs(next_move):.3g} to the {way}"
    if abs(taken[-1] / step_size - 1) > 1e-9:
        return "start", f"step size is now {step_size:.3g}: take a step to see what it does"
    move = w - path[-2].w
    ratio = next_move / move if move else 0.0
    if ratio < -1.001:
        return "diverges", f"diverges: it jumps across the minimum, each step {-ratio:.3g} times the last"
    if ratio > 1.001:
        return "speeds up", f"each step is {ratio:.3g} times the last: the slope grows on the way down"
    if ratio < -0.999:
        return "flips", "flips: it jumps from side to side for ever and comes no nearer"
    if ratio < 0:
        return "flips", f"flips from side to side, but each step is only {-ratio:.3g} of the last: it closes in"
    if ratio > 0.95:
        left = int(np.ceil(np.log(0.01) / np.log(min(ratio, 0.9999))))
        return "crawls", f"crawls: at this rate about {left} steps to cover 99 % of the way"
    return "converges", f"converges: each step is {ratio:.3g} of the last"

"""How many digits of a foreign hand are read right? MNIST's test digits, each taken as a drawing on a sheet.

Run: DL_WORKSHOP_DATA=FOLDER uv run python benchmarks/drawn_digits.py
FOLDER holds t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz. The small net, 64-64-16-10, learns the 8 by 8
digits as lesson 11 does, the large one, 784-64-16-10, the first 8,000 MNIST digits; both read the last 2,000, which
nothing was chosen on. Means over three seeds; shares, no times.
"""

import os
import sys

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop import datasets, fit, losses, models, optimizers
from dl_workshop.datasets.handwriting import form_of
from dl_workshop.panels.draw_digit.ink import as_seen_by_net, as_sheet

SEEDS = range(3)


def trained(x, y, seed, step_size, n_steps):
    """Train as lesson 11 does: Adam on batches of 128, the step size shrinking by a fifth every 50 steps, or slower."""
    start = models.init_mlp(jax.random.key(seed), (x.shape[1], 64, 16, 10))
    every = max(50, n_steps // 20)
    return fit(
        start,
        models.mlp_model,
        losses.softmax_loss,
        x,
        y,
        n_steps=n_steps,
        batch_size=128,
        key=jax.random.key(3 + seed),
        optimizer=optimizers.adam,
        step_size=lambda step: step_size * 0.8 ** jnp.floor(step / every),
        progress=False,
    ).params


def right(params, x, y):
    """Say of each digit whether it is read right."""
    return np.asarray(models.mlp_model(params, jnp.asarray(x))).argmax(axis=1) == np.asarray(y)


def drawn(digits, size, box, form):
    """Bring each digit to a net by way of a sheet, as somebody's drawing."""
    return np.array([as_seen_by_net(as_sheet(digit), size, box, form=form).ravel() for digit in digits], np.float32)


def report(name, found, y):
    """Print the share that is right, over all and by class, and how the seeds differ."""
    found = np.array(found)
    by_class = "  ".join(f"{label}: {found[:, y == label].mean():.0%}" for label in range(10))
    print(f"{name:58}{found.mean():7.1%}   seeds {', '.join(f'{one:.1%}' for one in found.mean(axis=1))}")
    print(f"    {by_class}")


def measure():
    """Give {name: (right or not, by seed and digit, and the labels)} of all that is printed."""
    mnist = datasets.mnist("test", os.environ["DL_WORKSHOP_DATA"])
    x, y = np.asarray(mnist.x), np.asarray(mnist.y)
    hand, labels = x[-2000:], y[-2000:]
    small = datasets.digits()
    train, test = (np.arange(len(small.y)) % 4 != 0), (np.arange(len(small.y)) % 4 == 0)
    x_small, y_small = np.asarray(small.x)[train], np.asarray(small.y)[train]
    form = form_of(x_small)
    more = datasets.varied(jax.random.key(5), x_small, y_small)
    plain = [trained(x_small, y_small, seed, 0.03, 500) for seed in SEEDS]
    sturdy = [trained(*more, seed, 0.03, 500) for seed in SEEDS]
    large = [trained(x[:8000], y[:8000], seed, 0.01, 1500) for seed in SEEDS]
    own = np.asarray(small.x)[test], np.asarray(small.y)[test]
    seen_before, seen, seen_large = drawn(hand, 8, 8, None), drawn(hand, 8, 8, form), drawn(hand, 28, 20, None)
    return {
        "8 x 8, its own test digits": ([right(one, *own) for one in plain], own[1]),
        "8 x 8, its own test digits, trained on varied ones": ([right(one, *own) for one in sturdy], own[1]),
        "8 x 8, a foreign hand, as MNIST is made": ([right(one, seen_before, labels) for one in plain], labels),
        "8 x 8, a foreign hand, as its own digits are made": ([right(one, seen, labels) for one in plain], labels),
        "8 x 8, the same, trained on varied digits": ([right(one, seen, labels) for one in sturdy], labels),
        "28 x 28, MNIST's own test digits": ([right(one, hand, labels) for one in large], labels),
        "28 x 28, the same as drawings": ([right(one, seen_large, labels) for one in large], labels),
    }


if __name__ == "__main__":
    if "DL_WORKSHOP_DATA" not in os.environ:
        sys.exit("Set DL_WORKSHOP_DATA to the folder that holds MNIST's t10k files.")
    for name, (found, y) in measure().items():
        report(name, found, y)

"""What the kit's nets reach on digits, MNIST, arcs and the coin."""

import os

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import datasets, fit, losses, metrics, models, optimizers
from dl_workshop.schedules import cosine_decay

pytestmark = pytest.mark.slow
KEY = jax.random.key(0)


def share_right(params, x, y):
    z = models.mlp_model(params, x)
    return metrics.accuracy(y, z > 0 if z.ndim == 1 else jnp.argmax(z, axis=1))


def train(widths, x, y, loss=losses.softmax_loss, **settings):
    return fit(
        models.init_mlp(KEY, widths),
        models.mlp_model,
        loss,
        x,
        y,
        optimizer=optimizers.adam,
        progress=False,
        **settings,
    ).params


def test_bundled_digits_are_read_right_in_97_of_100():
    digits = datasets.digits()
    x, y = np.asarray(digits.x), np.asarray(digits.y)
    held_out = []
    quarters = datasets.stratified_folds(KEY, y, 4)[:3]
    most = min(len(rows) for rows, _ in quarters)  # one shape, compiled once
    for rows, test in quarters:
        params = train(
            (64, 64, 16, 10), x[rows[:most]], y[rows[:most]], step_size=0.003, n_steps=1500, batch_size=128, key=KEY
        )
        held_out.append(share_right(params, x[test], y[test]))
    assert np.mean(held_out) >= 0.97, held_out


def test_mnist_digits_are_read_right_in_94_of_100():
    folder = os.environ.get("DL_WORKSHOP_DATA")
    if not folder or not os.path.exists(os.path.join(folder, "t10k-images-idx3-ubyte.gz")):
        pytest.skip("no t10k-images-idx3-ubyte.gz in the folder named by DL_WORKSHOP_DATA")
    digits = datasets.mnist("test")
    x, x_test, y, y_test = datasets.split(KEY, digits.x, digits.y, test_share=0.2)
    assert (len(x), len(x_test)) == (8000, 2000)
    params = train((784, 64, 16, 10), x, y, step_size=0.003, n_steps=1000, batch_size=128, key=KEY)
    assert share_right(params, x_test, y_test) >= 0.94


def test_arcs_are_parted_without_a_mistake():
    x, y = datasets.arcs(KEY)
    params = train((2, 4, 1), x, y, loss=losses.logistic_loss, step_size=0.03, n_steps=2000)
    x_test, y_test = datasets.arcs(jax.random.key(1))
    assert share_right(params, x, y) == 1.0 == share_right(params, x_test, y_test)


def test_coin_with_eight_hidden_units():
    (x, y), (x_test, y_test) = datasets.coin(KEY, n=2000), datasets.coin(jax.random.key(1), n=2000)
    params = train((2, 8, 3), 10 * x, y, step_size=cosine_decay(0.05, 4000), n_steps=4000)
    assert share_right(params, 10 * x_test, y_test) >= 0.96

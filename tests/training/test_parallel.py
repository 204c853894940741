"""Training on two devices and in two processes, each in fresh processes: the same params as on one device."""

import json
import os
import socket
import subprocess
import sys

import jax
import numpy as np
import pytest

from dl_workshop import fit, losses, models, optimizers, parallel
from dl_workshop.errors import LearnerError

TRAIN = """
import json, sys
from dl_workshop import parallel
if len(sys.argv) > 1:
    parallel.start(sys.argv[1], 2, int(sys.argv[2]))
import jax
from dl_workshop import fit
from test_parallel import data, runs
assert jax.device_count() == 2
x, y = parallel.on_devices(*data())
assert [shard.data.shape[0] for shard in x.addressable_shards] == [20] * jax.local_device_count()
print(json.dumps(runs(x, y)))
"""


def data():
    draw = np.random.default_rng(0)
    x = draw.normal(size=(40, 3)).astype(np.float32)
    return x, (x.sum(axis=1) > 0).astype(np.float32)


def runs(x, y):
    """Train on all rows and on batches: [params, losses] of each, as numbers."""
    params = models.init_mlp(jax.random.key(0), (3, 5, 1))
    found = []
    for settings in ({"optimizer": optimizers.adam}, {"batch_size": 8, "key": jax.random.key(1)}):
        got = fit(
            params,
            models.mlp_model,
            losses.logistic_loss,
            x,
            y,
            step_size=0.03,
            n_steps=120,
            progress=False,
            **settings,
        )
        flat = np.concatenate([np.ravel(got.params[name]) for name in sorted(got.params)])
        found.append([flat.tolist(), got.losses.tolist()])
    return found


@pytest.fixture(scope="module")
def alone():
    return runs(*data())


def train(*arguments, flags=""):
    env = {**os.environ, "XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu", "PYTHONPATH": os.path.dirname(__file__)}
    return subprocess.Popen(
        [sys.executable, "-c", TRAIN, *arguments], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def results(process):
    out, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors[-2000:]
    return json.loads(out.splitlines()[-1])


def assert_same(found, alone):
    for (params, losses_), (other, others) in zip(found, alone, strict=True):
        np.testing.assert_allclose(params, other, atol=1e-5)
        np.testing.assert_allclose(losses_, others, atol=1e-5)


@pytest.mark.slow
def test_two_devices_train_as_one_does(alone):
    assert_same(results(train(flags="--xla_force_host_platform_device_count=2")), alone)


@pytest.mark.slow
def test_two_processes_train_as_one_does(alone):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    both = [train(address, str(process)) for process in (0, 1)]
    try:
        first, second = map(results, both)
    finally:
        for process in both:
            process.kill()  # one that waits for the other, should that have failed
    assert first == second
    assert_same(first, alone)


def test_one_device_holds_it_all_and_whole_numbers_stay():
    x, y = parallel.on_devices(np.arange(6.0).reshape(3, 2), np.array([0, 1, 1]))
    assert x.dtype == np.float32 and y.dtype == np.int32 and x.tolist() == [[0, 1], [2, 3], [4, 5]]


def test_words_for_what_cannot_be():
    with pytest.raises(LearnerError, match=r"5 rows cannot be shared out evenly over 2 devices.*x\[:4\]"):
        parallel.on_devices(np.ones(5), np.ones(5), devices=jax.devices() * 2)
    with pytest.raises(LearnerError, match="process=2 must be one of 0 to 1"):
        parallel.start("127.0.0.1:1234", 2, 2)
    with pytest.raises(LearnerError, match="before anything else of JAX"):
        parallel.start("127.0.0.1:1234", 1, 0)

"""fit compiles once, yet sees every edit of what its functions reach."""

import sys
import types
from contextlib import contextmanager

import jax
import numpy as np
import optax
import pytest
from jax import monitoring

from dl_workshop import fit, losses, models
from dl_workshop.training.compile_cache.fingerprint import fingerprint

X = np.linspace(-1, 1, 20, dtype=np.float32)
Y = 6 * X
START = {"w": 0.0, "b": 0.0}

CELL = """
import jax
import jax.numpy as jnp
import functools
scale = 1.0
table = [1.0, 1.0]
names = {"gain": 1.0}
weights = np.array([1.0, 1.0], np.float32)
def helper(x):
    return scale * x
def through_a_helper(params, x):
    return params["w"] * helper(x) + params["b"]
def through_a_list(params, x):
    return params["w"] * table[1] * x + params["b"]
def through_a_dict(params, x):
    return params["w"] * names["gain"] * x + params["b"]
def through_an_array(params, x):
    return params["w"] * weights[0] * x + params["b"]
def through_an_inner_function(params, x):
    def inner(x):
        return helper(x)
    return params["w"] * inner(x) + params["b"]
@jax.jit
def jitted_helper(x):
    return scale * x
def through_a_jitted_helper(params, x):
    return params["w"] * jitted_helper(x) + params["b"]
@jax.jit
def itself_jitted(params, x):
    return params["w"] * scale * x + params["b"]
def through_vmap(params, x):
    return params["w"] * jax.vmap(helper)(x) + params["b"]
class Gain:
    value = 1.0
    def __call__(self, params, x):
        return params["w"] * self.value * x + params["b"]
through_an_object = Gain()
partly = functools.partial(lambda gain, params, x: params["w"] * gain() * x + params["b"], lambda: scale)
"""


@pytest.fixture
def notebook():
    """Cells run in a module of their own, as a notebook has it."""
    module = types.ModuleType("__notebook__")
    module.np = np
    exec(compile(CELL, "cell", "exec"), module.__dict__)
    return module


@contextmanager
def compilations():
    """List what JAX compiles meanwhile, by its own monitoring."""
    found, listening = [], [True]

    def listener(event, seconds, **details):
        if listening[0] and "backend_compile" in event:
            found.append(event)

    monitoring.register_event_duration_secs_listener(listener)
    yield found
    listening[0] = False


def slope(model, **settings):
    return float(fit(START, model, losses.mse_loss, X, Y, step_size=0.5, n_steps=200, **settings).params["w"])


EDITS = {
    "through_a_helper": "scale = 2.0",
    "through_a_list": "table[1] = 2.0",
    "through_a_dict": "names['gain'] = 2.0",
    "through_an_array": "weights[0] = 2.0",
    "through_an_inner_function": "def helper(x):\n    return 2.0 * x",
    "through_a_jitted_helper": "scale = 2.0",
    "itself_jitted": "scale = 2.0",
    "through_vmap": "def helper(x):\n    return 2.0 * x",
    "through_an_object": "through_an_object.value = 2.0",
    "partly": "scale = 2.0",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", EDITS)
def test_second_call_compiles_nothing_and_an_edit_is_seen(notebook, name):
    model = getattr(notebook, name)
    assert slope(model) == pytest.approx(6, abs=1e-3)
    with compilations() as compiled:
        assert slope(model) == pytest.approx(6, abs=1e-3)
    assert compiled == []
    exec(compile(EDITS[name], "cell 2", "exec"), notebook.__dict__)
    assert slope(model) == pytest.approx(3, abs=1e-3)


def test_compilations_are_really_counted():
    with compilations() as compiled:
        jax.jit(lambda x: x * 2 + 1)(X)
    assert compiled


def test_settings_and_data_of_the_same_shape_compile_nothing():
    fit(START, models.linear_model, losses.mse_loss, X, Y, n_steps=100)
    with compilations() as compiled:
        fit(START, models.linear_model, losses.mse_loss, X + 1, Y * 2, step_size=0.003, n_steps=777)
    assert compiled == []


def test_a_fresh_closure_or_optimiser_with_the_same_content_compiles_nothing():
    def make(gain):
        return lambda params, x: gain * params["w"] * x + params["b"]

    assert slope(make(1.0), optimizer=optax.sgd(0.5)) == pytest.approx(6, abs=1e-3)
    with compilations() as compiled:
        slope(make(1.0), optimizer=optax.sgd(0.5))
    assert compiled == []
    assert slope(make(2.0), optimizer=optax.sgd(0.5)) == pytest.approx(3, abs=1e-3)


def test_redefining_the_function_itself_is_seen(notebook):
    exec("def loss(params, model, x, y):\n    return jnp.mean((y - model(params, x)) ** 2)", notebook.__dict__)
    first = fit(START, models.linear_model, notebook.loss, X, Y, step_size=0.5, n_steps=100).losses[0]
    exec("def loss(params, model, x, y):\n    return jnp.sum((y - model(params, x)) ** 2)", notebook.__dict__)
    second = fit(START, models.linear_model, notebook.loss, X, Y, step_size=0.01, n_steps=100).losses[0]
    assert second == pytest.approx(20 * first, rel=1e-4)


def test_a_module_of_the_learners_own_is_followed(tmp_path, monkeypatch):
    (tmp_path / "my_helpers.py").write_text("def gain(x):\n    return 1.0 * x\n")
    monkeypatch.syspath_prepend(tmp_path)
    import my_helpers

    def model(params, x):
        return params["w"] * my_helpers.gain(x) + params["b"]

    module = sys.modules[__name__]
    monkeypatch.setattr(module, "my_helpers", my_helpers, raising=False)
    assert slope(global_model) == pytest.approx(6, abs=1e-3) and slope(model) == pytest.approx(6, abs=1e-3)
    my_helpers.gain = lambda x: 2.0 * x
    assert slope(global_model) == pytest.approx(3, abs=1e-3) and slope(model) == pytest.approx(3, abs=1e-3)


def global_model(params, x):
    return params["w"] * my_helpers.gain(x) + params["b"]  # the test above binds it


def test_functions_that_name_each_other_have_a_key():
    def even(n):
        return True if n == 0 else odd(n - 1)

    def odd(n):
        return False if n == 0 else even(n - 1)

    assert fingerprint(even) == fingerprint(even) != fingerprint(odd)

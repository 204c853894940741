"""Every public function with an argument `key` takes one random key, and says in words what is none."""

import importlib
import inspect
import pkgutil

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import dl_workshop
from dl_workshop import datasets, fit, initializers, losses, models, tuning
from dl_workshop.errors import LearnerError

KEY = jax.random.key(3)
# Of answers, of files, of the page.
OUTSIDE = ("exercises", "lessons", "class_progress", "launch", "authoring", "panels")
ROWS = 12
# What the other arguments of such functions are called; a function with another name asks for a line here.
OTHERS = {
    "shape": (2, 3),
    "widths": (2, 3, 1),
    "h": jnp.ones((4, 3)),
    "rate": 0.5,
    "x": jnp.ones((ROWS, 2)),
    "y": jnp.arange(ROWS) % 2,
    "noise": 0.1,
    "params": models.init_mlp(KEY, (2, 3, 1)),
    "model": models.mlp_model,
    "loss": losses.logistic_loss,
    "spread": 0.1,
    "n": 5,
    "d": 2,
}
NONE_IS_RIGHT = ("zeros", "dropout_mlp_model", "fit", "range_test")


def keyed():
    """Give every public function with an argument `key` that is no switch, by its name."""
    found = {}
    for module in pkgutil.walk_packages(dl_workshop.__path__, "dl_workshop."):
        parts = module.name.split(".")
        if any(part in OUTSIDE or part.startswith("_") for part in parts):
            continue
        for name, thing in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            if thing.__module__ != module.name or name.startswith("_") or "check" in name or name == "with_key":
                continue
            parameter = inspect.signature(thing).parameters.get("key")
            if parameter is not None and not isinstance(parameter.default, bool):
                found[f"{parts[-1]}.{name}"] = thing
    return found | {"initializers.normal(0.1)": initializers.normal(0.1)}


KEYED = keyed()
WRONG = {
    "0": (0, "key=0 is a number: write jax.random.key(0)"),
    "42": (np.int64(42), "key=42 is a number: write jax.random.key(42)"),
    "an array of one number": (jnp.asarray(7), "key=7 is a number: write jax.random.key(7)"),
    "-1.5": (-1.5, "key=-1.5 is a number: write jax.random.key(0)"),
    "True": (True, "key=True is a truth value"),
    "text": ("0", "key is '0', which is no random key: write jax.random.key(0)"),
    "None": (None, "key is None, but everything random takes a key"),
    "a list": ([0, 0], "key is [0, 0], which is no random key"),
    "whole numbers": (np.arange(2), "key is an array of shape (2,)"),
    "several": (jax.random.split(KEY, 3), "key holds 3 keys, but one is needed: take key[0]"),
    "several old": (jax.random.split(jax.random.PRNGKey(0), 3), "key holds 3 keys"),
    "NumPy's": (np.random.default_rng(0), "key is a generator of NumPy"),
    "not called": (jax.random.key, "key is a function, not what it gives"),
}


def call(function, key):
    parameters = inspect.signature(function).parameters
    needed = [name for name, one in parameters.items() if name != "key" and one.default is one.empty]
    if function is datasets.varied:  # pictures, whose columns make a square
        return function(key, np.tile(np.eye(4, dtype=np.float32).ravel(), (3, 1)), np.arange(3))
    more = {"n_steps": 2, "batch_size": 4, "progress": False}
    return function(
        key=key,
        **{name: OTHERS[name] for name in needed},
        **{name: value for name, value in more.items() if name in parameters},
    )


def test_the_walk_finds_what_there_is():
    names = {name.split(".")[-1] for name in KEYED}
    assert {
        "fit",
        "range_test",
        "init_mlp",
        "init_linear",
        "dropout",
        "dropout_mlp_model",
        "lecun",
        "xavier",
        "he",
        "zeros",
        "split",
        "stratified_folds",
        "jittered",
    } <= names
    drawn = {name for name in datasets.__all__ if "key" in getattr(getattr(datasets, name), "__annotations__", {})}
    assert len(drawn) > 14 and drawn <= names


@pytest.mark.parametrize("name", KEYED)
def test_what_is_no_key_is_refused_in_words(name):
    for key, words in WRONG.values():
        if key is None and name.split(".")[-1] in NONE_IS_RIGHT:
            continue
        with pytest.raises(LearnerError) as caught:
            call(KEYED[name], key)
        assert words in str(caught.value) and len(str(caught.value)) < 330


@pytest.mark.slow
@pytest.mark.parametrize("name", KEYED)
def test_keys_of_either_style_are_right(name):
    for key in (KEY, jax.random.PRNGKey(0)):
        call(KEYED[name], key)


@pytest.mark.slow
def test_keys_are_right_inside_compiled_functions():
    keys = jax.random.split(KEY, 3)
    assert jax.vmap(lambda key: models.init_mlp(key, (2, 3)))(keys)["w1"].shape == (3, 2, 3)
    assert jax.vmap(lambda key: datasets.line(key, n=4)[1])(jax.random.split(jax.random.PRNGKey(0), 3)).shape == (3, 4)
    assert jax.jit(lambda key: initializers.he(key, (2, 3)))(KEY).shape == (2, 3)
    assert initializers.he(jax.random.key(0, impl="rbg"), (2, 3)).shape == (2, 3)
    assert initializers.he(np.asarray(jax.random.PRNGKey(0)), (2, 3)).shape == (2, 3)
    with pytest.raises(LearnerError, match="not a random key"):
        jax.jit(lambda key: initializers.he(key, (2, 3)))(0)


@pytest.mark.parametrize(
    "swapped",
    [
        lambda: datasets.line(100, KEY),
        lambda: models.init_mlp((2, 3, 1), KEY),
        lambda: models.init_linear(2, KEY),
        lambda: models.dropout(jnp.ones(3), KEY, 0.5),
        lambda: models.dropout(jnp.ones(3), 0.5, KEY),
        lambda: datasets.split(jnp.ones((4, 2)), jnp.arange(4), KEY),
        lambda: datasets.stratified_folds(jnp.arange(4), KEY),
        lambda: initializers.xavier((2, 3), KEY),
    ],
)
def test_a_key_in_the_place_of_another_argument_is_seen(swapped):
    with pytest.raises(LearnerError, match="the key comes first"):
        swapped()


def test_a_number_is_no_key_even_where_nothing_is_drawn():
    for train in (fit, tuning.range_test):
        with pytest.raises(LearnerError, match="key=0 is a number"):
            train({"w": 0.0, "b": 0.0}, models.linear_model, losses.mse_loss, jnp.ones(3), jnp.ones(3), key=0)

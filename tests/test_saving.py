"""Saved params: the same numbers back, other nets and damaged files refused, a killed save harmless."""

import os
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import models
from dl_workshop.errors import LearnerError
from dl_workshop.saving import load_params, save_params

NET = models.init_mlp(jax.random.key(0), (3, 4, 2))


def same(first, second):
    assert jax.tree.structure(first) == jax.tree.structure(second)
    jax.tree.map(np.testing.assert_array_equal, first, second)


@pytest.mark.parametrize(
    "params",
    [
        NET,
        {"w": 2.0, "b": np.array(1.5, np.float16)},
        {"encoder": {"file": jnp.ones((2, 0)), "b": jnp.ones(3)}, "w": 0.0},
    ],
)
def test_what_is_saved_comes_back(tmp_path, params):
    place = save_params(tmp_path / "net", params)
    assert place == tmp_path / "net.npz" and [file.name for file in tmp_path.iterdir()] == ["net.npz"]
    back = load_params(tmp_path / "net.npz", like=params)
    same(back, params)
    assert all(isinstance(leaf, jax.Array) for leaf in jax.tree.leaves(back))
    alone = np.load(place, allow_pickle=False)  # numpy can read it without the kit
    by_name = {
        "params/" + "/".join(key.key for key in path): leaf
        for path, leaf in jax.tree_util.tree_leaves_with_path(params)
    }
    assert set(alone.files) == set(by_name)
    for name, leaf in by_name.items():
        np.testing.assert_array_equal(alone[name], leaf)


@pytest.mark.parametrize(
    "params",
    [
        {"mlp/~/linear_0": {"w": jnp.ones(2)}, "50%2F": jnp.zeros(2), ".b": 1.0, "[0]": {"/": 2.0}},
        jnp.ones((2, 3)),
        {"w": jnp.ones(2), "off": None},
    ],
    ids=["names", "array", "none"],
)
def test_any_name_in_plain_dicts_comes_back_as_it_is(tmp_path, params):
    back = load_params(save_params(tmp_path / "net", params))
    same(back, {"w": jnp.ones(2)} if isinstance(params, dict) and "off" in params else params)
    same(load_params(tmp_path / "net", like=params), params)


@pytest.mark.parametrize(
    "params",
    [
        [(jnp.ones(2), jnp.zeros(1)), (jnp.ones(3), jnp.zeros(2))],
        {"w": [jnp.ones(2), None]},
        {1: jnp.ones(2)},
        {"layers": ({"": jnp.ones(1)}, {"w": 2.0})},
    ],
    ids=["list", "in a dict", "number", "tuple"],
)
def test_other_trees_come_back_where_it_is_told_what_they_are(tmp_path, params):
    file = save_params(tmp_path / "net", params)
    same(load_params(file, like=jax.tree.map(jnp.zeros_like, params)), params)
    with pytest.raises(LearnerError, match="like=params"):
        load_params(file)
    with pytest.raises(LearnerError, match="saved from another net"):
        load_params(file, like={"other": jnp.ones(2)})


def test_saving_again_replaces_the_file_and_keeps_its_rights(tmp_path):
    file = save_params(tmp_path / "net.npz", NET)
    file.chmod(0o640)
    save_params(file, jax.tree.map(lambda leaf: leaf + 1, NET))
    same(load_params(file), jax.tree.map(lambda leaf: leaf + 1, NET))
    assert file.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"w": jnp.ones(2, jnp.bfloat16)}, "astype"),
        ({"w": 1}, "integer"),
        ({"w": "a"}, "not a number"),
        ({}, "empty dict"),
    ],
)
def test_params_that_no_file_can_keep_are_refused(tmp_path, params, words):
    with pytest.raises(LearnerError, match=words):
        save_params(tmp_path / "net", params)
    assert not list(tmp_path.iterdir())


def test_another_net_is_refused(tmp_path):
    file = save_params(tmp_path / "net", NET)
    for other, words in (
        (models.init_mlp(jax.random.key(0), (3, 5, 2)), r"has shape \(.*but your model needs \("),
        (models.init_mlp(jax.random.key(0), (3, 4, 4, 2)), "b3 is missing"),
        ({"w1": NET["w1"]}, "b1 is more"),
    ):
        with pytest.raises(LearnerError, match=words) as caught:
            load_params(file, like=other)
        assert "same widths" in str(caught.value)


def damaged(kind, whole, tmp_path):
    if kind == "cut":
        return whole[: len(whole) // 2]
    if kind == "flipped":
        place = whole.index(np.asarray(NET["w1"]).tobytes()) + 5
        return whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :]
    if kind == "pickle":
        np.save(tmp_path / "evil.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
        return (tmp_path / "evil.npy").read_bytes()
    if kind == "plain array":
        np.save(tmp_path / "plain.npy", np.ones(3))
        return (tmp_path / "plain.npy").read_bytes()
    if kind == "pickle inside":
        np.savez(tmp_path / "evil.npz", **{"params/w": np.array([{"a": 1}], dtype=object)})
        return (tmp_path / "evil.npz").read_bytes()
    np.savez(tmp_path / "other.npz", w=np.ones(3))
    return {"empty": b"", "text": b"hello", "other npz": (tmp_path / "other.npz").read_bytes()}[kind]


@pytest.mark.parametrize(
    "kind", ["cut", "flipped", "pickle", "pickle inside", "plain array", "empty", "text", "other npz"]
)
def test_damage_is_told_in_words(tmp_path, kind):
    file = save_params(tmp_path / "net", NET)
    file.write_bytes(damaged(kind, file.read_bytes(), tmp_path))
    with pytest.raises(LearnerError, match=r"damaged, or was not written by save_params|holds no params"):
        load_params(file)


def test_missing_places_are_told_in_words(tmp_path):
    with pytest.raises(LearnerError, match=r"There is no .*Save first"):
        load_params(tmp_path / "net")
    with pytest.raises(LearnerError, match="cannot be written"):
        save_params(save_params(tmp_path / "net", NET) / "within a file", NET)
    save_params(tmp_path / "a new folder" / "net", NET)


@pytest.mark.slow
def test_killed_while_it_saves(tmp_path):
    file = save_params(tmp_path / "net", NET)
    code = f"""
import os, sys, time, numpy
from dl_workshop.saving import save_params
def waits(*_):  # all but the last step is done: the new file is written, and not yet in place
    print("writing", flush=True)
    time.sleep(600)
os.replace = waits
save_params({str(file)!r}, dict(w=numpy.ones(1000)))
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    assert process.stdout.readline() == "writing\n"
    process.kill()
    process.communicate(timeout=60)
    assert len(list(tmp_path.iterdir())) == 2  # the half that was written, which is no one's file
    same(load_params(file, like=NET), NET)
    same(load_params(save_params(file, NET)), NET)

"""The playground without a browser: data, net, carried training, settings, code, and what each wish does."""

import re
import time

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from dl_workshop import fit, losses, models, panels
from dl_workshop.errors import LearnerError
from dl_workshop.panels.playground import net as nets
from dl_workshop.panels.playground import train as training
from dl_workshop.panels.playground.data import DRAWN, classes_of, data_set, own_data, parted
from dl_workshop.panels.playground.settings import DEFAULTS, as_line, from_line
from dl_workshop.panels.playground.state import State, step

pytestmark = pytest.mark.slow  # every game compiles a net of its own

KEY = jax.random.key(0)
X = jax.random.normal(jax.random.key(3), (40, 2))
Y = (X[:, 0] > 0).astype(int)


class Game:
    """A game and where it has got to."""

    def __init__(self, state):
        self.state = state

    def answer(self, request):
        self.state, view = step(self.state, request)
        return view


def play(line="", **own):
    yours = dict.fromkeys(own.keys() & {"data", "loss", "activation", "optimizer"}, "yours")
    game = Game(State(own, from_line(line, own, start=yours)))
    return game, game.answer({})


@pytest.mark.parametrize("name", DRAWN)
def test_data_is_drawn_by_the_key_alone(name):
    x, y = data_set(name, KEY, noise=0.1)
    again = data_set(name, KEY, noise=0.1)
    other = data_set(name, jax.random.key(1), noise=0.1)
    assert len(x) == len(y) == 200 and jnp.array_equal(x, again[0]) and jnp.array_equal(y, again[1])
    assert not (jnp.array_equal(x, other[0]) and jnp.array_equal(y, other[1]))
    assert classes_of(y) == {"line": 0, "sine": 0, "coin": 3}.get(name, 2)


def test_data_follows_its_rules():
    corners, xor = data_set("xor", KEY, n=4, noise=0.0)
    assert corners.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]] and xor.tolist() == [0, 1, 1, 0]
    assert data_set("and", KEY, n=4, noise=0.0)[1].tolist() == [0, 0, 0, 1]
    assert data_set("or", KEY, n=4, noise=0.0)[1].tolist() == [0, 1, 1, 1]
    x, y = data_set("circles", KEY, noise=0.0)
    r = jnp.hypot(x[:, 0], x[:, 1])
    assert r[y == 1].max() <= 0.45 and r[y == 0].min() >= 0.7
    x, y = data_set("coin", KEY, n=20_000, noise=0.0)  # its shares: 0.16, pi 0.45^2 - 0.16, the rest
    np.testing.assert_allclose(np.bincount(y) / len(y), [0.16, 0.476, 0.364], atol=0.01)
    x, y = data_set("arcs", KEY, n=100, noise=0.1)
    assert jnp.abs(x[:, 1] - jnp.sin(x[:, 0]) - 0.65 * y).max() <= 0.125
    x, y = data_set("sine", KEY, noise=0.0)
    np.testing.assert_allclose(y, np.sin(2 * np.pi * np.asarray(x)), atol=1e-5)


def test_parts_are_the_rows_themselves():
    x, y, x_test, y_test = parted(X, Y, 0.3, KEY)
    assert len(x_test) == 12 and sorted(map(tuple, np.r_[x, x_test].tolist())) == sorted(map(tuple, X.tolist()))
    assert jnp.array_equal(y_test, (x_test[:, 0] > 0).astype(int)) and jnp.array_equal(y, (x[:, 0] > 0).astype(int))
    assert len(parted(X, Y, 0.0, KEY)[2]) == 0 and len(parted(X[:2], Y[:2], 0.9, KEY)[0]) == 1


@pytest.mark.parametrize(
    "x, y, words",
    [
        (jnp.ones((5, 3)), jnp.ones(5), "Choose two columns"),
        (X, jnp.ones((40, 2)), "one target a row"),
        (X, jnp.arange(40), "y.astype(float)"),
        (X, Y[:5], "rows"),
        (X.at[0, 0].set(jnp.nan), Y, "nan"),
    ],
)
def test_own_data_that_cannot_be_drawn_is_refused(x, y, words):
    with pytest.raises(LearnerError, match=r".*" + words.replace("(", r"\(").replace(")", r"\)")):
        own_data(x, y)


def test_every_layer_bends_with_its_own_activation_and_the_last_serves_all_that_follow():
    params = models.init_mlp(KEY, (2, 4, 3, 2, 1))
    model, units = nets.net(jnp.tanh, jnp.sin)
    first = np.tanh(X @ params["w1"])
    second = np.sin(first @ params["w2"])
    for found, expected in zip(units(params, X), (first, second, np.sin(second @ params["w3"])), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-6)
    np.testing.assert_allclose(model(params, X), (np.sin(second @ params["w3"]) @ params["w4"])[:, 0], atol=1e-6)
    assert from_line("activation=relu,relu")["activation"] == "relu"
    assert from_line("activation=tanh,relu,relu")["activation"] == "tanh,relu"
    assert from_line("activation=none,tanh")["activation"] == "none,tanh"


def test_net_and_start_are_the_kits_own():
    params = nets.init(jax.random.key(7), (2, 5, 3), None)
    theirs = models.init_mlp(jax.random.key(7), (2, 5, 3))
    assert all(jnp.array_equal(params[name], theirs[name]) for name in theirs)
    for name, activation in (("tanh", jnp.tanh), ("relu", models.relu), ("logistic", models.logistic)):
        model, units = nets.net(nets.ACTIVATIONS[name])
        np.testing.assert_allclose(model(params, X), models.mlp_model(params, X, activation), atol=1e-6)
        np.testing.assert_allclose(units(params, X)[0], activation(X @ params["w1"] + params["b1"]), atol=1e-6)
    assert all((leaf == 0).all() for leaf in nets.init(KEY, (2, 3, 1), 0.0).values())
    assert 0 < jnp.abs(nets.init(KEY, (2, 3, 1), 0.01)["w1"]).max() < 0.05


def test_losses_are_the_kits_own():
    three, two = models.init_mlp(KEY, (2, 3)), models.init_mlp(KEY, (2, 1))
    labels, args = jnp.arange(40) % 3, (models.mlp_model, X)
    for ours, theirs, params, y in (
        (nets.cross_entropy, losses.softmax_loss, three, labels),
        (nets.cross_entropy, losses.logistic_loss, two, Y),
        (nets.squared, losses.mse_loss, two, Y),
    ):
        np.testing.assert_allclose(ours(params, *args, y), theirs(params, *args, y), 1e-6)


def test_bytes_of_maps():
    values, scale = nets.unit_bytes(jnp.array([-2.0, 0.0, 2.0]), (1, 3))
    assert list(values) == [0, 128, 255] and scale == 2
    assert list(nets.field_bytes(jnp.array([-50.0, 0.0, 50.0]), 2)) == [0, 128, 255]
    assert list(nets.field_bytes(jnp.array([[50.0, 0, 0], [0, 0, 50.0], [0, 0, 0]]), 3)) == [63, 128 + 63, 0]


@pytest.mark.slow
@pytest.mark.parametrize("name", training.OPTIMIZERS)
def test_many_short_fits_make_the_steps_of_one_long_fit(name):
    optimizer, params = training.OPTIMIZERS[name], models.init_mlp(KEY, (2, 4, 1))
    carried, steps = training.carry(params, optimizer, 0.1), 0
    for n_steps in (1, 10, 1, 7):
        carried, taken, stopped = training.go_on(
            carried,
            models.mlp_model,
            losses.logistic_loss,
            X,
            Y,
            steps_done=steps,
            n_steps=n_steps,
            step_size=0.1,
            optimizer=optimizer,
            l1=0,
            l2=0,
            batch_size=None,
            seed=0,
        )
        steps += taken
        assert stopped is None
    assert steps == 19
    theirs = {
        "gradient descent": optax.sgd,
        "momentum": lambda rate: optax.sgd(rate, 0.9),
        "rmsprop": optax.rmsprop,
        "adam": optax.adam,
    }[name]
    long = fit(
        params,
        models.mlp_model,
        losses.logistic_loss,
        X,
        Y,
        step_size=0.1,
        n_steps=19,
        optimizer=theirs,
        progress=False,
    ).params
    for name in params:
        np.testing.assert_allclose(carried["params"][name], long[name], atol=1e-5)


def test_l1_and_l2_pull_the_weights_alone():
    params = {"w1": jnp.array([[1.0, -2.0]]), "b1": jnp.array([5.0, 5.0])}
    carried = {"params": params, "state": (), "pull": {"l1": jnp.array(0.1), "l2": jnp.array(0.01)}}
    loss = training.pulled(lambda *_: jnp.array(7.0), None)
    np.testing.assert_allclose(loss(carried, None, X, Y), 7 + 0.1 * 3 + 0.01 * 5, rtol=1e-6)


def test_settings_survive_their_line():
    line = "data=spiral noise=0.2 features=x1,sin(x2) hidden=8,7,6 optimizer=gradient-descent batch=10 l1=0.001"
    settings = from_line(line)
    assert from_line(as_line(settings)) == settings and settings["hidden"] == [8, 7, 6] and settings["batch"] == 10
    assert (
        from_line("") == DEFAULTS
        and from_line("hidden=none")["hidden"] == [] == from_line(as_line(from_line("hidden=none")))["hidden"]
    )
    assert from_line(settings) == settings


@pytest.mark.parametrize(
    "line, words",
    [
        ("dat=xor", "Did you mean data"),
        ("activation=tanh,bend", "activation=bend is unknown"),
        ("data=xr", "choose one of line, and"),
        ("hidden=9", "widths from 1 to 8"),
        ("xor", "name=value"),
        ("step_size=fast", "number from"),
        ("features=x3", "at least one of x1"),
        ("pace=2.5", "whole number"),
        ("data=yours", "To use your own"),
        ("hidden=1,1,1,1,1", "up to 4"),
    ],
)
def test_settings_that_are_not_understood_are_told_in_words(line, words):
    with pytest.raises(LearnerError, match=words):
        from_line(line)


@pytest.mark.slow
def test_run_step_reset_and_stop():
    game, start = play("data=xor hidden=4 stop=25")
    assert start["steps"] == 0 and not start["running"]
    one = game.answer({"steps": 1})
    assert one["steps"] == 1 and "again" not in one and one["maps"] != start["maps"]
    run = {"steps": 1, "running": True}
    assert [game.answer(run | {"act": act})["steps"] for act in (None, "tick", "tick")] == [11, 21, 25]
    stopped = game.answer({"steps": 1, "running": True, "act": "tick"})
    assert stopped["steps"] == 25 and not stopped["running"] and "Stopped at step 25" in stopped["words"]
    again = game.answer({"steps": 1, "resets": 1})
    assert again["steps"] == 0 and again["words"] == start["words"] and again["maps"] == start["maps"]


@pytest.mark.slow
def test_step_size_moves_on_while_a_new_layer_starts_anew():
    game, _ = play("data=xor")
    game.answer({"running": True})
    moved = game.answer({"running": True, "settings": game.state.settings | {"step_size": 0.3, "l2": 0.01}})
    assert moved["steps"] == 20 and moved["running"]
    assert game.answer({"settings": game.state.settings | {"hidden": [3]}})["steps"] == 0
    assert [one["shape"] for one in game.answer({"act": "tick"})["layers"]] == [[3], [1], [2, 3], [3, 1]]


def test_a_press_whose_answer_failed_is_not_made_up_for_later():
    broken = [False]

    def bent(z):
        return z @ missing if broken[0] else jnp.tanh(z)

    panel = panels.playground(X, Y, activation=bent, settings="hidden=2")
    broken[0] = True
    assert "missing" in panel._answered({"steps": 1, "resets": 1}, panel.shown)["trouble"]
    broken[0] = False
    assert panel._answered({"steps": 1, "resets": 2}, panel.shown)["steps"] == 0
    assert panel._answered({"steps": 2, "resets": 2}, panel.shown)["steps"] == 1


def test_a_step_leaves_the_state_that_it_was_given():
    game, _ = play("data=xor hidden=2")
    before = game.state
    (_, one), (_, again) = step(before, {"running": True}), step(before, {"running": True})
    assert one["steps"] == again["steps"] > 0
    assert one["words"] == again["words"]
    assert (before.steps, before.history["step"], before.running) == (0, [0], False)


def test_a_weight_is_changed_by_hand_and_training_goes_on_from_there():
    game, _ = play("data=xor hidden=3 step_size=0.001")
    game.answer({"steps": 1})
    before = game.state.carried["params"]
    shown = game.answer({"steps": 1, "edits": 1, "edit": {"name": "w1", "index": 4, "value": "2.5"}})
    after = game.state.carried["params"]
    assert after["w1"][1, 1] == 2.5 and shown["steps"] == 1  # of a (2, 3) array, counted row by row
    assert jnp.array_equal(after["w1"].at[1, 1].set(before["w1"][1, 1]), before["w1"])
    go_on = game.answer({"steps": 2, "edits": 1, "edit": {"name": "w1", "index": 4, "value": "2.5"}})
    assert go_on["steps"] == 2 and 0 < abs(game.state.carried["params"]["w1"][1, 1] - 2.5) < 0.01


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        "data=xor batch=10",
        "data=coin loss=squared features=x1,x2,x1^2,x2^2,x1*x2 test=0",
        "data=sine hidden=8,8",
        "data=line loss=squared hidden=none",
        "data=spiral hidden=8,8,8,8 activation=relu init=tiny",
        "data=moons init=zeros loss=squared optimizer=momentum",
        "data=arcs activation=none l1=0.01 l2=0.01",
        "data=moons activation=softplus,leaky-relu,sine hidden=3,3,3",
    ],
)
def test_every_kind_of_game_plays(line):
    game, _ = play(line)
    shown = [game.answer({"running": True}) for _ in range(3)][-1]
    assert shown["steps"] == 30 and not shown["trouble"] and np.isfinite(shown["history"]["train"]).all()
    rows, columns = shown["small"]
    units = len(shown["all"]) + sum(shown["settings"]["hidden"])
    assert len(shown["maps"]) == units * rows * columns and len(shown["field"]) == np.prod(shown["shape"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        "data=coin loss=squared",
        "data=sine activation=relu init=large",
        "data=moons l1=0.001 l2=0.01",
        "data=spiral optimizer=momentum loss=squared features=x1,x2,sin(x1) test=0",
        "data=or hidden=none init=tiny",
        "data=xor hidden=4,3 activation=relu,swish optimizer=rmsprop",
    ],
)
def test_the_code_does_the_same(line):
    game, _ = play(line)
    shown = [game.answer({"running": True}) for _ in range(3)][-1]
    exec(shown["code"], names := {})
    for name, leaf in game.state.carried["params"].items():
        np.testing.assert_allclose(names["fitted"].params[name], leaf, atol=2e-4)


@pytest.mark.slow
def test_the_learners_own_parts_go_in():
    def bent(z):
        return z / (1 + jnp.abs(z))

    def absolute(params, model, x, y):
        return jnp.mean(jnp.abs(y - model(params, x)))

    game, _ = play("test=0", data=own_data(X, X[:, 0]), activation=bent, loss=absolute, optimizer=optax.lion(0.01))
    end = [game.answer({"running": True}) for _ in range(20)][-1]
    assert end["history"]["train"][-1] < 0.3 * end["history"]["train"][0]
    assert "activation = bent" in end["code"] and "absolute(params, model, x, y)" in end["code"]
    plane = {"slope": jnp.zeros(2), "b": jnp.zeros(())}
    game, start = play("data=or", model=lambda p, x: x @ p["slope"] + p["b"], params=plane)
    assert [one["name"] for one in start["layers"]] == ["b", "slope"]
    assert "100%" in [game.answer({"running": True}) for _ in range(40)][-1]["words"]


def wrong_activation(z):
    return z @ missing


def flat_loss(params, model, x, y):
    return (y - model(params, x)) ** 2


def narrow_activation(z):
    return z[:, 0]


def lost_model(params, x):
    return x @ params["slope"]


@pytest.mark.parametrize(
    "own, words",
    [
        ({"activation": wrong_activation}, "return z @ missing"),
        ({"activation": narrow_activation}, "one number for each"),
        ({"loss": flat_loss}, "a loss is one number"),
        ({"model": lost_model}, "params\\['slope'\\]"),
    ],
)
def test_errors_in_the_learners_parts_are_told_and_the_panel_stands(own, words):
    panel = panels.playground(**own)
    assert re.search(words, panel.shown["trouble"]) and panel.static_png()


def test_a_loss_that_blows_up_is_told_in_words():
    game, _ = play("data=line loss=squared optimizer=gradient-descent step_size=100 hidden=4 noise=0")
    for _ in range(20):
        shown = game.answer({"running": True})
        if shown["trouble"]:
            break
    assert "Training stopped: loss became" in shown["trouble"] and not shown["running"] and "again" not in shown
    assert shown["steps"] < 200 and all(value is None or np.isfinite(value) for value in shown["history"]["train"])


def test_two_arguments_belong_together():
    with pytest.raises(LearnerError, match="x and y together"):
        panels.playground(X)


def test_the_panel_plays_in_its_thread_and_pauses():
    panel = panels.playground(settings="data=xor")
    assert panel.static_png()
    panel.asked = {"running": True, "move": 1}
    deadline = time.monotonic() + 60
    while panel.shown["steps"] < 30:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    panel.asked = {"running": False, "act": "pause", "move": 2}
    while panel.shown["move"] < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    there = panel.shown["steps"]
    time.sleep(0.2)
    assert panel.shown["steps"] == there and not panel.shown["running"]

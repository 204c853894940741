"""Replay without a browser: the numbers of a step, for lines, nets, classes and large leaves."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import fit, losses, models
from dl_workshop.errors import LearnerError
from dl_workshop.panels import replay
from dl_workshop.panels.replay import loss_curve
from dl_workshop.panels.replay.weights import by_layer
from dl_workshop.panels.sliders import leaf_name

KEY = jax.random.key(0)
X = np.linspace(-5, 5, 21)
Y = 2 * X + 20
X2 = np.random.default_rng(0).normal(size=(60, 2))


def line(n_steps=50):
    return fit(
        {"w": -5.0, "b": 3.0},
        models.linear_model,
        losses.mse_loss,
        X,
        Y,
        step_size=0.05,
        n_steps=n_steps,
        progress=False,
    )


def test_every_step_is_what_descent_by_hand_gives():
    panel = replay(line(), models.linear_model, X, Y, loss=losses.mse_loss)
    w, b = -5.0, 3.0
    for step in range(4):
        shown = panel._answer({"act": "seek", "row": step})
        miss = Y - w * X - b
        assert shown["told"] == pytest.approx(np.mean(miss**2), rel=1e-4)
        assert shown["loss"] == pytest.approx(np.mean(miss**2), rel=1e-4)
        np.testing.assert_allclose(shown["y_pred"], w * X + b, rtol=1e-3, atol=1e-3)
        by_name = {one["name"]: one["values"][step] for one in panel.settings["weights"]}
        assert by_name == pytest.approx({"w": w, "b": b}, rel=1e-4)
        w, b = w + 0.1 * np.mean(miss * X), b + 0.1 * np.mean(miss)


def test_it_plays_to_the_end_and_from_there_anew():
    panel = replay(line(3), models.linear_model, X, Y)
    shown = [panel._answer({"act": act, "playing": True}) for act in ("play", "tick", "tick", "tick")]
    assert [one["row"] for one in shown] == [0, 1, 2, 3]
    assert [one["playing"] for one in shown] == [True, True, True, False]
    assert ["again" in one for one in shown] == [True, True, True, False]
    assert panel.static_png()


def test_classes_are_counted_as_scikit_learn_counts_them():
    from sklearn.metrics import confusion_matrix

    x = np.random.default_rng(1).normal(size=(80, 5))
    y = np.argmax(x[:, :3], axis=1)
    fitted = fit(
        models.init_mlp(KEY, (5, 6, 3)),
        models.mlp_model,
        losses.softmax_loss,
        x,
        y,
        step_size=0.1,
        n_steps=20,
        progress=False,
    )
    panel = replay(fitted, models.mlp_model, x, y, loss=losses.softmax_loss)
    taken = np.argmax(models.mlp_model(fitted.params, jnp.asarray(x)), axis=1)
    np.testing.assert_array_equal(np.reshape(panel.shown["counts"], (3, 3)), confusion_matrix(y, taken))
    assert panel.static_png()


@pytest.mark.parametrize("outputs", [1, 3])
def test_two_inputs_give_a_map_of_the_net(outputs):
    y = (X2[:, 0] > 0) * 1 + (X2[:, 1] > 0) * (outputs > 1)
    loss = losses.logistic_loss if outputs == 1 else losses.softmax_loss
    fitted = fit(
        models.init_mlp(KEY, (2, 4, outputs)), models.mlp_model, loss, X2, y, step_size=0.5, n_steps=50, progress=False
    )
    panel = replay(fitted, models.mlp_model, X2, y, curve=models.logistic if outputs == 1 else None)
    field = np.frombuffer(panel.shown["field"], np.uint8).reshape(60, 60)
    corner = [panel.settings["data"]["x_range"][0], panel.settings["data"]["y_range"][1]]
    output = np.asarray(models.mlp_model(fitted.params, jnp.asarray([corner])), float)
    expected = int(255 / (1 + np.exp(-output[0]))) if outputs == 1 else output.argmax()
    assert field[-1, 0] == pytest.approx(expected, abs=1)
    w1 = next(i for i, one in enumerate(panel.settings["weights"]) if one["name"] == "w1")
    sheet, top = np.frombuffer(panel.shown["weights"][w1], np.uint8), panel.settings["weights"][w1]["top"]
    np.testing.assert_allclose((sheet / 127.5 - 1) * top, np.ravel(fitted.params["w1"]), atol=top / 127)
    assert panel.static_png()


def test_much_is_thinned():
    panel = replay(line(5000), models.linear_model, np.tile(X, 500), np.tile(Y, 500))
    assert len(panel.settings["steps"]) == 300
    assert len(panel.settings["data"]["x"]) <= 2000
    assert "point of x, y" in panel.shown["words"]
    values = np.random.default_rng(0).random(50_000)
    curve = loss_curve(values)
    assert len(curve["steps"]) <= 1001
    assert max(curve["values"]) == pytest.approx(values.max(), rel=1e-5)


def test_a_large_leaf_becomes_a_histogram_of_all_its_weights():
    params = {"w": jnp.zeros((100, 50)), "v": jnp.ones(50)}
    x = np.random.default_rng(0).normal(size=(30, 100))
    net = lambda p, x: jnp.tanh(x @ p["w"]) @ p["v"]  # noqa: E731
    fitted = fit(params, net, losses.mse_loss, x, x[:, 0], n_steps=3, progress=False)
    panel = replay(fitted, net, x, x[:, 0])
    kinds = [one["kind"] for one in panel.settings["weights"]]
    assert kinds == ["histogram", "map"]  # the layer's weights first
    assert sum(panel.shown["weights"][0]) == 5000


def test_leaves_are_shown_layer_by_layer_weights_first():
    path = models.init_mlp(jax.random.key(0), (20, 9, 8, 7, 6, 5, 4, 3, 2, 2, 2, 1))  # w10 after w9, not after w1
    names = [leaf_name(place) for place, _ in by_layer(path)]
    assert names == [f"{kind}{layer}" for layer in range(1, 12) for kind in "wb"]


def test_params_in_place_of_the_fit_are_refused():
    with pytest.raises(LearnerError, match="not fitted"):
        replay(line().params, models.linear_model, X, Y)
    with pytest.raises(LearnerError, match="weight"):
        replay(line(), lambda p, x: p["weight"] * x, X, Y)

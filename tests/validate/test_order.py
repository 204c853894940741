"""Arguments in each other's places are named, wherever (params, model, loss, x, y) go; so is what holds no numbers."""

import itertools
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import datasets, fit, gradients, graph, losses, metrics, models, panels, plots, scaling, tuning
from dl_workshop.errors import LearnerError
from dl_workshop.validate.order import check_order

KEY = jax.random.key(0)
X, X2 = jnp.linspace(-1.0, 1.0, 12), jax.random.normal(KEY, (12, 2))
Y = jnp.arange(12) % 2 * 1.0
POINTS, PLANE, NET = {"w": 0.5, "b": 0.0}, models.init_linear(KEY, 2), models.init_mlp(KEY, (2, 3))
FITTED = fit(POINTS, models.linear_model, losses.mse_loss, X, Y, n_steps=3, progress=False)
FIVE = {"params": POINTS, "model": models.linear_model, "loss": losses.logistic_loss, "x": X, "y": Y}
TAKE_FIVE = {
    "fit": fit,
    "fit_early": lambda *five: tuning.fit_early(*five, X, Y),
    "range_test": tuning.range_test,
    "sweep": panels.sweep,
    "fit_by_hand": panels.fit_by_hand,
    "bowl": panels.bowl,
    "contour": plots.contour,
    "surface": plots.surface,
    "contour_paths": lambda *five: plots.contour_paths(*five, {"one": FITTED.path}),
}
ALL_FOUR = {name: FIVE[name] for name in ("params", "model", "x", "y")}
IN_THE_PLANE = ALL_FOUR | {"params": PLANE, "x": X2}
TAKE_FEWER = {
    "data_and_model": (plots.data_and_model, ALL_FOUR),
    "residuals": (plots.residuals, ALL_FOUR),
    "predicted_against_true": (plots.predicted_against_true, ALL_FOUR),
    "decision_surface": (plots.decision_surface, IN_THE_PLANE),
    "decision_contours": (plots.decision_contours, IN_THE_PLANE),
    "class_probabilities": (plots.class_probabilities, IN_THE_PLANE | {"params": NET, "model": models.mlp_model}),
    "mse_loss": (losses.mse_loss, ALL_FOUR),
    "mae_loss": (losses.mae_loss, ALL_FOUR),
    "logistic_loss": (losses.logistic_loss, ALL_FOUR),
    "softmax_loss": (
        losses.softmax_loss,
        IN_THE_PLANE | {"params": NET, "model": models.mlp_model, "y": jnp.arange(12) % 3},
    ),
    "replay": (panels.replay, {"fitted": FITTED, "model": models.linear_model, "x": X, "y": Y}),
    "draw_digit": (panels.draw_digit, {"params": models.init_mlp(KEY, (64, 10)), "model": models.mlp_model}),
    "linear_model": (models.linear_model, {"params": PLANE, "x": X2}),
    "logistic_model": (models.logistic_model, {"params": PLANE, "x": X2}),
    "mlp_model": (models.mlp_model, {"params": NET, "x": X2}),
    "dropout_mlp_model": (models.dropout_mlp_model, {"params": NET, "x": X2}),
}


def message_of(call, *arguments, **named):
    with pytest.raises(LearnerError) as caught:
        call(*arguments, **named)
    message = str(caught.value)
    assert len(message) < 330 and message.count("\n") <= 1
    return message


# x and y are both arrays, which nothing but the shapes could tell apart: every other order is seen.
ORDERS = [order for order in itertools.permutations(FIVE) if order.index("x") < order.index("y")][1:]


def test_every_other_order_is_named():
    for order in ORDERS:
        message = message_of(fit, *(FIVE[name] for name in order))
        moved = [place for place, (name, here) in enumerate(zip(FIVE, order, strict=True)) if name != here]
        assert message.endswith("fit(params, model, loss, x, y).")
        if len(moved) == 2:
            first, second = (("first", "second", "third", "fourth", "fifth")[place] for place in moved)
            assert f"the {first} argument is" in message and f", the {second} " in message and "Swap them" in message
        else:
            assert f"({', '.join(order)})" in message


@pytest.mark.parametrize("name", TAKE_FIVE)
def test_five_in_another_order_are_named(name):
    params, model, loss, x, y = FIVE.values()
    call = TAKE_FIVE[name]
    assert "the second argument is the loss, the third the model" in message_of(call, params, loss, model, x, y)
    assert "(x, y, params, model, loss)" in message_of(call, x, y, params, model, loss)
    assert "the first argument is the model, the second params" in message_of(call, model, params, loss, x, y)
    assert "The loss takes (y_true, y_pred), but" in message_of(call, params, model, losses.mse, x, y)


@pytest.mark.parametrize("name", TAKE_FEWER)
def test_fewer_in_another_order_are_named(name):
    call, given = TAKE_FEWER[name]
    call(*given.values())
    if call.__module__ == models.__name__:
        message = message_of(call, given["x"], given["params"])
        assert "the first argument is x, the second params. Swap them" in message or "(params, x)" in message
        return
    first, second, *rest = given.values()
    assert (
        "first argument is the model, the second params" in (message := message_of(call, second, first, *rest))
        or "takes its arguments in the order (fitted, model, x, y)" in message
    )
    if rest:
        message = message_of(call, *rest, first, second)
        assert "(x, y, params, model)" in message or "takes its arguments in the order (fitted" in message


def test_x_and_y_in_each_others_places_are_seen_by_their_shapes():
    assert "in each other's places" in message_of(fit, PLANE, models.linear_model, losses.mse_loss, Y, X2)
    _, model, loss, x, y = FIVE.values()
    assert "the first argument is x, the fourth params" in message_of(fit, x, model, loss, POINTS, y)
    assert "(x, model, loss, y, params)" in message_of(fit, x, model, loss, y, POINTS)


class Module:
    """Params that can be called, as modules of Equinox can."""

    def __init__(self, w):
        self.w = w

    def __call__(self, x):
        return x * self.w


jax.tree_util.register_pytree_node(Module, lambda module: ((module.w,), None), lambda _, leaves: Module(*leaves))


@pytest.mark.parametrize(
    "changes",
    [
        dict(params=jnp.array([0.5]), model=lambda params, x: params[0] * x),
        dict(params=0.5, model=lambda params, x: params * x),
        dict(params=[0.5, 0.1], model=lambda p, x: p[0] * x + p[1]),
        dict(params=Module(jnp.array(0.5)), model=lambda params, x: params(x)),
        dict(
            params=NET,
            model=partial(models.mlp_model, activation=jax.nn.relu),
            loss=losses.mse_loss,
            x=X2,
            y=jnp.zeros((12, 3)),
        ),
        dict(loss=partial(lambda params, model, x, y, by: by * losses.mse_loss(params, model, x, y), by=2.0)),
        dict(loss=lambda *five: losses.mse_loss(*five)),
        dict(model=lambda *both: models.linear_model(*both)),
        dict(loss=jax.jit(losses.mse_loss, static_argnums=1)),
        dict(model=jax.jit(models.linear_model)),
        dict(loss=lambda params, model, x, y, strength=0.1: losses.mse_loss(params, model, x, y)),
        dict(
            model=lambda params, x, activation=jnp.tanh, slope=1.0: activation(slope * models.linear_model(params, x))
        ),
        dict(
            params=NET,
            model=lambda params, x, key: models.dropout_mlp_model(params, x, key),
            loss=losses.softmax_loss,
            x=X2,
            y=jnp.arange(12) % 3,
        ),
    ],
)
def test_right_orders_are_not_refused(changes):
    fitted = fit(**(FIVE | changes), n_steps=2, progress=False, key=KEY)
    assert np.isfinite(fitted.losses).all()


def test_a_dict_of_inputs_is_not_taken_for_params():
    check_order("fit", **(FIVE | {"params": jnp.ones(3), "x": {"left": X, "right": X2}}))
    check_order("fit", **(FIVE | {"x": (X, X2)}))


MASKED = np.ma.masked_array(np.asarray(X), mask=np.arange(12) == 4)
LINE = (POINTS, models.linear_model)
NO_NUMBERS = {  # each takes the array in question
    "fit, x": ("x", lambda a: fit(*LINE, losses.mse_loss, a, Y)),
    "fit, y": ("y", lambda a: fit(*LINE, losses.mse_loss, X, a)),
    "fit, params": ("params['w']", lambda a: fit({"w": a, "b": 0.0}, *list(FIVE.values())[1:])),
    "step_size": ("step_size", lambda a: fit(**FIVE, step_size=a)),
    "sweep": ("step_sizes", lambda a: panels.sweep(**FIVE, step_sizes=a)),
    "seeds": ("seeds", lambda a: panels.sweep(**FIVE, seeds=a, init=models.init_linear)),
    "fit_by_hand": ("w", lambda a: panels.fit_by_hand({"w": a, "b": 0.0}, *list(FIVE.values())[1:])),
    "bowl": ("x", lambda a: panels.bowl(*LINE, losses.mse_loss, a, Y)),
    "replay": ("y", lambda a: panels.replay(FITTED, models.linear_model, X, a)),
    "playground": ("x", lambda a: panels.playground(a, Y)),
    "logistic_curve": ("w", lambda a: panels.logistic_curve(a)),
    "plots.data": ("x", lambda a: plots.data(a, Y)),
    "data_and_model": ("params['w']", lambda a: plots.data_and_model({"w": a, "b": 0.0}, models.linear_model, X, Y)),
    "loss_curve": ("losses", lambda a: plots.loss_curve(a)),
    "weight_histograms": ("params['w1']", lambda a: plots.weight_histograms({"w1": a})),
    "plots.roc": ("scores", lambda a: plots.roc(Y, a)),
    "plots.confusion_matrix": ("y_pred", lambda a: plots.confusion_matrix(Y, a)),
    **{
        name: ("y_pred", lambda a, name=name: getattr(losses, name)(Y, a))
        for name in ("mse", "mae", "binary_cross_entropy")
    },
    "cross_entropy": ("logits", lambda a: losses.cross_entropy(jnp.arange(12) % 2, a)),
    "entropy": ("p", losses.entropy),
    "one_hot": ("labels", lambda a: losses.one_hot(a, 2)),
    "linear_model, x": ("x", lambda a: models.linear_model(POINTS, a)),
    "linear_model, w": ("params['w']", lambda a: models.linear_model({"w": a, "b": 0.0}, X)),
    "mlp_model": ("params['w1']", lambda a: models.mlp_model({"w1": a, "b1": 0.0}, X2)),
    **{
        name: (argument, getattr(models, name))
        for name, argument in (("logistic", "z"), ("relu", "z"), ("softmax", "logits"))
    },
    "dropout": ("h", lambda a: models.dropout(KEY, a, 0.5)),
    "init_mlp": ("widths", lambda a: models.init_mlp(KEY, a)),
    **{
        name: ("y_pred", lambda a, name=name: getattr(metrics, name)(Y, a))
        for name in ("accuracy", "precision", "recall", "f1", "kappa", "r2")
    },
    "auc": ("scores", lambda a: metrics.auc(Y, a)),
    "standard": ("x", scaling.standard),
    "scale": ("x", lambda a: scaling.scale(scaling.standard(X), a)),
    "standardise": ("x_test", lambda a: datasets.standardise(X, a)),
    "split": ("x", lambda a: datasets.split(KEY, a, Y)),
    "folds": ("y", lambda a: datasets.stratified_folds(KEY, a)),
    "noise": ("noise", lambda a: datasets.line(KEY, noise=a)),
    "n": ("n", lambda a: datasets.sine(KEY, n=a)),
    "check_gradient": ("params['w']", lambda a: gradients.check_gradient(lambda params: 0.0, {"w": a})),
    "trace": ("params['w']", lambda a: graph.trace(losses.mse_loss, {"w": a, "b": 0.0}, models.linear_model, X, Y)),
}


@pytest.mark.parametrize("name", NO_NUMBERS)
def test_masked_arrays_and_random_keys_are_no_numbers(name):
    argument, call = NO_NUMBERS[name]
    assert f"{argument} is a masked array of NumPy with 1 masked value" in (message := message_of(call, MASKED))
    assert f"{argument}.filled(0.0)" in message
    assert f"{argument} is a random key, not a number. Draw numbers with it" in message_of(call, jax.random.key(5))


def test_a_masked_array_without_gaps_is_made_plain():
    assert "Nothing in it is masked: write x = np.asarray(x)" in message_of(plots.data, np.ma.masked_array(X), Y)
    keep = ~MASKED.mask
    fit(*LINE, losses.mse_loss, MASKED[keep].data, Y[keep], n_steps=2, progress=False)  # what the words say
    fit(*LINE, losses.mse_loss, MASKED.filled(0.0), Y, n_steps=2, progress=False)

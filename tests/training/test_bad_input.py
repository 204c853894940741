"""Every bad input to fit gets one or two lines in the learner's words: what happened, why it matters, what to type."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from dl_workshop import fit, losses, models, optimizers
from dl_workshop.errors import LearnerError

X = np.linspace(-5, 5, 100, dtype=np.float32)
Y = 2 * X + 1
START = {"w": 0.0, "b": 0.0}
HOLED = np.where(np.arange(100) == 3, np.nan, X)
ENDLESS = np.where(np.arange(100) == 99, np.inf, Y)


def with_numpy(params, x):
    return np.exp(params["w"]) * x


def with_float(params, x):
    return float(params["w"]) * x


def with_if(params, x):
    return x if params["w"] > 0 else -x


def with_a_missing_key(params, x):
    return params["weight"] * x


def with_a_change_in_place(params, x):
    x[0] = params["w"]
    return x


def with_a_misfit(params, x):
    return x @ jnp.ones(41) * params["w"]


def with_a_bug(params, x):
    return params["w"] * x + undefined


def summed(params, x):
    return jnp.sum(params["w"] * x)


def column(params, x):
    return (params["w"] * x + params["b"])[:, None]


def nothing(params, x):
    params["w"] * x


def squared_errors(params, model, x, y):
    return (y - model(params, x)) ** 2


def loose_mse(params, model, x, y):
    return jnp.mean((y - model(params, x)) ** 2)


def accuracy(params, model, x, y):
    return jnp.sum(jnp.round(model(params, x)) == y)


def until_it_is_small(params, x):
    return jax.lax.while_loop(lambda z: jnp.max(z) > 1, lambda z: z / 2, params["w"] * x)


def log_of_zero(params, model, x, y):
    return jnp.log(jnp.sum(params["w"] * 0 * model(params, x)))


def stairs_by_math(t):
    return 0.1 * 0.9 ** math.floor(t / 50)


CASES = {
    "integer params": (
        dict(params={"w": 0.0, "b": 0}),
        "params['b'] is 0, an integer. Gradients need floats: write 0.0.",
    ),
    "integer array": (dict(params={"w": np.array([1, 2]), "b": 0.0}), "jnp.asarray(params['w'], dtype=float)"),
    "truth value": (dict(params={"w": True}), "params['w'] is True, a truth value"),
    "string": (dict(params={"w": 0.0, "name": "line"}), "params['name'] is 'line', which is not a number"),
    "None": (dict(params={"w": None}), "params['w'] is None"),
    "nan param": (dict(params={"w": np.nan}), "params['w'] holds nan"),
    "ragged": (dict(params={"w": object()}), "which is not an array of numbers"),
    "no params": (dict(params={}), "params is an empty dict"),
    "fewer targets": (dict(y=Y[:50]), "x has 100 rows but y has 50"),
    "column of targets": (dict(y=Y[:, None]), "Use y[:, 0]."),
    "column of predictions": (
        dict(model=column),
        "model(params, x) has shape (100, 1) but y has (100,): subtracting them would give "
        "(100, 100). Use model(params, x)[:, 0].",
    ),
    "column of inputs": (dict(x=X[:, None], loss=loose_mse), "would give (100, 100)"),
    "nan in x": (dict(x=HOLED), "x[3] is nan: one such value makes the loss and every gradient nan"),
    "inf in y": (dict(y=ENDLESS), "y[99] is inf"),
    "text": (dict(y=np.array(["yes"] * 100)), "not numbers"),
    "no samples": (dict(x=X[:0], y=Y[:0]), "there are no samples"),
    "one number": (dict(x=1.0), "x is a single number"),
    "one prediction for all": (dict(model=summed), "it must return one prediction a row, (100,)"),
    "model without return": (dict(model=nothing), "The model returns nothing (None): end it with return"),
    "zero steps": (dict(n_steps=0), "n_steps=0 must be a whole number above 0"),
    "half a step": (dict(n_steps=2.5), "n_steps=2.5 must be a whole number above 0"),
    "negative step size": (dict(step_size=-0.1), "step_size=-0.1 must be a number above 0"),
    "step size in words": (dict(step_size="big"), "step_size='big' must be a number above 0"),
    "loss an array": (dict(loss=squared_errors), "The loss gave an array of shape (100,), but a loss is one number"),
    "loss without gradient": (dict(loss=accuracy), "which has no gradient"),
    "numpy": (dict(model=with_numpy), 'in `return np.exp(params["w"]) * x`. `np.exp(...)` is NumPy\'s'),
    "float()": (dict(model=with_float), "`float(...)` makes a plain number"),
    "if": (dict(model=with_if), 'in `return x if params["w"] > 0 else -x`'),
    "no gradient": (dict(model=until_it_is_small), "while computing the gradient: Reverse-mode differentiation"),
    "missing key": (dict(model=with_a_missing_key), "asks for params['weight'] in `return params[\"weight\"] * x`"),
    "in place": (dict(model=with_a_change_in_place), 'cannot be changed in place in `x[0] = params["w"]`'),
    "misfit": (dict(model=with_a_misfit), "Arrays of shapes (100,) and (41,) do not fit together"),
    "a bug": (dict(model=with_a_bug), 'NameError while computing the model in `return params["w"] * x + undefined'),
    "swapped": (
        dict(model=losses.mse_loss, loss=models.linear_model),
        "the second argument is the loss, the third the model. Swap them: fit(params, model, loss, x, y)",
    ),
    "not a function": (dict(model=3.0), "model is 3.0, not a function. fit takes its arguments in the order"),
    "not an optimiser": (dict(optimizer="adam"), "optimizer='adam' is not an optimiser"),
    "schedule by math": (
        dict(step_size=stairs_by_math),
        "in `return 0.1 * 0.9 ** math.floor(t / 50)`. `math.floor(...)` is Python's math",
    ),
    "schedule by math inside": (dict(optimizer=optimizers.adam(stairs_by_math)), "in `return 0.1 * 0.9 ** math.floor("),
    "schedule without return": (dict(step_size=print), "The schedule gave None, but a step size is one number"),
    "schedule of an array": (dict(step_size=lambda t: jnp.ones(3)), "The schedule gave an array of shape (3,)"),
    "updates of another shape": (
        dict(optimizer=optimizers.adam(lambda t: jnp.ones(3))),
        "updates have the shapes {'b': (3,)",
    ),
    "update gives one thing": (
        dict(optimizer=(lambda params: (), lambda grads, state, params: grads)),
        "it must return two things, (updates, state)",
    ),
    "batch too large": (dict(batch_size=500), "more than the 100 rows"),
    "batch without key": (dict(batch_size=10), "add key=jax.random.key(0)"),
    "loss bad from the start": (dict(loss=log_of_zero), "The loss is -inf before the first step"),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_refused_in_words(name):
    changes, words = CASES[name]
    given = dict(params=START, model=models.linear_model, loss=losses.mse_loss, x=X, y=Y) | changes
    with pytest.raises(LearnerError) as caught:
        fit(**given)
    message = str(caught.value)
    assert words in message
    assert len(message) < 330 and message.count("\n") <= 1 and "Tracer" not in message


def test_a_notebook_shows_the_words_alone():
    with pytest.raises(LearnerError) as caught:
        fit(START, models.linear_model, losses.mse_loss, X, Y, n_steps=0)
    shown = caught.value._render_traceback_()
    assert len(shown) == 1 and "n_steps=0 must be" in shown[0] and "train.py" not in shown[0]


def test_an_optimiser_that_is_made_already_is_told_from_a_step_size():
    got = fit(START, models.linear_model, losses.mse_loss, X, Y, optimizer=optax.sgd(1e6), progress=False)
    assert got.stopped.endswith("try a smaller step size")

"""Answers to the first lessons as people write them: right ones pass, and those that only look right do not."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from jax.scipy.special import logit

from dl_workshop import exercises

pytestmark = pytest.mark.slow


def descend(stop=lambda slope, step: False, n_at_most=10**6):
    """Make a descent that stays where it is once it has stopped."""

    def answer(df, w, step_size, n_steps):
        ws, over = [w], False
        for i in range(n_steps):
            over |= i >= n_at_most or bool(stop(abs(df(w)), abs(step_size * df(w))))
            w = w if over else w - step_size * df(w)
            ws.append(w)
        return np.array(ws)

    return answer


def train(stop=lambda losses, grads: False, rule=lambda grads: grads, rows=slice(None)):
    """Make a training loop that ends once `stop` says so."""

    def answer(params, model, loss, x, y, step_size, n_steps):
        losses = []
        for _ in range(n_steps):
            value, grads = jax.value_and_grad(loss)(params, model, x[rows], y[rows])
            losses.append(float(value))
            if stop(losses, grads):
                break
            params = jax.tree.map(lambda param, grad: param - step_size * grad, params, rule(grads))
        return params, losses

    return answer


def by_scan(params, model, loss, x, y, step_size, n_steps):
    def one(params, _):
        value, grads = jax.value_and_grad(loss)(params, model, x, y)
        return jax.tree.map(lambda param, grad: param - step_size * grad, params, grads), value

    return jax.lax.scan(one, jax.tree.map(jnp.asarray, params), None, length=n_steps)


def in_a_loop(y_true, y_pred):
    total = 0.0
    for y, p in zip(y_true, y_pred, strict=True):
        total = total + (jnp.log(p) if y == 1 else jnp.log(1 - p))
    return -total / len(y_true)


def on_paper(miss, average):
    """Make lesson 04's gradient as it is worked out on paper."""

    def answer(params, model, x, y):
        error = miss(model(params, x), y)
        return dict(w=average(error * x), b=average(error))

    return answer


def changed_little(least):
    return lambda losses, grads: len(losses) > 1 and abs(losses[-1] - losses[-2]) < least


RIGHT = {
    "01 mse": {
        "optax": lambda y_true, y_pred: 2 * jnp.mean(optax.l2_loss(y_pred, y_true)),
        "norm": lambda y_true, y_pred: jnp.linalg.norm(y_true - y_pred) ** 2 / y_true.shape[0],
    },
    "02 descend": {
        "fori_loop": lambda df, w, step_size, n_steps: jax.lax.fori_loop(
            1,
            n_steps + 1,
            lambda i, ws: ws.at[i].set(ws[i - 1] - step_size * df(ws[i - 1])),
            jnp.zeros(n_steps + 1).at[0].set(w),
        )
    },
    "03 mse_loss": {
        "a loop": lambda params, model, x, y: (
            sum((a - b) ** 2 for a, b in zip(y, model(params, x), strict=True)) / len(y)
        )
    },
    "03 step": {
        "optax": lambda params, grads, step_size: optax.apply_updates(
            params, jax.tree.map(lambda grad: -step_size * grad, grads)
        )
    },
    "03 train": {"scan": by_scan},
    "04 train": {"scan": by_scan},
    "04 logistic": {"jax.nn": jax.nn.sigmoid, "jax.lax": jax.lax.logistic},
    "04 midpoint": {
        "numpy": lambda params: np.divide(-params["b"], params["w"]),
        "float": lambda params: float(-params["b"] / params["w"]),
    },
    "04 binary_cross_entropy": {
        "a loop": in_a_loop,
        "y == 1": lambda y, p: -jnp.mean(jnp.log(jnp.where(y == 1, p, 1 - p))),
        "mask": lambda y, p: -(jnp.log(p[y == 1]).sum() + jnp.log(1 - p[y == 0]).sum()) / len(y),
        "optax": lambda y, p: optax.sigmoid_binary_cross_entropy(logit(p), y).mean(),
        "index": lambda y, p: -jnp.mean(jnp.log(jnp.stack([1 - p, p], 1)[jnp.arange(len(y)), y.astype(int)])),
    },
    "04 logistic_loss_from_logits": {
        "optax": lambda params, model, x, y: optax.sigmoid_binary_cross_entropy(model(params, x), y).mean(),
        "y == 1": lambda params, model, x, y: jnp.mean(jax.nn.softplus(jnp.where(y == 1, -1, 1) * model(params, x))),
    },
}
WRONG = {
    "02 descend": {
        "a slope below .1": descend(lambda slope, step: slope < 0.1),
        "a slope below .001": descend(lambda slope, step: slope < 1e-3),
        "a step below .01": descend(lambda slope, step: step < 0.01),
        "a step below .001": descend(lambda slope, step: step < 1e-3),
        "ten steps": descend(n_at_most=10),
        "four digits": lambda *args: np.round(descend()(*args), 4),
        "within 10": lambda *args: np.clip(descend()(*args), -10, 10),
    },
    "03 init_linear": {
        "half": lambda key: dict(w=0.5 * jax.random.normal(key), b=0.0),
        "plus 1": lambda key: dict(w=1 + jax.random.normal(key), b=0.0),
        "uniform": lambda key: dict(w=3**0.5 * jax.random.uniform(key, minval=-1, maxval=1), b=0.0),
    },
    "03 gradient": {
        "five rows": lambda params, model, loss, x, y: jax.grad(loss)(params, model, x[:5], y[:5]),
        "slopes below .1 are 0": lambda *args: jax.tree.map(
            lambda grad: jnp.where(abs(grad) < 0.1, 0.0, grad), jax.grad(args[2])(*args[:2], *args[3:])
        ),
        "differences": lambda params, model, loss, x, y: {
            name: (
                loss({**params, name: params[name] + 0.1}, model, x, y)
                - loss({**params, name: params[name] - 0.1}, model, x, y)
            )
            / 0.2
            for name in params
        },
    },
    **{
        f"{number} train": {
            "the loss hardly changes": train(changed_little(1e-5)),
            "the loss is small": train(lambda losses, grads: losses[-1] < 0.01),
            "the loss rises": train(lambda losses, grads: len(losses) > 1 and losses[-1] > losses[-2]),
            "all slopes are small": train(lambda losses, grads: max(map(abs, grads.values())) < 0.01),
            "slopes within 1": train(rule=lambda grads: jax.tree.map(lambda grad: jnp.clip(grad, -1, 1), grads)),
            "a hundred rows": train(rows=slice(100)),
            "three things": lambda *args: (*train()(*args), 3),
        }
        for number in ("03", "04")
    },
    "04 logistic": {
        "one axis": lambda z: (
            jax.vmap(lambda one: 1 / (1 + jnp.exp(-one)))(z)
            if jnp.ndim(z) == 1
            else 1 / (1 + jnp.exp(-jnp.ravel(z)[0]))
        )
    },
    "04 logistic_model": {
        "within .01": lambda params, x: jnp.clip(jax.nn.sigmoid(params["w"] * x + params["b"]), 0.01, 0.99)
    },
    "04 binary_cross_entropy": {
        "within .01": lambda y, p: -jnp.mean(jnp.log(jnp.clip(jnp.where(y == 1, p, 1 - p), 0.01, 0.99)))
    },
}
PAPER = {
    "by_hand": on_paper(lambda p, y: p - y, jnp.mean),
    "by_hand_sum": on_paper(lambda p, y: p - y, jnp.sum),
    "by_hand_sign": on_paper(lambda p, y: y - p, jnp.mean),
}


def cases(answers):
    return [
        pytest.param(*which.split(), answer, id=f"{which}-{name}".replace(" ", "-", 1))
        for which, some in answers.items()
        for name, answer in some.items()
    ]


@pytest.mark.parametrize("number, name, answer", cases(RIGHT))
def test_a_right_answer_passes(number, name, answer):
    check = getattr(exercises.load(number), name)
    check.check(answer)
    assert check.status == "passed", check.message


@pytest.mark.parametrize("number, name, answer", cases(WRONG))
def test_a_wrong_answer_is_refused_and_no_name_guessed(number, name, answer):
    check = getattr(exercises.load(number), name)
    check.check(answer)
    assert (check.status, check.mistake) == ("failed", None), check.message


@pytest.mark.parametrize("mistake", PAPER)
def test_a_gradient_worked_out_on_paper_is_told_what_it_is(mistake):
    check = exercises.load("04").logistic_gradient
    check.check(PAPER[mistake])
    assert check.mistake == mistake, check.message

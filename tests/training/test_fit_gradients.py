"""fit where the loss is finite but its gradient is not, and where a param gets none: what is said, and when nothing."""

import re

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from jax import lax

from dl_workshop import fit, losses, models
from dl_workshop.errors import LearnerError
from dl_workshop.optimizers import adam, momentum
from dl_workshop.training.broken_slope import find_broken

pytestmark = pytest.mark.slow  # nearly every case compiles a loop of its own

X = jnp.arange(-20, 21) / 10.0  # 0 is among them
Y = 3 * X + 1


def root(params, x):
    return jnp.sqrt(jnp.abs(params["w"] * x))


def chosen(params, x):
    return jnp.where(x > 0, jnp.log(params["w"] * x), 0.0)


def divided(params, x):
    return jnp.where(x != 0, params["w"] / x, 0.0)


def left_out_overflow(params, x):
    return jnp.where(x < 0.3, jnp.exp(100 * params["w"] * x), 0.0) + params["w"]


def limited(params, x):
    return jnp.maximum(jnp.log(params["w"] - 1.0), -10.0) * x


def normed(params, x):
    return params["w"] * x / 2 + jnp.linalg.norm(params["w"] * x - x)


def powered(params, x):
    return jnp.abs((params["w"] - 1) * x) ** 0.5


def by_hand(params, x):
    return 1 / (1 + jnp.exp(-100 * params["w"] * x))


def turned(params, x):
    return jnp.arccos(params["w"]) * x


def spread(params, x):
    return x + jnp.std((params["w"] - 1) * x)


BROKEN = {  # model, where w starts, the value, the operation, its line, the cure
    root: (0.0, "nan", "sqrt", "jnp.sqrt(jnp.abs(params", "jnp.sqrt(z + 1e-12)"),
    chosen: (1.0, "nan", "log", "jnp.where(x > 0, jnp.log", "jnp.where(ok, jnp.log(safe), 0.0)"),
    divided: (1.0, "nan", "the division", "jnp.where(x != 0", "jnp.where(ok, 1 / safe, 0.0)"),
    left_out_overflow: (1.0, "nan", "exp", "jnp.exp(100 *", "jnp.where(ok, jnp.exp(safe), 0.0)"),
    limited: (1.0, "nan", "log", "jnp.maximum(jnp.log", "jnp.log(jnp.maximum(z, 1e-6))"),
    normed: (1.0, "nan", "norm", "jnp.linalg.norm(", "jnp.sqrt(jnp.sum(v**2) + 1e-12)"),
    powered: (1.0, "nan", "the power", "** 0.5", "(z + 1e-12) ** p"),
    by_hand: (1.0, "nan", "exp", "return 1 / (1 +", "jax.nn.sigmoid"),
    turned: (1.0, "inf", "acos", "jnp.arccos(", "jnp.clip(z, -1 + 1e-6, 1 - 1e-6)"),
    spread: (1.0, "nan", "std", "jnp.std(", "jnp.sqrt(jnp.var(z) + 1e-12)"),
}


@pytest.mark.parametrize("model", BROKEN, ids=lambda model: model.__name__)
def test_a_broken_gradient_is_named_with_its_operation_line_and_cure(model, capsys):
    start, value, operation, line, cure = BROKEN[model]
    got = fit({"w": start}, model, losses.mse_loss, X, Y, n_steps=40)
    first = float(losses.mse_loss({"w": start}, model, X, Y))
    assert got.stopped.startswith(
        f"the gradient of params['w'] is {value} at step 0 though the loss is finite ({first:.4g}): {operation} in `"
    )
    assert line in got.stopped and cure in got.stopped
    assert "step_size" not in got.stopped and got.stopped in capsys.readouterr().out
    assert float(got.params["w"]) == start and len(got.losses) == 1 and np.isfinite(got.losses).all()


@pytest.mark.parametrize(
    "cure",
    [
        lambda params, x: jnp.sqrt(jnp.abs(params["w"] * x) + 1e-12),
        lambda params, x: jnp.where(x > 0, jnp.log(params["w"] * jnp.where(x > 0, x, 1.0) + 1.0), 0.0),
        lambda params, x: jnp.log(jnp.maximum(params["w"], 1e-6)) * x,
    ],
)
def test_what_is_told_to_type_cures_it(cure):
    assert fit({"w": 0.0}, cure, losses.mse_loss, X, Y, n_steps=40, step_size=1e-9).stopped is None


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": adam},
        {"optimizer": momentum, "batch_size": 8},
        {"optimizer": optax.adam(0.1)},
        {"step_size": lambda t: 0.1 * 0.9**t},
        {"batch_size": 8, "optimizer": adam},
        {"batch_size": 41},
    ],
)
def test_it_is_found_with_any_optimiser_schedule_and_batch(settings):
    got = fit(
        {"w": 1.0, "b": 0.0},
        lambda params, x: divided(params, x) + params["b"],
        losses.mse_loss,
        X,
        Y,
        n_steps=40,
        key=jax.random.key(0),
        **settings,
    )
    step = int(re.search(r"gradient of params\['w'\] is nan at step (\d+) though", got.stopped)[1])
    assert "the division in `" in got.stopped and len(got.losses) == step + 1 == got.steps[-1] + 1
    assert "batch_size" in settings or step == 0
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves((got.params, got.path, got.losses)))


@pytest.mark.parametrize("last", [1, 3, 34, 70])
def test_it_is_found_at_any_step(last):
    def loss(params, model, x, y):  # its slope is 1, so that w falls by 1 a step, until it is 0
        return params["w"] + jnp.where(params["w"] > 0.5, 0.0, jnp.sqrt(params["w"]))

    got = fit({"w": float(last)}, lambda params, x: x, loss, X, Y, step_size=1.0, n_steps=100)
    assert got.stopped.startswith(f"the gradient of params['w'] is inf at step {last} though the loss is finite (0): s")
    assert len(got.losses) == last + 1 and got.steps[-1] == last and float(got.params["w"]) == 0


@pytest.mark.parametrize("last", [0, 1, 40, 77])
def test_a_param_that_breaks_before_the_loss_shows_it_is_given_as_it_was(last):
    def loss(params, model, x, y):  # b breaks at step `last`, but is read 20 steps later
        w, b = params["w"], params["b"]
        return w + jnp.sqrt(jnp.where(abs(w) < 0.5, b, 1.0)) + lax.stop_gradient(jnp.where(w < -19.5, b, 0.0))

    got = fit({"w": float(last), "b": 0.0}, lambda params, x: x, loss, X, Y, step_size=1.0, n_steps=200)
    assert got.stopped.startswith(f"the gradient of params['b'] is inf at step {last} though")
    assert got.params == {"w": 0.0, "b": 0.0} and got.steps[-1] == last and np.isfinite(got.path["b"]).all()


@pytest.mark.parametrize(
    ("model", "params", "step_size"),
    [
        (models.linear_model, {"w": 0.0, "b": 0.0}, 5.0),
        (lambda params, x: params["w"] ** 6 * x, {"w": 2.0}, 10.0),
        (lambda params, x: jnp.tanh(params["w"] * x) * params["v"] ** 3, {"w": 1.0, "v": 1.0}, 3.0),
        (lambda params, x: jnp.maximum(params["w"] * x, 0.0) * params["v"], {"w": 1.0, "v": 1.0}, 3.0),
    ],
)
def test_a_step_that_is_too_long_is_still_what_is_told(model, params, step_size):
    got = fit(params, model, losses.mse_loss, X, Y, step_size=step_size, n_steps=3000)
    assert re.fullmatch(rf"loss became (inf|nan) at step \d+: try step_size={step_size / 10:g}", got.stopped)


def test_a_gradient_too_large_for_a_float_at_the_start_is_no_matter_of_the_step_size():
    def loss(params, model, x, y):  # 1e30, with a slope of 1e40
        return jnp.mean(params["w"] * x * x)

    got = fit({"w": 1e-10}, lambda params, x: x, loss, jnp.full(3, 1e20), jnp.zeros(3))
    assert "is inf at step 0 though" in got.stopped and "numbers grow too large" in got.stopped
    assert got.stopped.endswith("Scale x, or start from smaller params")


def test_find_broken_sees_nothing_where_all_is_finite():
    assert find_broken(lambda params: jnp.sum(jnp.sqrt(params)), jnp.ones(3)) is None
    broken = find_broken(lambda params: jnp.sum(jnp.sqrt(params["v"])) + params["w"], {"v": jnp.zeros(3), "w": 1.0})
    assert broken.names == ("params['v']",) and broken.value == "inf" and not broken.too_large


# What stops a gradient, as it is told; `b` is the param behind it.
STOPPED = {
    "unused": (lambda b, x: 0.0, "the loss does not depend on it (unused)"),
    "stop_gradient": (lambda b, x: lax.stop_gradient(b), "`stop_gradient`"),
    "round": (lambda b, x: jnp.round(b), "`round`"),
    "floor": (lambda b, x: jnp.floor(b) * x, "`floor`"),
    "sign": (lambda b, x: jnp.sign(b * 2), "`sign`"),
    "//": (lambda b, x: b // 1.0, "`//`"),
    "argmax": (lambda b, x: jnp.argmax(jnp.stack([b, 2 * b])), "`argmax`"),
    "astype": (lambda b, x: (b * 3).astype(int), "`astype`"),
    "compared": (lambda b, x: jnp.where(x > b, 1.0, 2.0), "`>`"),
    "jitted": (jax.jit(lambda b, x: jnp.round(b) * x), "`round`"),
    "index": (lambda b, x: x[b.astype(int)], "`astype`"),
    "times 0": (lambda b, x: 0.0 * b * x, "the slope of the loss is 0 everywhere"),
}


@pytest.mark.parametrize("kind", STOPPED)
def test_a_param_without_gradient_is_told_once_and_why(kind, capsys):
    behind, words = STOPPED[kind]

    def model(params, x):
        return params["w"] * x + behind(params["b"], x)

    start = {"w": 0.0, "b": 0.25}
    fit(start, model, losses.mse_loss, X, Y, n_steps=5, progress=False)
    assert capsys.readouterr().out == ""
    got = fit(start, model, losses.mse_loss, X, Y, n_steps=5)
    out = capsys.readouterr().out
    assert out.startswith("params['b'] gets no gradient: ") and words in out and out.count("\n") == 1
    assert ("everywhere" in out or "no float" in out) == (kind not in ("unused", "stop_gradient"))
    assert float(got.params["b"]) == 0.25 and float(got.params["w"]) != 0 and got.stopped is None
    fit(start, model, losses.mse_loss, X, Y, n_steps=7, step_size=0.02)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "behind",
    [
        lambda b, x: jax.nn.relu(b * jnp.abs(x) - 1e3),  # off for every row, here
        lambda b, x: b * 0 * x + b,
        lambda b, x: b**2 * x,  # 0 at the start
        lambda b, x: jnp.round(b) + b,
        lambda b, x: b + lax.stop_gradient(jnp.round(b) - b),  # straight through
        lambda b, x: lax.scan(lambda h, _: (jnp.tanh(h * b), None), x, None, length=3)[0],
        lambda b, x: jax.nn.softmax(jnp.stack([b, b])).sum(),
        lambda b, x: jnp.max(jnp.stack([b, 1e3])),
        lambda b, x: jnp.where(x > 5, b, 0.0),
        lambda b, x: lax.cond(x[0] > 0, lambda: b, lambda: 0.0),
        lambda b, x: jnp.clip(b, 1.0, 2.0),
        lambda b, x: jnp.abs(b),
        lambda b, x: b % 1.0,
    ],
)
def test_a_gradient_that_is_only_0_here_is_no_matter(behind, capsys):
    def model(params, x):
        return params["w"] * x + behind(params["b"], x)

    fit({"w": 0.0, "b": 0.0}, model, losses.mse_loss, X, Y, n_steps=5)
    assert "no gradient" not in capsys.readouterr().out


def test_a_param_that_only_a_penalty_or_a_weight_of_0_reads(capsys):
    def model(params, x):
        return params["w"] * x

    def penalised(strength):
        return lambda params, model, x, y: losses.mse_loss(params, model, x, y) + strength * params["b"] ** 2

    fit({"w": 0.0, "b": 1.0}, model, penalised(0.1), X, Y, n_steps=5)
    assert capsys.readouterr().out == ""
    fit({"w": 0.0, "b": 1.0}, model, penalised(0.0), X, Y, n_steps=5)
    assert capsys.readouterr().out.startswith("params['b'] gets no gradient")


def test_many_params_without_gradient_share_a_line(capsys):
    params = {"w": 0.0, "frozen": [jnp.ones(2) for _ in range(9)]}
    fit(
        params,
        lambda params, x: params["w"] * x + sum(map(jnp.sum, lax.stop_gradient(params["frozen"]))),
        losses.mse_loss,
        X,
        Y,
        n_steps=5,
    )
    assert capsys.readouterr().out.startswith(
        "params['frozen'][0], params['frozen'][1], params['frozen'][2] and 6 "
        "more get no gradient: the only way to the loss leads through `stop_"
    )


def test_params_none_of_which_gets_a_gradient_are_refused():
    with pytest.raises(LearnerError, match=r"No gradient reaches .*\['b'\]: .*unused.*\['w'\]: .*`round`"):
        fit({"w": 0.0, "b": 1.0}, lambda params, x: jnp.round(params["w"] * x), losses.mse_loss, X, Y, n_steps=5)

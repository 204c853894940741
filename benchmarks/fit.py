"""How fast is fit? The line of 100 points, 3000 steps, against the ways a course would write it, in one run.

Run: uv run python benchmarks/fit.py
Prints ratios; what counts is how many times faster, not the milliseconds of one machine.
"""

import statistics
import time

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop import fit, losses
from dl_workshop.datasets import simulated

STEPS, STEP_SIZE = 3000, 0.01
X, Y = simulated.line(jax.random.key(0))
START = {"w": 0.0, "b": 0.0}
scale = 1.0  # a notebook's global, edited below


def model(params, x):
    return scale * params["w"] * x + params["b"]


def uncompiled():
    """jax.grad in a Python loop, as a learner first writes it."""
    params, history = dict(START), []
    gradient = jax.grad(losses.mse_loss)
    for _ in range(STEPS):
        history.append(losses.mse_loss(params, model, X, Y))
        grads = gradient(params, model, X, Y)
        params = {name: params[name] - STEP_SIZE * grads[name] for name in params}
    return params


def jitted_step():
    """One compiled step in a Python loop."""

    @jax.jit
    def step(params):
        loss, grads = jax.value_and_grad(losses.mse_loss)(params, model, X, Y)
        return loss, jax.tree.map(lambda param, grad: param - STEP_SIZE * grad, params, grads)

    params, history = jax.tree.map(jnp.float32, START), []
    for _ in range(STEPS):
        loss, params = step(params)
        history.append(loss)
    return jax.block_until_ready(params)


def numpy_by_hand():
    """The gradient of this one loss, worked out on paper."""
    x, y, w, b, history = np.asarray(X), np.asarray(Y), 0.0, 0.0, []
    for _ in range(STEPS):
        residual = w * x + b - y
        history.append(np.mean(residual**2))
        w, b = w - STEP_SIZE * 2 * np.mean(residual * x), b - STEP_SIZE * 2 * np.mean(residual)
    return {"w": w, "b": b}


def with_fit():
    return fit(START, model, losses.mse_loss, X, Y, step_size=STEP_SIZE, n_steps=STEPS, progress=False).params


PICTURES = np.random.default_rng(0).random((60_000, 784), dtype=np.float32)
JAX_PICTURES = jnp.asarray(PICTURES)


def reading(pictures):
    """A second fit of a model that reads a large global, whose content has to be the same as before."""

    def run():
        return fit(
            START,
            lambda params, x: params["w"] * x + pictures[0, 0] * params["b"],
            losses.mse_loss,
            X,
            Y,
            step_size=STEP_SIZE,
            n_steps=STEPS,
            progress=False,
        ).params

    run()
    return statistics.median(seconds(run)[0] for _ in range(5))


def seconds(run):
    began = time.perf_counter()
    params = run()
    return time.perf_counter() - began, params


def main():
    global scale
    jnp.dot(X, X).block_until_ready()  # JAX itself is started before anything is timed
    first, params = seconds(with_fit)
    second = statistics.median(seconds(with_fit)[0] for _ in range(5))
    scale = 2.0
    edited_first, edited = seconds(with_fit)
    scale = 1.0
    slow, by_hand = seconds(uncompiled)
    others = {"jitted step in a Python loop": seconds(jitted_step)[0], "NumPy by hand": seconds(numpy_by_hand)[0]}

    large = {"a NumPy array of 60,000 x 784": reading(PICTURES), "the same as a JAX array": reading(JAX_PICTURES)}

    same = max(abs(float(params[name]) - float(by_hand[name])) for name in params)
    print(f"The line: {len(X)} points, {STEPS} steps. fit and the plain loop end {same:.1e} apart.")
    print(f"{'':44}{'seconds':>10}{'times faster than plain':>26}")
    rows = {
        "jax.grad in a plain Python loop": slow,
        **others,
        "fit, first call (compilation included)": first,
        "fit, second call": second,
        "fit, after a global was edited": edited_first,
    }
    for name, spent in rows.items():
        print(f"{name:44}{spent:>10.4f}{slow / spent:>26.0f}")
    for name, spent in large.items():
        print(
            f"A second fit whose model reads {name}: {spent / second:.1f} times the time, {spent - second:.3f} s more."
        )
    seen = "the edit was seen" if 1.99 < float(params["w"]) / float(edited["w"]) < 2.01 else "THE EDIT WAS NOT SEEN"
    print(f"After scale = 2.0 the slope is {float(edited['w']):.4f} instead of {float(params['w']):.4f}: {seen}.")
    for name, spent, wanted in (("first", first, 25), ("second", second, 500)):
        times = slow / spent
        print(f"{name} call: {times:.0f} times faster (wanted: {wanted}): {'ok' if times >= wanted else 'TOO SLOW'}")


if __name__ == "__main__":
    main()

"""Calls as a learner writes them, for `uv run mypy` alone: what is right passes, what is wrong is found. Never run."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop import (
    exercises,
    fit,
    gradients,
    graph,
    losses,
    metrics,
    models,
    optimizers,
    plots,
    saving,
    scaling,
    schedules,
    tuning,
)
from dl_workshop.datasets import line, moons


def right() -> None:
    """The kit's parts, a learner's own, JAX's arrays and NumPy's, params as a dict of arrays or of numbers."""
    x, y = line(jax.random.key(0))
    params = models.init_linear(jax.random.key(0))

    def own_loss(params, model, x, y):  # type: ignore[no-untyped-def]
        return jnp.mean((model(params, x) - y) ** 2)

    fitted = fit(params, models.linear_model, losses.mse_loss, x, y, optimizer=optimizers.adam)
    fit(
        dict(w=0.0, b=0.0),
        lambda params, x: params["w"] * x + params["b"],
        own_loss,
        np.asarray(x),
        np.asarray(y),
        step_size=schedules.cosine_decay(0.1, 100),
        callback=lambda step, params, loss: loss < 0.1,
    )
    fit(
        params,
        models.mlp_model,
        losses.with_l2(own_loss, 0.1),
        {"left": x, "right": x},
        y,
        optimizer=optimizers.momentum(0.1),
    )
    tuning.fit_early(params, models.linear_model, losses.mse_loss, x, y, x, y, patience=10, batch_size=8)
    tuning.range_test(params, models.linear_model, losses.mse_loss, x, y)
    gradients.check_gradient(lambda params: losses.mse_loss(params, models.linear_model, x, y), params)
    losses.mse(np.asarray(y), models.linear_model(dict(w=1.0, b=0.0), np.asarray(x)))
    saving.save_params("line", fitted.params)
    curves = {"training": fitted.losses}
    plots.loss_curve(curves, log=True)
    plots.loss_curves({0.1: fitted.losses})
    plots.contour(params, models.linear_model, losses.mse_loss, x, y, path=fitted.path)
    plots.show(
        plots.decision_contours(models.init_mlp(jax.random.key(0), (2, 1)), models.mlp_model, *moons(jax.random.key(0)))
    )
    graph.draw(graph.trace(losses.mse_loss, params, models.linear_model, x, y), detail="values").save("loss.svg")
    scaling.unscale(scaling.standard(x), metrics.roc_curve(np.asarray(y), x).thresholds)
    ex = exercises.load("01")
    losses.mae(y, ex.mse.check(losses.mse)(x, y))
    print([check.status for check in ex])


def wrong() -> None:
    """Each of these is found: were it not, the comment behind it would be one too many."""
    x, y = line(jax.random.key(0))
    params = models.init_linear(jax.random.key(0))
    fit(params, 3, losses.mse_loss, x, y)  # type: ignore[arg-type]
    fit(params, models.linear_model, losses.mse_loss, x, "y")  # type: ignore[arg-type]
    fit(params, models.linear_model, losses.mse_loss, x, y, n_steps="many")  # type: ignore[arg-type]
    fit(params, models.linear_model, losses.mse_loss, x, y, steps=3)  # type: ignore[call-arg]
    losses.mse("y", y)  # type: ignore[arg-type]
    models.init_linear(0)  # type: ignore[arg-type]
    plots.show(plots.loss_curve(y).loss)  # type: ignore[attr-defined]

"""Sweep and draw_digit in a real JupyterLab: scrubbed without the kernel, drawn on by mouse and by keys."""

import re

import pytest
from driving import Panel, keep_screenshot, run_all, write_notebook
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

SETUP = """
import jax, jax.numpy as jnp, optax
from dl_workshop import datasets, fit, losses, models
from dl_workshop.panels.draw_digit import draw_digit
from dl_workshop.panels.sweep import sweep
x, y = datasets.simulated.line(jax.random.key(1))
digits = datasets.digits()
trained = fit(models.init_mlp(jax.random.key(0), (64, 32, 10)), models.mlp_model, losses.softmax_loss, digits.x, digits.y,
              step_size=0.01, n_steps=400, optimizer=optax.adam, progress=False)
flat = jax.random.normal(jax.random.key(2), (120, 2))
ring = (jnp.sum(flat**2, axis=1) > 1.2).astype(int)
def brittle(params, x):
    return jnp.where(jnp.sum(x) > 3, jnp.nan, 1.0) * models.mlp_model(params, x)
"""
CELLS = [
    "sweep(dict(w=-5.0, b=3.0), models.linear_model, losses.mse_loss, x, y)",
    "sweep(None, models.mlp_model, losses.logistic_loss, flat, ring, seeds=6, step_size=1.0, n_steps=300, "
    "init=lambda key: models.init_mlp(key, (2, 4, 1)), curve=models.logistic)",
    "draw_digit(trained.params, models.mlp_model)",
    "draw_digit(trained.params, brittle)",
    "sweep(dict(w=1.0), models.linear_model, losses.mse_loss, x, y)",
]
STEPS, SEEDS, DIGIT, BRITTLE, BROKEN = range(len(CELLS))


@pytest.fixture(scope="module")
def page(open_notebook, tmp_path_factory):
    """Open a notebook that shows each panel."""
    page = open_notebook(write_notebook(tmp_path_factory.mktemp("panels") / "sweep_digit.ipynb", SETUP, *CELLS))
    run_all(page)
    return page


def test_screens(page):
    for nth, name in enumerate(("sweep", "sweep_seeds", "draw_digit")):
        keep_screenshot(Panel(page, nth).box, name)

"""All eight panels in one notebook, over functions that a test can break, and how each is moved by keys alone."""

from driving import Panel, write_notebook

SETUP = """
import time
import jax, jax.numpy as jnp
from dl_workshop import fit, losses, models, panels
mode = "fine"
def tried(value):
    if mode == "raises":
        return value @ missing
    if mode == "prints":
        print("printed by the learner")
    if mode == "slow":
        time.sleep(0.03)
    return value * {"nan": jnp.nan, "inf": jnp.inf}.get(mode, 1.0)
def line(params, x):
    return tried(params["w"] * x + params["b"])
def loss(params, model, x, y):
    return jnp.mean((y - model(params, x)) ** 2)
def parabola(w):
    return tried(w ** 2)
def bent(z):
    return tried(jnp.tanh(z))
def net(params, x):
    return tried(models.mlp_model(params, x))
start = dict(w=-5.0, b=3.0)
x = jnp.linspace(-5, 5, 21)
y = 2 * x + 20
flat = jax.random.normal(jax.random.key(0), (60, 2))
labels = (flat[:, 0] > 0).astype(int)
fitted = fit(start, line, loss, x, y, step_size=0.01, n_steps=200, progress=False)
"""
CELLS = {
    "fit_by_hand": "panels.fit_by_hand(start, line, loss, x, y)",
    "logistic_curve": "panels.logistic_curve(2.0, 1.0, x=flat[:, 0], y=labels)",
    "descend": "panels.descend(parabola, w=4.0, step_size=0.001)",
    "bowl": "panels.bowl(start, line, loss, x, y, fitted.path, steps=fitted.steps)",
    "replay": "panels.replay(fitted, line, x, y, loss=loss)",
    "playground": "panels.playground(flat, labels, activation=bent, settings='hidden=3 test=0 activation=yours')",
    "sweep": "panels.sweep(start, line, loss, x, y, n_steps=50)",
    "draw_digit": "panels.draw_digit(models.init_mlp(jax.random.key(0), (64, 8, 10)), net)",
}
NAMES = list(CELLS)
SLIDERS = {
    "fit_by_hand": "w",
    "logistic_curve": "w",
    "descend": "start w",
    "bowl": "w",
    "replay": "step",
    "sweep": "step_size",
}


def notebook(folder, *more):
    """Write the notebook, with more cells at its end if there are any; give its path."""
    return write_notebook(folder / "every.ipynb", SETUP, *CELLS.values(), *more)


def panel(page, name):
    """The panel of this name on the page."""
    return Panel(page, NAMES.index(name))


def widget(page, name):
    """What takes the arrow keys in this panel: a slider, the network of the playground, the sheet of draw_digit."""
    one = panel(page, name)
    return one.slider(SLIDERS[name]) if name in SLIDERS else one.box.get_by_role("application").first


def move(page, name):
    """Move a panel by keys alone and wait until the answer is painted; give its words."""
    one, it = panel(page, name), widget(page, name)
    if name == "sweep":  # asks nobody
        chosen = one.box.get_attribute("data-chosen")
        it.press("ArrowRight")
        one.until("(box, chosen) => box.dataset.chosen !== chosen", chosen)
        return one.words.inner_text()
    if name == "playground":
        return one.after(lambda: one.button("Step").press("Enter"))
    if name == "draw_digit":
        stroke = ("Space", "Shift+ArrowDown", "Shift+ArrowUp", "Shift+ArrowUp", "Space")
        one.after(lambda: [it.press(key) for key in stroke])
        return one.settled(100)
    return one.after(lambda: it.press("ArrowLeft"))

"""Where a game is, and one move on: (state, request) -> (next state, view), and nothing else changes."""

from copy import copy
from typing import Any, TypedDict

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.panels.panel import numbers
from dl_workshop.panels.playground import data as data_sets
from dl_workshop.panels.playground import net as nets
from dl_workshop.panels.playground import train as training
from dl_workshop.panels.playground.settings import as_code, as_line, from_line
from dl_workshop.training.checks import check_fit_functions
from dl_workshop.training.compile_cache.fingerprint import fingerprint

FRAME = 1 / 30  # seconds
REMEMBERED = 400  # losses in the chart
NEW_NET = ("data", "noise", "test", "features", "hidden", "activation", "init", "seed")  # these start training anew


class Request(TypedDict, total=False):
    """What the page asks for: settings, or a `text` of them; presses, counted so that none is lost; and running.

    edit: {"name", "index", "value"} of one weight.  act: "tick" where the next steps of a run are due.
    """

    settings: dict
    text: str
    texts: int
    resets: int
    steps: int
    edits: int
    edit: dict
    running: bool
    act: str | None


def step(state: "State", request: Request):
    """Give (next state, view): settings changed, a text applied, run or pause, a step, a reset."""
    state = copy(state)
    state.seen = dict(state.seen)
    state.follow(request)
    view = state.frame()
    return state, view | ({"again": FRAME} if state.running else {})


def failed(state: "State", request: Request):
    """Give the state after a request whose answer failed: its presses count as answered, and nothing runs."""
    state = copy(state)
    state.seen = state.seen | {name: request.get(name, 0) for name in ("texts", "resets", "steps", "edits")}
    state.running = False
    return state


class State:
    """Where a game is: settings, data, carried params, steps done, losses so far. `step` leaves it as it is.

    It holds arrays and compiled functions beside plain numbers: no recording could be made of it.
    """

    def __init__(self, own, settings):
        """Start with these settings; `own` holds what the learner brought."""
        self.own, self.settings, self.running = own, settings, False
        self.seen: dict[str, Any] = {"settings": None, "texts": 0, "resets": 0, "steps": 0, "edits": 0}
        self.known = None
        self.carried: Any = None

    def follow(self, asked):
        """Do what is asked for, and take the steps that are due."""
        before, self.trouble = self.settings, ""
        if asked.get("settings") not in (None, self.seen["settings"]):
            self.seen["settings"] = asked["settings"]
            self.settings = from_line(asked["settings"], self.own)
        if asked.get("texts", 0) != self.seen["texts"]:
            self.seen["texts"] = asked["texts"]
            self.settings = from_line(asked["text"], self.own)
        fresh = asked.get("resets", 0) != self.seen["resets"]
        self.seen["resets"] = asked.get("resets", 0)
        if self.carried is None or fresh or any(before[name] != self.settings[name] for name in NEW_NET):
            self.carried = None  # should the learner's function fail, the next wish begins anew
            self.begin()
        elif any(before[name] != self.settings[name] for name in ("loss", "optimizer")):
            self.choose()
            self.carried = training.carry(self.carried["params"], self.optimizer, self.settings["step_size"])
        if asked.get("edits", 0) != self.seen["edits"]:
            self.edit(**asked["edit"])
        self.seen["edits"] = asked.get("edits", 0)
        single = asked.get("steps", 0) - self.seen["steps"]
        self.seen["steps"] = asked.get("steps", 0)
        if asked.get("act") != "tick":  # a tick repeats the last wish, which may be older than a stop at N
            self.running = bool(asked.get("running"))
        if self.running or single > 0:
            self.train(min(max(single, 1), 100) if not self.running else self.settings["pace"])

    def edit(self, name, index, value):
        """Put a number in the place of a weight or bias: entry `index` of params[name], counted row by row."""
        params = self.carried["params"]
        leaf = params[name].ravel().at[index].set(float(value)).reshape(params[name].shape)
        self.carried = self.carried | {"params": params | {name: leaf}}

    def begin(self):
        """Draw the data, start the params, forget the past."""
        at = self.settings
        x, y = (
            self.own["data"]
            if at["data"] == "yours"
            else data_sets.data_set(at["data"], jax.random.key(0), noise=at["noise"])
        )
        x = x[:, None] if x.ndim == 1 else x
        self.classes = data_sets.classes_of(y)
        parts = data_sets.parted(x, y, at["test"], jax.random.key(1))
        rows, n_test = data_sets.shuffled_rows(len(x), at["test"], jax.random.key(1))
        self.points = {
            "x": numbers(x[:, 0], 4),
            "x2": numbers(x[:, 1], 4) if x.shape[1] == 2 else None,
            "y": numbers(y, 4),
            "test": rows[:n_test].tolist(),
        }
        self.names = [name for name in at["features"] if name in nets.features_of(x.shape[1])] or ["x1"]
        self.plane, self.limits, self.shape = nets.plane(x)
        self.every_map = nets.features(self.plane, nets.features_of(x.shape[1]))
        self.inputs = nets.features(self.plane, self.names)
        x_train, y_train, x_test, y_test = parts
        self.data = [nets.features(x_train, self.names), y_train, None, None]
        if len(x_test):
            self.data[2:] = [nets.features(x_test, self.names), y_test]
        outputs = self.classes if self.classes > 2 else 1
        params = self.own.get("params") or nets.init(
            jax.random.key(at["seed"]), [len(self.names), *at["hidden"], outputs], nets.INITS[at["init"]]
        )
        self.choose()
        check_fit_functions(params, self.model, self.loss, *self.data[:2])
        self.carried = training.carry(params, self.optimizer, at["step_size"])
        self.steps = 0
        self.history: dict[str, list] = {"step": [], "train": [], "test": []}

    def choose(self):
        """Look up the functions that the settings name, or take the learner's."""
        at, own = self.settings, self.own
        names = at["activation"].split(",")
        if "yours" in names:
            nets.check_activation(own["activation"])
        self.model, self.units = nets.net(
            *[own["activation"] if name == "yours" else nets.ACTIVATIONS[name] for name in names]
        )
        if "model" in own:
            self.model, self.units = own["model"], lambda params, x: []
        read = "Outputs are read as logits, above 0 for class 1. " if self.classes == 2 else ""
        self.note: str
        self.loss, self.note = (own["loss"], read) if at["loss"] == "yours" else nets.loss_of(at["loss"], self.classes)
        self.optimizer = own["optimizer"] if at["optimizer"] == "yours" else training.OPTIMIZERS[at["optimizer"]]
        reached = fingerprint(self.model, self.units, self.loss)
        if reached != self.known:  # compile the view anew only if a function, or what it reaches, has changed
            self.known, self.view = reached, jax.jit(self.look)

    def train(self, n_steps):
        """Take n_steps with the kit's fit, not beyond the step to stop at."""
        at = self.settings
        left = at["stop"] - self.steps
        n_steps = min(n_steps, left) if left > 0 else n_steps
        batch = min(at["batch"], len(self.data[0])) or None
        self.carried, taken, stopped = training.go_on(
            self.carried,
            self.model,
            self.loss,
            *self.data[:2],
            steps_done=self.steps,
            n_steps=n_steps,
            step_size=at["step_size"],
            optimizer=self.optimizer,
            l1=at["l1"],
            l2=at["l2"],
            batch_size=batch,
            seed=at["seed"],
        )
        self.steps += taken
        if stopped:
            self.running = False
            self.trouble = f"Training stopped: {stopped}, then press Reset."
        elif self.steps == at["stop"]:
            self.running = False

    def look(self, params, inputs, x_train, y_train, x_test, y_test):
        """Compute all that a frame shows: outputs and units over the plane, losses and outputs on both parts."""
        model, loss = self.model, self.loss
        test = (None, None) if x_test is None else (loss(params, model, x_test, y_test), model(params, x_test))
        return (
            model(params, inputs),
            self.units(params, inputs),
            loss(params, model, x_train, y_train),
            model(params, x_train),
            *test,
        )

    def frame(self):
        """Compute the numbers to draw and the words to read."""
        params = self.carried["params"]
        z, units, train, z_train, test, z_test = self.view(params, self.inputs, *self.data)
        train, test = float(train), None if test is None else float(test)
        self.remember(train, test)
        maps, scales = zip(
            *(nets.unit_bytes(column, self.shape) for layer in [self.every_map, *units] for column in layer.T),
            strict=True,
        )
        curve = np.asarray(z, float) if self.shape[0] == 1 and not self.classes else None
        label = self.classes > 0
        right = (
            [share_right(z_train, self.data[1]), None if test is None else share_right(z_test, self.data[3])]
            if label
            else [None, None]
        )
        words = self.words(train, test, right)
        if not np.isfinite(train) and not self.trouble:
            self.running = False
            self.trouble = f"The loss is {train}. Look for a log of 0 or a division by 0 in your functions."
        return {
            "settings": self.settings,
            "line": as_line(self.settings),
            "running": self.running,
            "steps": self.steps,
            "strong": f"Step {self.steps}",
            "words": words,
            "trouble": self.trouble,
            "classes": self.classes,
            "points": self.points,
            "limits": self.limits,
            "shape": list(self.shape),
            "small": [-(-side // nets.STRIDE) if self.shape[0] > 1 else side for side in self.shape],
            "all": nets.features_of(len(self.limits)),
            "names": self.names,
            "maps": b"".join(maps),
            "scales": numbers(scales, 3),
            "history": self.history,
            "field": nets.field_bytes(z, self.classes) if label else self.height_bytes(z),
            "curve": None if curve is None else numbers(curve, 4),
            "layers": layers_of(params),
            "code": as_code(self.settings, self.names, self.classes, self.steps, self.called()),
        }

    def height_bytes(self, z):
        """Give predicted numbers over the plane as bytes, from the lowest target to the highest."""
        y = np.array(self.points["y"], float)
        heights = (np.nan_to_num(np.asarray(z, float)) - y.min()) / (np.ptp(y) or 1.0)
        return np.round(255 * np.clip(heights, 0, 1)).astype(np.uint8).tobytes()

    def remember(self, train, test):
        """Add the losses of this step to the chart; when it is full, every other one goes."""
        past = self.history
        if past["step"] and past["step"][-1] == self.steps:
            past = {name: values[:-1] for name, values in past.items()}
        if len(past["step"]) >= REMEMBERED:
            past = {name: values[::2] for name, values in past.items()}
        one = {"step": self.steps, "train": train, "test": test}
        self.history = {
            name: [*values, None if one[name] is None or not np.isfinite(one[name]) else one[name]]
            for name, values in past.items()
        }

    def words(self, train, test, right):
        """Say how it stands."""
        said = f"{self.note}Train loss {train:.4g}" + ("" if test is None else f", test loss {test:.4g}")
        if right[0] is not None:
            said += f"; right: {right[0]:.0%} of training points" + (
                "" if right[1] is None else f", {right[1]:.0%} of test points"
            )
        done = self.steps and self.steps == self.settings["stop"]
        return said + "." + (f" Stopped at step {self.steps}, as you asked." if done else "")

    def called(self):
        """Give what the learner brought by its name in the notebook."""
        named = {
            name: getattr(thing, "__name__", f"your_{name}").replace("<lambda>", f"your_{name}")
            for name, thing in self.own.items()
            if name not in ("data", "params")
        }
        return named | {"params": "# params: the ones that you start from" if "params" in self.own else ""}


def share_right(z, y):
    """Give the share of labels that the outputs get right."""
    guess = np.asarray(z).argmax(axis=1) if np.ndim(z) == 2 else np.asarray(z) > 0
    return float(np.mean(guess == np.asarray(y)))


def layers_of(params):
    """Give every leaf of params with its name and shape, for line widths and heat maps."""
    leaves = jax.tree_util.tree_leaves_with_path(params)
    return [
        {
            "name": "".join(str(getattr(key, "key", getattr(key, "idx", key))) for key in path),
            "shape": list(jnp.shape(leaf)),
            "values": numbers(leaf, 4),
        }
        for path, leaf in leaves
    ]

"""The playground's settings: as a line of text that restores them, and as the Python that does the same."""

from difflib import get_close_matches

from dl_workshop.errors import LearnerError
from dl_workshop.panels.playground.data import DRAWN
from dl_workshop.panels.playground.net import ACTIVATIONS, FEATURES, INITS
from dl_workshop.panels.playground.train import OPTIMIZERS

MOST_LAYERS, MOST_UNITS, MOST_PACE = 4, 8, 1000
DEFAULTS = {
    "data": "circles",
    "noise": 0.05,
    "test": 0.3,
    "features": ["x1", "x2"],
    "hidden": [4, 2],
    "activation": "tanh",
    "init": "scaled",
    "loss": "cross-entropy",
    "optimizer": "adam",
    "step_size": 0.03,
    "l1": 0.0,
    "l2": 0.0,
    "batch": 0,
    "seed": 0,
    "stop": 0,
    "pace": 10,
}
WORDS = {
    "data": [*DRAWN, "yours"],
    "activation": [*ACTIVATIONS, "yours"],
    "init": list(INITS),
    "loss": ["cross-entropy", "squared", "yours"],
    "optimizer": [*OPTIMIZERS, "yours"],
}
# Limits of the numbers, both included, and whether they are whole.
NUMBERS = {
    "noise": (0, 10, False),
    "test": (0, 0.9, False),
    "step_size": (1e-6, 100, False),
    "l1": (0, 10, False),
    "l2": (0, 10, False),
    "batch": (0, 10**6, True),
    "seed": (0, 10**6, True),
    "stop": (0, 10**7, True),
    "pace": (1, MOST_PACE, True),
}


def as_line(settings):
    """Write settings as a line of text: data=xor noise=0.1 hidden=4,2 ..."""
    return " ".join(f"{name}={_as_text(settings[name])}" for name in DEFAULTS)


def _as_text(value):
    if isinstance(value, list):
        return ",".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value).replace(" ", "-")


def from_line(text, yours=(), start=None):
    """Read settings from a line of text (or a dict); what is not named is as in `start`, or a default.

    `yours` names what the learner brought: only then may a setting be "yours".
    Raises: LearnerError naming the word that is not understood, and what could stand there.
    """
    pairs = dict(text) if isinstance(text, dict) else dict(_pair(word) for word in str(text).split())
    settings = DEFAULTS | (start or {})
    for name, value in pairs.items():
        if name not in DEFAULTS:
            near = get_close_matches(name, DEFAULTS, 1)
            raise LearnerError(
                f"There is no setting {name}. "
                + (f"Did you mean {near[0]}?" if near else f"Settings are {', '.join(DEFAULTS)}.")
            )
        settings[name] = _read(name, value, yours)
    return settings


def _pair(word):
    name, equals, value = word.partition("=")
    if not equals or not value:
        raise LearnerError(
            f"Settings are written name=value with spaces between; {word} is not. For example: data=xor hidden=4,2"
        )
    return name, value


def _read(name, value, yours):
    if name == "features":
        return _names(value)
    if name == "hidden":
        return _widths(value)
    if name == "activation":
        return _activations(value, yours)
    if name in WORDS:
        return _word(name, value, yours)
    low, high, whole = NUMBERS[name]
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not low <= number <= high or whole and number != int(number):
        raise LearnerError(f"{name}={value} must be a {'whole ' if whole else ''}number from {low:g} to {high:g}.")
    return int(number) if whole else number


def _word(name, value, yours):
    found = {word.replace(" ", "-"): word for word in WORDS[name] if word != "yours" or name in yours}
    value = str(value).replace(" ", "-")
    if value not in found:
        more = (
            f" To use your own: playground({'x, y' if name == 'data' else f'{name}=...'})." if value == "yours" else ""
        )
        raise LearnerError(f"{name}={value} is unknown: choose one of {', '.join(found)}.{more}")
    return found[value]


def _listed(value):
    items = value if isinstance(value, list | tuple) else str(value).split(",")
    return [] if items == ["none"] else list(items)


def _names(value):
    found = _listed(value)
    unknown = [name for name in found if name not in FEATURES]
    if unknown or not found:
        raise LearnerError(
            f"features={','.join(map(str, found)) or 'none'} must name at least one of "
            f"{', '.join(FEATURES)}, with commas between."
        )
    return [name for name in FEATURES if name in found]


def _activations(value, yours):
    """Read one activation for all layers, or one a layer with commas between; "tanh,tanh" is tanh."""
    found = [_word("activation", name, yours) for name in _listed(value) or [value]]
    if len(found) > MOST_LAYERS:
        raise LearnerError(
            f"activation={value} names {len(found)} activations, but there are at most {MOST_LAYERS} hidden layers."
        )
    while len(found) > 1 and found[-1] == found[-2]:  # the last one serves all that follow
        found.pop()
    return ",".join(found)


def _widths(value):
    found = _listed(value)
    ok = all(str(width).isdigit() and 1 <= int(width) <= MOST_UNITS for width in found)
    if not ok or len(found) > MOST_LAYERS:
        raise LearnerError(
            f"hidden={','.join(map(str, found))} must be up to {MOST_LAYERS} widths from 1 to "
            f"{MOST_UNITS}, such as hidden=4,2, or hidden=none for no hidden layer."
        )
    return [int(width) for width in found]


def as_code(settings, names, classes, step, own):
    """Write the Python that does the same with the kit's `fit`.

    `names` are the features in use; `own` maps what the learner brought to its name in the notebook.
    """
    data = (
        "x, y = jnp.asarray(x, dtype=float), jnp.asarray(y)  # your own"
        if settings["data"] == "yours"
        else f'x, y = data_set("{settings["data"]}", jax.random.key(0), noise={settings["noise"]:g})'
    )
    widths = tuple([len(names), *settings["hidden"], max(1, classes if classes > 2 else 1)])
    lines = [
        "import jax",
        "import jax.numpy as jnp",
        "",
        "from dl_workshop import fit, losses, models, optimizers",
        "from dl_workshop.panels.playground.data import data_set, parted",
        "",
        data,
        "x = x[:, None] if x.ndim == 1 else x",
        f"x = {_columns(names)}",
        f"x, y, x_test, y_test = parted(x, y, {settings['test']:g}, jax.random.key(1))",
        "",
    ]
    lines += _model(settings, widths, own) + _loss(settings, classes, own)
    batch = f", batch_size={settings['batch']}, key=jax.random.key({settings['seed']})" if settings["batch"] else ""
    lines += [
        "",
        f"fitted = fit(params, model, loss, x, y, step_size={settings['step_size']:g}, n_steps={max(1, step)},",
        f"             optimizer={_optimizer(settings, own)}{batch})",
        "print(loss(fitted.params, model, x, y)"
        + (", loss(fitted.params, model, x_test, y_test))" if settings["test"] else ")"),
    ]
    return "\n".join(lines)


def _columns(names):
    written = {
        "x1": "x[:, 0]",
        "x2": "x[:, 1]",
        "x1^2": "x[:, 0] ** 2",
        "x2^2": "x[:, 1] ** 2",
        "x1*x2": "x[:, 0] * x[:, 1]",
        "sin(x1)": "jnp.sin(x[:, 0])",
        "sin(x2)": "jnp.sin(x[:, 1])",
    }
    return f"jnp.stack([{', '.join(written[name] for name in names)}], axis=1)"


def _model(settings, widths, own):
    if "model" in own:
        return [
            own["params"] or f"params = models.init_mlp(jax.random.key({settings['seed']}), {widths})",
            f"model = {own['model']}  # your own",
        ]
    start = {"scaled": "", "zeros": "params = jax.tree.map(jnp.zeros_like, params)"}.get(settings["init"])
    if start is None:
        start = (
            f"params = {{name: {INITS[settings['init']]:g} * leaf * jnp.sqrt(len(leaf)) for name, leaf in "
            "params.items()}"
        )
    beginning = [f"params = models.init_mlp(jax.random.key({settings['seed']}), {widths})", *([start] if start else [])]
    written = {
        "tanh": "jnp.tanh",
        "relu": "models.relu",
        "logistic": "models.logistic",
        "sine": "jnp.sin",
        "leaky-relu": "jax.nn.leaky_relu",
        "softplus": "jax.nn.softplus",
        "swish": "jax.nn.silu",
        "none": "lambda z: z",
        "yours": own.get("activation"),
    }
    names = settings["activation"].split(",")
    if len(names) == 1:
        return [
            *beginning,
            f"activation = {written[names[0]]}",
            "model = lambda params, x: models.mlp_model(params, x, activation)",
        ]
    layers = [
        f'    x = ({written[names[min(layer, len(names)) - 1]]})(x @ params["w{layer}"] + params["b{layer}"])'
        for layer in range(1, len(widths) - 1)
    ]
    last = f'x @ params["w{len(widths) - 1}"] + params["b{len(widths) - 1}"]'
    return [
        *beginning,
        "",
        "def model(params, x):",
        *layers,
        f"    return ({last})[:, 0]" if widths[-1] == 1 else f"    return {last}",
    ]


def _loss(settings, classes, own):
    squared = {0: "losses.mse(y, model(params, x))", 2: "losses.mse(y, models.logistic(model(params, x)))"}
    if settings["loss"] == "yours":
        error = f"{own['loss']}(params, model, x, y)"
    elif settings["loss"] == "squared" or classes == 0:
        error = squared.get(
            classes,
            f"jnp.mean(jnp.sum((jax.nn.one_hot(y, {classes}) - jax.nn.softmax(model(params, x))) ** 2, axis=1))",
        )
    else:
        error = f"losses.{'logistic_loss' if classes == 2 else 'softmax_loss'}(params, model, x, y)"
    pull = [
        f"error += {settings[name]:g} * sum(jnp.sum({term}) for name, w in params.items() if name[0] == 'w')"
        for name, term in (("l1", "jnp.abs(w)"), ("l2", "w**2"))
        if settings[name]
    ]
    return [
        "",
        "def loss(params, model, x, y):",
        f"    error = {error}",
        *(f"    {line}" for line in pull),
        "    return error",
    ]


def _optimizer(settings, own):
    if settings["optimizer"] == "yours":
        return own["optimizer"]
    return f"optimizers.{settings['optimizer'].replace(' ', '_')}"

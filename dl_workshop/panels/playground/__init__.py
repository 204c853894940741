"""A playground for small nets: choose data, features, layers and the rest, run, and watch every unit learn."""

from collections.abc import Callable

from jaxtyping import Real

from dl_workshop.errors import LearnerError
from dl_workshop.optimizers import Pair
from dl_workshop.panels.panel import Panel
from dl_workshop.panels.playground import data as data_sets
from dl_workshop.panels.playground.picture import picture
from dl_workshop.panels.playground.settings import MOST_LAYERS, MOST_UNITS, WORDS, from_line
from dl_workshop.panels.playground.state import State, failed, step
from dl_workshop.types import AnyArray, Curve, Loss, Model, Params
from dl_workshop.validate import check_params


def playground(
    x: Real[AnyArray, "n *d"] | None = None,
    y: Real[AnyArray, " n"] | None = None,
    *,
    activation: Curve | None = None,
    loss: Loss | None = None,
    model: Model | tuple[Model, Params] | None = None,
    optimizer: Callable[..., Pair] | Pair | None = None,
    settings: str | None = None,
) -> Panel:
    """Build, train and look into a small net: on the kit's data sets or your own (x, y), and with your own functions.

    x (n,), (n, 1) or (n, 2); y (n,), whole-number labels 0 to 3 for classes, else numbers.
    activation: z -> an array of the same shape.  loss(params, model, x, y): one number; the model gives logits.
    model(params, x): gets w1, b1, w2, ... of the layers chosen; with params of its own write model=(model, params).
    optimizer: a function of the step size, or a pair, as `fit` takes it.
    settings: the line of text below the panel, which restores it: "data=xor hidden=4,2".

    Raises: LearnerError for data that cannot be drawn, or settings that are not understood.
    """
    if (x is None) != (y is None):
        raise LearnerError("The playground needs x and y together: playground(x, y), or neither for the kit's data.")
    own = {"activation": activation, "loss": loss, "optimizer": optimizer, "model": model}
    own = {name: thing for name, thing in own.items() if thing is not None}
    if isinstance(model, tuple):
        if len(model) != 2 or not callable(model[0]):
            raise LearnerError("model must be a function model(params, x), or a pair (model, params) to start from.")
        own["model"], own["params"] = model
        check_params(own["params"])
    if x is not None:
        own["data"] = data_sets.own_data(x, y)
    yours = dict.fromkeys(set(own) & set(WORDS), "yours")
    start = State(own, from_line(settings or {}, own, start=yours))
    still = {
        "choices": {name: [word for word in words if word != "yours" or name in own] for name, words in WORDS.items()},
        "layers": MOST_LAYERS,
        "units": MOST_UNITS,
        "own_model": "model" in own,
        "own_params": "params" in own,
        "start": start.settings,
    }
    return Panel(
        start,
        step,
        "playground",
        settings=still,
        picture=picture,
        failed=failed,
        functions=[own.get(name) for name in ("activation", "loss", "model", "optimizer")],
    )

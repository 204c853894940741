"""Training in lesson 07: many step sizes from one start, and a loop that sees a few rows at a time."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.exercises.domain import FUNCTION, floats, wholes
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.lessons.shared import loops
from dl_workshop.losses import mse_loss
from dl_workshop.models import linear_model
from dl_workshop.training.fit import fit

try_step_sizes = from_lesson(__file__, "try_step_sizes", fit=fit)


def tries(
    model=lambda model: model,
    loss=lambda loss: loss,
    size=lambda size: size,
    rounds=lambda n_steps: n_steps,
    kept=lambda fitted: fitted.losses,
    end=lambda curves: curves,
):
    """Make a trial of step sizes of its parts: what is trained, how, for how long, and what is kept and returned."""

    def trial(params, the_model, the_loss, x, y, step_sizes, n_steps):
        return end(
            {
                one: kept(
                    fit(
                        params,
                        model(the_model),
                        loss(the_loss),
                        x,
                        y,
                        step_size=size(one),
                        n_steps=rounds(n_steps),
                        progress=False,
                    )
                )
                for one in step_sizes
            }
        )

    return trial


def goes_on(params, model, loss, x, y, step_sizes, n_steps):
    """Start each run where the one before it ended."""
    curves = {}
    for size in step_sizes:
        fitted = fit(params, model, loss, x, y, step_size=size, n_steps=n_steps, progress=False)
        params, curves[size] = fitted.params, fitted.losses
    return curves


def by_hand(params, model, loss, x, y, step_sizes, n_steps):
    """Train with a loop of one's own in place of fit."""
    return {size: loops.right(params, model, loss, x, y, size, n_steps)[1] for size in step_sizes}


def first_only(params, model, loss, x, y, step_sizes, n_steps):
    return tries()(params, model, loss, x, y, step_sizes[:1], n_steps)


def bent(params, x):
    """Give a second model, so that one who writes the first into the function is found out."""
    return params["w"] * x + params["b"] * x**2


def sizes_to_try(key):
    """Draw a line and a curve of one shape, each with its own step sizes."""
    random = draws(key)
    x, y = random.uniform(0.2, 1, (2, 4)), random.normal(3, 1, (2, 4))
    starts = [dict(w=float(w), b=float(b)) for w, b in random.normal(((6, -7), (1.5, -2)), 0.5)]
    return [
        (starts[0], linear_model, mse_loss, (8 * x[0]).tolist(), (4 * y[0]).tolist(), (0.01, 0.002, 0.02), 3),
        (starts[1], bent, loops.faint, x[1].tolist(), y[1].tolist(), (400.0, 50.0), 12),
    ]


def watch_curves(fn, *args):
    """See the curves that come back, each as an array."""
    curves = fn(*args)
    if not isinstance(curves, dict):
        raise LearnerError("It should return a dict with one entry for each step size: `{size: losses, ...}`.")
    if any(isinstance(curve, tuple) and hasattr(curve, "losses") for curve in curves.values()):
        raise LearnerError("Each entry is all that `fit` returns: keep its `.losses` only.")
    if any(isinstance(curve, dict) for curve in curves.values()):
        raise LearnerError("Each entry holds params: keep the losses of the run, `fitted.losses`.")
    return {size: np.asarray(curve, float) for size, curve in curves.items()}


TRY_STEP_SIZES = Exercise(
    name="try_step_sizes",
    task="For each of `step_sizes`, train from `params` with `fit` for `n_steps` steps; return `{size: losses}`.",
    reference=try_step_sizes,
    domain=dict(
        params=dict(w=floats(), b=floats()),
        model=FUNCTION,
        loss=FUNCTION,
        x=floats("n"),
        y=floats("n"),
        step_sizes=floats("s", low=0),
        n_steps=wholes(low=1),
    ),
    oracle=tries(),
    probes=sizes_to_try,
    small=((dict(w=0.0, b=0.0), linear_model, mse_loss, [0.5, 1.0, 0.0, 1.0], [1.0, 2.0, 0.0, 3.0], (0.1, 0.5), 2),),
    observe=watch_curves,
    rtol=1e-3,
    atol=1e-7,  # the losses may be small
    also_right=(tries(), by_hand),
    mistakes=(
        Mistake(
            "goes_on",
            goes_on,
            "Each run starts where the one before it ENDED, so the last looks best: start each from `params`.",
        ),
        changed(
            tries,
            "step_size_not_passed",
            "All runs have the same step size, that of `fit` when none is given: pass `step_size=size`.",
            size=lambda size: 0.01,
        ),
        changed(
            tries,
            "n_steps_not_passed",
            "Every run takes 1000 steps, as `fit` does when told nothing: pass `n_steps=n_steps`.",
            rounds=lambda n_steps: 1000,
        ),
        changed(
            tries,
            "last_losses",
            "Only the LAST loss of each run is kept: keep the whole curve, `fitted.losses`.",
            kept=lambda fitted: fitted.losses[-1],
        ),
        changed(
            tries,
            "params_kept",
            "Each entry holds the params: keep the losses of the run, `fitted.losses`.",
            kept=lambda fitted: fitted.params,
        ),
        changed(
            tries,
            "whole_fit",
            "Each entry is all that `fit` returns: keep its `.losses` only.",
            kept=lambda fitted: fitted,
        ),
        Mistake(
            "return_in_the_loop",
            first_only,
            "Only the first step size is tried: is `return` inside the loop? Move it to the left.",
        ),
        changed(
            tries,
            "counted",
            "The keys are 0, 1, 2: let the step size itself be the key.",
            end=lambda curves: dict(enumerate(curves.values())),
        ),
        changed(
            tries,
            "without_names",
            "The curves come back as a list, and nobody knows which is which: fill a dict, `curves[size] = ...`.",
            end=lambda curves: list(curves.values()),
        ),
        changed(
            tries,
            "model_ignored",
            "This trains a LINE whatever `model` you are handed: pass `model` on.",
            model=lambda model: linear_model,
        ),
    ),
    hints=(
        "A loop over the step sizes, with one training inside it and a dict that grows.",
        "`fit(params, model, loss, x, y, step_size=..., n_steps=...)` trains, and leaves `params` as they are.",
        "`curves = {}` before the loop; inside it `curves[size] = fit(...).losses`; after it `return curves`.",
    ),
)


train = from_lesson(__file__, "train")


def in_batches(
    rows=lambda rows, n: rows,
    rule=lambda grads: grads,
    size=lambda step_size: step_size,
    rounds=lambda batches: batches,
    out=lambda path, losses: (path[-1], losses),
):
    """Make the loop of its parts: which rows it sees, its steps, which batches it takes, and what it returns."""

    def loop(params, model, loss, x, y, step_size, batches):
        x, y = np.asarray(x), np.asarray(y)  # rows are taken much faster than from JAX arrays
        path, losses = [params], []
        for each in rounds(batches):
            seen = rows(each, len(x))
            value, grads = loops.compiled(loss)(path[-1], model, x[seen], y[seen])
            grads = rule(jax.device_get(grads))
            losses.append(float(value))
            path.append({name: path[-1][name] - size(step_size) * grads[name] for name in params})
        return out(path, losses)

    return loop


def whole_loss(params, model, loss, x, y, step_size, batches):
    """Step on the batch, but record the loss on all rows."""
    path, _ = in_batches(out=lambda path, losses: (path, losses))(params, model, loss, x, y, step_size, batches)
    return path[-1], [float(loops.compiled(loss)(one, model, x, y)[0]) for one in path[:-1]]


def gradient_once(params, model, loss, x, y, step_size, batches):
    """Take every step with the gradient of the first batch."""
    first = loops.compiled(loss)(params, model, x[batches[0]], y[batches[0]])[1]
    return in_batches(rule=lambda grads: first)(params, model, loss, x, y, step_size, batches)


def in_place(params, *others):
    end, losses = in_batches()(params, *others)
    params.update(end)
    return params, losses


def rows_to_see(key):
    """Draw one run alone, as the learner's loop compiles in every call: twelve batches of two rows."""
    random = draws(key)
    x, y = random.uniform(-1, 1, 6), random.normal(2, 6, 6)
    batches = np.concatenate([random.permutation(6).reshape(3, 2) for _ in range(4)])
    return [
        (
            dict(w=float(random.normal()), b=float(random.normal())),
            bent,
            loops.faint,
            x.tolist(),
            y.tolist(),
            400.0,
            batches,
        )
    ]


TRAIN = Exercise(
    name="train",
    task="Take one step for each entry of `batches`, on its rows alone. Return the last params, and each batch's loss.",
    reference=train,
    domain=dict(
        params=dict(w=floats(), b=floats()),
        model=FUNCTION,
        loss=FUNCTION,
        x=floats("m"),
        y=floats("m"),
        step_size=floats(low=0),
        batches=wholes("b r", low=0, numpy=True),
    ),
    oracle=in_batches(),
    probes=rows_to_see,
    small=(
        (
            dict(w=6.0, b=-7.0),
            linear_model,
            mse_loss,
            [1.0, 2.0, -3.0, 6.0],
            [1.0, 2.0, 4.0, -8.0],
            0.01,
            np.array([[3, 0], [1, 2]]),
        ),
    ),
    observe=loops.watch_training,
    rtol=1e-3,
    atol=1e-7,
    also_right=(in_batches(), in_batches(out=lambda path, losses: (path[-1], jnp.array(losses)))),
    mistakes=(
        changed(
            in_batches,
            "all_rows",
            "Every step sees ALL rows: hand over `x[rows]` and `y[rows]`.",
            rows=lambda rows, n: jnp.arange(n),
        ),
        changed(
            in_batches,
            "in_order",
            "This takes the first rows each time, whatever `rows` says: write `x[rows]`.",
            rows=lambda rows, n: jnp.arange(len(rows)),
        ),
        changed(
            in_batches,
            "one_row",
            "Only the FIRST row of each batch is seen: use all of `rows`.",
            rows=lambda rows, n: rows[:1],
        ),
        Mistake(
            "whole_loss",
            whole_loss,
            "The steps are right, but the losses are those of ALL rows: append the one that belongs to the batch.",
        ),
        changed(
            in_batches,
            "return_in_the_loop",
            "It stops after ONE batch: is `return` inside the loop? Move it to the left.",
            rounds=lambda batches: batches[:1],
        ),
        changed(
            in_batches,
            "last_batch_missed",
            "The last batch is never used: go through all of `batches`.",
            rounds=lambda batches: batches[:-1],
        ),
        changed(
            in_batches, "uphill", "This goes UPHILL: subtract `step_size` times the gradient.", rule=loops.turned_round
        ),
        changed(
            in_batches,
            "step_size_ignored",
            "The whole gradient is subtracted: multiply it by `step_size` first.",
            size=lambda step_size: 1.0,
        ),
        Mistake(
            "gradient_once",
            gradient_once,
            "The gradient of the FIRST batch is used in every step: compute it again inside the loop.",
        ),
        Mistake(
            "never_steps",
            in_batches(rule=lambda grads: {name: 0.0 * grad for name, grad in grads.items()}),
            "The params never change: put the new dict back into `params` in each round.",
        ),
        Mistake(
            "in_place",
            in_place,
            "The numbers are right, but the caller's own params have changed too: build a new dict in each step.",
        ),
        changed(
            in_batches,
            "only_the_params",
            "Only the params come back: `return params, losses`.",
            out=lambda path, losses: path[-1],
        ),
        Mistake(
            "model_ignored",
            lambda params, model, *others: in_batches()(params, linear_model, *others),
            "This trains a LINE whatever `model` you are handed: pass `model` on.",
        ),
        changed(
            in_batches,
            "losses_first",
            "The two are the wrong way round: `return params, losses`.",
            out=lambda path, losses: (losses, path[-1]),
        ),
    ),
    hints=(
        "It is the loop of lesson 05. New are only the loop over `batches` and the rows that each step sees.",
        "`rows` is an array of row numbers, and `x[rows]` takes those rows of x.",
        "In each round: loss and gradient on `x[rows], y[rows]`; keep the loss; move every param against its gradient.",
    ),
)

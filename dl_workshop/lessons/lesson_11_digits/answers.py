"""Exercises of lesson 11 about training and its use: a step size that shrinks, and the class that is said."""

import jax
import jax.numpy as jnp

from dl_workshop.exercises.domain import FUNCTION, floats, trees, wholes
from dl_workshop.exercises.exercise import Exercise, Mistake, changed, draws
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.models import softmax

decay = from_lesson(__file__, "decay")


def stairs(stair=lambda step, every: jnp.floor(step / every), shrink=lambda start, factor, n: start * factor**n):
    """Make a schedule: on which stair a step is, and how large the step size is there."""
    return lambda step, start, factor, every: shrink(start, factor, stair(step, every))


def steps_and_stairs(key):
    """Draw (step, start, factor, every): steps just before, on and after a stair."""
    random, cases = draws(key), []
    for every in random.choice([20, 30, 50], 2, replace=False):
        n = int(random.integers(2, 5))
        steps = [n * every - 1, n * every, n * every + every // 2 + 2]
        cases.append((jnp.array(steps), float(random.uniform(0.05, 0.5)), float(random.uniform(0.6, 0.9)), int(every)))
    first, _, factor, every = cases[0]
    return [*cases, (first, 7.5, factor, every)]


DECAY = Exercise(
    name="decay",
    task="Return the step size at `step`: it begins at `start`, and is multiplied by `factor` once in `every` steps.",
    reference=decay,
    traced=(0,),
    domain=dict(step=wholes("*m", low=0), start=floats(low=0), factor=floats(low=0, high=1), every=wholes(low=1)),
    probes=steps_and_stairs,
    small=((60, 0.5, 0.5, 50), (100, 0.1, 0.9, 50)),
    also_right=(
        lambda step, start, factor, every: start * factor ** (step // every),
        lambda step, start, factor, every: start * jnp.exp(jnp.log(factor) * jnp.floor_divide(step, every)),
        lambda step, start, factor, every: start * jnp.power(factor, (step - step % every) / every),
    ),
    mistakes=(
        changed(
            stairs,
            "no_stairs",
            "This falls a little at EVERY step: between two stairs the step size stays, so round down, "
            "`jnp.floor(step / every)`.",
            stair=lambda step, every: step / every,
        ),
        changed(
            stairs,
            "every_step",
            "This multiplies by `factor` at every single step: the power is the number of stairs, step / every, "
            "rounded down.",
            stair=lambda step, every: step,
        ),
        changed(
            stairs,
            "one_stair_early",
            "This is one stair too LOW: from step 0 to `every` - 1 the step size is `start` itself, so the power "
            "there is 0.",
            stair=lambda step, every: jnp.floor(step / every) + 1,
        ),
        changed(
            stairs,
            "rounded",
            "This rounds to the NEAREST whole number, so each stair comes half too early: round down with `jnp.floor`.",
            stair=lambda step, every: jnp.round(step / every),
        ),
        changed(
            stairs,
            "remainder",
            "This is the remainder, `step % every`: the number of stairs is step / every, rounded down.",
            stair=lambda step, every: step % every,
        ),
        changed(
            stairs,
            "start_forgotten",
            "This is the factor alone: multiply it by `start`.",
            shrink=lambda start, factor, n: factor**n,
        ),
        changed(
            stairs,
            "times_the_stairs",
            "`factor` is multiplied by the number of stairs: raise it to that POWER, `factor ** ...`.",
            shrink=lambda start, factor, n: start * factor * n,
        ),
        changed(
            stairs,
            "grows",
            "The step size GROWS from stair to stair: multiply by `factor`, do not divide.",
            shrink=lambda start, factor, n: start / factor**n,
        ),
        changed(
            stairs,
            "start_to_the_power",
            "`start` is taken to the power too: raise the factor alone, `start * factor ** ...`.",
            shrink=lambda start, factor, n: (start * factor) ** n,
        ),
        changed(
            stairs,
            "at_first_alone",
            "The step size is always `start`: multiply it by `factor` once a stair.",
            shrink=lambda start, factor, n: start + 0 * n,
        ),
        Mistake(
            "one_stair",
            lambda step, start, factor, every: jnp.where(step < every, start, start * factor),
            "There is ONE stair here: the step size is multiplied by `factor` again after every `every` steps.",
        ),
    ),
    hints=(
        "Count the stairs taken so far. After none the step size is `start`, after two it is start * factor * factor.",
        "The number of stairs is step / every, rounded down: `jnp.floor`.",
        "`start * factor ** n`, with n the number of stairs.",
    ),
)


predict = from_lesson(__file__, "predict")


def said(choose=lambda z: jnp.argmax(z, axis=1), end=lambda classes: classes):
    """Make a prediction of how a class is chosen from the logits, and what comes after."""
    return lambda params, model, x: end(choose(model(params, x)))


def planes(params, x):
    return x @ params["w"] + params["b"]


def shifted_planes(params, x):
    return planes(params, x) - 30.0


def classes_to_find(key):
    """Draw (params, model, x) such that each class is chosen for some row; there are more rows than classes."""
    random = draws(key)
    cases = []
    for model in (planes, shifted_planes):
        rows = random.permutation([0, 1, 2, 1, 2])
        x = jax.nn.one_hot(rows, 3) * 4 + jnp.asarray(random.normal(0, 0.3, (5, 3)))
        params = dict(w=(jnp.eye(3) + jnp.asarray(random.normal(0, 0.05, (3, 3)))), b=random.normal(0, 0.1, 3).tolist())
        cases.append((params, model, x))
    return cases


PREDICT = Exercise(
    name="predict",
    task="Return the class that `model` thinks likeliest for each row of x: whole numbers, shape (n,).",
    reference=predict,
    domain=dict(params=trees(), model=FUNCTION, x=floats("n d")),
    probes=classes_to_find,
    small=((dict(w=[[1.0, 0.0, 2.0]], b=[0.0, 1.0, -5.0]), planes, [[0.0], [2.0], [9.0]]),),
    also_right=(
        lambda params, model, x: softmax(model(params, x)).argmax(-1),
        lambda params, model, x: jnp.argsort(model(params, x), axis=1)[:, -1],
        lambda params, model, x: jnp.array([int(jnp.argmax(row)) for row in model(params, x)]),
    ),
    mistakes=(
        changed(
            said,
            "along_the_rows",
            "This finds, for each CLASS, the row with the largest logit: choose along each row, `axis=1`.",
            choose=lambda z: jnp.argmax(z, axis=0),
        ),
        changed(
            said,
            "of_the_whole_table",
            "This is ONE number, the place of the largest logit of the whole table: choose in each row, `axis=1`.",
            choose=jnp.argmax,
        ),
        changed(
            said,
            "largest_logit",
            "These are the largest LOGITS: return which class they belong to, `jnp.argmax` in place of `jnp.max`.",
            choose=lambda z: jnp.max(z, axis=1),
        ),
        changed(
            said,
            "least_likely",
            "This is the class with the SMALLEST logit: use `jnp.argmax`.",
            choose=lambda z: jnp.argmin(z, axis=1),
        ),
        changed(
            said, "logits", "These are the logits: return the class with the largest of each row.", choose=lambda z: z
        ),
        changed(
            said,
            "probabilities",
            "These are the probabilities: return the class with the largest of each row.",
            choose=softmax,
        ),
        changed(
            said,
            "probability_of_the_class",
            "This is how SURE the model is: return which class it is, `jnp.argmax` in place of `jnp.max`.",
            choose=lambda z: jnp.max(softmax(z), axis=1),
        ),
        changed(
            said,
            "from_one",
            "The classes are counted from 1 here: digit 0 is class 0, so add nothing.",
            end=lambda classes: classes + 1,
        ),
        changed(
            said,
            "one_hot",
            "These are one-hot rows: return the class itself, one whole number a row.",
            end=lambda classes: jax.nn.one_hot(classes, 3),
        ),
        Mistake(
            "model_ignored",
            lambda params, model, x: predict(params, lambda params, x: x, x),
            "The model has no say here: call `model(params, x)`.",
        ),
        Mistake(
            "above_one_half",
            lambda params, model, x: (model(params, x)[:, 0] > 0).astype(int),
            "That is the rule for two classes. With ten, take the class whose logit is largest: `jnp.argmax`.",
        ),
    ),
    hints=(
        "Each row of the output has a logit for each class. Which is the likeliest?",
        "`jnp.argmax` says where the largest number is. `axis=1` makes it look along each row.",
        "`jnp.argmax` of `model(params, x)`, with `axis=1`.",
    ),
)

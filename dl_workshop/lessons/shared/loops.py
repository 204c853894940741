"""What the training loops of lessons 03 to 05 share: how they go wrong, and how they are watched."""
# The reference is shown to learners as a solution, as the notebook writes it: without a docstring.

import functools

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.exercises.exercise import Mistake, changed


def squared(params, model, x, y):
    """Give a second loss, so that one who writes the first into the loop is found out."""
    return jnp.mean((y - model(params, x)) ** 2)


def faint(params, model, x, y):
    """Give a loss that is small everywhere, with small slopes, so that one who stops early is found out."""
    return 0.0001 * squared(params, model, x, y)


def fainter(params, model, x, y):
    """Give a loss that hardly changes while the params do, where step sizes are large."""
    return 0.001 * faint(params, model, x, y)


@functools.cache
def compiled(loss):
    """Give the compiled loss and gradient of one of the kit's own losses, the same at every check."""
    return jax.jit(jax.value_and_grad(loss), static_argnums=1)


def after(params, model, loss, x, y, step_size, n_steps, rule=lambda grads: grads):
    """Train with the gradients changed by a rule. Gives every params and every loss on the way."""
    path, losses = [params], []
    for _ in range(n_steps):
        value, grads = compiled(loss)(path[-1], model, x, y)
        grads = rule(grads)
        losses.append(float(value))
        path.append({name: path[-1][name] - step_size * grads[name] for name in params})
    return path, [*losses, float(compiled(loss)(path[-1], model, x, y)[0])]


def training(
    rule=lambda grads: grads,
    size=lambda step_size: step_size,
    rounds=lambda n_steps: n_steps,
    out=lambda path, losses: (path[-1], losses[:-1]),
):
    """Make a training loop of a rule for gradients, the size and number of its steps, and what it returns of all.

    Of both path and losses there is one entry more than there are steps.
    """
    return lambda *args: out(*after(*args[:-2], size(args[-2]), rounds(args[-1]), rule=rule))  # type: ignore[call-arg, misc]


loop = functools.partial(changed, training)


def ruled(rule):
    """Make a training loop whose gradients are changed by a rule."""
    return training(rule=rule)


def chosen(choose):
    """Make a training loop that returns choose(path, losses), both with one entry more than there are steps."""
    return training(out=choose)


def turned_round(grads):
    """Turn the gradients round."""
    return jax.tree.map(jnp.negative, grads)


def losses_after(path, losses):
    """Return the losses after each step in place of those before."""
    return path[-1], losses[1:]


def all_losses(path, losses):
    """Return the last loss too."""
    return path[-1], losses


right = training()
never_steps = chosen(lambda path, losses: (path[0], [losses[0] for _ in losses[1:]]))


def still(names):
    """Make a training loop that never moves the params whose names `names` accepts."""
    return ruled(lambda grads: {name: 0.0 * grad if names(name) else grad for name, grad in grads.items()})


def gradient_once(params, model, loss, x, y, *others):
    """Take every step with the gradient of the start."""
    first = compiled(loss)(params, model, x, y)[1]
    return ruled(lambda _: first)(params, model, loss, x, y, *others)


def one_after_the_other(params, model, loss, x, y, step_size, n_steps):
    """Move `w` before the gradient for `b` is computed."""
    losses = []
    for _ in range(n_steps):
        losses.append(float(compiled(loss)(params, model, x, y)[0]))
        for name in ("w", "b"):
            params = params | {name: params[name] - step_size * compiled(loss)(params, model, x, y)[1][name]}
    return params, losses


def in_place(params, *others):
    """Change the caller's own params."""
    end, losses = right(params, *others)
    params.update(end)
    return params, losses


ONE_AFTER_THE_OTHER = Mistake(
    "one_after_the_other",
    one_after_the_other,
    "`w` has moved already when the gradient for `b` is computed: compute all gradients first, then step.",
)

# What is said in the same words in lessons 03, 04 and 05.
MISTAKES = (
    loop(
        "return_in_the_loop",
        "It stops after ONE step whatever `n_steps` is: is `return` inside the loop? Move it to the left.",
        rounds=lambda n: min(n, 1),
    ),
    loop("one_step_too_many", "It takes one step too MANY: write `range(n_steps)`.", rounds=lambda n: n + 1),
    Mistake(
        "gradient_once",
        gradient_once,
        "The gradient of the START is used in every step: compute it again inside the loop.",
    ),
    Mistake(
        "first_params",
        chosen(lambda path, losses: (path[0], losses[:-1])),
        "The losses fall, but the params that come back are the FIRST ones: return the last.",
    ),
    Mistake(
        "in_place",
        in_place,
        "The numbers are right, but the caller's own params have changed too: build a new dict in each step.",
    ),
)

# And in lessons 04 and 05, where the loop is one function and no longer calls `step`.
LATER_MISTAKES = (
    *MISTAKES,
    loop("uphill", "This goes UPHILL, and the loss rises: subtract `step_size` times the gradient.", rule=turned_round),
    loop(
        "step_size_ignored",
        "The whole gradient is subtracted: multiply it by `step_size` first.",
        size=lambda step_size: 1.0,
    ),
    loop(
        "one_step_too_few",
        "It takes one step too FEW: `range(n_steps)` gives n_steps rounds, counted from 0.",
        rounds=lambda n: n - 1,
    ),
    loop(
        "one_loss_too_many",
        "The params are right, but there is one loss too many: n_steps steps have n_steps losses.",
        out=all_losses,
    ),
    Mistake("never_steps", never_steps, "The params never change: put the new dict back into `params` in each round."),
    Mistake(
        "only_the_params",
        chosen(lambda path, losses: path[-1]),
        "Only the params come back: return the losses too, `return params, losses`.",
    ),
    Mistake(
        "losses_first",
        chosen(lambda path, losses: (losses[:-1], path[-1])),
        "The params come first, then the losses: turn the two round in `return`.",
    ),
)
LATER_RIGHT = (right, chosen(lambda path, losses: (path[-1], jnp.array(losses[:-1]))))


def unchanged(params, before):
    """Say whether the params are what they were: a number turned into an array of it is no change."""
    return params.keys() == before.keys() and all(
        np.array_equal(np.float32(params[name]), np.float32(before[name])) for name in before
    )


def two_things(out):
    """Give the two things that training should return. Raises: LearnerError with what came back in their place."""
    if not (isinstance(out, tuple | list) and len(out) == 2):
        kind = {type(None): "nothing", dict: "one dict"}.get(type(out), "something else")
        raise LearnerError(f"`train` should return two things, but it returned {kind}: `return params, losses`.")
    return out


def watch_training(fn, params, *others):
    """See what training returns, and whether it left the caller's params alone."""
    before = dict(params)
    end, losses = two_things(fn(params, *others))
    if isinstance(losses, dict):
        raise LearnerError("The params come first, then the losses: `return params, losses`.")
    if np.ndim(losses) != 1:
        raise LearnerError("`losses` should hold one number for each step: append to it in the loop.")
    return {
        "params": end,
        "losses": np.array([float(value) for value in losses]),
        "the params handed in are unchanged": unchanged(params, before),
    }

"""Training by the kit's `fit`, a few steps a frame, going on from where the last frame ended.

fit starts an optimiser afresh on each call: Adam would forget its means thirty times a second. So what it must remember
travels in the params: fit sees one tree, {"params", "state", "pull"}, its updates move the params and carry the
state from step to step, and many short fits make the same steps as one long fit. The strengths of L1 and L2
travel there too, as numbers, so that moving them compiles nothing.
"""

import re

import jax
import jax.numpy as jnp

from dl_workshop.losses import weights
from dl_workshop.optimizers import adam, gradient_descent, momentum, rmsprop
from dl_workshop.training.fit import fit

OPTIMIZERS = {"gradient descent": gradient_descent, "momentum": momentum, "rmsprop": rmsprop, "adam": adam}


def pair_of(optimizer, step_size):
    """Give (init, update) of an optimiser: a pair already, or a function of the step size."""
    return optimizer if hasattr(optimizer, "update") or isinstance(optimizer, tuple) else optimizer(step_size)


def carry(params, optimizer, step_size):
    """Give the tree that fit trains: params, what the optimiser remembers of them (as floats), L1 and L2."""
    init, _ = pair_of(optimizer, step_size)
    state = jax.tree.map(lambda leaf: jnp.asarray(leaf, dtype=float), init(params))
    return {"params": params, "state": state, "pull": {"l1": jnp.zeros(()), "l2": jnp.zeros(())}}


def carrying(optimizer):
    """Give the same optimiser for carried params: it keeps its state in them and leaves L1 and L2 alone."""

    def of(step_size):
        init, update = pair_of(optimizer, step_size)

        def carried_update(grads, _, carried):
            kinds = jax.eval_shape(init, carried["params"])  # Adam counts its steps in whole numbers
            state = jax.tree.map(lambda leaf, kind: leaf.astype(kind.dtype), carried["state"], kinds)
            updates, state = update(grads["params"], state, carried["params"])
            change = jax.tree.map(lambda new, old: jnp.asarray(new, dtype=float) - old, state, carried["state"])
            return {"params": updates, "state": change, "pull": jax.tree.map(jnp.zeros_like, carried["pull"])}, ()

        return (lambda carried: ()), carried_update

    return of


def pulled(loss, model):
    """Give the loss for carried params: the loss itself + l1 sum |w| + l2 sum w^2 over all weights (not the biases)."""

    def carried_loss(carried, _, x, y):
        pull, found = carried["pull"], weights(carried["params"])
        return loss(carried["params"], model, x, y) + sum(
            pull["l1"] * jnp.sum(jnp.abs(w)) + pull["l2"] * jnp.sum(w**2) for w in found
        )

    return carried_loss


def go_on(carried, model, loss, x, y, *, steps_done, n_steps, step_size, optimizer, l1, l2, batch_size, seed):
    """Take n_steps more with the kit's fit. Returns: (carried, steps taken, None or why it stopped in words)."""
    carried = carried | {"pull": {"l1": jnp.asarray(float(l1)), "l2": jnp.asarray(float(l2))}}
    key = jax.random.fold_in(jax.random.key(seed), steps_done)  # other batches in each frame
    fitted = fit(
        carried,
        of_params(model),
        pulled(loss, model),
        x,
        y,
        step_size=step_size,
        n_steps=n_steps,
        optimizer=carrying(optimizer),
        batch_size=batch_size,
        key=key,
        progress=False,
    )
    taken = int(fitted.steps[-1])
    return fitted.params, taken, fitted.stopped and in_steps(fitted.stopped, steps_done)


def of_params(model):
    """Give the model for carried params."""
    return lambda carried, x: model(carried["params"], x)


def in_steps(words, steps_done):
    """Count the step named in fit's words from the start of the panel, not of the frame."""
    return re.sub(r"at step (\d+)", lambda found: f"at step {steps_done + int(found[1])}", words)

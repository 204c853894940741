"""The loop of lesson 05: loss from logits, gradient and training, for nets and planes alike."""
# The references are shown to learners as solutions, as the notebook writes them: without docstrings.
# ruff: noqa: D103

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.exercises.exercise import Exercise, Mistake, draws
from dl_workshop.models import logistic
from dl_workshop.shapes import LearnerError


def net(params, x):
    return (jnp.tanh(x @ params["w1"] + params["b1"]) @ params["w2"] + params["b2"])[:, 0]


def plane(params, x):
    return x @ params["w"] + params["b"]


TINY_NET = dict(w1=[[1.0]], b1=[0.0], w2=[[2.0]], b2=[0.0])
TINY_PLANE = dict(w=[1.0], b=0.0)


def logistic_loss(params, model, x, y):
    z = model(params, x)
    return jnp.mean(jnp.logaddexp(0.0, z) - y * z)


def squared(params, model, x, y):
    return jnp.mean((y - model(params, x)) ** 2)


def models_and_rows(key):
    """Draw (params, model, x, y): two nets, one plane."""
    random = draws(key)

    def values(**shapes):
        return {name: random.normal(size=shape).tolist() for name, shape in shapes.items()}

    params = [values(w1=(2, 3), b1=3, w2=(3, 1), b2=1), values(w1=(2, 3), b1=3, w2=(3, 1), b2=1), values(w=2, b=())]
    return [(one, model, random.normal(size=(5, 2)).tolist(), random.permutation([0.0, 0.0, 1.0, 1.0, 1.0]).tolist())
            for one, model in zip(params, (net, net, plane), strict=True)]


def near_and_far(key):
    """Draw logits near 0, and logits of some hundreds, where e^z is too large for float32."""
    w, b = draws(key).uniform(-1, 1, 2)
    x = [[2.0, 1.0], [-3.0, 1.0], [2.5, 0.0], [0.0, 1.0], [0.0, -1.0]]
    far = (dict(w=[150.0, float(w)], b=float(b)), plane, x, [1.0, 0.0, 1.0, 1.0, 0.0])
    wrong = (dict(w=[-150.0, float(w)], b=float(b)), plane, x, [1.0, 0.0, 0.0, 1.0, 0.0])
    return [*models_and_rows(key), far, wrong]


def from_z(rule):
    """Make a loss of the logits: the mean of rule(z, y)."""
    return lambda params, model, x, y: jnp.mean(rule(model(params, x), y))


LOGISTIC_LOSS = Exercise(
    name="logistic_loss",
    task="Let `model` give the logits z. Return the mean over the rows of log(1 + e^z) - yz, safe for large z.",
    reference=logistic_loss,
    probes=near_and_far,
    small=((TINY_PLANE, plane, [[1.0]], [1.0]), (TINY_PLANE, plane, [[2.0]], [0.0])),
    also_right=(
        from_z(lambda z, y: jax.nn.softplus(z) - y * z),
        from_z(lambda z, y: jnp.maximum(z, 0) + jnp.log1p(jnp.exp(-jnp.abs(z))) - y * z),
        from_z(lambda z, y: -y * jax.nn.log_sigmoid(z) - (1 - y) * jax.nn.log_sigmoid(-z)),
    ),
    mistakes=(
        Mistake("overflows", from_z(lambda z, y: jnp.log(1 + jnp.exp(z)) - y * z),
                "Right for small z, but e^z is too large for float32 once z is above 88: write "
                "`jnp.logaddexp(0.0, z)` for log(1 + e^z)."),
        Mistake("through_p", from_z(lambda z, y: -y * jnp.log(logistic(z)) - (1 - y) * jnp.log(1 - logistic(z))),
                "This goes through the probability, so it takes a log of 0 for large z: use log(1 + e^z) - yz."),
        Mistake("probabilities", from_z(lambda z, y: -y * jnp.log(z) - (1 - y) * jnp.log(1 - z)),
                "z is treated as a probability, but it is a logit, any number: use log(1 + e^z) - yz."),
        Mistake("labels_forgotten", from_z(lambda z, y: jnp.logaddexp(0.0, z)),
                "The labels do not count here: subtract y times z."),
        Mistake("plus_yz", from_z(lambda z, y: jnp.logaddexp(0.0, z) + y * z), "y times z is ADDED: subtract it."),
        Mistake("labels_turned_round", from_z(lambda z, y: jnp.logaddexp(0.0, z) - (1 - y) * z),
                "The labels are turned round: subtract yz, not (1 - y)z."),
        Mistake("sum", lambda params, model, x, y: len(y) * logistic_loss(params, model, x, y),
                "This behaves exactly like the SUM over the rows: take the mean."),
        Mistake("no_mean", lambda params, model, x, y: jnp.logaddexp(0.0, model(params, x)) - y * model(params, x),
                "These are the losses of the single rows: take their mean, so that one number is left."),
        Mistake("squared", squared, "This is the mean squared error, the loss of lesson 03: use log(1 + e^z) - yz."),
        Mistake("model_ignored", lambda params, model, x, y: logistic_loss(params, net, x, y),
                "This is the loss of the net whatever `model` you are handed: write `z = model(params, x)`."),
    ),
    hints=(
        "It is the last loss of lesson 04. First the logits, then the formula row by row, then the mean.",
        "`jnp.logaddexp(0.0, z)` is log(e^0 + e^z), which is log(1 + e^z), computed without overflow.",
        "With `z = model(params, x)`, return the mean of `jnp.logaddexp(0.0, z)` minus `y * z`.",
    ),
    differentiable=0,
)


def gradient(params, model, loss, x, y):
    return jax.grad(loss)(params, model, x, y)


GRADIENT = Exercise(
    name="gradient",
    task="Return the gradient of `loss(params, model, x, y)` with respect to the params: a dict with the same keys.",
    reference=gradient,
    probes=lambda key: [(params, model, loss, x, y) for (params, model, x, y), loss in
                        zip(models_and_rows(key), (logistic_loss, squared, logistic_loss), strict=True)],
    small=((TINY_PLANE, plane, logistic_loss, [[1.0]], [0.0]),),
    also_right=(
        lambda params, model, loss, x, y: jax.grad(lambda p: loss(p, model, x, y))(params),
        lambda params, model, loss, x, y: jax.value_and_grad(loss)(params, model, x, y)[1],
        lambda params, model, loss, x, y: jax.vjp(lambda p: loss(p, model, x, y), params)[1](1.0)[0],
    ),
    mistakes=(
        Mistake("loss_itself", lambda params, model, loss, x, y: loss(params, model, x, y),
                "This is the LOSS, one number. Its gradient says how it changes with each of the params: use "
                "`jax.grad`."),
        Mistake("negative", lambda *args: jax.tree.map(jnp.negative, gradient(*args)),
                "The sign is turned round: return the gradient as `jax.grad` gives it. The step takes care of the "
                "minus."),
        Mistake("value_too", lambda params, model, loss, x, y: jax.value_and_grad(loss)(params, model, x, y),
                "This is the loss AND its gradient: return the gradient alone."),
        Mistake("by_x", lambda params, model, loss, x, y: jax.grad(loss, argnums=2)(params, model, x, y),
                "This is the gradient with respect to `x`. The data stay as they are: leave `argnums` out."),
        Mistake("weights_only", lambda *args: {k: v for k, v in gradient(*args).items() if k.startswith("w")},
                "The biases are missing: return the whole dict."),
        Mistake("loss_ignored", lambda params, model, loss, x, y: gradient(params, model, logistic_loss, x, y),
                "This is the gradient of `logistic_loss` whatever `loss` you are handed: give `jax.grad` the "
                "argument `loss`."),
        Mistake("model_ignored", lambda params, model, loss, x, y: gradient(params, net, loss, x, y),
                "This works for the net alone: pass on the argument `model`."),
        Mistake("sum", lambda *args: jax.tree.map(lambda grad: len(args[-1]) * grad, gradient(*args)),
                "This is the gradient of the SUM over the rows: the loss is their mean."),
    ),
    hints=(
        "A net of many hundred numbers needs the same one line as the line of lesson 03 with its two.",
        "`jax.grad(loss)` is a function with the arguments of `loss`, which are (params, model, x, y).",
        "Call that function with `params, model, x, y`, and return what it gives.",
    ),
)


def train(params, model, loss, x, y, step_size, n_steps):
    loss_and_grads = jax.jit(jax.value_and_grad(loss), static_argnums=1)
    losses = []
    for _ in range(n_steps):
        value, grads = loss_and_grads(params, model, x, y)
        losses.append(float(value))
        params = {name: params[name] - step_size * grads[name] for name in params}
    return params, losses


def after(params, model, loss, x, y, step_size, n_steps, rule=lambda grads: grads):
    """Train without compiling, with the gradients changed by a rule. Gives every params and every loss on the way."""
    path, losses = [params], [loss(params, model, x, y)]
    for _ in range(n_steps):
        grads = rule(gradient(path[-1], model, loss, x, y))
        path.append({name: path[-1][name] - step_size * grads[name] for name in params})
        losses.append(loss(path[-1], model, x, y))
    return path, losses


def ruled(rule):
    """Make a training loop whose gradients are changed by a rule."""
    def trained(*args):
        path, losses = after(*args, rule=rule)
        return path[-1], losses[:-1]
    return trained


def chosen(choose):
    """Make a training loop that returns choose(path, losses), both with one entry more than there are steps."""
    return lambda *args: choose(*after(*args))


def steps(rule):
    """Make a training loop of rule(n_steps) steps."""
    return lambda *args: ruled(lambda grads: grads)(*args[:-1], rule(args[-1]))


def still(names):
    """Make a training loop that never moves the params whose names `names` accepts."""
    return ruled(lambda grads: {name: 0.0 * grad if names(name) else grad for name, grad in grads.items()})


def gradient_once(params, model, loss, x, y, *others):
    first = gradient(params, model, loss, x, y)
    return ruled(lambda _: first)(params, model, loss, x, y, *others)


def names_written_out(params, *others):
    path, losses = after(params, *others)
    return {name: path[-1][name] for name in ("w1", "b1", "w2", "b2")}, losses[:-1]


def in_place(params, *others):
    end, losses = ruled(lambda grads: grads)(params, *others)
    params.update(end)
    return params, losses


def watch_training(fn, params, *others):
    """See what training returns, and whether it left the caller's params alone."""
    before = dict(params)
    out = fn(params, *others)
    if not (isinstance(out, tuple | list) and len(out) == 2):
        raise LearnerError("`train` should return two things: `return params, losses`.")
    end, losses = out
    if isinstance(losses, dict):
        raise LearnerError("The params come first, then the losses: `return params, losses`.")
    if np.ndim(losses) != 1:
        raise LearnerError("`losses` should hold one number for each step: append to it in the loop.")
    return {"params": end, "losses": np.array([float(value) for value in losses]),
            "the params handed in are unchanged": all(params[name] is before[name] for name in before)}


def short_runs(key):
    return [(params, model, loss, x, y, size, n) for (params, model, x, y), loss, size, n in
            zip(models_and_rows(key), (logistic_loss, squared, logistic_loss), (0.5, 0.1, 0.7), (2, 3, 3), strict=True)]


TRAIN = Exercise(
    name="train",
    task="Take `n_steps` steps of gradient descent. Return the last params, and the losses, each from before its step.",
    reference=train,
    probes=short_runs,
    small=((TINY_NET, net, logistic_loss, [[1.0]], [0.0], 0.5, 1),),
    observe=watch_training,
    rtol=1e-3,
    also_right=(
        chosen(lambda path, losses: (path[-1], losses[:-1])),
        chosen(lambda path, losses: (path[-1], jnp.array(losses[:-1]))),
    ),
    mistakes=(
        Mistake("uphill", ruled(lambda grads: jax.tree.map(jnp.negative, grads)),
                "This goes UPHILL, and the loss rises: subtract `step_size` times the gradient."),
        Mistake("step_size_ignored", lambda *args: ruled(lambda grads: grads)(*args[:-2], 1.0, args[-1]),
                "The whole gradient is subtracted: multiply it by `step_size` first."),
        Mistake("biases_stay", still(lambda name: name.startswith("b")),
                "The biases never move: every entry of `params` takes the step."),
        Mistake("weights_stay", still(lambda name: name.startswith("w")),
                "The weights never move: every entry of `params` takes the step."),
        Mistake("hidden_layer_stays", still(lambda name: name in ("w1", "b1")),
                "The hidden layer never moves, so the net learns no features: every entry of `params` takes the step."),
        Mistake("output_layer_stays", still(lambda name: name in ("w2", "b2")),
                "The output layer never moves: every entry of `params` takes the step."),
        Mistake("names_written_out", names_written_out,
                "Right for this net, but the names w1, b1, w2, b2 are written out, so no other model can be trained: "
                "go through `for name in params`."),
        Mistake("return_in_the_loop", steps(lambda n: min(n, 1)),
                "It stops after ONE step whatever `n_steps` is: is `return` inside the loop? Move it to the left."),
        Mistake("one_step_too_few", steps(lambda n: n - 1),
                "It takes one step too FEW: `range(n_steps)` gives n_steps rounds, counted from 0."),
        Mistake("one_step_too_many", steps(lambda n: n + 1), "It takes one step too MANY: write `range(n_steps)`."),
        Mistake("loss_after_the_step", chosen(lambda path, losses: (path[-1], losses[1:])),
                "The params are right, but each loss is the one AFTER its step: append `value`, which belongs to the "
                "params before the step."),
        Mistake("one_loss_too_many", chosen(lambda path, losses: (path[-1], losses)),
                "The params are right, but there is one loss too many: n_steps steps have n_steps losses."),
        Mistake("gradient_once", gradient_once,
                "The gradient of the START is used in every step: compute it again inside the loop."),
        Mistake("first_params", chosen(lambda path, losses: (path[0], losses[:-1])),
                "The losses fall, but the params that come back are the FIRST ones: return the last."),
        Mistake("never_steps", chosen(lambda path, losses: (path[0], [losses[0] for _ in losses[1:]])),
                "The params never change: put the new dict back into `params` in each round."),
        Mistake("in_place", in_place,
                "The numbers are right, but the caller's own params have changed too: build a new dict in each step."),
        Mistake("only_the_params", chosen(lambda path, losses: path[-1]),
                "Only the params come back: return the losses too, `return params, losses`."),
        Mistake("losses_first", chosen(lambda path, losses: (losses[:-1], path[-1])),
                "The params come first, then the losses: turn the two round in `return`."),
    ),
    hints=(
        "It is the loop of lessons 03 and 04. Nothing in it knows that the model is a net.",
        "In each round: `value, grads = loss_and_grads(params, model, x, y)`, keep the value, move every param.",
        "The new params are a dict: for each name, `params[name] - step_size * grads[name]`. Return it after the loop.",
    ),
)

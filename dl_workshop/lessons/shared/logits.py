"""What the losses from logits of lessons 04 and 05 share: the mean of log(1 + e^z) - yz, and how it goes wrong."""

import jax
import jax.numpy as jnp

from dl_workshop.exercises.exercise import Mistake, changed
from dl_workshop.models import logistic


def from_z(rule=lambda z, y: jnp.logaddexp(0.0, z) - y * z, average=jnp.mean):
    """Make a loss of the logits: the mean of rule(z, y)."""
    return lambda params, model, x, y: average(rule(model(params, x), y))


through_p = from_z(lambda z, y: -y * jnp.log(logistic(z)) - (1 - y) * jnp.log(1 - logistic(z)))

RIGHT = (
    from_z(lambda z, y: jax.nn.softplus(z) - y * z),
    from_z(lambda z, y: jnp.maximum(z, 0) + jnp.log1p(jnp.exp(-jnp.abs(z))) - y * z),
    from_z(lambda z, y: -y * jax.nn.log_sigmoid(z) - (1 - y) * jax.nn.log_sigmoid(-z)),
)


def mistakes(points):
    """Give the mistakes of both lessons, in which one example is one of the `points`, or of the `rows`."""
    return (
        changed(
            from_z,
            "overflows",
            "Right for small z, but e^z is too large for float32 once z is above 88: write "
            "`jnp.logaddexp(0.0, z)` for log(1 + e^z).",
            rule=lambda z, y: jnp.log(1 + jnp.exp(z)) - y * z,
        ),
        Mistake(
            "probabilities",
            from_z(lambda z, y: -y * jnp.log(z) - (1 - y) * jnp.log(1 - z)),
            "z is treated as a probability, but it is a logit, any number: use log(1 + e^z) - yz.",
        ),
        changed(
            from_z,
            "labels_forgotten",
            "The labels do not count here: subtract y times z.",
            rule=lambda z, y: jnp.logaddexp(0.0, z),
        ),
        changed(from_z, "plus_yz", "y times z is ADDED: subtract it.", rule=lambda z, y: jnp.logaddexp(0.0, z) + y * z),
        changed(
            from_z,
            "labels_turned_round",
            "The labels are turned round: subtract yz, not (1 - y)z.",
            rule=lambda z, y: jnp.logaddexp(0.0, z) - (1 - y) * z,
        ),
        changed(
            from_z,
            "minus_z",
            "This is log(1 + e^-z), with the sign of z turned round: `jnp.logaddexp(0.0, z)`.",
            rule=lambda z, y: jnp.logaddexp(0.0, -z) - y * z,
        ),
        changed(
            from_z,
            "negative",
            "The sign is turned round: a loss of this kind is never below 0.",
            average=lambda losses: -jnp.mean(losses),
        ),
        changed(
            from_z,
            "n_minus_1",
            "This divides by n - 1, the convention for the variance of a sample: the mean divides by n.",
            average=lambda losses: jnp.sum(losses) / (len(losses) - 1),
        ),
        changed(from_z, "sum", f"This behaves exactly like the SUM over the {points}: take the mean.", average=jnp.sum),
        changed(
            from_z,
            "no_mean",
            f"These are the losses of the single {points}: take their mean, so that one number is left.",
            average=lambda losses: losses,
        ),
    )

"""Losses: one number that says how bad the predictions are. Means over samples; truth before prediction."""

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Real

from dl_workshop.errors import LearnerError
from dl_workshop.types import AnyArray, Loss, Model, Params, Rows, Targets
from dl_workshop.validate import check_numbers, check_same_shape
from dl_workshop.validate.labels import check_binary, check_classes, check_probabilities
from dl_workshop.validate.order import check_order


def mse(y_true: Real[AnyArray, " n"], y_pred: Float[AnyArray, " n"]) -> Float[Array, ""]:
    """Mean squared error, (1/n) sum (y_true - y_pred)^2.

    Units: those of y, squared.
    Raises: LearnerError if the shapes differ (a (n, 1) against a (n,) would broadcast to (n, n)).
    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 1.1 (there a sum, with a half).
    """
    check_same_shape(y_true, y_pred)
    return jnp.mean((y_true - y_pred) ** 2)


def mae(y_true: Real[AnyArray, " n"], y_pred: Float[AnyArray, " n"]) -> Float[Array, ""]:
    """Mean absolute error, (1/n) sum |y_true - y_pred|: one far point pulls no harder than any other.

    Units: those of y.
    Raises: LearnerError if the shapes differ.
    Source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2009), section 10.6.
    """
    check_same_shape(y_true, y_pred)
    return jnp.mean(jnp.abs(y_true - y_pred))


def binary_cross_entropy(y_true: Real[AnyArray, " n"], y_pred: Float[AnyArray, " n"]) -> Float[Array, ""]:
    """Cross-entropy of labels 0 or 1 and probabilities, -(1/n) sum [y log p + (1 - y) log(1 - p)].

    It is nan or inf once a probability is exactly 0 or 1, which float32 reaches near a logit of 17;
    `logistic_loss` computes the same mean from logits and cannot overflow.
    Units: nats.
    Raises: LearnerError if the shapes differ, or a label or probability lies outside 0 to 1.
    Source: Bishop (2006), eq. 4.90.
    """
    check_same_shape(y_true, y_pred)
    check_binary(y_true, "y_true")
    check_probabilities(y_pred)
    return -jnp.mean(y_true * jnp.log(y_pred) + (1 - y_true) * jnp.log(1 - y_pred))


def cross_entropy(y_true: Int[AnyArray, " n"], logits: Float[AnyArray, "n k"]) -> Float[Array, ""]:
    """Cross-entropy of whole-number labels and logits, (1/n) sum [log sum_j e^z_j - z_label].

    Units: nats.
    Raises: LearnerError if the labels are not whole numbers (n,) from 0 to k-1, or the logits not (n, k).
    Source: Bishop (2006), eq. 4.108, with the softmax written out.
    """
    return _cross_entropy(y_true, logits, ("y_true", "logits"))


def _cross_entropy(
    y_true: Int[AnyArray, " n"], logits: Float[AnyArray, "n k"], names: tuple[str, str]
) -> Float[Array, ""]:
    check_numbers(names[0], y_true)
    check_numbers(names[1], logits)
    logits = jnp.asarray(logits)
    if logits.ndim != 2 or np.shape(y_true) != logits.shape[:1]:
        one_hot_rows = logits.ndim == 2 and np.shape(y_true) == logits.shape
        raise LearnerError(
            f"logits have shape {logits.shape} and {names[0]} {np.shape(y_true)}: for k classes give "
            "logits (n, k) and one whole-number label a row, (n,)."
            + (f" Use {names[0]}.argmax(axis=1)." if one_hot_rows else "")
        )
    check_classes(y_true, logits.shape[1], names[0])
    y_true = jnp.asarray(y_true)
    of_label = jnp.take_along_axis(logits, y_true[:, None], axis=1)[:, 0]
    return jnp.mean(jax.nn.logsumexp(logits, axis=1) - of_label)


def entropy(p: Float[AnyArray, "*n k"]) -> Float[Array, "*n"]:
    """Entropy of probabilities, -sum p log p: how unsure they are; 0 for a certain one, log k for k equal ones.

    Units: nats.
    Raises: LearnerError if p holds no numbers.
    Source: Shannon (1948); Bishop (2006), eq. 1.98.
    """
    check_numbers("p", p)
    p = jnp.asarray(p)
    certain = p <= 0  # p log p goes to 0 with p; the inner where keeps log 0 out of the gradient
    return -jnp.sum(jnp.where(certain, 0.0, p * jnp.log(jnp.where(certain, 1.0, p))), axis=-1)


def one_hot(labels: Int[AnyArray, " n"], k: int) -> Float[Array, "n k"]:
    """A row of k numbers for each label 0 to k-1: 1 in the label's place, 0 elsewhere.

    Raises: LearnerError if a label is not a whole number, or has no place among k.
    """
    check_numbers("labels", labels)
    check_numbers("k", k)
    labels = jnp.asarray(labels)
    if not jnp.issubdtype(labels.dtype, jnp.integer):
        raise LearnerError(
            f"labels hold {labels.dtype} values: they must be whole numbers 0 to {k - 1}. Use labels.astype(int)."
        )
    if not isinstance(labels, jax.core.Tracer) and labels.size and not 0 <= labels.min() <= labels.max() < k:
        raise LearnerError(
            f"Labels run from {labels.min()} to {labels.max()}, but k={k} classes are 0 to {k - 1}: "
            f"such a row would be all zeros. Use k={max(1, int(labels.max()) + 1)}, or count from 0."
        )
    return (labels[..., None] == jnp.arange(k)).astype(float)


def mse_loss(params: Params, model: Model, x: Float[AnyArray, "n *d"], y: Real[AnyArray, " n"]) -> Float[Array, ""]:
    """Mean squared error of a model, mse(y, model(params, x)).

    Units: those of y, squared.
    Raises: LearnerError if the model does not return one number a row.
    """
    check_order("mse_loss", params=params, model=model, x=x, y=y)
    return mse(y, model(params, x))


def mae_loss(params: Params, model: Model, x: Float[AnyArray, "n *d"], y: Real[AnyArray, " n"]) -> Float[Array, ""]:
    """Mean absolute error of a model, mae(y, model(params, x)).

    Units: those of y.
    Raises: LearnerError if the model does not return one number a row.
    """
    check_order("mae_loss", params=params, model=model, x=x, y=y)
    return mae(y, model(params, x))


def logistic_loss(
    params: Params, model: Model, x: Float[AnyArray, "n *d"], y: Real[AnyArray, " n"]
) -> Float[Array, ""]:
    """Cross-entropy of labels 0 or 1 from logits z = model(params, x), (1/n) sum [log(1 + e^z) - y z].

    The model gives logits, not probabilities: pass linear_model or mlp_model, not logistic_model. With
    p = 1/(1 + e^-z) both logarithms of binary_cross_entropy become log(1 + e^z), which never sees a log of 0.
    Units: nats.
    Raises: LearnerError if the model does not return one number a row, or a label lies outside 0 to 1.
    Source: Bishop (2006), eq. 4.90 and 4.59.
    """
    check_order("logistic_loss", params=params, model=model, x=x, y=y)
    z = model(params, x)
    check_same_shape(y, z, names=("y", "model(params, x)"))
    check_binary(y)
    return jnp.mean(jnp.logaddexp(0.0, z) - y * z)


def softmax_loss(params: Params, model: Model, x: Float[AnyArray, "n *d"], y: Int[AnyArray, " n"]) -> Float[Array, ""]:
    """Cross-entropy of whole-number labels from logits, cross_entropy(y, model(params, x)).

    Units: nats.
    Raises: LearnerError if the labels or the model's output do not have the shapes (n,) and (n, k), or a label is not
        from 0 to k-1.
    """
    check_order("softmax_loss", params=params, model=model, x=x, y=y)
    return _cross_entropy(y, model(params, x), ("y", "model(params, x)"))


def with_l1(loss: Loss, strength: float) -> Loss:
    """Give the loss + strength * sum |w| over all weights, not the biases: it draws weights to exactly 0.

    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 7.1.2.
    """

    def loss_with_l1(params: Params, model: Model, x: Rows, y: Targets) -> Float[Array, ""]:
        return loss(params, model, x, y) + strength * sum(jnp.sum(jnp.abs(w)) for w in weights(params))

    return loss_with_l1


def with_l2(loss: Loss, strength: float) -> Loss:
    """Give the loss + strength * sum w^2 over all weights, not the biases: it shrinks large weights most.

    Source: Goodfellow, Bengio, Courville (2016), section 7.1.1 (there with a half).
    """

    def loss_with_l2(params: Params, model: Model, x: Rows, y: Targets) -> Float[Array, ""]:
        return loss(params, model, x, y) + strength * sum(jnp.sum(w**2) for w in weights(params))

    return loss_with_l2


def weights(params: Params) -> list[Float[Array, "..."]]:
    """Give the weights among params: the leaves whose name starts with w, or all if params is no dict."""
    return (
        [leaf for name, leaf in params.items() if name.startswith("w")]
        if isinstance(params, dict)
        else jax.tree.leaves(params)
    )

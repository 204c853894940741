"""Guards for labels: what lies outside 0 to k - 1 makes a loss that has no lowest value, or none at all.

Only values that are there can be looked at, not those that JAX is tracing: `fit` hands concrete labels to the loss
before it compiles (trainable.check_labels), and every call outside of compiled functions looks at its own.
"""

import sys
import warnings

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Real, Shaped

from dl_workshop.errors import LearnerError
from dl_workshop.types import AnyArray
from dl_workshop.validate import check_numbers, here
from dl_workshop.written import KIT

ROUNDING = 1e-5  # a probability that was summed in float32 may be 1.0000001


def check_binary(y: Real[AnyArray, "..."], name: str = "y") -> None:
    """Refuse labels of a logistic loss below 0 or above 1; between them they are probabilities.

    Raises: LearnerError with the label, its row, and what brings these labels to 0 and 1.
    """
    seen = _seen(y, name)
    if seen is None or seen.dtype == bool or not _outside(seen, -ROUNDING, 1 + ROUNDING):
        return
    row = np.argwhere((seen < -ROUNDING) | (seen > 1 + ROUNDING))[0]
    raise LearnerError(
        f"{_place(name, row)} is {_number(seen[tuple(row)])}, but labels of a logistic loss are 0 or 1: "
        f"with others it falls without end, or means nothing. {_to_binary(seen, name)}"
    )


def check_probabilities(p: Real[AnyArray, "..."], name: str = "y_pred") -> None:
    """Refuse probabilities below 0 or above 1, whose logarithm is nan.

    Raises: LearnerError with the first one, and what to do with logits.
    """
    seen = _seen(p, name)
    if seen is None or seen.dtype == bool or not _outside(seen, -ROUNDING, 1 + ROUNDING):
        return
    row = np.argwhere((seen < -ROUNDING) | (seen > 1 + ROUNDING))[0]
    raise LearnerError(
        f"{_place(name, row)} is {_number(seen[tuple(row)])}, but a probability lies between 0 and 1. "
        f"If these are logits, write models.logistic({name}), or use logistic_loss, which takes logits."
    )


def check_classes(y: Real[AnyArray, " n"], k: int, name: str = "y") -> None:
    """Refuse labels of a softmax loss that are no whole number from 0 to k - 1, k being the number of logits a row.

    Raises: LearnerError with the label, its row, and what brings these labels to 0 to k - 1.
    """
    seen = _seen(y, name)
    y = y if seen is None else seen
    if not jnp.issubdtype(jnp.result_type(y), jnp.integer):
        if seen is not None and seen.dtype.kind == "f" and seen.size and not (seen == np.round(seen)).all():
            row = np.argwhere(seen != np.round(seen))[0]
            raise LearnerError(
                f"{_place(name, row)} is {_number(seen[tuple(row)])}, but labels must be whole numbers "
                f"0 to {k - 1}. For amounts use mse_loss."
            )
        raise LearnerError(
            f"{name} holds {jnp.result_type(y)} values: labels must be whole numbers 0 to k-1. Use {name}.astype(int)."
        )
    if seen is None or not _outside(seen, 0, k - 1):
        return
    row = np.argwhere((seen < 0) | (seen >= k))[0]
    raise LearnerError(
        f"{_place(name, row)} is {seen[tuple(row)]}, but with {k} logits a row labels are 0 to {k - 1}: "
        f"there is no logit for it. {_to_classes(seen, k, name)}"
    )


def check_predicted(y_true: Shaped[np.ndarray, " n"], y_pred: Shaped[np.ndarray, " n"], named: bool = False) -> None:
    """Refuse predictions that cannot be classes of y_true: text against numbers, and logits. Warn of unknown classes.

    A class that y_true lacks can be right: few rows need not hold every class. So it counts as a miss, with a
    warning; 0 and 1 need none. `named`: the learner has named all classes.
    Raises: LearnerError with the first such prediction, and what turns logits into classes.
    """
    if _is_text(y_true) != _is_text(y_pred):
        raise LearnerError(
            f"y_true holds {_told(y_true[0])} but y_pred {_told(y_pred[0])}: names and numbers are "
            "never equal. Give both as numbers, or both as names."
        )
    known = np.unique(y_true)
    unknown = ~np.isin(y_pred, known)
    if named or not unknown.any() or not _is_text(y_true) and np.isin([*known, *y_pred[unknown]], (0, 1)).all():
        return
    row = int(np.flatnonzero(unknown)[0])
    classes = ", ".join(map(_told, known[:5])) + (", ..." if len(known) > 5 else "")
    what = f"y_pred[{row}] is {_told(y_pred[row])}, which is no class of y_true ({classes})"
    two = not _is_text(y_true) and np.isin(known, (0, 1)).all()
    cure = "If these are logits, turn them into classes first: " + (
        "write y_pred = (y_pred > 0).astype(int)."
        if two
        else "take the largest of each row, y_pred = logits.argmax(axis=1)."
    )
    if not _is_text(y_true) and _are_logits(known, y_pred):
        raise LearnerError(f"{what}. {cure}")
    warnings.warn(f"{what}: it counts as a miss." + (f" {cure}" if two else ""), stacklevel=_outside_the_kit())


def check_one_class_a_row(y_true: Shaped[AnyArray, " n"], y_pred: Shaped[AnyArray, " n"]) -> None:
    """Refuse tables where one class a row is needed: logits, probabilities, or rows of 0 and one 1.

    Raises: LearnerError that says to take the largest of each row.
    """
    for name, array in (("y_true", y_true), ("y_pred", y_pred)):
        check_numbers(name, array)
        if np.ndim(array) == 2 and np.shape(array)[1] > 1:
            raise LearnerError(
                f"{name} has shape {np.shape(array)}, several numbers a row, but one class a row is "
                f"needed: take the largest, {name} = {name}.argmax(axis=1)."
            )


def _are_logits(known: np.ndarray, y_pred: np.ndarray) -> bool:
    """Say whether these numbers are no classes: some below every class, or floats where the classes are 0 and 1."""
    if known.min() >= 0 and y_pred.min() < 0 or known.dtype == bool:
        return True
    return np.array_equal(known, (0, 1)) and y_pred.dtype.kind == "f"


def _seen(y: AnyArray, name: str) -> np.ndarray | None:
    """Give the labels as numpy, or None where JAX is tracing them, or they are no numbers."""
    check_numbers(name, y)
    if isinstance(y, jax.core.Tracer):
        return None
    y = here(y)
    if _is_text(y):
        last = _told(y.flat[-1])
        raise LearnerError(
            f"{name} holds names such as {last}, but a loss needs numbers: write {name} = ({name} == "
            f"{last}).astype(float) for two classes, or np.unique({name}, return_inverse=True)[1]."
        )
    return y if y.dtype.kind in "fiub" else y.astype(np.float32) if str(y.dtype) == "bfloat16" else None


def _outside(y: np.ndarray, low: float, high: float) -> bool:
    """Say whether any of them is: the quick way, as this is asked at every call. nan is not, it has words elsewhere."""
    return y.size > 0 and bool(y.min() < low or y.max() > high)


def _to_binary(y: np.ndarray, name: str) -> str:
    """Say what to type so that these labels become 0 and 1."""
    found = np.unique(y)
    if len(found) == 2:
        low, high = found.tolist()
        if (low, high) == (-1, 1):
            return f"Write {name} = ({name} + 1) / 2."
        if high - low == 1:
            return f"Write {_shifted(name, low)}."
        if low == 0:
            return f"Write {name} = {name} / {_number(high)}."
        return f"Write {name} = ({name} == {_number(high)}).astype(float), if {_number(high)} is to be 1."
    if len(found) == 1:
        return f"All {y.size} labels are {_number(found[0])}: both classes are needed."
    if (found == np.round(found)).all() and len(found) <= 20:
        return (
            f"There are {len(found)} values: for more than two classes use softmax_loss, with labels from 0 and a "
            "net of one output a class."
        )
    return "If these are amounts, use mse_loss."


def _to_classes(y: np.ndarray, k: int, name: str) -> str:
    """Say what to type so that these labels become 0 to k - 1."""
    found = np.unique(y)
    low, high = int(found[0]), int(found[-1])
    if found.tolist() == [-1, 1] and k >= 2:
        return f"Write {name} = ({name} + 1) // 2."
    if low == -1 and 0 < high < k and high + 2 != k:
        return (
            f"If -1 marks rows without a label, leave them out: keep = {name} >= 0; x, {name} = x[keep], {name}[keep]."
        )
    if low != 0 and high - low < k:
        return f"They run from {low} to {high}: write {_shifted(name, low)}."
    if low == 0 and len(found) == high + 1:
        return f"They run from 0 to {high}: give the net {high + 1} outputs."
    if len(found) <= k:
        return f"Number the {len(found)} labels anew: {name} = jnp.unique({name}, return_inverse=True)[1]."
    return f"There are {len(found)} labels from {low} to {high}: the net needs one output for each."


def _shifted(name: str, low: float) -> str:
    return f"{name} = {name} {'-' if low > 0 else '+'} {abs(low):g}"


def _is_text(array: AnyArray) -> bool:
    return array.dtype.kind in "USTO"


def _told(label: object) -> str:
    """Write a label as the learner did: 'ill', 3, 2.5."""
    return f"{label:g}" if isinstance(label, np.number) else repr(getattr(label, "item", lambda: label)())


def _outside_the_kit() -> int:
    """Count the frames up to the learner's line, at which the warning is to point."""
    frame, level = sys._getframe(1), 1
    while frame.f_back and frame.f_code.co_filename.startswith(KIT):
        frame, level = frame.f_back, level + 1
    return level


def _place(name: str, row: np.ndarray) -> str:
    return name + (f"[{', '.join(map(str, row))}]" if len(row) else "")


def _number(value: float | np.generic) -> str:
    return f"{value.item():g}" if hasattr(value, "item") else f"{value:g}"

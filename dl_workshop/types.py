"""Types that stand in many signatures: params, rows of data, and the functions that a learner passes in.

A tree is an array, or a dict, tuple, list or module (of Flax, of Equinox) that holds trees.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from jax import Array
from jaxtyping import Float, PyTree, Real, Shaped

AnyArray = Array | np.ndarray  # most functions take NumPy's arrays as well as JAX's

Params: TypeAlias = PyTree[Float[AnyArray, "..."] | float]  # {"w": ..., "b": ...}, or any other tree
ParamPath: TypeAlias = PyTree[Float[AnyArray, "n_points ..."]]  # a tree like params, one row for each point of the way
Rows: TypeAlias = PyTree[Shaped[AnyArray, "n ..."]]  # x: an array, or several that have the same rows
Targets = Real[AnyArray, " n"]  # y: one number, or one label, a row
State: TypeAlias = PyTree  # whatever an optimiser remembers

Model = Callable[..., Float[Array, "n *k"]]  # model(params, x), or model(params, x, key=key)
Loss = Callable[..., Float[Array, ""]]  # loss(params, model, x, y)
Curve = Callable[[Float[Array, "..."]], Float[Array, "..."]]  # such as models.logistic
Scalar = Callable[..., Float[Array, ""]]  # f(w), or f(params): one number
Schedule = Callable[[Real[AnyArray, ""] | int], Float[AnyArray, ""] | float]  # the step t -> the step size

"""Types that stand in many signatures: params, rows of data, and the functions that a learner passes in.

A tree is an array, or a dict, tuple, list or module (of Flax, of Equinox) that holds trees.
"""

from collections.abc import Callable

import numpy as np
from jax import Array
from jaxtyping import Float, PyTree, Real, Shaped

AnyArray = Array | np.ndarray                    # most functions take NumPy's arrays as well as JAX's

Params = PyTree[Float[AnyArray, "..."] | float]  # {"w": ..., "b": ...}, or any other tree
ParamPath = PyTree[Float[AnyArray, "n_points ..."]]   # a tree like params, one row for each point of the way
Rows = PyTree[Shaped[AnyArray, "n ..."]]         # x: an array, or several that have the same rows
Targets = Real[AnyArray, " n"]                   # y: one number, or one label, a row

Model = Callable[..., Float[Array, "n *k"]]      # model(params, x), or model(params, x, key=key)
Loss = Callable[[Params, Model, Rows, Targets], Float[Array, ""]]
Curve = Callable[[Float[Array, "..."]], Float[Array, "..."]]    # such as models.logistic
Schedule = Callable[[Real[AnyArray, ""] | int], Float[Array, ""] | float]    # the step t -> the step size
Scalar = Callable[..., Float[Array, ""]]         # f(w), or f(params): one number

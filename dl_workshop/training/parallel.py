"""The same training on several devices, or several processes: each takes its share of the rows.

Nothing in model, loss or fit changes. The compiled loop sees rows that live on different devices, lets each device
compute with its own, and adds the gradients up before every step.

Source: JAX documentation, "Distributed arrays and automatic parallelization".
"""

from collections.abc import Sequence

import jax
import numpy as np
from jax.sharding import AxisType, NamedSharding, PartitionSpec
from jaxtyping import Array, Shaped

from dl_workshop.errors import LearnerError
from dl_workshop.types import AnyArray, Rows, Targets
from dl_workshop.validate import check_positive
from dl_workshop.validate.rows import as_arrays, check_rows, is_tree


def on_devices(x: Rows, y: Targets, devices: Sequence[jax.Device] | None = None) -> tuple[Rows, Targets]:
    """Spread the rows of x and y evenly over all devices (those of all processes), or over `devices`: (x, y).

    Each process passes all rows and keeps only its own. A CPU counts as one device, unless the environment
    variable XLA_FLAGS=--xla_force_host_platform_device_count=2 is set before JAX is imported.
    Raises: LearnerError if the rows cannot be shared out evenly.
    """
    check_rows(x, y)
    devices = jax.devices() if devices is None else list(devices)
    left_over = len(y) % len(devices)
    if left_over:
        n = len(y) - left_over
        raise LearnerError(
            f"{len(y)} rows cannot be shared out evenly over {len(devices)} devices: leave out "
            f"{left_over}, with x[:{n}] and y[:{n}]."
        )
    mesh = jax.make_mesh((len(devices),), ("data",), axis_types=(AxisType.Auto,), devices=devices)
    by_rows = NamedSharding(mesh, PartitionSpec("data"))

    def spread(array: Shaped[AnyArray, "n ..."]) -> Shaped[Array, "n ..."]:
        array = np.asarray(array)
        array = array.astype(jax.dtypes.canonicalize_dtype(array.dtype))
        return jax.make_array_from_callback(array.shape, by_rows, lambda rows: array[rows])

    return jax.tree.map(spread, as_arrays(x, y)) if is_tree(x, y) else spread(x), spread(y)


def start(address: str, n_processes: int, process: int) -> None:
    """Make this process one of several that compute together; all of them run the same program.

    address: where process 0 can be reached, such as "127.0.0.1:1234". process: which one this is, 0, 1, ...
    Call it once, before anything else of JAX. It waits until all of them are there.
    Raises: LearnerError for numbers that do not fit, or if JAX is at work already.
    """
    check_positive("n_processes", n_processes, whole=True)
    if isinstance(process, bool) or process not in range(n_processes):
        raise LearnerError(
            f"process={process!r} must be one of 0 to {n_processes - 1}: each process has its own number."
        )
    if jax.distributed.is_initialized():
        raise LearnerError("This process has been started already: call parallel.start once.")
    try:
        jax.distributed.initialize(address, num_processes=n_processes, process_id=process)
    except RuntimeError as error:
        raise LearnerError(
            f"The processes did not find together: {str(error).splitlines()[0][:160]} Call "
            "parallel.start before anything else of JAX, with one address for all."
        ) from None

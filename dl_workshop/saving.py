"""Save params and load them again, as numpy's own .npz: arrays with names, no code, no pickle."""

import io
import os
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.errors import LearnerError
from dl_workshop.files import write_whole
from dl_workshop.types import Params
from dl_workshop.validate import check_params

_NAMED = "params/"  # before every name, so that none can be a name of numpy's own


def save_params(file: str | os.PathLike, params: Params) -> Path:
    """Write params, a dict of arrays or any tree of them, to `file`.npz, and give its path.

    An array in nested dicts is named in the file as a/b/c. In other trees (lists, the modules of Equinox, the states of
    Flax) it is named by its place, and load_params needs `like` to build such a tree again.
    The file is written beside and then moved into place: if that is interrupted, the old file is still whole.
    Raises: LearnerError if params are not floats, or cannot be written there.
    """
    check_params(params)
    path = _path(file)
    content = io.BytesIO()
    np.savez(content, **{_NAMED + name: leaf for name, leaf in _flat(params).items()})  # type: ignore[arg-type]
    try:
        write_whole(path, content.getvalue())
    except OSError as error:
        raise LearnerError(
            f"{path} cannot be written ({error.strerror}): params are not saved. Choose a folder that is yours."
        ) from None
    return path


def load_params(file: str | os.PathLike, like: Params | None = None) -> Params:
    """Read params that save_params wrote; `like`, such as freshly initialised params, must agree in names and shapes.

    What is no plain dict needs `like`, which says what to build.
    Raises: LearnerError if the file is missing, damaged or none of these, or if its params differ from `like`.
    """
    path = _path(file)
    try:
        saved = dict(np.load(path, allow_pickle=False))
    except FileNotFoundError:
        raise LearnerError(f"There is no {path}. Save first: save_params({str(file)!r}, params).") from None
    except (OSError, ValueError, TypeError, EOFError, NotImplementedError, zipfile.BadZipFile) as error:
        raise LearnerError(
            f"{path} is damaged, or was not written by save_params ({str(error)[:80]}). Train and save anew."
        ) from None
    flat = {name.removeprefix(_NAMED): leaf for name, leaf in saved.items() if name.startswith(_NAMED)}
    if not flat:
        raise LearnerError(f"{path} holds no params: it was not written by save_params.")
    if like is not None:
        _check_like(path, flat, _flat(like))
        return jax.tree.unflatten(jax.tree.structure(like), [jnp.asarray(flat[name]) for name in _flat(like)])
    other = next((name for name in flat if re.search(r"(^|/)[.[]", name)), None)
    if other:
        raise LearnerError(
            f"{path} holds params that are no plain dict ({other!r}): say what they belong to, "
            f"load_params({str(file)!r}, like=params) with params as they are before training."
        )
    return _nested(flat)


def _path(file: str | os.PathLike) -> Path:
    path = Path(file).expanduser()
    return path if path.suffix == ".npz" else path.with_name(path.name + ".npz")


def _flat(params: Params) -> dict[str, np.ndarray]:
    """Give {"layer1/w": array} for {"layer1": {"w": array}}, in the order of the leaves."""
    flat = {}
    for path, leaf in jax.tree_util.tree_leaves_with_path(params):
        name = "/".join(map(_part, path))
        flat[name] = np.asarray(leaf)
        if flat[name].dtype.kind != "f":
            raise LearnerError(
                f"params {name} is {flat[name].dtype}, which numpy cannot keep: "
                "save it as float32, with .astype(jnp.float32)."
            )
    return flat


def _part(key: object) -> str:
    """Name one step on the way to a leaf: a dict's key as it is, anything else as Python writes it, [0] or .weight."""
    name = getattr(key, "key", None)
    if not isinstance(key, jax.tree_util.DictKey) or not isinstance(name, str) or not name:
        return str(key).replace("/", "%2F")
    name = name.replace("%", "%25").replace("/", "%2F")  # Haiku's names have a / in them
    return re.sub(r"^[.[]", lambda sign: f"%{ord(sign[0]):02X}", name)


def _nested(flat: Mapping[str, np.ndarray]) -> Any:
    """Give {"layer1": {"w": array}} for {"layer1/w": array}."""
    params: dict[str, Any] = {}
    for name, leaf in flat.items():
        *outer, last = map(unquote, name.split("/"))
        place = params
        for one in outer:
            place = place.setdefault(one, {})
        place[last] = jnp.asarray(leaf)
    return params if "" not in flat else params[""]


def _check_like(path: Path, saved: Mapping[str, np.ndarray], wanted: Mapping[str, np.ndarray]) -> None:
    for where, names in (("is missing", wanted.keys() - saved.keys()), ("is more", saved.keys() - wanted.keys())):
        if names:
            raise LearnerError(
                f"{path} holds params {', '.join(saved)}, but your model has {', '.join(wanted)}: "
                f"{sorted(names)[0]} {where}. It was saved from another net; use the same widths."
            )
    for name, leaf in wanted.items():
        if saved[name].shape != leaf.shape:
            raise LearnerError(
                f"{name} in {path} has shape {saved[name].shape}, but your model needs {leaf.shape}: "
                "it was saved from another net. Use the same widths as when you saved."
            )
